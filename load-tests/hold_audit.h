// What all desktops saw of the same contact, put together: it is with one agent at a time. Their
// streams are not in step, so that records' sequences are compared.
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

  void Check(const std::string& contact, const Hold& hold);
  void Remember(const std::string& contact);

  Violations* violations_;
  std::unordered_map<std::string, std::vector<Hold>> holds_;  // of a contact
  std::deque<std::string> idle_;
};

}  // namespace routerd::load
