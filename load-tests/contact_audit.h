// The contacts of one gateway as it sees them: each ends exactly once, is with one agent at a time,
// rings no agent twice at a time and, unless its queue says otherwise, one only, and each of its
// offers ends exactly once.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "load-tests/limits.h"
#include "load-tests/recent_ids.h"
#include "load-tests/violations.h"
#include "routerd/v1/gateway_events.pb.h"

namespace routerd::load {

class ContactAudit {
 public:
  ContactAudit(const Limits* limits, Violations* violations)
      : limits_(limits), violations_(violations) {}

  // The gateway sent an Arrive; the router answered that it took the contact, or that it did not.
  void Sent(const std::string& contact);
  void Taken(const std::string& contact, v1::ContactState state);
  void TurnedAway(const std::string& contact);
  // The answer to an EndContact: it tells a state, but is no event.
  void Told(const std::string& contact, v1::ContactState state);

  void Queued(const std::string& contact);
  void Offer(const v1::ContactOfferEvent& offer);
  void OfferEnded(const v1::ContactOfferEndedEvent& ended);
  void Confirmed(const v1::ContactConfirmedEvent& confirmed);
  void AgentLost(const std::string& contact);
  // The event that tells of a refusal; the answer to the arrival may have told it before.
  void Refused(const std::string& contact);
  void Ended(const std::string& contact, v1::ContactState state);
  // The session could not be resumed: what happened meanwhile was not told.
  void Missed();
  // The router's list after that: replaces what was known.
  void Held(const v1::HeldContact& held);

  // What a record did is judged when all of it was told: call it when the stream has moved on to
  // another record.
  void RecordDone();

  // Whether the gateway brought it, as far as that is remembered.
  [[nodiscard]] bool Knows(const std::string& contact) const {
    return open_.contains(contact) || ended_.Contains(contact);
  }
  [[nodiscard]] std::uint64_t TakenCount() const { return taken_; }
  [[nodiscard]] std::uint64_t EndedCount() const { return ended_count_; }

  // still_held: what the router still lists. Call it once, at the end.
  void Finish(const std::unordered_map<std::string, v1::ContactState>& still_held);

 private:
  struct Contact {
    bool taken = false;
    bool promised = false;  // the answer to its arrival said that it is offered
    bool offered = false;   // since then
    bool wrapping_up = false;
    bool ended = false;   // by the record that is being told
    bool missed = false;  // events were missed: offers may have come and gone
    std::string holder;   // agent whose accept was confirmed
    std::string confirmed_offer;
    bool several = false;                       // its queue asks several agents at a time
    std::map<std::string, std::string> offers;  // open ones, and to whom
  };

  // Contacts that have ended; an event about an older one is as about one that never arrived.
  static constexpr std::size_t kRemembered = 200'000;

  // A contact of which nothing is known but that it is there.
  static Contact Missed(bool taken);
  // The contact if it may have events; otherwise null, and the violation is noted.
  Contact* Touch(const std::string& contact, const char* event);
  void Close(const std::string& contact);
  void Judge(const std::string& id, const Contact& contact);

  const Limits* limits_;
  Violations* violations_;
  std::unordered_map<std::string, Contact> open_;
  RecentIds ended_{kRemembered};
  std::unordered_set<std::string> refused_;  // by the answer; the event is still to come
  std::unordered_set<std::string> strange_;  // listed by the router, left by an earlier run
  std::vector<std::string> touched_;         // by the record that is being told
  std::uint64_t taken_ = 0;
  std::uint64_t ended_count_ = 0;
};

}  // namespace routerd::load
