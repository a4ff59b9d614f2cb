// Commands become records, or refusals. Names are looked up here; what the core says in numbers is
// answered in words.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "routerd/core/event.h"
#include "routerd/engine/command.h"
#include "routerd/engine/recorder.h"
#include "routerd/engine/world.h"

namespace routerd::engine {

// One command at a time, on the writer's thread. Everything it answers is held by the caller until
// the records are durable.
class CommandHandler {
 public:
  CommandHandler(World& world, Recorder& recorder) : world_(world), recorder_(recorder) {}

  // The envelope's strings are used up.
  void Handle(Envelope& envelope, Answer& answer);
  // The connection is gone, without a command under way. No outbox: whatever the session has.
  void Drop(const DropSession& drop);
  // The router was down: no connection is up.
  void LoseConnections();
  // Sessions whose grace is over.
  void ExpireSessions();
  // Overrides whose time is over.
  void EndOverrides();

 private:
  using ContactEntry = ContactDirectory::Contact;

  // ---- Contacts (arrival.cc, contact_commands.cc) ----
  void On(Arrive& c);
  void On(UpdateContact& c);
  void On(TransferContact& c);
  [[nodiscard]] bool ToEvent(const TransferContact& c, core::ContactTransferred& event);
  void HandOver(ContactEntry& contact, const std::string& gateway);
  void On(EndContact& c);
  void On(WithdrawContact& c);
  void On(AgentAnswered& c);
  void On(Connected& c);
  void On(ConnectFailed& c);
  void On(Hold& c);
  void On(SetInactive& c);
  void On(EndTreatment& c);
  void On(Reconcile& c);
  void On(RequestCallback& c);
  void On(StartConsult& c);
  void On(EndConsult& c);
  void On(LeaveConference& c);
  [[nodiscard]] bool FindAsking(const StartConsult& c, core::ConsultStarts& event);
  [[nodiscard]] bool ToEvent(const StartConsult& c, core::ConsultStarts& event);
  // Absent: `unix_ms` is too far ahead, and the answer says so.
  [[nodiscard]] std::optional<SpanMs> DelayUntil(TimeMs unix_ms);
  [[nodiscard]] bool KnownArrival(const std::string& id, std::uint64_t content);
  // Of a contact that this record has made: what it was answered, to be told again.
  void AnswerFirst(ContactNo no, const std::string& id, std::size_t first_event);
  // The agent, if he is known or in the policy (then perhaps invalid); else the answer says no.
  [[nodiscard]] bool FindWanted(const std::string& id, AgentNo& agent);
  [[nodiscard]] bool FindTarget(const std::string& queue, const std::string& agent, QueueNo& to,
                                AgentNo& direct);
  void RepeatAnswer(ContactView view, const FirstAnswer& first);
  [[nodiscard]] bool ToEvent(const Arrive& c, core::ContactArrives& event);
  void AskForAgents(const Arrive& c, core::ContactArrives& event) const;
  void WriteArrival(const Arrive& c, std::uint64_t content);
  // The contact if it is held and the client may act on it; else the answer says why not.
  [[nodiscard]] ContactEntry* Own(const std::string& id);
  [[nodiscard]] bool MayActFor(const std::string& gateway);
  // Applies and answers with the contact. `attributes`: that it has from now on, sorted; absent: as
  // they were. `to_gateway`: whom it is handed over to.
  bool ApplyToContact(ContactEntry& contact, core::Event event,
                      const std::optional<Attributes>& attributes = std::nullopt,
                      const std::string& to_gateway = {});
  // Whether no agent has accepted it; else the answer says how it stands.
  [[nodiscard]] bool Waits(const ContactEntry& contact);
  static void WriteAttributes(const Attributes& attributes, NoteWriter& note);
  void AnswerContact(const ContactEntry& contact);
  [[nodiscard]] bool Needs(const std::optional<std::vector<SkillNeed>>& skills,
                           std::optional<model::Requirements>& needs);

