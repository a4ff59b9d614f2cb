// What a session that starts anew is told of a contact that the router holds for it.
#pragma once

#include <optional>
#include <string>

#include "routerd/engine/event.h"
#include "routerd/model/model.h"

namespace routerd::engine {

struct HeldContact {
  ContactView contact;
  std::string
      endpoint;  // where its agent is reached on its channel; empty: no agent, or he gave none
  model::AcceptBy accept_by = model::AcceptBy::kDesktop;  // on its channel
};

// The offer that the contact has open, as an event of this place and time; absent without one.
[[nodiscard]] std::optional<Event> OpenOffer(const HeldContact& held, Position at, TimeMs unix_ms);

}  // namespace routerd::engine
