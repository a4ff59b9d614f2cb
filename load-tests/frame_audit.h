// Frames and their numbers: none missing, none twice, epoch and sequence never backwards.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "load-tests/violations.h"

namespace routerd::load {

class FrameAudit {
 public:
  explicit FrameAudit(Violations* violations) : violations_(violations) {}

  // number: 0 = the frame carries neither result nor event. opened: it carries Welcome; resumed:
  // and the session goes on, so that its numbers do.
  void Frame(const std::string& client, std::uint64_t number, std::uint64_t epoch, bool carries,
             bool opened, bool resumed);

  // An event, in the order of the stream.
  void Event(const std::string& client, std::uint64_t sequence);

 private:
  struct Client {
    std::uint64_t number = 0;
    std::uint64_t epoch = 0;
    std::uint64_t sequence = 0;
  };

  Violations* violations_;
  std::unordered_map<std::string, Client> clients_;
};

}  // namespace routerd::load
