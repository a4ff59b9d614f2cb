#include "load-tests/centre.h"

#include <algorithm>
#include <utility>

#include "load-tests/auditor.h"
#include "load-tests/desk.h"
#include "load-tests/gateway.h"

namespace routerd::load {
namespace {

constexpr auto kOpenTime = std::chrono::seconds(30);
constexpr auto kSessionCloseTime = std::chrono::seconds(10);

template <class Parts, class Test>
bool All(const Parts& parts, Test test) {
  return std::ranges::all_of(parts, [&](const auto& part) { return test(*part); });
}

template <class Parts, class Count>
std::size_t Sum(const Parts& parts, Count count) {
  std::size_t sum = 0;
  for (const auto& part : parts) sum += count(*part);
  return sum;
}

}  // namespace

Centre::Centre(Loop* loop, Plan plan)
    : loop_(loop),
      plan_(std::move(plan)),
      auditor_(std::make_unique<Auditor>(plan_.limits)),
      drop_random_(plan_.seed, "dropped connections") {
  const Surroundings around = {loop, &statistics_, &latency_book_, auditor_.get(), auditor_.get()};
  const auto terms = [this](std::string client) {
    return SessionTerms{plan_.domain, std::move(client), plan_.run_id, plan_.seed, plan_.reconnect};
  };
  for (const ChannelBehaviour& channel : plan_.channels) {
    gateways_.push_back(std::make_unique<Gateway>(around, MakeGatewayConnector(plan_.grpc),
                                                  terms("load-" + channel.channel), channel,
                                                  plan_.agents));
  }
  const std::size_t desks = std::clamp<std::size_t>(plan_.streams, 1, plan_.agent_ids.size());
  for (std::size_t i = 0; i < desks; ++i) {
    std::vector<std::string> ids;
    for (std::size_t k = i; k < plan_.agent_ids.size(); k += desks)
      ids.push_back(plan_.agent_ids[k]);
    desks_.push_back(std::make_unique<Desk>(around, MakeDesktopConnector(plan_.grpc),
                                            terms("load-desk-" + std::to_string(i + 1)),
                                            plan_.agents, ids));
  }
}

Centre::~Centre() { loop_->Cancel(drop_timer_); }

const Violations& Centre::violations() const { return auditor_->violations(); }

std::string Centre::Open(const Stop& stop) {
  for (const auto& gateway : gateways_) gateway->Open();
  for (const auto& desk : desks_) desk->Open();
  const auto open = [this] {
    return AllLoggedIn() && All(gateways_, [](const Gateway& gateway) { return gateway.IsOpen(); });
  };
  loop_->RunUntil([&] { return open() || !Refusal().empty() || stop(); }, Clock::now() + kOpenTime);
  if (std::string refusal = Refusal(); !refusal.empty()) return refusal;
  if (!open() && stop()) return "stopped before all sessions were open";
  if (!open()) return "no session with " + plan_.grpc + " within " + FormatSpan(kOpenTime);
  if (plan_.drop_every > Span::zero()) ArmDrop();
  return LoginError();
}

bool Centre::AllLoggedIn() const {
  return All(desks_, [](const Desk& desk) { return desk.LoggedIn() == desk.Size(); });
}

std::string Centre::LoginError() const {
  for (const auto& desk : desks_) {
    if (!desk->login_error().empty()) return "log-in of " + desk->login_error();
  }
  return "";
}

std::string Centre::Refusal() const {
  for (const auto& gateway : gateways_) {
    if (!gateway->refusal().empty()) return "session refused: " + gateway->refusal();
  }
  for (const auto& desk : desks_) {
    if (!desk->refusal().empty()) return "session refused: " + desk->refusal();
  }
  return "";
}

void Centre::StartArrivals(double factor) {
  const Time start = Clock::now();
  for (std::size_t i = 0; i < gateways_.size(); ++i) {
    gateways_[i]->StartArrivals(start, plan_.channels[i].per_second * factor);
  }
}

void Centre::StartArrivalsAt(double per_second) {
  double sum = 0;
  for (const ChannelBehaviour& channel : plan_.channels) sum += channel.per_second;
  StartArrivals(per_second / sum);
}

void Centre::StopArrivals() {
  for (const auto& gateway : gateways_) gateway->StopArrivals();
}

bool Centre::Settle(Span patience, const Stop& stop) {
  loop_->RunUntil([&] { return OpenContacts() == 0 || stop(); }, Clock::now() + patience);
  return OpenContacts() == 0;
}

bool Centre::EndContacts(Span patience, const Stop& stop) {
  for (const auto& desk : desks_) desk->Hurry();
  for (const auto& gateway : gateways_) gateway->EndContacts();
  return Settle(patience, stop);
}

// That an agent is logged out comes after everything else that his desktop is told of him, and,
// with work in hand, only when that is done. An answer may overtake events.
std::vector<std::string> Centre::Close(Span patience, const Stop& stop) {
  std::vector<std::string> troubles;
  const auto note = [&](std::size_t count, const std::string& what) {
    if (count > 0) troubles.push_back(std::to_string(count) + what);
  };
  loop_->Cancel(drop_timer_);
  for (const auto& desk : desks_) desk->LogOutAll();
  const auto in = [](const Desk& desk) { return desk.StillIn(); };
  const auto unanswered = [](const auto& part) { return part.Unanswered(); };
  const auto waits_for = [&] {
    return Sum(desks_, in) + Sum(desks_, unanswered) + Sum(gateways_, unanswered);
  };
  loop_->RunUntil([&] { return waits_for() == 0 || stop(); }, Clock::now() + patience);
  note(Sum(desks_, in), " agents were not told that they are logged out");
  note(Sum(desks_, unanswered) + Sum(gateways_, unanswered), " commands were not answered");
  for (const auto& desk : desks_) statistics_.reconnects += desk->Reconnects();
  for (const auto& gateway : gateways_) statistics_.reconnects += gateway->Reconnects();
  for (const auto& desk : desks_) desk->Close();
  for (const auto& gateway : gateways_) gateway->Close();
  const auto open = [](const auto& part) { return part.IsClosed() ? 0u : 1u; };
  loop_->RunUntil([&] { return Sum(desks_, open) + Sum(gateways_, open) == 0 || stop(); },
                  Clock::now() + kSessionCloseTime);
  note(Sum(desks_, open) + Sum(gateways_, open), " sessions did not close");
  return troubles;
}

std::size_t Centre::OpenContacts() const {
  return Sum(gateways_, [](const Gateway& gateway) { return gateway.OpenContacts(); });
}

void Centre::MeasureFrom(Time time) {
  statistics_.latencies = {};
  latency_book_.MeasureFrom(time);
}

void Centre::ArmDrop() {
  const Span gap = FromSeconds(Seconds(plan_.drop_every) * drop_random_.Exponential());
  drop_timer_ = loop_->After(gap, [this](Time) {
    const std::size_t chosen = drop_random_.Index(gateways_.size() + desks_.size());
    if (chosen < gateways_.size()) {
      gateways_[chosen]->Drop();
    } else {
      desks_[chosen - gateways_.size()]->Drop();
    }
    ArmDrop();
  });
}

}  // namespace routerd::load
