// What the engine tells a session, as the events of its frames.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "routerd/engine/command.h"
#include "routerd/engine/outbox.h"
#include "routerd/v1/agent_desktop.pb.h"
#include "routerd/v1/contact_gateway.pb.h"

namespace routerd::api {

// Appends what the item means for a session of `client`: often one event, sometimes none.
void AppendEvents(const engine::OutboxItem&, const std::string& client,
                  std::vector<v1::GatewayEvent>*);
void AppendEvents(const engine::OutboxItem&, const std::string& client,
                  std::vector<v1::DesktopEvent>*);

// What the router holds for a session that starts anew, then the open offers among it. `lost`: the
// client asked for a session that could not be taken up, and is told even when nothing is held.
void AppendHeld(const engine::Answer& opened, bool lost, std::vector<v1::GatewayEvent>*);
void AppendHeld(const engine::Answer& opened, bool lost, std::vector<v1::DesktopEvent>*);

// The offer that a contact of the list has open, as the engine would tell it; null without one.
engine::OutboxItem OpenOffer(const engine::Answer& opened, const engine::HeldContact& held);

}  // namespace routerd::api
