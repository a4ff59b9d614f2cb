// Contacts by id and by number, how they stood last, and the ids that ended lately.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/base/limits.h"
#include "routerd/core/vocabulary.h"
#include "routerd/engine/bytes.h"
#include "routerd/engine/event.h"

namespace routerd::engine {

// What a contact's arrival was answered: told again when the gateway asks again.
struct FirstAnswer {
  Position at;
  TimeMs unix_ms = 0;
  core::ContactState state = core::ContactState::kQueued;
  core::EndReason refused_by = core::EndReason::kUnspecified;
  QueueNo queue;
  std::uint32_t position = 0;  // 0: none was told
};

// ContactStatus in numbers, in batch time.
struct LastStatus {
  core::ContactState state = core::ContactState::kQueued;
  bool held = false;
  bool parked = false;
  bool second_parked = false;
  bool inactive = false;
  TreatmentNo treating;  // none: nothing is played
  OfferId treatment;     // likewise
  QueueNo queue;
  QueueNo through = {};            // as ContactStatus has it
  std::vector<QueueNo> also = {};  // likewise
  AgentNo agent;
  AgentNo second;
  OfferId offer;
  std::shared_ptr<const std::vector<RingingAgent>> more_offers;
  int priority = 0;
  std::uint32_t step = 0;
  bool stuck = false;
  TimeMs arrived = 0;
  TimeMs age_since = 0;
  TimeMs visit_since = 0;
  TimeMs answered = 0;
  TimeMs deadline = 0;
};

class ContactDirectory {
 public:
  struct Contact {
    ContactNo no;
    std::shared_ptr<const ContactIdentity> identity;
    std::uint64_t content = 0;  // hash of the arrival
    FirstAnswer first;
    LastStatus last;
    ChannelNo channel;
    AgentNo holder;      // who accepted it, until it waits again; also after its end
    AgentNo second;      // who had it as well, likewise
    AgentNo left;        // who had it before it came back to its place
    bool ended = false;  // known by number only, until the core forgets it
  };
  // An id that may not be used again yet.
  struct Ended {
    ContactNo no;  // may still be held by number, while somebody writes up
    GatewayNo gateway;
    std::uint64_t content = 0;
    FirstAnswer first;
    core::ContactState state = core::ContactState::kCompleted;
    TimeMs since = 0;
  };

  Contact& Add(ContactNo no, std::shared_ptr<const ContactIdentity> identity);
  // nullptr: not held. Good until the next Add.
  [[nodiscard]] Contact* Find(ContactNo no);
  [[nodiscard]] const Contact* Find(ContactNo no) const;
  [[nodiscard]] Contact* Find(const std::string& id);
  [[nodiscard]] Contact* FindSlot(std::uint32_t slot);  // of a contact number
  void ForEach(const std::function<void(Contact&)>& f);
  // Whether `holds` does for all ended ones.
  template <typename F>
  [[nodiscard]] bool AllEnded(const F& holds) const {
    return std::all_of(ended_.begin(), ended_.end(),
                       [&holds](const auto& entry) { return holds(entry.second); });
  }
  [[nodiscard]] const Ended* FindEnded(const std::string& id, TimeMs now) const;

  // The id is remembered as ended from `now` on; the contact stays known by number.
  void End(Contact& contact, GatewayNo gateway, TimeMs now);
  // What the arrival of `id`, now `no` or ended already, was answered.
  void Answered(ContactNo no, const std::string& id, const FirstAnswer& answer);
  // An arrival that a limit refused: ended from the start.
  void AddRefused(const std::string& id, Ended ended, TimeMs now);
  // Nothing refers to the number any more.
  void Forget(ContactNo no);
  // Lets go of ended ids that are older than limits::kEndedContactMs, so that it does not take
  // long: FindEnded does not find them any more, gone or not.
  void ForgetEnded(TimeMs now);

  // For snapshots; Load into an empty one, `io` says whether it was sound.
  void Save(ByteWriter& io) const;
  void Load(ByteReader& io);

  [[nodiscard]] std::size_t held() const { return by_id_.size(); }
  [[nodiscard]] std::size_t ended() const { return ended_.size(); }

 private:
  void ForgetOldestEnded();

  std::vector<Contact> contacts_;  // by slot; an invalid number is a free place
  std::unordered_map<std::string, std::uint32_t> by_id_;
  std::unordered_map<std::string, Ended> ended_;
  struct Order {
    TimeMs time;
    const std::string* id;  // key in ended_
  };
  std::deque<Order> ended_order_;
};

}  // namespace routerd::engine
