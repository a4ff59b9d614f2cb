// What desktops and gateways saw of the same contact, put together: with one agent at a time, and
// confirmed to both sides. Their streams are not in step, so that records' sequences are compared.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "load-tests/violations.h"

namespace routerd::load {

class HoldAudit {
 public:
  explicit HoldAudit(Violations* violations) : violations_(violations) {}

  // A desktop was told that the contact is offered to its agent, and that it is not his any more
  // (wrap-up is not holding it), by these records. The end of one hold and the start of the next
  // may be the same record.
  void Begin(const std::string& contact, const std::string& agent, std::uint64_t sequence);
  void End(const std::string& contact, const std::string& agent, std::uint64_t sequence);
  // The desktop lost its session: when the hold ended is not known.
  void Forget(const std::string& contact, const std::string& agent);

  void ConfirmedToGateway(const std::string& offer) { Confirmed(offer, 1); }
  void ConfirmedToDesktop(const std::string& offer) { Confirmed(offer, -1); }
  // A side has missed events: confirmations can no longer be compared.
  void Missed() { missed_ = true; }

  void Finish();

 private:
  // Contacts that nobody holds are remembered for so many others, for a desktop that lags.
  static constexpr std::size_t kRemembered = 100'000;
  static constexpr std::uint64_t kOpen = UINT64_MAX;

  struct Hold {
    std::string agent;
    std::uint64_t from;
    std::uint64_t to = kOpen;
  };

  void Confirmed(const std::string& offer, int side);
  void Check(const std::string& contact, const Hold& hold);
  void Remember(const std::string& contact);

  Violations* violations_;
  std::unordered_map<std::string, std::vector<Hold>> holds_;  // of a contact
  std::deque<std::string> idle_;
  std::unordered_map<std::string, int> confirmed_;  // by offer; balanced ones are dropped
  bool missed_ = false;
};

}  // namespace routerd::load
