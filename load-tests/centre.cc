#include "load-tests/centre.h"

#include <algorithm>
#include <utility>

#include "load-tests/auditor.h"
#include "load-tests/desk.h"
#include "load-tests/gateway.h"

namespace routerd::load {
namespace {

constexpr auto kOpenTime = std::chrono::seconds(30);
constexpr auto kCloseTime = std::chrono::seconds(10);

template <class Parts, class Test>
bool All(const Parts& parts, Test test) {
  return std::ranges::all_of(parts, [&](const auto& part) { return test(*part); });
}

}  // namespace

Centre::Centre(Loop* loop, Plan plan)
    : loop_(loop),
      plan_(std::move(plan)),
      auditor_(std::make_unique<Auditor>(plan_.limits)),
      drop_random_(plan_.seed, "dropped connections") {
  const Surroundings around = {loop, &statistics_, &latency_book_, auditor_.get(), auditor_.get()};
  const auto terms = [this](std::string client) {
    return SessionTerms{plan_.domain, std::move(client), plan_.run_id, plan_.seed};
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

std::string Centre::Open() {
  for (const auto& gateway : gateways_) gateway->Open();
  for (const auto& desk : desks_) desk->Open();
  const auto open = [this] {
    const bool gateways = All(gateways_, [](const Gateway& gateway) { return gateway.IsOpen(); });
    return (gateways && AllLoggedIn()) || !Refusal().empty();
  };
  const bool done = loop_->RunUntil(open, Clock::now() + kOpenTime);
  if (const std::string refusal = Refusal(); !refusal.empty()) return refusal;
  if (!done) return "no session with " + plan_.grpc + " within " + FormatSpan(kOpenTime);
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

bool Centre::Settle(Span patience, const std::function<bool()>& stop) {
  loop_->RunUntil([&] { return OpenContacts() == 0 || (stop && stop()); }, Clock::now() + patience);
  return OpenContacts() == 0;
}

bool Centre::EndContacts(Span patience) {
  for (const auto& desk : desks_) desk->Hurry();
  for (const auto& gateway : gateways_) gateway->EndContacts();
  return Settle(patience);
}

// The answer to the last log-out comes after everything else that a desktop is told.
void Centre::Close() {
  loop_->Cancel(drop_timer_);
  for (const auto& desk : desks_) desk->LogOutAll();
  loop_->RunUntil([this] { return All(desks_, [](const Desk& desk) { return desk.IsIdle(); }); },
                  Clock::now() + kCloseTime);
  for (const auto& desk : desks_) statistics_.reconnects += desk->Reconnects();
  for (const auto& gateway : gateways_) statistics_.reconnects += gateway->Reconnects();
  for (const auto& desk : desks_) desk->Close();
  for (const auto& gateway : gateways_) gateway->Close();
  const auto closed = [](const auto& part) { return part.IsClosed(); };
  loop_->RunUntil([&] { return All(desks_, closed) && All(gateways_, closed); },
                  Clock::now() + kCloseTime);
}

std::size_t Centre::OpenContacts() const {
  std::size_t sum = 0;
  for (const auto& gateway : gateways_) sum += gateway->OpenContacts();
  return sum;
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
