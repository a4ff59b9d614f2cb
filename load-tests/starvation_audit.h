// Nobody waits in vain: a contact that was never offered did not wait while an agent who may serve
// it stood idle. That he may is known when he was offered another contact that asked for the same
// and had waited no longer. Times are the router's own, as its events tell them.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "load-tests/violations.h"
#include "routerd/v1/agent_status.pb.h"

namespace routerd::load {

class StarvationAudit {
 public:
  explicit StarvationAudit(Violations* violations) : violations_(violations) {}

  // The gateway sent an Arrive. needs: all that decides who may serve it, in one text.
  void Arrived(const std::string& gateway, const std::string& contact, const std::string& channel,
               std::string needs);
  // As the gateway was told.
  void Queued(const std::string& contact, std::int64_t at_ms);
  void Offered(const std::string& contact);
  void Forget(const std::string& contact) { waiting_.erase(contact); }
  void Ended(const std::string& contact, std::int64_t at_ms);
  // Its session is open, for the first time or again: before that, nothing live is offered.
  void GatewayOpened(const std::string& gateway, std::int64_t at_ms);

  // As the desktop was told.
  void OfferedTo(const std::string& agent, const std::string& contact, std::int64_t waited_ms);
  void Shown(const std::string& desktop, const v1::AgentStatus& status, std::int64_t at_ms);
  void Lost(const std::string& agent) { idle_.erase(agent); }
  // Every frame: between the last one and the next opening the desktop was not there.
  void Frame(const std::string& desktop, std::int64_t sent_ms, bool opened);

  // The policy in force is not the one that the run began with: what was found so far may be
  // lawful.
  void PolicyChanged() { suspicions_.clear(); }
  void Finish();

 private:
  struct Waiting {
    std::string gateway;
    std::string channel;
    std::string needs;
    std::int64_t since_ms = 0;  // 0 = not in its queue yet
    bool offered = false;
  };

  struct Idle {
    std::string desktop;
    std::vector<std::string> channels;  // on which he wants offers
    std::int64_t since_ms = 0;
  };

  // Found, and to be held against the times at which the agent's desktop was away.
  struct Suspicion {
    std::string contact;
    std::string agent;
    std::string desktop;
    std::int64_t from_ms;
    std::int64_t to_ms;

    [[nodiscard]] std::string Text() const;
  };

  struct Desktop {
    std::int64_t last_ms = 0;                                  // of the last frame
    std::deque<std::pair<std::int64_t, std::int64_t>> absent;  // from, to
  };

  void Suspect(const std::string& contact, const Waiting& waiting, std::int64_t at_ms);
  [[nodiscard]] bool WasThere(const Suspicion& suspicion) const;

  Violations* violations_;
  std::unordered_map<std::string, Waiting> waiting_;
  std::unordered_map<std::string, Idle> idle_;  // by agent
  // By needs and agent: the least time that a contact had waited when it was offered to him.
  std::map<std::string, std::map<std::string, std::int64_t>> serves_;
  std::map<std::string, Desktop> desktops_;
  std::vector<Suspicion> suspicions_;
};

}  // namespace routerd::load
