// What records say in names becomes the directories' state: contacts, agents, gateways, overrides,
// sessions, answers, the policy. The same code when a record is made and when it is replayed, and
// the only one that changes them, besides what the core's effects change (EventMaker) and what
// time alone does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "routerd/core/event.h"
#include "routerd/engine/event_maker.h"
#include "routerd/engine/fan_out.h"
#include "routerd/engine/record_note.h"
#include "routerd/engine/world.h"

namespace routerd::engine {

// The writer's thread. Of one record Enter (or EnterNote) comes first, then its effects become
// events, then Tell, then Answered.
class Registrar {
 public:
  Registrar(World& world, EventMaker& maker, FanOut& fan_out)
      : world_(world), maker_(maker), fan_out_(fan_out) {}

  // `applied`: what the core said to the event of record `at`; accepted, or an arrival that a limit
  // refused. Of a part that was blanked the note is empty: what needs a name has one made up.
  void Enter(const core::Event& event, const core::Applied& applied, const RecordNote& note,
             Position at);
  // Of a record without event.
  void EnterNote(const RecordNote& note, Position at);

  // What no effect tells. The record's events so far are those of `batch` since number `first`.
  void Tell(const core::Event& event, const RecordNote& note, EventBatch& batch, std::size_t first);
  void TellNote(const RecordNote& note);

  // What the command was answered whose last record this is, or which made none but this; and what
  // its session has seen. `answer` is null when it is replayed. The number that the answer gets in
  // the session; 0: none.
  std::uint64_t Answered(const RecordNote& note, std::shared_ptr<const Answer> answer);
  // What the record's arrival was answered first.
  void FirstAnswered(const RecordNote& note, Position at);

  // What time alone ends: at the start of each batch.
  void Age();

 private:
  void On(const core::ContactArrives& e);
  void On(const core::ConsultStarts& e);
  void On(const core::ContactUpdated& e);
  void On(const core::ContactTransferred& e);
  void On(const core::ContactEnds& e);
  void On(const core::AgentLogsIn& e);
  void On(const core::GatewayConnection& e);
  void On(const core::QueueModeSet& e);
  void On(const core::AgentSkillsSet& e);
  void On(const core::PolicySwapped& e);
  void On(const core::CalendarSet& e);
  void On(const core::RouterRestarted& e);
  template <typename Other>
  void On(const Other& /*e*/) {}

  void TellOf(const core::ContactArrives& e);
  void TellOf(const core::ContactEnds& e);
  void TellOf(const core::OfferRejected& e);
  void TellOf(const core::AgentLogsIn& e);
  void TellOf(const core::AgentLogsOut& e);
  void TellOf(const core::GatewayConnection& e);
  template <typename Other>
  void TellOf(const Other& /*e*/) {}

  [[nodiscard]] std::string ContactId() const;
  void AddGateway(GatewayNo no);
  void AddContact(ContactNo no, std::shared_ptr<const ContactIdentity> identity, ChannelNo channel);
  void TurnAway(const core::ContactArrives& e);
  [[nodiscard]] std::shared_ptr<const ContactIdentity> IdentityOf(
      const core::ContactArrives& e) const;
  void Change(ContactNo no, const std::optional<model::Requirements>& requirements);
  // Who is named; he is made known if he was not.
  AgentNo Agent(std::string_view id);
  void SetSkills(bool applied);
  [[nodiscard]] OverrideView MadeOverride() const;
  void DropOverridesOfGoneQueues(const model::Model& before);
  void OpenSession();
  void EndSession(const std::string& id, const char* reason);
  void DropSession(const std::string& id);
  void TellWhy(EventKind kind, const std::string& agent);

  World& world_;
  EventMaker& maker_;
  FanOut& fan_out_;

  // Of the record under way.
  const RecordNote* note_ = nullptr;
  const core::Applied* applied_ = nullptr;
  Position at_;
  EventBatch* batch_ = nullptr;
  std::size_t first_ = 0;
  // How things stood before it.
  std::optional<ContactView> handed_over_;
  std::optional<ContactView> turned_away_;
  std::string client_before_;
  std::vector<std::string> endpoints_before_;
  std::string added_;  // id of the contact that it made
};

}  // namespace routerd::engine
