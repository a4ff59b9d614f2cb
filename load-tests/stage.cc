#include "load-tests/stage.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <utility>

#include "load-tests/auditor.h"
#include "load-tests/connector.h"
#include "load-tests/operations.h"
#include "load-tests/summary.h"
#include "load-tests/verdict.h"
#include "load-tests/workload.h"

namespace routerd::load {
namespace {

constexpr auto kEndTime = std::chrono::seconds(60);
constexpr std::size_t kAgentsPerStream = 15;
constexpr std::size_t kMostStreams = 8;

}  // namespace

Stage::Stage(Options options)
    : options_(std::move(options)),
      channel_(OpenChannel(options_.plan.grpc)),
      operations_(std::make_unique<Operations>(
          &loop_, channel_, options_.plan.domain, [this] { return GivesUp(); },
          options_.plan.reconnect)) {}

Stage::~Stage() = default;

std::string Stage::SetUp() {
  if (!operations_->Version(&version_)) {
    return "no router at " + options_.plan.grpc + ": " + operations_->error();
  }
  if (std::string error = ReadThePolicy(); !error.empty()) return error;
  if (std::string error = FindAgents(); !error.empty()) return error;
  if (std::string error = FindQueues(); !error.empty()) return error;
  Plan& plan = options_.plan;
  const std::size_t enough = (plan.agent_ids.size() + kAgentsPerStream - 1) / kAgentsPerStream;
  if (plan.streams == 0) plan.streams = std::min(enough, kMostStreams);
  centre_ = std::make_unique<Centre>(&loop_, plan);
  std::string error = centre_->Open([this] { return GivesUp(); });
  opened_ = Clock::now();
  return error;
}

// What the command line says goes before what the policy does.
std::string Stage::ReadThePolicy() {
  if (!operations_->Policy(&policy_text_)) return "policy: " + operations_->error();
  if (std::string error = ReadPolicy(policy_text_, &policy_); !error.empty()) {
    return "policy: " + error;
  }
  Limits& limits = options_.plan.limits;
  for (const auto& [name, limit] : policy_.limits.channels) limits.channels.emplace(name, limit);
  limits.own = policy_.limits.own;
  limits.queue_wrap_up_holds = policy_.limits.queue_wrap_up_holds;
  limits.work_conserving = policy_.limits.work_conserving;
  if (limits.open_offers == 0) limits.open_offers = policy_.limits.open_offers;
  std::vector<std::string>& reasons = options_.plan.agents.break_reasons;
  if (reasons.empty()) reasons = policy_.not_ready_reasons;
  return "";
}

std::string Stage::FindAgents() {
  std::vector<std::string>& ids = options_.plan.agent_ids;
  const std::string& prefix = options_.agent_prefix;
  if (!prefix.empty() && options_.agents > 0) {
    for (std::size_t i = 1; i <= options_.agents; ++i) ids.push_back(prefix + std::to_string(i));
    return "";
  }
  ids = policy_.agents;
  if (ids.empty() && !operations_->Agents(&ids)) return "list of agents: " + operations_->error();
  std::erase_if(ids, [&](const std::string& id) { return !id.starts_with(prefix); });
  if (options_.agents > 0 && ids.size() > options_.agents) ids.resize(options_.agents);
  return ids.empty() ? "the router has no such agents" : "";
}

std::string Stage::FindQueues() {
  std::vector<std::string> queues;
  if (!operations_->Queues(&queues)) return "list of queues: " + operations_->error();
  for (ChannelBehaviour& channel : options_.plan.channels) {
    if (channel.destinations.empty()) {
      channel.destinations = FindDestinations(channel.channel, queues);
    }
    if (channel.destinations.empty()) return "the router has no queue for " + channel.channel;
  }
  return "";
}

int Stage::TakeDown() {
  taking_down_ = true;
  lasted_ = Clock::now() - opened_;
  const auto stop = [this] { return GivesUp(); };
  const Span patience = kEndTime + options_.plan.reconnect;
  centre_->StopArrivals();
  std::vector<std::string> troubles;
  if (!centre_->EndContacts(patience, stop)) {
    troubles.push_back(std::to_string(centre_->OpenContacts()) + " contacts did not end within " +
                       FormatSpan(patience));
  }
  for (std::string& what : centre_->Close(patience, stop)) troubles.push_back(std::move(what));
  StillHeld held;
  if (!stop() && !operations_->Held(&held)) {
    troubles.push_back("list of contacts: " + operations_->error());
  }
  std::string policy;
  if (!stop() && operations_->Policy(&policy) && policy != policy_text_) {
    centre_->auditor().PolicyChanged();
  }
  if (stop()) return Report({"stopped before the end: not everything was checked"});
  centre_->auditor().Finish(held);
  if (std::string refusal = centre_->Refusal(); !refusal.empty()) {
    troubles.push_back(std::move(refusal));
  }
  return Report(std::move(troubles));
}

int Stage::Report(std::vector<std::string> troubles) {
  const Auditor& auditor = centre_->auditor();
  const Summary summary = {.router = version_,
                           .seed = options_.plan.seed,
                           .arrivals = arrivals_,
                           .statistics = &centre_->statistics(),
                           .violations = &auditor.violations(),
                           .taken = auditor.TakenCount(),
                           .ended = auditor.EndedCount()};
  std::fputs(SummaryText(summary).c_str(), stdout);
  for (std::string& what : Shortcomings(centre_->statistics(), lasted_, options_.allow_rejected)) {
    troubles.push_back(std::move(what));
  }
  if (!options_.json.empty()) {
    std::ofstream file(options_.json);
    file << SummaryJson(summary);
    file.close();
    if (!file) troubles.push_back("cannot write " + options_.json);
  }
  for (const std::string& what : troubles) std::printf("FAILED: %s\n", what.c_str());
  return troubles.empty() && auditor.violations().Count() == 0 ? 0 : 1;
}

}  // namespace routerd::load
