// All that the writer's thread owns: the core and the names around it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "routerd/core/core.h"
#include "routerd/engine/agent_directory.h"
#include "routerd/engine/answers.h"
#include "routerd/engine/batch_clock.h"
#include "routerd/engine/contact_directory.h"
#include "routerd/engine/last_agents.h"
#include "routerd/engine/offer_names.h"
#include "routerd/engine/overrides.h"
#include "routerd/engine/policy_names.h"
#include "routerd/engine/service.h"
#include "routerd/engine/sessions.h"

namespace routerd::engine {

struct World {
  World(const Clock& source, TimeMs last, std::shared_ptr<const PolicyInForce> in_force)
      : World(source, last, in_force, core::Core(in_force->model)) {}
  World(const Clock& source, TimeMs last, std::shared_ptr<const PolicyInForce> in_force,
        core::Core state)
      : clock(source, last),
        policy(std::move(in_force)),
        names(std::make_unique<PolicyNames>(policy->model)),
        core(std::move(state)) {}

  [[nodiscard]] const model::Model& model() const { return *policy->model; }
  // Whether there is such a record: another epoch may have written one of that sequence that was
  // lost. Of records before those that a start looks at it says no.
  [[nodiscard]] bool Happened(Position at) const;

  BatchClock clock;
  std::shared_ptr<const PolicyInForce> policy;
  std::unique_ptr<const PolicyNames> names;
  std::uint32_t rules_version = core::kRulesVersion;  // that decided last
  std::shared_ptr<const model::Calendar> calendar;    // of its hours; null: none was set
  core::Core core;
  ContactDirectory contacts;
  AgentDirectory agents;
  GatewayDirectory gateways;
  LastAgents last_agents;
  OfferNames offers;
  Overrides overrides;
  Sessions sessions;
  Answers answers;
  std::uint64_t contact_attributes_not_kept = 0;  // since the start
  bool draining = false;
  bool low_on_space = false;  // the journal lives from its reserve
  // Where epochs begin, as far as this process knows: of each its first record.
  std::vector<Position> epoch_starts;
};

}  // namespace routerd::engine
