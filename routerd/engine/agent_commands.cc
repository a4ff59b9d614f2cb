// What desktops, and operations, do with agents and with the offers made to them.
#include "routerd/engine/command_handler.h"
#include "routerd/engine/views.h"

namespace routerd::engine {

// ---- Agents ------------------------------------------------------------------------------------

AgentNo CommandHandler::OwnAgent(const std::string& id) {
  const AgentNo no = world_.agents.Find(id);
  if (!no.valid() || world_.core.FindAgent(no) == nullptr) {
    if (no.valid() || world_.model().FindAgent(id) != nullptr) {
      Refuse(Code::kFailedPrecondition, "agent_logged_out", "the agent is logged out");
    } else {
      Refuse(Code::kNotFound, "unknown_agent",
             "no agent " + id + " in the policy in force" + world_.names->AgentHint(id));
    }
    return AgentNo();
  }
  const std::string& owner = world_.agents.at(no).client;
  if (envelope_->role == Role::kOperations || owner.empty() || owner == envelope_->client) {
    return no;
  }
  answer_->owner = owner;
  Refuse(Code::kPermissionDenied, "not_owner", "the agent is logged in by " + owner);
  return AgentNo();
}

void CommandHandler::AnswerAgent(AgentNo agent, std::size_t events_before) {
  answer_->agent = recorder_.AgentTold(world_.agents.at(agent).id, events_before);
  if (answer_->agent == nullptr) answer_->agent = ViewOf(world_, agent);
}

bool CommandHandler::ApplyToAgent(AgentNo agent, core::Event event, const std::string& why) {
  const std::size_t events_before = recorder_.event_count();
  const bool ok = Ok(recorder_.Apply(std::move(event)));
  if (ok) {
    Note().Text(NoteTag::kAgent, world_.agents.at(agent).id).Text(NoteTag::kWhy, why);
    recorder_.Commit();
  }
  AnswerAgent(agent, events_before);
  return ok;
}

void CommandHandler::On(SetPresence& c) {
  const AgentNo agent = OwnAgent(c.agent);
  if (!agent.valid()) return;
  const auto reason = world_.names->GetReason(c.ready ? std::string() : c.reason);
  if (!reason.ok()) return Refuse(reason.status());
  core::AgentSetsPresence event{agent, c.ready, reason.value(),
                                world_.core.FindAgent(agent)->channels};
  if (c.ready && c.channels) {
    event.channels = 0;
    for (std::size_t i = 0; i < c.channels->size(); ++i) {
      const auto channel =
          world_.names->GetChannel("channels[" + std::to_string(i) + "]", (*c.channels)[i]);
      if (!channel.ok()) return Refuse(channel.status());
      event.channels |= 1U << channel.value().value;
    }
  }
  ConnectWithoutSession(agent);
  ApplyToAgent(agent, event);
}

void CommandHandler::On(BusyElsewhere& c) {
  const AgentNo agent = OwnAgent(c.agent);
  if (!agent.valid()) return;
  const auto channel = world_.names->GetChannel("channel", c.channel);
  if (!channel.ok()) return Refuse(channel.status());
  ApplyToAgent(agent, core::AgentBusyElsewhere{agent, channel.value(), c.on});
}

// What the agent writes up under this id. The contact may have ended since, for so long that its id
// is no longer remembered, or is another's by now: the agent's own items know better.
const CommandHandler::ContactEntry* CommandHandler::WrittenUpBy(AgentNo agent,
                                                                const std::string& id) const {
  for (const core::Item& item : world_.core.FindAgent(agent)->items) {
    if (item.state != core::ItemState::kWrapUp) continue;
    const ContactEntry* contact = world_.contacts.Find(item.contact);
    if (contact != nullptr && contact->identity->id == id) return contact;
  }
  return nullptr;
}

// nullptr: the answer says why.
const CommandHandler::ContactEntry* CommandHandler::FindWrapUp(AgentNo agent,
                                                               const std::string& id) {
  const ContactEntry* contact = WrittenUpBy(agent, id);
  if (contact == nullptr) contact = world_.contacts.Find(id);
  if (contact != nullptr) {
    answer_->contact = ViewOf(world_, *contact);
    return contact;
  }
  if (const ContactDirectory::Ended* ended = world_.contacts.FindEnded(id, world_.clock.now())) {
    answer_->contact = ViewOfEnded(world_, id, *ended);
    Refuse(Code::kFailedPrecondition, "not_in_wrap_up",
           "the agent is not in wrap-up for this contact");
  } else {
    Refuse(Code::kNotFound, "unknown_contact", "no contact " + id + " is held");
  }
  return nullptr;
}

void CommandHandler::On(ExtendWrapUp& c) {
  const AgentNo agent = OwnAgent(c.agent);
  if (!agent.valid()) return;
  const ContactEntry* contact = FindWrapUp(agent, c.contact);
  if (contact == nullptr) return;
  ApplyToAgent(agent, core::AgentExtendsWrapUp{agent, contact->no, c.by_ms});
}

void CommandHandler::On(EndWrapUp& c) {
  const AgentNo agent = OwnAgent(c.agent);
  if (!agent.valid()) return;
  const ContactEntry* contact = FindWrapUp(agent, c.contact);
  if (contact == nullptr) return;
  const ContactNo no = contact->no;
  if (!ApplyToAgent(agent, core::AgentEndsWrapUp{agent, no})) return;
  if (const ContactEntry* held = world_.contacts.Find(no)) {
    AnswerContact(*held);
  } else if (!core::IsTerminal(answer_->contact->status.state)) {
    answer_->contact->status.state = core::ContactState::kCompleted;
  }
}

void CommandHandler::On(LogOut& c) {
  const AgentNo agent = OwnAgent(c.agent);
  if (agent.valid()) ApplyToAgent(agent, core::AgentLogsOut{agent}, c.why);
}

// ---- Offers ------------------------------------------------------------------------------------

const OfferNames::Offer* CommandHandler::FindOffer(const OfferId& id) {
  const OfferNames::Offer* offer = world_.offers.Find(id);
  if (offer == nullptr) {
    Refuse(Code::kNotFound, "unknown_offer", "no such offer, or it ended too long ago");
  }
  return offer;
}

bool CommandHandler::IsMadeTo(const OfferNames::Offer& offer, const std::string& agent) {
  if (agent.empty() || agent == world_.agents.at(offer.agent).id) return true;
  Refuse(Code::kPermissionDenied, "not_owner", "the offer is made to another agent");
  return false;
}

const OfferNames::Offer* CommandHandler::OwnOffer(const OfferId& id, bool by_phone) {
  const OfferNames::Offer* offer = FindOffer(id);
  if (offer == nullptr) return nullptr;
  const ContactEntry* contact = world_.contacts.Find(offer->contact);
  if (by_phone) {
    if (contact != nullptr && !MayActFor(contact->identity->gateway)) return nullptr;
  } else if (!OwnAgent(world_.agents.at(offer->agent).id).valid()) {
    return nullptr;
  }
  if (!offer->open || contact == nullptr) return offer;
  const model::AcceptBy how = world_.core.FindOffer(id)->terms.accept_by;
  if (by_phone == (how == model::AcceptBy::kPhone)) return offer;
  AnswerContact(*contact);
  Refuse(Code::kFailedPrecondition, "wrong_state",
         by_phone ? "this offer is to be accepted at the desktop"
                  : "this offer is to be accepted at the phone");
  return nullptr;
}

void CommandHandler::Decide(const OfferNames::Offer& offer, core::Event event,
                            const std::string& why) {
  const OfferNames::Offer decided = offer;  // the table may move
  const std::size_t events_before = recorder_.event_count();
  if (Ok(recorder_.Apply(std::move(event)))) {
    Note().Text(NoteTag::kWhy, why);
    recorder_.Commit();
  } else {
    AnswerAgent(decided.agent, events_before);
  }
  ContactEntry* contact = world_.contacts.Find(decided.contact);
  if (contact == nullptr) return;
  Refresh(world_, *contact);
  AnswerContact(*contact);
}

void CommandHandler::On(AcceptOffer& c) {
  const OfferNames::Offer* offer = OwnOffer(c.offer, false);
  if (offer != nullptr && IsMadeTo(*offer, c.agent)) Decide(*offer, core::OfferAccepted{c.offer});
}

void CommandHandler::On(RejectOffer& c) {
  const OfferNames::Offer* offer = FindOffer(c.offer);
  if (offer == nullptr) return;
  // Also where the phone would accept: the desktop's button says no.
  if (!OwnAgent(world_.agents.at(offer->agent).id).valid() || !IsMadeTo(*offer, c.agent)) return;
  Decide(*offer, core::OfferRejected{c.offer}, c.why);
}

void CommandHandler::On(AgentAnswered& c) {
  const OfferNames::Offer* offer = OwnOffer(c.offer, true);
  if (offer == nullptr) return;
  const ContactEntry* contact = world_.contacts.Find(offer->contact);
  if (!c.contact.empty() && contact != nullptr && contact->identity->id != c.contact) {
    return Refuse(Status::InvalidField("offer_id", "is an offer of another contact")
                      .WithReason("invalid_field"));
  }
  Decide(*offer, core::OfferAccepted{c.offer});
}

}  // namespace routerd::engine
