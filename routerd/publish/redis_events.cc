// Entries of the event stream. No endpoint, customer key or attribute ever gets in here.
#include "routerd/publish/redis_keys.h"

namespace routerd::publish {
namespace {

using engine::Event;
using engine::EventKind;

void AddContact(RedisCommand& entry, const Event& event) {
  if (!event.contact.identity) return;
  entry.Field("contact", event.contact.identity->id)
      .Text("channel", event.contact.identity->channel)
      .Field("state", core::Name(event.contact.status.state));
}

void AddOffer(RedisCommand& entry, const Event& event) {
  if (event.offer.valid()) entry.Field("offer", Text(event.offer));
}

void AddDeadline(RedisCommand& entry, const Event& event) {
  if (event.deadline_unix_ms != 0) entry.Field("deadline_unix_ms", event.deadline_unix_ms);
}

// Of contacts that go on otherwise than from queue to queue.
void AddWayOn(RedisCommand& entry, const Event& event) {
  switch (event.kind) {
    case EventKind::kContactJoined:
      entry.Field("consult_contact", event.by_contact);
      break;
    case EventKind::kContactToCallback:
      entry.Field("waited_ms", event.waited_ms).Field("attempts", event.attempts);
      break;
    case EventKind::kContactHandedOver:
      entry.Text("to_gateway", event.gateway);
      break;
    case EventKind::kContactParked:
    case EventKind::kContactUnparked:
      entry.Field("parked", event.kind == EventKind::kContactParked ? 1 : 0)
          .Field("parked_ms", event.parked_ms);
      break;
    case EventKind::kContactTreated:
      entry.Field("treatment", event.treatment);
      AddDeadline(entry, event);
      break;
    case EventKind::kContactInactive:
    case EventKind::kContactActive:
      entry.Field("inactive", event.kind == EventKind::kContactInactive ? 1 : 0)
          .Field("inactive_ms", event.inactive_ms);
      break;
    case EventKind::kContactStepOpened:
      entry.Field("step", event.step);
      break;
    case EventKind::kContactStuck:
    case EventKind::kContactUnstuck:
      entry.Field("stuck", event.kind == EventKind::kContactStuck ? 1 : 0);
      break;
    case EventKind::kQueueMoveChanged:
      if (!event.move) break;
      entry.Text("to_queue", event.move->to)
          .Field("moved", event.move->moved)
          .Field("to_move", event.move->left);
      break;
    default:
      break;
  }
}

void AddDetails(RedisCommand& entry, const Event& event) {
  switch (event.kind) {
    case EventKind::kContactQueued:
      entry.Field("priority", event.contact.status.priority);
      if (event.contact.identity) entry.Text("consult_of", event.contact.identity->consult_of);
      if (event.position) entry.Field("queue_position", *event.position);
      break;
    case EventKind::kContactChanged:
      entry.Field("priority", event.contact.status.priority);
      break;
    case EventKind::kContactMoved:
      entry.Text("from_queue", event.from_queue)
          .Field("outcome", core::Name(event.visit_outcome))
          .Field("waited_ms", event.waited_ms);
      break;
    case EventKind::kOfferMade:
      AddOffer(entry, event);
      AddDeadline(entry, event);
      entry.Field("waited_ms", event.waited_ms).Text("through_queue", event.through);
      break;
    case EventKind::kOfferEnded:
      AddOffer(entry, event);
      entry.Field("outcome", core::Name(event.outcome));
      break;
    case EventKind::kContactConfirmed:
      AddOffer(entry, event);
      AddDeadline(entry, event);
      break;
    case EventKind::kContactAnswered:
      entry.Field("waited_ms", event.waited_ms).Text("through_queue", event.through);
      break;
    case EventKind::kContactConnectFailed:
      entry.Field("cause", core::Name(event.cause));
      break;
    case EventKind::kContactHeld:
    case EventKind::kContactResumed:
      entry.Field("held", event.kind == EventKind::kContactHeld ? 1 : 0);
      break;
    case EventKind::kWrapUpStarted:
    case EventKind::kWrapUpExtended:
      AddDeadline(entry, event);
      break;
    case EventKind::kContactEnded:
      entry.Field("reason", core::Name(event.reason))
          .Field("waited_ms", event.waited_ms)
          .Field("answered", event.answered ? 1 : 0);
      break;
    case EventKind::kContactRefused:
      entry.Field("reason", core::Name(event.reason));
      break;
    case EventKind::kPolicyChanged:
      entry.Field("policy_version", event.policy_version);
      break;
    case EventKind::kGatewayConnected:
    case EventKind::kGatewayDisconnected:
      entry.Text("gateway", event.gateway)
          .Field("connected", event.kind == EventKind::kGatewayConnected ? 1 : 0);
      break;
    default:
      AddWayOn(entry, event);
  }
}

void AddAgent(RedisCommand& entry, const engine::AgentView& agent) {
  entry.Field("shown_state", core::Name(agent.shown))
      .Field("presence", core::Name(agent.presence))
      .Text("reason", agent.reason)
      .Field("connected", agent.connected ? 1 : 0);
}

RedisCommand Entry(const RedisKeys& keys, StreamId id, std::string_view kind) {
  RedisCommand entry("XADD");
  entry.Add(keys.events).Add("MAXLEN").Add("~").Add(kStreamEntries).Add(id.Text());
  entry.Field("kind", kind);
  return entry;
}

// Of contacts in agents' hands.
std::string_view NameOfHolding(EventKind kind) {
  switch (kind) {
    case EventKind::kContactJoined:
      return "contact_agent_joined";
    case EventKind::kContactLeft:
      return "contact_agent_left";
    case EventKind::kContactParked:
    case EventKind::kContactUnparked:
      return "contact_park_changed";
    case EventKind::kContactInactive:
    case EventKind::kContactActive:
      return "contact_inactive_changed";
    case EventKind::kAgentLost:
      return "contact_agent_lost";
    default:
      return "";
  }
}

}  // namespace

std::string_view Name(EventKind kind) {
  switch (kind) {
    case EventKind::kContactScheduled:
      return "contact_scheduled";
    case EventKind::kContactQueued:
      return "contact_queued";
    case EventKind::kContactReturned:
      return "contact_returned";
    case EventKind::kOfferMade:
      return "offer_made";
    case EventKind::kOfferEnded:
      return "offer_ended";
    case EventKind::kContactConfirmed:
      return "contact_confirmed";
    case EventKind::kContactConnectFailed:
      return "contact_connect_failed";
    case EventKind::kContactAnswered:
      return "contact_answered";
    case EventKind::kContactHeld:
    case EventKind::kContactResumed:
      return "contact_hold_changed";
    case EventKind::kContactChanged:
      return "contact_updated";
    case EventKind::kContactMoved:
      return "contact_moved";
    case EventKind::kContactReleased:
      return "";  // between router and gateway; contact_ended or wrap_up_started tells the rest
    case EventKind::kContactEnded:
      return "contact_ended";
    case EventKind::kContactRefused:
      return "contact_refused";
    case EventKind::kContactStepOpened:
      return "contact_step_opened";
    case EventKind::kContactStuck:
    case EventKind::kContactUnstuck:
      return "contact_stuck";
    case EventKind::kContactToCallback:
      return "contact_to_callback";
    case EventKind::kContactHandedOver:
      return "contact_handed_over";
    case EventKind::kAgentLost:
    case EventKind::kContactJoined:
    case EventKind::kContactLeft:
    case EventKind::kContactParked:
    case EventKind::kContactUnparked:
    case EventKind::kContactInactive:
    case EventKind::kContactActive:
      return NameOfHolding(kind);
    case EventKind::kWrapUpStarted:
      return "wrap_up_started";
    case EventKind::kContactTreated:
      return "contact_treated";
    case EventKind::kWrapUpExtended:
      return "wrap_up_extended";
    case EventKind::kWrapUpEnded:
      return "wrap_up_ended";
    case EventKind::kAgentChanged:
      return "agent_changed";
    case EventKind::kQueueModeChanged:
      return "queue_mode_changed";
    case EventKind::kQueueMoveChanged:
      return "queue_move_changed";
    case EventKind::kPolicyChanged:
      return "policy_applied";
    case EventKind::kGatewayConnected:
    case EventKind::kGatewayDisconnected:
      return "gateway_connection_changed";
  }
  return "";
}

std::string Text(const OfferId& offer) {
  return std::to_string(offer.at.epoch) + "-" + std::to_string(offer.at.sequence) + "-" +
         std::to_string(offer.index);
}

RedisCommand EventEntry(const RedisKeys& keys, const Event& event) {
  RedisCommand entry = Entry(keys, StreamIdOf(event.at, event.index), Name(event.kind));
  entry.Field("at_unix_ms", event.unix_ms);
  AddContact(entry, event);
  entry.Text("queue", event.queue);
  entry.Text("agent", event.agent_view ? std::string_view(event.agent_view->id)
                                       : std::string_view(event.agent));
  AddDetails(entry, event);
  if (event.agent_view) AddAgent(entry, *event.agent_view);
  if (event.queue_view) {
    if (event.queue.empty()) entry.Text("queue", event.queue_view->id);
    entry.Field("mode", Name(event.queue_view->mode));
  }
  return entry;
}

RedisCommand GapEntry(const RedisKeys& keys, StreamId id, Position after, Position first_kept) {
  RedisCommand entry = Entry(keys, id, "gap");
  entry.Field("after_epoch", after.epoch)
      .Field("after_sequence", after.sequence)
      .Field("first_kept_epoch", first_kept.epoch)
      .Field("first_kept_sequence", first_kept.sequence);
  return entry;
}

}  // namespace routerd::publish
