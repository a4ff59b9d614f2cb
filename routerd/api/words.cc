#include "routerd/api/words.h"

#include <charconv>

namespace routerd::api {

v1::ContactState ToProto(core::ContactState v) {
  switch (v) {
    case core::ContactState::kScheduled:
      return v1::CONTACT_STATE_SCHEDULED;
    case core::ContactState::kQueued:
      return v1::CONTACT_STATE_QUEUED;
    case core::ContactState::kOffered:
      return v1::CONTACT_STATE_OFFERED;
    case core::ContactState::kConnecting:
      return v1::CONTACT_STATE_CONNECTING;
    case core::ContactState::kAssigned:
      return v1::CONTACT_STATE_ASSIGNED;
    case core::ContactState::kWrapUp:
      return v1::CONTACT_STATE_WRAP_UP;
    case core::ContactState::kCompleted:
      return v1::CONTACT_STATE_COMPLETED;
    case core::ContactState::kAbandoned:
      return v1::CONTACT_STATE_ABANDONED;
    case core::ContactState::kWithdrawn:
      return v1::CONTACT_STATE_WITHDRAWN;
    case core::ContactState::kExpired:
      return v1::CONTACT_STATE_EXPIRED;
    case core::ContactState::kRefused:
      return v1::CONTACT_STATE_REFUSED;
    case core::ContactState::kTreated:
      return v1::CONTACT_STATE_TREATED;
    case core::ContactState::kExpiredCallback:
      return v1::CONTACT_STATE_EXPIRED_CALLBACK;
  }
  return v1::CONTACT_STATE_UNSPECIFIED;
}

v1::VisitOutcome ToProto(core::VisitOutcome v) {
  switch (v) {
    case core::VisitOutcome::kAnswered:
      return v1::VISIT_OUTCOME_ANSWERED;
    case core::VisitOutcome::kAbandoned:
      return v1::VISIT_OUTCOME_ABANDONED;
    case core::VisitOutcome::kTransferred:
      return v1::VISIT_OUTCOME_TRANSFERRED;
    case core::VisitOutcome::kWithdrawn:
      return v1::VISIT_OUTCOME_WITHDRAWN;
    case core::VisitOutcome::kRefused:
      return v1::VISIT_OUTCOME_REFUSED;
    case core::VisitOutcome::kExpired:
      return v1::VISIT_OUTCOME_EXPIRED;
    case core::VisitOutcome::kOverflowed:
      return v1::VISIT_OUTCOME_OVERFLOWED;
    case core::VisitOutcome::kToCallback:
      return v1::VISIT_OUTCOME_TO_CALLBACK;
  }
  return v1::VISIT_OUTCOME_UNSPECIFIED;
}

v1::OfferOutcome ToProto(core::OfferOutcome v) {
  switch (v) {
    case core::OfferOutcome::kAccepted:
      return v1::OFFER_OUTCOME_ACCEPTED;
    case core::OfferOutcome::kRejected:
      return v1::OFFER_OUTCOME_REJECTED;
    case core::OfferOutcome::kTimedOut:
      return v1::OFFER_OUTCOME_TIMED_OUT;
    case core::OfferOutcome::kRescinded:
      return v1::OFFER_OUTCOME_RESCINDED;
    case core::OfferOutcome::kContactGone:
      return v1::OFFER_OUTCOME_CONTACT_GONE;
    case core::OfferOutcome::kAgentGone:
      return v1::OFFER_OUTCOME_AGENT_GONE;
    case core::OfferOutcome::kFailed:
      return v1::OFFER_OUTCOME_FAILED;
    case core::OfferOutcome::kRouterDown:
      return v1::OFFER_OUTCOME_ROUTER_DOWN;
  }
  return v1::OFFER_OUTCOME_UNSPECIFIED;
}

v1::EndReason ToProto(core::EndReason v) {
  switch (v) {
    case core::EndReason::kUnspecified:
      return v1::END_REASON_UNSPECIFIED;
    case core::EndReason::kCustomerLeft:
      return v1::END_REASON_CUSTOMER_LEFT;
    case core::EndReason::kGatewayWithdrew:
      return v1::END_REASON_GATEWAY_WITHDREW;
    case core::EndReason::kSupervisorWithdrew:
      return v1::END_REASON_SUPERVISOR_WITHDREW;
    case core::EndReason::kGatewayLost:
      return v1::END_REASON_GATEWAY_LOST;
    case core::EndReason::kMaxWait:
      return v1::END_REASON_MAX_WAIT;
    case core::EndReason::kQueueFull:
      return v1::END_REASON_QUEUE_FULL;
    case core::EndReason::kQueueClosed:
      return v1::END_REASON_QUEUE_CLOSED;
    case core::EndReason::kCompleted:
      return v1::END_REASON_COMPLETED;
    case core::EndReason::kContactLimit:
      return v1::END_REASON_CONTACT_LIMIT;
    case core::EndReason::kTransferred:
      return v1::END_REASON_TRANSFERRED;
    case core::EndReason::kCallbackAttempts:
      return v1::END_REASON_CALLBACK_ATTEMPTS;
    case core::EndReason::kNotJoined:
      return v1::END_REASON_NOT_JOINED;
    case core::EndReason::kLeft:
      return v1::END_REASON_LEFT;
  }
  return v1::END_REASON_UNSPECIFIED;
}

v1::AgentPresence ToProto(core::Presence v) {
  switch (v) {
    case core::Presence::kLoggedOut:
      return v1::AGENT_PRESENCE_LOGGED_OUT;
    case core::Presence::kNotReady:
      return v1::AGENT_PRESENCE_NOT_READY;
    case core::Presence::kReady:
      return v1::AGENT_PRESENCE_READY;
    case core::Presence::kNotResponding:
      return v1::AGENT_PRESENCE_NOT_RESPONDING;
  }
  return v1::AGENT_PRESENCE_UNSPECIFIED;
}

v1::AgentShownState ToProto(core::ShownState v) {
  switch (v) {
    case core::ShownState::kLoggedOut:
      return v1::AGENT_SHOWN_STATE_LOGGED_OUT;
    case core::ShownState::kNotReady:
      return v1::AGENT_SHOWN_STATE_NOT_READY;
    case core::ShownState::kReady:
      return v1::AGENT_SHOWN_STATE_READY;
    case core::ShownState::kNotResponding:
      return v1::AGENT_SHOWN_STATE_NOT_RESPONDING;
    case core::ShownState::kOffered:
      return v1::AGENT_SHOWN_STATE_OFFERED;
    case core::ShownState::kConnecting:
      return v1::AGENT_SHOWN_STATE_CONNECTING;
    case core::ShownState::kOnContact:
      return v1::AGENT_SHOWN_STATE_ON_CONTACT;
    case core::ShownState::kHeld:
      return v1::AGENT_SHOWN_STATE_HELD;
    case core::ShownState::kWrapUp:
      return v1::AGENT_SHOWN_STATE_WRAP_UP;
  }
  return v1::AGENT_SHOWN_STATE_UNSPECIFIED;
}

v1::ItemState ToProto(core::ItemState v) {
  switch (v) {
    case core::ItemState::kOffered:
      return v1::ITEM_STATE_OFFERED;
    case core::ItemState::kConnecting:
      return v1::ITEM_STATE_CONNECTING;
    case core::ItemState::kOnContact:
      return v1::ITEM_STATE_ON_CONTACT;
    case core::ItemState::kHeld:
      return v1::ITEM_STATE_HELD;
    case core::ItemState::kParked:
      return v1::ITEM_STATE_PARKED;
    case core::ItemState::kWrapUp:
      return v1::ITEM_STATE_WRAP_UP;
  }
  return v1::ITEM_STATE_UNSPECIFIED;
}

v1::ConnectFailedCause ToProto(core::ConnectFailure v) {
  switch (v) {
    case core::ConnectFailure::kNoAnswer:
      return v1::CONNECT_FAILED_CAUSE_NO_ANSWER;
    case core::ConnectFailure::kBusy:
      return v1::CONNECT_FAILED_CAUSE_BUSY;
    case core::ConnectFailure::kUnreachable:
      return v1::CONNECT_FAILED_CAUSE_UNREACHABLE;
    case core::ConnectFailure::kCustomerGone:
      return v1::CONNECT_FAILED_CAUSE_CUSTOMER_GONE;
    case core::ConnectFailure::kCustomerNoAnswer:
      return v1::CONNECT_FAILED_CAUSE_CUSTOMER_NO_ANSWER;
    case core::ConnectFailure::kCustomerBusy:
      return v1::CONNECT_FAILED_CAUSE_CUSTOMER_BUSY;
    case core::ConnectFailure::kOther:
      return v1::CONNECT_FAILED_CAUSE_OTHER;
    case core::ConnectFailure::kTimeout:
      return v1::CONNECT_FAILED_CAUSE_TIMEOUT;
  }
  return v1::CONNECT_FAILED_CAUSE_UNSPECIFIED;
}

v1::QueueMode ToProto(model::QueueMode v) {
  switch (v) {
    case model::QueueMode::kOpen:
      return v1::QUEUE_MODE_OPEN;
    case model::QueueMode::kClosed:
      return v1::QUEUE_MODE_CLOSED;
    case model::QueueMode::kEmergency:
      return v1::QUEUE_MODE_EMERGENCY;
  }
  return v1::QUEUE_MODE_UNSPECIFIED;
}

v1::AcceptBy ToProto(model::AcceptBy v) {
  switch (v) {
    case model::AcceptBy::kDesktop:
      return v1::ACCEPT_BY_DESKTOP;
    case model::AcceptBy::kPhone:
      return v1::ACCEPT_BY_PHONE;
    case model::AcceptBy::kAuto:
      return v1::ACCEPT_BY_AUTO;
  }
  return v1::ACCEPT_BY_UNSPECIFIED;
}

namespace {

// Searches the values of a word's enumeration, first to last, for the one that the wire calls `v`.
template <typename Word, typename Wire>
std::optional<Word> Find(Wire v, Word last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (ToProto(static_cast<Word>(i)) == v) return static_cast<Word>(i);
  }
  return std::nullopt;
}

template <typename Number>
bool TakeNumber(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

bool TakeDash(std::string_view& text) {
  if (text.empty() || text.front() != '-') return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<core::ContactState> FromProto(v1::ContactState v) {
  return Find(v, core::ContactState::kTreated);
}

std::optional<core::ShownState> FromProto(v1::AgentShownState v) {
  return Find(v, core::ShownState::kWrapUp);
}

std::optional<core::ConnectFailure> FromProto(v1::ConnectFailedCause v) {
  return Find(v, core::ConnectFailure::kTimeout);
}

std::optional<model::QueueMode> FromProto(v1::QueueMode v) {
  return Find(v, model::QueueMode::kEmergency);
}

void SetPosition(const Position& from, v1::Position* to) {
  to->set_epoch(from.epoch);
  to->set_sequence(from.sequence);
}

std::string OfferText(const OfferId& offer) {
  if (!offer.valid()) return {};
  return std::to_string(offer.at.epoch) + '-' + std::to_string(offer.at.sequence) + '-' +
         std::to_string(offer.index);
}

std::optional<OfferId> ParseOffer(std::string_view text) {
  OfferId offer;
  const bool read = TakeNumber(text, offer.at.epoch) && TakeDash(text) &&
                    TakeNumber(text, offer.at.sequence) && TakeDash(text) &&
                    TakeNumber(text, offer.index);
  if (!read || !text.empty() || !offer.valid()) return std::nullopt;
  return offer;
}

std::string CursorText(const engine::EventCursor& cursor) {
  return OfferText({cursor.at, cursor.index});
}

std::optional<engine::EventCursor> ParseCursor(std::string_view text) {
  const std::optional<OfferId> place = ParseOffer(text);
  if (!place) return std::nullopt;
  return engine::EventCursor{place->at, place->index};
}

}  // namespace routerd::api
