#include "routerd/sim/audited_engine.h"

#include <memory>
#include <utility>
#include <vector>

#include "routerd/base/limits.h"

namespace routerd::sim {
namespace {

// Closing time is over when nothing can happen by itself any more, after this long at the latest.
constexpr SpanMs kClosingMs = limits::kMaxSpanMs;

}  // namespace

AuditedEngine::AuditedEngine(CompiledPolicy policy, const std::string& file,
                             const PolicyReader& read_policy)
    : engine_(std::move(policy.model), std::move(policy.source)),
      connections_(engine_),
      stage_{file, engine_, connections_, story_, read_policy} {}

std::string AuditedEngine::TakeIn() {
  connections_.Drain();
  const std::vector<engine::Event> events = engine_.TakeEvents();
  for (const engine::Event& event : events) {
    if (std::string wrong = story_.Add(engine_.now_ms(), event); !wrong.empty()) return wrong;
  }
  if (std::string untold = connections_.CheckTold(events, stage_.desktop_of); !untold.empty()) {
    return untold;
  }
  const std::string broken = engine_.CheckInvariants();
  return broken.empty() ? "" : "the router's state is broken: " + broken;
}

void AuditedEngine::Tell(engine::Command command) {
  engine::Envelope envelope;
  envelope.role = engine::Role::kOperations;
  envelope.client = "closing-time";
  envelope.command = std::move(command);
  (void)engine_.Run(std::move(envelope));
  connections_.Drain();
}

void AuditedEngine::EndContacts() {
  const auto snapshot = engine_.Snapshot();
  for (const engine::ContactView& contact : snapshot->contacts) {
    if (contact.status.state == core::ContactState::kWrapUp) continue;
    Tell(engine::EndContact{.contact = contact.identity->id});
  }
}

// Wrap-ups that end by time only refuse to be ended, and end by time.
void AuditedEngine::LogEverybodyOut() {
  const auto snapshot = engine_.Snapshot();
  for (const auto& agent : snapshot->agents) {
    if (agent->presence != core::Presence::kLoggedOut) Tell(engine::LogOut{agent->id});
    for (const engine::ItemView& item : agent->items) {
      if (item.contact.empty()) {
        Tell(engine::BusyElsewhere{agent->id, item.channel, false});
      } else if (item.state == core::ItemState::kWrapUp) {
        Tell(engine::EndWrapUp{agent->id, item.contact});
      }
    }
  }
}

std::string AuditedEngine::WhatIsLeft() {
  if (story_.open_offers() != 0) {
    return std::to_string(story_.open_offers()) + " offers have no outcome after closing time";
  }
  const auto snapshot = engine_.Snapshot();
  if (!snapshot->contacts.empty()) {
    const engine::ContactView& contact = snapshot->contacts.front();
    return "after closing time " + contact.identity->id + " is still " +
           std::string(core::Name(contact.status.state));
  }
  for (const auto& agent : snapshot->agents) {
    if (agent->presence == core::Presence::kLoggedOut && agent->units_used == 0) continue;
    return "after closing time " + agent->id + " is " + std::string(core::Name(agent->shown)) +
           " and uses " + std::to_string(agent->units_used) + " units";
  }
  return "";
}

std::string AuditedEngine::Close() {
  EndContacts();
  LogEverybodyOut();
  std::string wrong = TakeIn();
  const TimeMs end = engine_.now_ms() + kClosingMs;
  while (wrong.empty() && engine_.NextWakeup() && engine_.Step(end)) wrong = TakeIn();
  return wrong.empty() ? WhatIsLeft() : wrong;
}

}  // namespace routerd::sim
