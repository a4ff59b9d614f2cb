// What gateways, and operations, do with contacts that are held.
#include <algorithm>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/engine/command_handler.h"
#include "routerd/engine/contact_attributes.h"
#include "routerd/engine/views.h"

namespace routerd::engine {

bool CommandHandler::MayActFor(const std::string& gateway) {
  if (envelope_->role == Role::kOperations || gateway == envelope_->client) return true;
  answer_->owner = gateway;
  Refuse(Code::kPermissionDenied, "not_owner", "the contact belongs to gateway " + gateway);
  return false;
}

CommandHandler::ContactEntry* CommandHandler::Own(const std::string& id) {
  if (ContactEntry* contact = world_.contacts.Find(id)) {
    return MayActFor(contact->identity->gateway) ? contact : nullptr;
  }
  const ContactDirectory::Ended* ended = world_.contacts.FindEnded(id, world_.clock.now());
  if (ended == nullptr) {
    Refuse(Code::kNotFound, "unknown_contact", "no contact " + id + " is held");
    return nullptr;
  }
  if (!MayActFor(world_.gateways.name(ended->gateway))) return nullptr;
  answer_->contact = ViewOfEnded(world_, id, *ended);
  Refuse(Code::kFailedPrecondition, "wrong_state",
         "the contact's state forbids it; it is " + std::string(core::Name(ended->state)));
  return nullptr;
}

void CommandHandler::AnswerContact(const ContactEntry& contact) {
  answer_->contact = ViewOf(world_, contact);
}

bool CommandHandler::ApplyToContact(ContactEntry& contact, core::Event event,
                                    const std::optional<Attributes>& attributes,
                                    const std::string& to_gateway) {
  const ContactNo no = contact.no;
  const std::shared_ptr<const ContactIdentity> identity = contact.identity;
  const core::Applied applied = recorder_.Apply(std::move(event));
  if (!Ok(applied)) {
    Refresh(world_, contact);
    AnswerContact(contact);
    return false;
  }
  NoteWriter note = Note();
  note.Text(NoteTag::kContact, contact.identity->id).Text(NoteTag::kToGateway, to_gateway);
  if (attributes) {
    note.Number(NoteTag::kNewAttributes, 1);
    WriteAttributes(*attributes, note);
  }
  // The record may be the contact's last; then its events are the last to know how it stood.
  const std::size_t first_event = recorder_.event_count();
  recorder_.Commit();
  const std::vector<Event>& events = recorder_.pending_events().events;
  if (const ContactEntry* held = world_.contacts.Find(no)) {
    AnswerContact(*held);
  } else {
    for (std::size_t i = first_event; i < events.size(); ++i) {
      const bool his = events[i].kind == EventKind::kContactEnded &&
                       events[i].contact.identity->id == identity->id;
      if (his) answer_->contact = events[i].contact;
    }
  }
  return true;
}

bool CommandHandler::Needs(const std::optional<std::vector<SkillNeed>>& skills,
                           std::optional<model::Requirements>& needs) {
  if (!skills) return true;
  auto levels = world_.names->GetSkills("skills", *skills, limits::kMaxRequirements);
  if (!levels.ok()) {
    Refuse(levels.status());
    return false;
  }
  needs.emplace().all = std::move(levels).value();
  return true;
}

// Whether no agent has accepted it; else the answer says how it stands.
bool CommandHandler::Waits(const ContactEntry& contact) {
  const core::ContactState state = contact.last.state;
  if (state <= core::ContactState::kOffered || state == core::ContactState::kTreated) return true;
  AnswerContact(contact);
  Refuse(Code::kFailedPrecondition, "wrong_state",
         "the contact waits no longer; it is " + std::string(core::Name(contact.last.state)));
  return false;
}

void CommandHandler::On(UpdateContact& c) {
  ContactEntry* contact = Own(c.contact);
  if (contact == nullptr) return;
  core::ContactUpdated event{contact->no, c.priority, std::nullopt, c.credit_ms};
  if (!Needs(c.requirements, event.requirements)) return;
  if (c.only_waiting && !Waits(*contact)) return;
  if (c.attributes) {
    std::sort(c.attributes->begin(), c.attributes->end());
    answer_->attributes_not_kept = TakeNotKept(world_.model(), *c.attributes);
  }
  if (ApplyToContact(*contact, std::move(event), c.attributes)) {
    world_.contact_attributes_not_kept += answer_->attributes_not_kept.size();
  }
}

// A queue, an agent, or both: the queue is left as it is where an agent alone is named.
bool CommandHandler::FindTarget(const std::string& queue, const std::string& agent, QueueNo& to,
                                AgentNo& direct) {
  if (!queue.empty() || agent.empty()) {
    const auto known = world_.names->GetQueue("queue", queue);
    if (!known.ok()) {
      Refuse(known.status());
      return false;
    }
    to = known.value();
  }
  return agent.empty() || FindWanted(agent, direct);
}

// Where it goes, and whom it waits for there.
bool CommandHandler::ToEvent(const TransferContact& c, core::ContactTransferred& event) {
  event.agents_wait_ms = c.direct_wait_ms;
  return FindTarget(c.queue, c.agent, event.queue, event.direct);
}

// One who has never logged in cannot come: the contact waits like any other.
bool CommandHandler::FindWanted(const std::string& id, AgentNo& agent) {
  agent = world_.agents.Find(id);
  if (agent.valid() || world_.model().FindAgent(id) != nullptr) return true;
  Refuse(Code::kNotFound, "unknown_agent",
         "no agent " + id + " in the policy in force" + world_.names->AgentHint(id));
  return false;
}

// It ends here, and the other gateway is told of it: refused while nobody would hear of that.
void CommandHandler::HandOver(ContactEntry& contact, const std::string& gateway) {
  const Sessions::Session* session = world_.sessions.OfClient(SessionKind::kGateway, gateway);
  if (session == nullptr || !session->connected) {
    const bool known = session != nullptr || world_.gateways.Find(gateway).valid();
    return Refuse(known ? Code::kFailedPrecondition : Code::kNotFound,
                  known ? "gateway_absent" : "unknown_gateway",
                  known ? "gateway " + gateway + " is not connected" : "no gateway " + gateway);
  }
  if (gateway == contact.identity->gateway) {
    return Refuse(Status::InvalidField("target.gateway", "is the contact's own gateway")
                      .WithReason("invalid_field"));
  }
  const core::ContactState state = contact.last.state;
  if (state == core::ContactState::kScheduled || state == core::ContactState::kWrapUp) {
    AnswerContact(contact);
    return Refuse(Code::kFailedPrecondition, "wrong_state",
                  "the contact's state forbids it; it is " + std::string(core::Name(state)));
  }
  const core::ContactEnds event{contact.no, core::ContactState::kWithdrawn,
                                core::EndReason::kTransferred};
  ApplyToContact(contact, event, std::nullopt, gateway);
}

void CommandHandler::On(TransferContact& c) {
  ContactEntry* contact = Own(c.contact);
  if (contact == nullptr) return;
  if (!c.gateway.empty()) return HandOver(*contact, c.gateway);
  core::ContactTransferred event{contact->no, contact->last.queue, c.priority, std::nullopt};
  if (!ToEvent(c, event) || !Needs(c.requirements, event.requirements)) return;
  if (c.only_waiting && !Waits(*contact)) return;
  const ContactNo no = contact->no;
  if (!ApplyToContact(*contact, std::move(event))) return;
  answer_->position = world_.core.Position(no);
}

void CommandHandler::On(EndContact& c) {
  if (ContactEntry* contact = Own(c.contact)) {
    ApplyToContact(*contact, core::ContactEnds{contact->no, c.unanswered, c.reason});
  }
}

void CommandHandler::On(WithdrawContact& c) {
  ContactEntry* contact = Own(c.contact);
  if (contact == nullptr) return;
  if (c.only_waiting && !Waits(*contact)) return;
  if (contact->last.state == core::ContactState::kAssigned ||
      contact->last.state == core::ContactState::kWrapUp) {
    AnswerContact(*contact);
    return Refuse(
        Code::kFailedPrecondition, "wrong_state",
        "the contact has been answered; it is " + std::string(core::Name(contact->last.state)));
  }
  ApplyToContact(*contact, core::ContactEnds{contact->no, c.as, c.reason});
}

void CommandHandler::On(Connected& c) {
  if (ContactEntry* contact = Own(c.contact)) {
    ApplyToContact(*contact, core::ContactConnected{contact->no, c.offer});
  }
}

void CommandHandler::On(ConnectFailed& c) {
  if (ContactEntry* contact = Own(c.contact)) {
    ApplyToContact(*contact, core::ContactConnectFailed{contact->no, c.cause, c.offer});
  }
}

void CommandHandler::On(Hold& c) {
  if (ContactEntry* contact = Own(c.contact)) {
    ApplyToContact(*contact, core::ContactHeld{contact->no, c.held});
  }
}

void CommandHandler::On(SetInactive& c) {
  if (ContactEntry* contact = Own(c.contact)) {
    ApplyToContact(*contact, core::ContactInactive{contact->no, c.inactive});
  }
}

void CommandHandler::On(EndTreatment& c) {
  if (ContactEntry* contact = Own(c.contact)) {
    const ContactNo no = contact->no;
    ApplyToContact(*contact, core::TreatmentDone{no, c.treatment});
  }
}

std::optional<SpanMs> CommandHandler::DelayUntil(TimeMs unix_ms) {
  const TimeMs now = world_.clock.ToUnix(world_.clock.now());
  if (unix_ms <= now + limits::kMaxSpanMs) return std::max<SpanMs>(0, unix_ms - now);
  Refuse(Status::InvalidField("not_before_unix_ms", "is more than 400 days ahead")
             .WithReason("invalid_field"));
  return std::nullopt;
}

void CommandHandler::On(RequestCallback& c) {
  ContactEntry* contact = Own(c.contact);
  if (contact == nullptr) return;
  const std::optional<SpanMs> delay = DelayUntil(c.not_before_unix_ms);
  if (!delay) return;
  const ContactNo no = contact->no;
  ApplyToContact(*contact, core::CallbackRequested{no, *delay});
  answer_->position = world_.core.Position(no);
}

void CommandHandler::On(Reconcile& c) {
  if (c.kept.size() + c.ended.size() > limits::kReconcileContacts) {
    return Refuse(Status::InvalidField("ended", "name at most " +
                                                    std::to_string(limits::kReconcileContacts) +
                                                    " contacts, with `kept`")
                      .WithReason("invalid_field"));
  }
  for (const std::string& id : c.kept) {
    const ContactEntry* contact = world_.contacts.Find(id);
    if (contact == nullptr || contact->identity->gateway != envelope_->client) {
      answer_->unknown.push_back(id);
    }
  }
  // What has ended already, or is not this gateway's, is as good as reconciled.
  for (const std::string& id : c.ended) {
    ContactEntry* contact = world_.contacts.Find(id);
    if (contact == nullptr || contact->identity->gateway != envelope_->client) continue;
    ApplyToContact(*contact, core::ContactEnds{contact->no, core::ContactState::kAbandoned,
                                               core::EndReason::kGatewayLost});
  }
  answer_->status = Status::Ok();
  answer_->contact.reset();
}

}  // namespace routerd::engine
