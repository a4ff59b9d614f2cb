#include "load-tests/starvation_audit.h"

#include <algorithm>

namespace routerd::load {
namespace {

// For so long together: a decision takes no time by the router's clock.
constexpr std::int64_t kLongMs = 5'000;
constexpr std::size_t kMostSuspicions = 1'000;
constexpr std::size_t kAbsences = 1'000;  // of one desktop, the last ones

// Ready, with nothing in hand and nothing asked for.
bool IsIdle(const v1::AgentStatus& status) {
  return status.presence() == v1::AGENT_PRESENCE_READY && status.items().empty() &&
         status.pending_presence() == v1::AGENT_PRESENCE_UNSPECIFIED;
}

}  // namespace

void StarvationAudit::Arrived(const std::string& gateway, const std::string& contact,
                              const std::string& channel, std::string needs) {
  waiting_[contact] = {.gateway = gateway, .channel = channel, .needs = std::move(needs)};
}

void StarvationAudit::Queued(const std::string& contact, std::int64_t at_ms) {
  const auto found = waiting_.find(contact);
  if (found != waiting_.end() && found->second.since_ms == 0) found->second.since_ms = at_ms;
}

// Later waits are not judged: who declined or missed a contact may be barred from it.
void StarvationAudit::Offered(const std::string& contact) {
  const auto found = waiting_.find(contact);
  if (found != waiting_.end()) found->second.offered = true;
}

void StarvationAudit::Ended(const std::string& contact, std::int64_t at_ms) {
  const auto found = waiting_.find(contact);
  if (found == waiting_.end()) return;
  const Waiting& waiting = found->second;
  const bool waited = !waiting.offered && waiting.since_ms != 0;
  if (waited && at_ms - waiting.since_ms >= kLongMs) Suspect(contact, waiting, at_ms);
  waiting_.erase(found);
}

void StarvationAudit::GatewayOpened(const std::string& gateway, std::int64_t at_ms) {
  for (auto& [contact, waiting] : waiting_) {
    if (waiting.gateway == gateway && waiting.since_ms != 0) waiting.since_ms = at_ms;
  }
}

void StarvationAudit::OfferedTo(const std::string& agent, const std::string& contact,
                                std::int64_t waited_ms) {
  idle_.erase(agent);
  const auto found = waiting_.find(contact);
  if (found == waiting_.end()) return;  // of another program, or over already
  const auto [least, added] = serves_[found->second.needs].try_emplace(agent, waited_ms);
  if (!added) least->second = std::min(least->second, waited_ms);
}

void StarvationAudit::Shown(const std::string& desktop, const v1::AgentStatus& status,
                            std::int64_t at_ms) {
  if (!IsIdle(status)) return Lost(status.agent_id());
  const auto [idle, added] = idle_.try_emplace(status.agent_id());
  const std::vector<std::string> channels(status.ready_channels().begin(),
                                          status.ready_channels().end());
  if (added || idle->second.channels != channels) idle->second = {desktop, channels, at_ms};
}

void StarvationAudit::Frame(const std::string& desktop, std::int64_t sent_ms, bool opened) {
  Desktop& known = desktops_[desktop];
  if (opened && known.last_ms != 0) known.absent.emplace_back(known.last_ms, sent_ms);
  if (known.absent.size() > kAbsences) known.absent.pop_front();
  known.last_ms = sent_ms;
}

// One idle agent is enough.
void StarvationAudit::Suspect(const std::string& contact, const Waiting& waiting,
                              std::int64_t at_ms) {
  const auto serves = serves_.find(waiting.needs);
  if (serves == serves_.end() || suspicions_.size() >= kMostSuspicions) return;
  for (const auto& [agent, waited_ms] : serves->second) {
    const auto idle = idle_.find(agent);
    if (idle == idle_.end()) continue;
    if (std::ranges::count(idle->second.channels, waiting.channel) == 0) continue;
    const std::int64_t from_ms = std::max(waiting.since_ms + waited_ms, idle->second.since_ms);
    if (at_ms - from_ms < kLongMs) continue;
    suspicions_.push_back({contact, agent, idle->second.desktop, from_ms, at_ms});
    return;
  }
}

std::string StarvationAudit::Suspicion::Text() const {
  return contact + " was never offered, though " + agent + " stood idle for " +
         std::to_string((to_ms - from_ms) / 1'000) +
         " s of its wait and was offered the like before";
}

bool StarvationAudit::WasThere(const Suspicion& suspicion) const {
  const Desktop& desktop = desktops_.at(suspicion.desktop);
  return desktop.last_ms >= suspicion.to_ms &&
         std::ranges::none_of(desktop.absent, [&](const auto& span) {
           return span.first < suspicion.to_ms && suspicion.from_ms < span.second;
         });
}

void StarvationAudit::Finish() {
  for (const Suspicion& suspicion : suspicions_) {
    if (WasThere(suspicion)) violations_->Add(Violation::kNeverOffered, suspicion.Text());
  }
}

}  // namespace routerd::load