  // ---- Agents and offers (log_in.cc, agent_commands.cc) ----
  void On(LogIn& c);
  void On(SetPresence& c);
  void On(BusyElsewhere& c);
  void On(AcceptOffer& c);
  void On(RejectOffer& c);
  void On(EndWrapUp& c);
  void On(ExtendWrapUp& c);
  void On(LogOut& c);
  [[nodiscard]] bool ToEvent(const LogIn& c, core::AgentLogsIn& event);
  [[nodiscard]] bool ProfileOf(const std::string& agent,
                               const std::optional<std::vector<SkillNeed>>& skills,
                               model::AgentProfile& profile);
  [[nodiscard]] model::AgentProfile KeptProfile(const AgentDirectory::Agent& agent) const;
  [[nodiscard]] AgentNo OwnAgent(const std::string& id);  // invalid: the answer says why
  [[nodiscard]] const ContactEntry* WrittenUpBy(AgentNo agent, const std::string& id) const;
  [[nodiscard]] const ContactEntry* FindWrapUp(AgentNo agent, const std::string& id);
  bool ApplyToAgent(AgentNo agent, core::Event event, const std::string& why = {});
  void AnswerAgent(AgentNo agent, std::size_t events_before);
  [[nodiscard]] const OfferNames::Offer* FindOffer(const OfferId& id);  // null: the answer says so
  // Whether it is this agent's; empty: whoever's. Else the answer says no.
  [[nodiscard]] bool IsMadeTo(const OfferNames::Offer& offer, const std::string& agent);
  // The offer if the client may decide it and it is to be decided this way.
  [[nodiscard]] const OfferNames::Offer* OwnOffer(const OfferId& id, bool by_phone);
  void Decide(const OfferNames::Offer& offer, core::Event event, const std::string& why = {});

  // ---- Operations and sessions (operations_commands.cc, session_commands.cc) ----
  void On(MoveQueue& c);
  void On(ApplyPolicy& c);
  void On(SetCalendar& c);
  void On(OpenSession& c);
  void On(DropSession& c);
  void On(AckAnswers& c);
  Sessions::Session* OpenOrResume(OpenSession& c);
  void Disconnect(const Sessions::Session& session);
  void LoseConnection(const Sessions::Session& session);
  void SetGatewayConnected(GatewayNo gateway, const std::string& name, bool connected);
  void SetAgentsConnected(const std::string& client, bool connected);
  void SetAgentConnected(AgentNo agent, const std::string& client, bool connected);
  // Somebody asks for a gateway, or an agent, whose client's session has ended:
  // session_commands.cc.
  void ConnectWithoutSession(GatewayNo gateway);
  void ConnectWithoutSession(AgentNo agent);
  void AnswerHeld(const Sessions::Session& session);
  void AddHeld(const ContactEntry& contact);
  void AddMoreOffers(const ContactEntry& contact, const core::Contact& held);

  // ---- Overrides (override_commands.cc) ----
  void On(SetQueueMode& c);
  void On(SetAgentSkills& c);
  void WriteEnd(SpanMs lasts_ms, NoteWriter& note) const;
  void EndModeOverride(QueueNo queue);
  void EndSkillsOverride(AgentNo no);

  // ---- Common ----
  // Writes who asked.
  NoteWriter Note();
  void Refuse(Status status) { answer_->status = std::move(status); }
  void Refuse(Code code, const char* reason, std::string message);
  // Whether no new work is taken: the router drains, or the journal is short of space.
  [[nodiscard]] bool Drains();
  // False, and the answer says why, if the core refused.
  [[nodiscard]] bool Ok(const core::Applied& applied);

  World& world_;
  Recorder& recorder_;
  // Of the command under way.
  Envelope* envelope_ = nullptr;
  Answer* answer_ = nullptr;
};

}  // namespace routerd::engine
