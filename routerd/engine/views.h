// The core's state in names. All of it runs on the writer's thread, between two records.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "routerd/engine/event.h"
#include "routerd/engine/feed.h"
#include "routerd/engine/held.h"
#include "routerd/engine/world.h"

namespace routerd::engine {

// Brings `contact.last` to what the core says; false: the core does not hold it any more.
bool Refresh(const World& world, ContactDirectory::Contact& contact);

[[nodiscard]] ContactView ViewOf(const World& world, const ContactDirectory::Contact& contact);
[[nodiscard]] HeldContact ViewOfHeld(const World& world, const ContactDirectory::Contact& contact);
// The same, as the agent of one of its open offers sees it.
[[nodiscard]] HeldContact ViewOfOffer(const World& world, const ContactDirectory::Contact& contact,
                                      const core::Lease& lease);
// Of an id that has ended: no more than its id, its gateway and how it ended.
[[nodiscard]] ContactView ViewOfEnded(const World& world, const std::string& id,
                                      const ContactDirectory::Ended& ended);
// Of an agent who never logged in: what the policy and operations say of him.
[[nodiscard]] std::shared_ptr<const AgentView> ViewOf(const World& world, AgentNo no);
// Of a queue whose contacts are being moved.
[[nodiscard]] std::optional<QueueMoveView> MoveOf(const World& world, QueueNo no);
// Absent: it has no hours, or the calendar ends before they change.
[[nodiscard]] std::optional<HoursChangeView> HoursChangeOf(const World& world, QueueNo no);
[[nodiscard]] QueueView ViewOf(const World& world, QueueNo no);

// Where the agent is reached on a channel; empty: he gave no endpoint.
[[nodiscard]] const std::string& EndpointOf(const World& world, AgentNo agent, ChannelNo channel);

// The whole state. The queues are those of the policy in force; the agents those who ever logged
// in, or were given skills. Of others whom the policy names there is nothing to say that it does
// not.
[[nodiscard]] Snapshot SnapshotOf(const World& world, Position at);

}  // namespace routerd::engine
