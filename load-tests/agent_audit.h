// The agents of one desktop session as it sees them: nobody has more than his capacity, each offer
// ends exactly once, each accept is confirmed once, and nobody is left with work that is over.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>

#include "load-tests/hold_audit.h"
#include "load-tests/limits.h"
#include "load-tests/recent_ids.h"
#include "load-tests/violations.h"
#include "routerd/v1/desktop_events.pb.h"

namespace routerd::load {

class AgentAudit {
 public:
  // All outlive it.
  AgentAudit(const Limits* limits, Violations* violations, HoldAudit* holds)
      : limits_(limits), violations_(violations), holds_(holds) {}

  void Offer(const std::string& agent, std::uint64_t sequence, const v1::AgentOfferEvent& offer);
  void Cancelled(const std::string& agent, std::uint64_t sequence,
                 const v1::AgentOfferCancelledEvent& cancelled);
  void Confirmed(const std::string& agent, std::uint64_t sequence,
                 const v1::AgentConfirmedEvent& confirmed);
  void Assigned(const std::string& agent, const v1::AgentAssignedEvent& assigned);
  void Ended(const std::string& agent, std::uint64_t sequence,
             const v1::AgentContactEndedEvent& ended);
  void WrapUp(const std::string& agent, std::uint64_t sequence,
              const v1::AgentWrapUpStartedEvent& started);
  void State(const std::string& agent, const v1::AgentStatus& status);

  // Another session has the agent; or, with Missed, this one could not be resumed.
  void Superseded(const std::string& agent);
  void Missed();
  // What the router says he has after that; his open offers are told again.
  void Held(const v1::AgentStatus& status, std::uint64_t sequence);

  // What a record did is judged when all of it was told.
  void RecordDone();
  // Once, when every contact has ended. ours: whether a contact is one of this run; work that
  // others brought may go on.
  void Finish(const std::function<bool(const std::string& contact)>& ours);

 private:
  struct Item {
    std::string channel;
    std::string queue;
    std::string offer_id;
    bool offered = false;  // still open
    bool listed = false;   // known from a list only: how he came to it was missed
  };

  // A contact that went elsewhere may come back while its wrap-up runs: two maps.
  struct Agent {
    std::map<std::string, Item> work;      // by contact
    std::map<std::string, Item> wrap_ups;  // by contact
    std::map<std::string, Item> gone;      // left `work` in the record that is being told
  };

  // Of all agents together: who has had what, and been told that it has ended for good.
  static constexpr std::size_t kRemembered = 50'000;

  Agent& Touch(const std::string& agent);
  // False: he had no such work.
  bool EndWork(const std::string& id, Agent& agent, const std::string& contact,
               std::uint64_t sequence);
  void TellEnd(const std::string& id, Agent& agent, const std::string& contact, bool had);
  void Judge(const std::string& id, const Agent& agent);
  void JudgeGone(const std::string& id, const std::string& contact, const Item& item);
  void JudgeLeft(const std::string& id, const std::string& contact, const Item& item,
                 const char* has);

  const Limits* limits_;
  Violations* violations_;
  HoldAudit* holds_;
  std::unordered_map<std::string, Agent> agents_;
  std::set<std::string> touched_;
  RecentIds had_{kRemembered};    // `AGENT CONTACT`
  RecentIds ended_{kRemembered};  // `AGENT CONTACT`
  bool missed_ = false;           // at some time: he may have had what this does not know of
};

}  // namespace routerd::load
