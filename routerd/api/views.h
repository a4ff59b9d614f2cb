// The engine's views of contacts, agents and policy as messages.
#pragma once

#include "routerd/engine/event.h"
#include "routerd/engine/held.h"
#include "routerd/engine/service.h"
#include "routerd/v1/agent_status.pb.h"
#include "routerd/v1/gateway_events.pb.h"
#include "routerd/v1/resources.pb.h"

namespace routerd::api {

void Fill(const engine::AgentView&, v1::AgentStatus*);
void Fill(const engine::HeldContact&, v1::HeldContact*);
void Fill(const engine::SkillNeed&, v1::SkillRequirement*);
void Fill(const engine::SkillNeed&, v1::AgentSkill*);
void Fill(const engine::PolicyInForce&, v1::PolicyInfo*);
void Fill(const engine::QueueMoveView&, v1::QueueMove*);

// Of a policy's text: 16 hexadecimal digits that tell two texts apart.
std::string TextHash(const std::string& text);

// Empty pointers and texts that are not there.
const std::string& IdOf(const engine::ContactView&);

}  // namespace routerd::api
