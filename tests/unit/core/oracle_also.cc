// Contacts that wait in several queues, the obvious way: in each of them the contact is looked at
// as if it were one of that queue.
#include <algorithm>
#include <utility>

#include "tests/unit/core/oracle.h"

namespace routerd::core {

std::uint32_t Oracle::ServedIn(const OracleContact& c) { return c.via ? *c.via : c.queue; }

// As what it is in its n-th queue; 0: its own.
Oracle::OracleContact Oracle::In(const OracleContact& c, std::size_t place) {
  OracleContact there = c;
  if (place == 0) return there;
  Exchange(there, there.also[place - 1]);
  there.place = place;
  return there;
}

void Oracle::Exchange(OracleContact& c, OraclePlace& p) {
  std::swap(c.queue, p.queue);
  std::swap(c.visit_since, p.since);
  std::swap(c.served_ms, p.served_ms);
  std::swap(c.delay_ms, p.delay_ms);
  std::swap(c.step, p.step);
  std::swap(c.opened, p.opened);
  std::swap(c.step_since, p.step_since);
  std::swap(c.made_servable, p.made_servable);
}

// Does something to the contact as one of its n-th queue.
template <typename F>
void Oracle::Within(std::uint64_t no, std::size_t place, const F& f) {
  OracleContact& c = contacts_[no];
  Exchange(c, c.also[place - 1]);
  c.place = place;
  f();
  c.place = 0;
  Exchange(c, c.also[place - 1]);
}

// How timers of one queue are told from those of another.
std::uint32_t Oracle::PlaceId(const OracleContact& c) { return c.place == 0 ? 0 : c.queue + 1; }

// Whether it asks for agents there: in all of its queues while it waits, in the one through which
// it rings otherwise.
bool Oracle::AsksHere(const OracleContact& there) const {
  if (there.state != ContactState::kOffered) return AsksMore(there);
  const bool rings_here = there.place == 0 ? !there.via : there.via == there.queue;
  return rings_here && AsksMore(there);
}

// Whether the agent meets what the contact asks for where it waits, or rings.
bool Oracle::MeetsSomewhere(const OracleContact& c, const OracleAgent& a) const {
  for (std::size_t i = 0; i <= c.also.size(); ++i) {
    const OracleContact there = In(c, i);
    const bool rings = c.state == ContactState::kOffered;
    const bool here = i == 0 ? !c.via : c.via == there.queue;
    if ((!rings || here) && Meets(there, a)) return true;
  }
  return false;
}

void Oracle::MakeServable(OracleContact& c) {
  c.made_servable = true;
  for (OraclePlace& p : c.also) p.made_servable = true;
}

// Those whom it may have again, or that serve again.
void Oracle::MakeServableIn(std::uint32_t queue) {
  for (auto& [no, c] : contacts_) {
    c.made_servable = c.made_servable || c.queue == queue;
    for (OraclePlace& p : c.also) p.made_servable = p.made_servable || p.queue == queue;
  }
}

void Oracle::StartAlso(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  for (const QueueNo queue : AlsoOf(c)) {
    const bool there = std::any_of(c.also.begin(), c.also.end(),
                                   [&](const auto& p) { return p.queue == queue.value; });
    if (there) continue;
    c.also.push_back({.queue = queue.value, .since = now_, .made_servable = true});
    Within(no, c.also.size(), [&] {
      ArmDelay(no);
      StartSteps(no);
    });
  }
  SortAlso(c);
}

// What it brought itself goes before what its queue says.
const std::vector<QueueNo>& Oracle::AlsoOf(const OracleContact& c) const {
  return c.own_also.empty() ? model_->queues[c.queue].also : c.own_also;
}

// In the order of the list.
void Oracle::SortAlso(OracleContact& c) const {
  std::vector<OraclePlace> sorted;
  for (const QueueNo queue : AlsoOf(c)) {
    for (const OraclePlace& p : c.also) {
      if (p.queue == queue.value) sorted.push_back(p);
    }
  }
  c.also = sorted;
}

void Oracle::EndAlso(std::uint64_t no) {
  for (const OraclePlace& p : contacts_[no].also) {
    Cancel(Why::kStep, no, p.queue + 1);
    Cancel(Why::kDelay, no, p.queue + 1);
  }
  contacts_[no].also.clear();
}

void Oracle::AdvanceAlso(std::uint64_t no) {
  MakeServable(contacts_[no]);
  for (std::size_t i = 1; i <= contacts_[no].also.size(); ++i) Within(no, i, [&] { Advance(no); });
}

// Of a race that asks for more, where it rings.
void Oracle::AdvanceRinging(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  if (!AsksMore(c)) return;
  if (!c.via) return Advance(no);
  for (std::size_t i = 1; i <= c.also.size(); ++i) {
    if (c.also[i - 1].queue == *c.via) Within(no, i, [&] { Advance(no); });
  }
}

// Under a new policy, in whose order they stand.
void Oracle::KeepAlso(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  const bool waits = c.state == ContactState::kQueued || c.state == ContactState::kOffered ||
                     c.state == ContactState::kConnecting;
  if (!waits || c.personal) return;
  const auto& also = AlsoOf(c);
  std::erase_if(c.also, [&](const OraclePlace& p) {
    if (std::count(also.begin(), also.end(), QueueNo(p.queue)) != 0) return false;
    Cancel(Why::kStep, no, p.queue + 1);
    Cancel(Why::kDelay, no, p.queue + 1);
    return true;
  });
  SortAlso(c);
  for (std::size_t i = 1; i <= c.also.size(); ++i) {
    Within(no, i, [&] {
      RestoreDelay(no);
      KeepSteps(no);
      ArmDelay(no);
    });
  }
  StartAlso(no);
  MakeServable(c);
}

// A timer of one of its queues.
void Oracle::FireIn(const OracleTimer& t) {
  const std::uint64_t no = t.contact;
  const auto fire = [&] {
    if (t.why == Why::kStep) return Advance(no);
    RestoreDelay(no);
    ArmDelay(no);
    contacts_[no].made_servable = true;
  };
  if (t.other == 0) return fire();
  for (std::size_t i = 1; i <= contacts_[no].also.size(); ++i) {
    if (contacts_[no].also[i - 1].queue + 1 == t.other) Within(no, i, fire);
  }
}

// Whose next step a condition of the queue opens, in the order of service.
std::vector<std::pair<std::uint64_t, std::size_t>> Oracle::AtStep(std::uint32_t queue,
                                                                  std::size_t step) const {
  std::vector<std::pair<std::uint64_t, std::size_t>> there;
  for (const auto& [no, c] : contacts_) {
    const bool absent = c.live && !gateways_.at(c.gateway);
    for (std::size_t i = 0; i <= c.also.size() && !absent && !c.personal; ++i) {
      const OracleContact in = In(c, i);
      if (in.queue == queue && AsksHere(in) && in.step == step) there.emplace_back(no, i);
    }
  }
  std::sort(there.begin(), there.end(), [this](const auto& a, const auto& b) {
    return ServedBefore(In(contacts_.at(a.first), a.second), In(contacts_.at(b.first), b.second));
  });
  return there;
}

void Oracle::AdvanceIn(std::uint64_t no, std::size_t place) {
  if (place == 0) return Advance(no);
  Within(no, place, [&] { Advance(no); });
}

}  // namespace routerd::core
