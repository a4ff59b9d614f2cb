#include "routerd/publish/board.h"

#include <cstdint>

namespace routerd::publish {
namespace {

using core::ContactState;
using core::VisitOutcome;
using engine::Event;
using engine::EventKind;

bool Waits(ContactState state) {
  return state == ContactState::kQueued || state == ContactState::kOffered;
}

bool IsStaffed(const engine::AgentView& agent) {
  return agent.presence != core::Presence::kLoggedOut;
}

// How an unanswered visit ended, told by how its contact did.
VisitOutcome OutcomeOf(ContactState terminal, core::EndReason reason) {
  if (reason == core::EndReason::kTransferred) return VisitOutcome::kTransferred;
  switch (terminal) {
    case ContactState::kWithdrawn:
      return VisitOutcome::kWithdrawn;
    case ContactState::kExpired:
    case ContactState::kExpiredCallback:
      return VisitOutcome::kExpired;
    case ContactState::kRefused:
      return VisitOutcome::kRefused;
    default:
      // `completed` too: answered in an earlier visit, left while waiting in this one.
      return VisitOutcome::kAbandoned;
  }
}

// A question of one agent to another is no customer's contact: it counts in no figure of contacts,
// visits or service level.
bool IsConsult(const engine::ContactView& contact) {
  return contact.identity != nullptr && !contact.identity->consult_of.empty();
}

// The event's queue where a visit begins: the contact may have gone on within the record.
const std::string& QueueOf(const Event& event) {
  const bool begins =
      event.kind == EventKind::kContactQueued || event.kind == EventKind::kContactMoved;
  return begins && !event.queue.empty() ? event.queue : event.contact.status.queue;
}

}  // namespace

void Board::Apply(const engine::EventBatch& batch) {
  FollowWall(batch.wall_offset_ms);
  for (const Event& event : batch.events) ApplyEvent(event);
  for (const engine::QueueHours& hours : batch.hours) SetHours(hours);
  at_ = batch.last;
  unix_ms_ = batch.unix_ms;
}

void Board::ApplyEvent(const Event& event) {
  switch (event.kind) {
    case EventKind::kAgentChanged:
      if (event.agent_view) SetAgent(event.agent_view);
      break;
    case EventKind::kQueueModeChanged:
      if (event.queue_view) SetMode(*event.queue_view);
      break;
    case EventKind::kQueueMoveChanged:
      SetMove(event);
      break;
    case EventKind::kPolicyChanged:
      domain_.policy_version = event.policy_version;
      if (const auto model = policy_()) {
        staffing_.SetModel(model);
        ApplyPolicy(*model);
      }
      break;
    case EventKind::kGatewayConnected:
    case EventKind::kGatewayDisconnected:
    case EventKind::kContactHandedOver:  // its end has been told
      break;
    case EventKind::kContactRefused:
      ApplyRefused(event);
      break;
    default:
      if (event.contact.identity) ApplyContact(event);
  }
}

void Board::ApplyContact(const Event& event) {
  const bool ended = core::IsTerminal(event.contact.status.state);
  // An event tells how the contact stands after its whole record: it may have ended by then
  // already, and keeps its place here until its end is told.
  const bool arrives =
      event.kind == EventKind::kContactQueued || event.kind == EventKind::kContactScheduled;
  ContactEntry* contact = contacts_.Find(event.contact.identity->id);
  if (contact == nullptr && (arrives || !ended)) {
    contact = &contacts_.Insert(event.contact, ToBatchTime(event.contact.status.arrived_unix_ms));
    if (!IsConsult(event.contact)) {
      ++domain_.arrived;
      ++Queue(QueueOf(event)).channels[event.contact.identity->channel].arrived;
    }
  } else if (contact != nullptr) {
    Uncount(*contact);
    const bool visit_ends =
        event.kind == EventKind::kContactMoved || event.kind == EventKind::kContactToCallback;
    if (visit_ends) ApplyMoved(event, *contact);
    contact->view = event.contact;
  }
  if (contact != nullptr && !ended) Count(*contact);
  if (contact != nullptr) Enter(*contact, QueueOf(event));
  switch (event.kind) {
    case EventKind::kOfferMade:
    case EventKind::kOfferEnded:
      ApplyOffer(event, contact);
      break;
    case EventKind::kContactStuck:
      ++Queue(event.queue).figures.stuck;
      break;
    case EventKind::kContactAnswered:
      if (contact != nullptr) ApplyAnswered(event, *contact);
      break;
    case EventKind::kContactEnded:
      ApplyEnded(event, contact);
      break;
    default:
      break;
  }
}

void Board::Uncount(ContactEntry& contact) {
  if (contact.queue == nullptr) return;
  const ContactState state = contact.view.status.state;
  --contact.queue->figures.contacts[Slot(state)];
  --domain_.contacts[Slot(state)];
  if (Waits(state)) {
    contact.queue->waiting.erase({ToBatchTime(contact.view.status.visit_since_unix_ms), &contact});
  }
  Touch(*contact.queue);
  contact.queue = nullptr;
  CountAlso(contact, -1);
}

void Board::Count(ContactEntry& contact) {
  const engine::ContactStatus& status = contact.view.status;
  QueueEntry& queue = Queue(status.queue);
  contact.queue = &queue;
  ++queue.figures.contacts[Slot(status.state)];
  ++domain_.contacts[Slot(status.state)];
  if (Waits(status.state)) {
    queue.waiting.emplace(ToBatchTime(status.visit_since_unix_ms), &contact);
  }
  Touch(queue);
  CountAlso(contact, +1);
}

void Board::CountAlso(const ContactEntry& contact, int by) {
  for (const std::string& id : contact.view.status.also) {
    QueueEntry& queue = Queue(id);
    queue.figures.also_waiting += static_cast<std::uint32_t>(by);  // -1 wraps, and so does the sum
    Touch(queue);
  }
}

void Board::Enter(ContactEntry& contact, const std::string& queue_id) {
  const engine::ContactStatus& status = contact.view.status;
  if (contact.visit_entered || status.state == ContactState::kScheduled) return;
  if (IsConsult(contact.view)) return;
  contact.visit_entered = true;
  QueueEntry& queue = Queue(queue_id);
  ++queue.figures.visits.entered;
  ++queue.channels[contact.view.identity->channel].entered;
  Touch(queue);
}

// An arrival that a limit turned away: a visit and a contact that ended as they began.
void Board::ApplyRefused(const Event& event) {
  const std::string& id = event.queue.empty() ? event.contact.status.queue : event.queue;
  if (id.empty() || !event.contact.identity) return;
  QueueEntry& queue = Queue(id);
  ChannelCounters& channel = queue.channels[event.contact.identity->channel];
  ++domain_.arrived;
  ++channel.arrived;
  ++channel.entered;
  ++queue.figures.visits.entered;
  ++channel.ended[Slot(ContactState::kRefused)];
  ++domain_.ended[Slot(ContactState::kRefused)];
  EndVisit(queue, VisitOutcome::kRefused, event.waited_ms);
}

void Board::ApplyOffer(const Event& event, ContactEntry* contact) {
  QueueEntry& queue = Queue(event.queue.empty() ? event.contact.status.queue : event.queue);
  Touch(queue);
  if (event.kind == EventKind::kOfferEnded) {
    ++queue.figures.offers[Slot(event.outcome)];
    ++domain_.offers[Slot(event.outcome)];
    return;
  }
  ++queue.figures.offers_made;
  ++domain_.offers_made;
  if (contact != nullptr && !contact->visit_offered && !IsConsult(contact->view)) {
    contact->visit_offered = true;
    first_offer_waits_.push_back(event.waited_ms);
  }
}

void Board::ApplyAnswered(const Event& event, ContactEntry& contact) {
  if (IsConsult(contact.view)) return;
  if (!contact.contact_answered) ++domain_.answered;
  contact.contact_answered = true;
  // Work that comes back from a lost agent continues its visit; its second answer is none.
  if (contact.visit_answered) return;
  contact.visit_answered = true;
  EndVisit(Queue(event.queue.empty() ? contact.view.status.queue : event.queue),
           VisitOutcome::kAnswered, event.sl_waited_ms);
}

void Board::ApplyMoved(const Event& event, ContactEntry& contact) {
  // A callback's next visit is in the same queue.
  const std::string& from = event.from_queue.empty() ? event.queue : event.from_queue;
  if (contact.visit_entered && !contact.visit_answered) {
    EndVisit(Queue(from), event.visit_outcome, event.waited_ms);
  }
  contact.visit_entered = false;
  contact.visit_answered = false;
  contact.visit_offered = false;
}

void Board::ApplyEnded(const Event& event, ContactEntry* contact) {
  if (contact == nullptr) return;
  const ContactState state = event.contact.status.state;
  const engine::ContactIdentity& identity = *contact->view.identity;
  QueueEntry& queue = Queue(event.queue.empty() ? contact->view.status.queue : event.queue);
  if (contact->visit_entered && !contact->visit_answered) {
    EndVisit(queue, OutcomeOf(state, event.reason), event.sl_waited_ms);
  }
  if (!IsConsult(contact->view)) {
    ++queue.channels[identity.channel].ended[Slot(state)];
    ++domain_.ended[Slot(state)];
  }
  Touch(queue);
  const std::string id = identity.id;
  contacts_.Erase(id);
}

void Board::EndVisit(QueueEntry& queue, VisitOutcome outcome, SpanMs waited_ms) {
  VisitCounters& visits = queue.figures.visits;
  ++visits.outcomes[Slot(outcome)];
  if (waited_ms <= queue.figures.target_ms) {
    if (outcome == VisitOutcome::kAnswered) ++visits.answered_in_target;
    if (outcome == VisitOutcome::kAbandoned) ++visits.abandoned_in_target;
  }
  Touch(queue);
}

void Board::SetMode(const engine::QueueView& view) {
  QueueEntry& queue = Queue(view.id);
  queue.figures.mode = view.mode;
  SetOverride(queue, view.mode_override);
  queue.figures.move = view.move;
  Touch(queue);
}

void Board::SetOverride(QueueEntry& queue, std::shared_ptr<const engine::OverrideView> override) {
  if (override != nullptr) {
    overridden_queues_.insert(queue.figures.id);
  } else {
    overridden_queues_.erase(queue.figures.id);
  }
  queue.figures.mode_override = std::move(override);
}

// Of a queue that a newer policy no longer has nothing is shown.
void Board::SetHours(const engine::QueueHours& hours) {
  const auto found = queues_.find(hours.queue);
  if (found == queues_.end() || !found->second.in_policy) return;
  QueueEntry& queue = found->second;
  if (queue.figures.hours_change == hours.next) return;
  queue.figures.hours_change = hours.next;
  Touch(queue);
}

void Board::SetMove(const Event& event) {
  QueueEntry& queue = Queue(event.queue);
  queue.figures.move = event.move && event.move->left != 0 ? event.move : std::nullopt;
  Touch(queue);
}

void Board::SetAgent(std::shared_ptr<const engine::AgentView> view) {
  if (view->skills_override != nullptr) {
    overridden_agents_.insert(view->id);
  } else if (!overridden_agents_.empty()) {
    overridden_agents_.erase(view->id);
  }
  AgentEntry& agent = agents_[view->id];
  if (agent.view) {
    --domain_.agents[Slot(agent.view->shown)];
    if (agent.view->presence == view->presence && agent.view->skills == view->skills) {
      agent.view = std::move(view);  // the usual case: work came or went, staffing did not
    } else {
      CountStaff(agent, -1);
      agent.view.reset();
    }
  }
  if (!agent.view) {
    agent.view = std::move(view);
    agent.serves = staffing_.QueuesOf(*agent.view);
    CountStaff(agent, +1);
  }
  ++domain_.agents[Slot(agent.view->shown)];
  Touch(agent);
}

void Board::CountStaff(const AgentEntry& agent, int by) {
  if (!IsStaffed(*agent.view)) return;
  const bool ready = agent.view->presence == core::Presence::kReady;
  const auto step = static_cast<std::uint32_t>(by);  // -1 wraps, and so does the sum
  for (const QueueNo no : *agent.serves) {
    if (no.index() >= queue_of_no_.size() || queue_of_no_[no.index()] == nullptr) continue;
    QueueEntry& queue = *queue_of_no_[no.index()];
    queue.figures.agents_staffed += step;
    if (ready) queue.figures.agents_ready += step;
    Touch(queue);
  }
}

}  // namespace routerd::publish
