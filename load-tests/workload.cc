#include "load-tests/workload.h"

#include <algorithm>
#include <map>
#include <utility>

namespace routerd::load {
namespace {

Distribution Parsed(const char* text) {
  Distribution distribution = Distribution::Fixed(Span::zero());
  std::string error;
  Distribution::Parse(text, &distribution, &error);
  return distribution;
}

// Of policies/omnichannel.yaml, with their shares of the channel's arrivals.
const std::map<std::string, std::vector<Destination>>& OmnichannelQueues() {
  static const std::map<std::string, std::vector<Destination>> queues = {
      {"voice",
       {{"billing", 4, {}},
        {"sales", 4, {}},
        {"support", 4, {}},
        {"technical", 1, {}},
        {"support_german", 2, {}},
        {"vip", 0.5, {}}}},
      {"chat", {{"chat_sales", 1, {}}, {"chat_support", 3, {}}}},
      {"email", {{"mailbox", 1, {}}}},
  };
  return queues;
}

}  // namespace

std::vector<ChannelBehaviour> CanonicalChannels() {
  ChannelBehaviour voice;
  voice.channel = "voice";
  voice.per_second = 0.75;
  voice.handle = Parsed("lognormal:30s:0.7");
  voice.patience = Parsed("exp:60s");
  voice.connect = Parsed("uniform:200ms:900ms");
  voice.hold = Parsed("exp:5s");
  voice.hold_share = 0.15;
  voice.transfer_share = 0.05;
  voice.connect_failed_share = 0.01;

  ChannelBehaviour chat;
  chat.channel = "chat";
  chat.per_second = 0.6;
  chat.handle = Parsed("lognormal:45s:0.6");
  chat.patience = Parsed("exp:90s");
  chat.transfer_share = 0.03;

  ChannelBehaviour email;
  email.channel = "email";
  email.per_second = 0.35;
  email.handle = Parsed("lognormal:60s:0.5");
  email.patience = Parsed("fixed:1h");
  return {voice, chat, email};
}

AgentBehaviour CanonicalAgents() {
  AgentBehaviour agents;
  agents.answer = Parsed("lognormal:2s:0.6");
  agents.decline_share = 0.01;
  agents.miss_share = 0.01;
  agents.wrap_up = Parsed("lognormal:6s:0.6");
  agents.ready_again = Parsed("uniform:2s:6s");
  agents.breaks = true;
  agents.break_every = Parsed("exp:5m");
  agents.break_length = Parsed("uniform:8s:25s");
  agents.logout_share = 0.1;
  return agents;
}

std::vector<ChannelBehaviour> ShortChannels() {
  std::vector<ChannelBehaviour> channels;
  for (const auto& [name, per_second] : {std::pair("voice", 5), {"chat", 3}, {"email", 2}}) {
    ChannelBehaviour& channel = channels.emplace_back();
    channel.channel = name;
    channel.per_second = per_second;  // only the proportions matter
    channel.handle = Parsed("exp:100ms");
    channel.patience = Parsed("fixed:10m");
    channel.connect = Parsed("fixed:10ms");
  }
  return channels;
}

AgentBehaviour ShortAgents() {
  AgentBehaviour agents;
  agents.answer = Parsed("uniform:1ms:20ms");
  agents.wrap_up = Parsed("uniform:1ms:20ms");
  return agents;
}

std::vector<Destination> FindDestinations(const std::string& channel,
                                          const std::vector<std::string>& queues) {
  std::vector<Destination> found;
  if (const auto known = OmnichannelQueues().find(channel); known != OmnichannelQueues().end()) {
    for (const Destination& destination : known->second) {
      if (std::ranges::count(queues, destination.queue) > 0) found.push_back(destination);
    }
  }
  if (!found.empty()) return found;
  for (const std::string& queue : queues) {
    if (queue.find(channel) != std::string::npos) found.push_back({queue, 1, {}});
  }
  if (!found.empty()) return found;
  for (const std::string& queue : queues) found.push_back({queue, 1, {}});
  return found;
}

void SpeedUp(double factor, Plan* plan) {
  for (ChannelBehaviour& channel : plan->channels) {
    channel.per_second *= factor;
    for (Distribution* span :
         {&channel.handle, &channel.patience, &channel.connect, &channel.hold}) {
      *span = span->Scaled(1 / factor);
    }
  }
  AgentBehaviour& agents = plan->agents;
  for (Distribution* span : {&agents.answer, &agents.wrap_up, &agents.ready_again,
                             &agents.break_every, &agents.break_length}) {
    *span = span->Scaled(1 / factor);
  }
}

}  // namespace routerd::load
