#include <algorithm>

#include "tests/unit/core/oracle.h"

namespace routerd::core {
// ---- Agents whom a contact asks for
// --------------------------------------------------------------

void Oracle::TakeWish(const ContactArrives& e, OracleContact& c) {
  c.wish_wait_ms = e.agents_wait_ms;
  if (e.direct.valid()) {
    c.wish = Wish::kDirect;
    c.wanted = {{e.direct, 0}};
  } else if (!e.preferred.empty()) {
    c.wish = Wish::kPreferred;
    c.wanted = e.preferred;
  } else if (e.last_agent.valid()) {
    c.wish = Wish::kLastAgent;
    c.wanted = {{e.last_agent, 0}};
  }
}

void Oracle::EndWish(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  Cancel(Why::kPersonalEnd, no, 0);
  c.personal = false;
  c.wish = Wish::kNone;
  c.wanted.clear();
}

bool Oracle::CanCome(const OracleContact& c, std::uint32_t agent) const {
  const auto found = agents_.find(agent);
  if (found == agents_.end()) return false;
  const OracleAgent& a = found->second;
  const bool leaves = a.pending && a.pending_presence == Presence::kLoggedOut;
  if (a.presence == Presence::kLoggedOut || leaves) return false;
  const bool barred = std::any_of(c.bars.begin(), c.bars.end(),
                                  [&](const OracleBar& bar) { return bar.agent == agent; });
  const auto about = contacts_.find(c.about);
  if (about != contacts_.end() && (about->second.agent == agent || about->second.second == agent)) {
    return false;
  }
  return (a.channels >> c.channel & 1) != 0 && Limit(a, c.channel) > 0 && Meets(c, a) && !barred;
}

// From now on whoever may serve it may have it, and its steps begin.
void Oracle::EndPersonal(std::uint64_t no) {
  Cancel(Why::kPersonalEnd, no, 0);
  contacts_[no].personal = false;
  contacts_[no].made_servable = true;
  StartSteps(no);
  StartAlso(no);
}

bool Oracle::StartPersonal(std::uint64_t no) {
  OracleContact& c = contacts_[no];
  const model::Queue& queue = model_->queues[c.queue];
  SpanMs wait = 0;
  if (c.wish == Wish::kDirect) wait = c.wish_wait_ms.value_or(queue.direct_wait_ms);
  if (c.wish == Wish::kPreferred) wait = c.wish_wait_ms.value_or(queue.preferred_wait_ms);
  if (c.wish == Wish::kLastAgent) {
    if (queue.last_agent.mode == model::LastAgent::kNever) return false;
    wait = queue.last_agent.wait_ms;
  }
  std::erase_if(c.wanted, [&](const auto& w) { return agents_.count(w.agent.value) == 0; });
  bool comes = false;
  for (const auto& w : c.wanted) {
    comes = comes || (wait > 0 ? CanCome(c, w.agent.value) : MayServe(c, w.agent.value));
  }
  c.personal = comes;
  if (comes && wait > 0) Set(Spared(now_ + wait), Why::kPersonalEnd, no, 0);
  return comes;
}

// After every event, for everybody who waits for agents of whom none can come any more.
void Oracle::ReviewPersonal() {
  std::vector<std::uint64_t> all;
  for (const auto& [no, c] : contacts_) {
    if (c.personal && AsksMore(c) && (!c.live || gateways_.at(c.gateway))) all.push_back(no);
  }
  std::sort(all.begin(), all.end(),
            [this](auto a, auto b) { return contacts_[a].arrival < contacts_[b].arrival; });
  for (const std::uint64_t no : all) {
    const OracleContact& c = contacts_[no];
    const bool now = c.state == ContactState::kQueued && !HasTimer(Why::kPersonalEnd, no);
    const bool comes = std::any_of(c.wanted.begin(), c.wanted.end(), [&](const auto& w) {
      return now ? MayServe(c, w.agent.value) : CanCome(c, w.agent.value);
    });
    if (!comes) EndPersonal(no);
  }
}

// Those who ask for somebody at once or nobody, after everybody has been given what he takes first.
bool Oracle::EndNowOrNever() {
  const bool some = std::any_of(contacts_.begin(), contacts_.end(), [this](const auto& one) {
    return one.second.personal && one.second.state == ContactState::kQueued &&
           !HasTimer(Why::kPersonalEnd, one.first);
  });
  if (some) ReviewPersonal();
  return some;
}

}  // namespace routerd::core
