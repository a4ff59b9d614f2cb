// What the audit holds the router to: how much an agent may have at a time.
#pragma once

#include <map>
#include <set>
#include <string>

namespace routerd::load {

// What a contact of a channel takes of an agent's 100 units, and how many he may have.
struct ChannelLimit {
  int units = 100;
  int most = 1;
  bool wrap_up_holds = true;    // false: wrap-up takes no room (mode `optional`)
  bool in_every_queue = false;  // that goes before what queues say of their own
};

struct Limits {
  std::map<std::string, ChannelLimit> channels;  // a channel that is not here is not judged
  std::map<std::string, std::map<std::string, int>> own;  // agent, channel: his own `most`
  std::map<std::string, bool> queue_wrap_up_holds;        // of queues that say so themselves
  std::set<std::string> several;                          // queues that ask several agents at once
  int open_offers = 1;
  // The policy has nothing by which a ready agent with room may be kept from a contact that he may
  // serve, as far as this knows the language.
  bool work_conserving = false;

  // Of a channel that is in `channels`.
  [[nodiscard]] int Most(const std::string& agent, const std::string& channel) const {
    if (const auto his = own.find(agent); his != own.end()) {
      if (const auto most = his->second.find(channel); most != his->second.end()) {
        return most->second;
      }
    }
    return channels.at(channel).most;
  }

  // The queue whose offer brought the contact goes before the channel, which is in `channels`.
  [[nodiscard]] bool WrapUpHolds(const std::string& channel, const std::string& queue) const {
    const ChannelLimit& limit = channels.at(channel);
    const auto its = queue_wrap_up_holds.find(queue);
    const bool own = !limit.in_every_queue && its != queue_wrap_up_holds.end();
    return own ? its->second : limit.wrap_up_holds;
  }
};

}  // namespace routerd::load
