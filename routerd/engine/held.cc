#include "routerd/engine/held.h"

#include <algorithm>

namespace routerd::engine {

std::optional<Event> OpenOffer(const HeldContact& held, Position at, TimeMs unix_ms) {
  const ContactStatus& status = held.contact.status;
  if (status.state != core::ContactState::kOffered || !status.offer.valid()) return std::nullopt;
  Event event;
  event.at = at;
  event.unix_ms = unix_ms;
  event.kind = EventKind::kOfferMade;
  event.contact = held.contact;
  event.queue = status.queue;
  event.through = status.through;
  event.agent = status.agent;
  event.offer = status.offer;
  event.deadline_unix_ms = status.deadline_unix_ms;
  event.ttl_ms = std::max<SpanMs>(0, status.deadline_unix_ms - unix_ms);
  event.waited_ms = std::max<SpanMs>(0, unix_ms - status.visit_since_unix_ms);
  event.accept_by = held.accept_by;
  return event;
}

}  // namespace routerd::engine
