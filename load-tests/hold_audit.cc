#include "load-tests/hold_audit.h"

#include <algorithm>

namespace routerd::load {

void HoldAudit::Begin(const std::string& contact, const std::string& agent,
                      std::uint64_t sequence) {
  holds_[contact].push_back({agent, sequence});
}

void HoldAudit::End(const std::string& contact, const std::string& agent, std::uint64_t sequence) {
  const auto found = holds_.find(contact);
  if (found == holds_.end()) return;
  for (Hold& hold : found->second) {
    if (hold.agent != agent || hold.to != kOpen) continue;
    hold.to = sequence;
    Check(contact, hold);
  }
  Remember(contact);
}

void HoldAudit::Forget(const std::string& contact, const std::string& agent) {
  const auto found = holds_.find(contact);
  if (found == holds_.end()) return;
  std::erase_if(found->second,
                [&](const Hold& hold) { return hold.agent == agent && hold.to == kOpen; });
}

// Against those that have ended: of two holds that overlap the one that ends last finds the other.
void HoldAudit::Check(const std::string& contact, const Hold& hold) {
  for (const Hold& other : holds_[contact]) {
    if (&other == &hold || other.to == kOpen) continue;
    if (hold.from >= other.to || other.from >= hold.to) continue;
    violations_->Add(Violation::kTwoAgents, contact + " was with " + hold.agent + " (records " +
                                                std::to_string(hold.from) + " to " +
                                                std::to_string(hold.to) + ") and with " +
                                                other.agent + " (" + std::to_string(other.from) +
                                                " to " + std::to_string(other.to) + ")");
  }
}

void HoldAudit::Remember(const std::string& contact) {
  const auto is_open = [](const Hold& hold) { return hold.to == kOpen; };
  idle_.push_back(contact);
  while (idle_.size() > kRemembered) {
    const auto found = holds_.find(idle_.front());
    if (found != holds_.end() && std::ranges::none_of(found->second, is_open)) holds_.erase(found);
    idle_.pop_front();
  }
}

void HoldAudit::Finish() {
  for (auto& [contact, holds] : holds_) {
    for (Hold& hold : holds) {
      if (hold.to != kOpen) continue;
      hold.to = kOpen - 1;  // until the end of the run
      Check(contact, hold);
    }
  }
}

}  // namespace routerd::load
