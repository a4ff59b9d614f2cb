// An agent's day: log in, breaks, log out.
#include <utility>

#include "load-tests/answer.h"
#include "load-tests/desk.h"

namespace routerd::load {
namespace {

std::string EndpointOf(std::string endpoint, const std::string& agent) {
  constexpr std::string_view kAgent = "{agent}";
  if (const std::size_t at = endpoint.find(kAgent); at != std::string::npos) {
    endpoint.replace(at, kAgent.size(), agent);
  }
  return endpoint;
}

}  // namespace

void Desk::LogIn(Agent& agent) {
  v1::DesktopCommand command;
  v1::LogInRequest* log_in = command.mutable_log_in();
  log_in->set_agent_id(agent.id);
  log_in->set_presence(agent.on_break ? v1::AGENT_PRESENCE_NOT_READY : v1::AGENT_PRESENCE_READY);
  for (const auto& [channel, endpoint] : behaviour_.channels) {
    v1::ChannelEndpoint* told = log_in->add_channels();
    told->set_channel(channel);
    told->set_endpoint(EndpointOf(endpoint, agent.id));
  }
  for (const auto& [skill, level] : behaviour_.skills) {
    v1::AgentSkill* told = log_in->mutable_skills()->add_skills();
    told->set_skill(skill);
    told->set_level(level);
  }
  const auto answer = [this, &agent](const Result& result) {
    if (!std::exchange(agent.logged_in, true)) ++logged_in_;
    if (result.status().code() != grpc::OK) {
      agent.told_out = true;
      login_error_ = agent.id + ": " + result.status().message();
    } else if (!agent.on_break) {
      ArmBreak(agent);
    }
  };
  agent.told_out = false;
  Send(std::move(command), log_in->mutable_header(), "log_in", Clock::now(), answer);
}

void Desk::LogOut(Agent& agent) {
  v1::DesktopCommand command;
  v1::LogOutRequest* log_out = command.mutable_log_out();
  log_out->set_agent_id(agent.id);
  const auto answer = [&agent](const Result& result) {
    if (result.status().code() != grpc::OK) agent.told_out = true;  // he is not logged in
  };
  Send(std::move(command), log_out->mutable_header(), "log_out", Clock::now(), answer);
}

void Desk::SetPresence(Agent& agent, v1::AgentPresence presence, const std::string& reason) {
  v1::DesktopCommand command;
  v1::SetPresenceRequest* set = command.mutable_set_presence();
  set->set_agent_id(agent.id);
  set->set_presence(presence);
  set->set_reason(reason);
  Send(std::move(command), set->mutable_header(), "set_presence", Clock::now());
}

void Desk::ArmBreak(Agent& agent) {
  around_.loop->Cancel(agent.break_timer);
  if (!behaviour_.breaks || hurry_ || leaving_) return;
  agent.break_timer = around_.loop->After(behaviour_.break_every.Sample(random_),
                                          [this, &agent](Time) { BeginBreak(agent); });
}

// Asked for during work: the router keeps it pending until the last item has ended.
void Desk::BeginBreak(Agent& agent) {
  agent.on_break = true;
  ++around_.statistics->breaks;
  if (random_.Chance(behaviour_.logout_share)) {
    agent.out = true;
    ++around_.statistics->logouts;
    LogOut(agent);
  } else {
    const std::vector<std::string>& reasons = behaviour_.break_reasons;
    SetPresence(agent, v1::AGENT_PRESENCE_NOT_READY,
                reasons.empty() ? "" : reasons[random_.Index(reasons.size())]);
  }
  agent.break_timer = around_.loop->After(behaviour_.break_length.Sample(random_),
                                          [this, &agent](Time) { EndBreak(agent); });
}

void Desk::EndBreak(Agent& agent) {
  agent.on_break = false;
  if (std::exchange(agent.out, false)) return LogIn(agent);
  SetPresence(agent, v1::AGENT_PRESENCE_READY, "");
  ArmBreak(agent);
}

}  // namespace routerd::load
