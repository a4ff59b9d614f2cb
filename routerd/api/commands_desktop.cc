// What agents' desktops ask.
#include <set>
#include <utility>

#include "routerd/api/commands.h"
#include "routerd/base/limits.h"

namespace routerd::api {
namespace {

// READY or NOT_READY, and the reason that belongs to NOT_READY only.
bool CheckPresence(Check& check, v1::AgentPresence presence, const std::string& reason) {
  const bool ready = presence == v1::AGENT_PRESENCE_READY;
  if (!ready && presence != v1::AGENT_PRESENCE_NOT_READY) {
    check.Wrong("presence", "READY or NOT_READY");
  }
  if (ready && !reason.empty()) check.Wrong("reason", "belongs to NOT_READY only");
  check.Text("reason", reason, limits::kMaxIdBytes);
  return ready;
}

}  // namespace

engine::Command ToCommand(const v1::LogInRequest& request, Check& check) {
  engine::LogIn log_in;
  check.Id("agent_id", request.agent_id());
  log_in.agent = request.agent_id();
  if (request.channels().empty()) check.Wrong("channels", "at least one is required");
  check.Count("channels", request.channels_size(), limits::kMaxChannels);
  std::set<std::string> seen;
  for (int i = 0; i < request.channels_size(); ++i) {
    const v1::ChannelEndpoint& channel = request.channels(i);
    check.Name(Element("channels", i, "channel").c_str(), channel.channel());
    check.Text(Element("channels", i, "endpoint"), channel.endpoint(), limits::kMaxEndpointBytes);
    if (!seen.insert(channel.channel()).second) {
      check.Wrong(Element("channels", i, "channel"), "is named twice");
    }
    log_in.endpoints.emplace_back(channel.channel(), channel.endpoint());
  }
  if (request.has_skills()) {
    log_in.skills = check.Skills("skills.skills", request.skills().skills());
  }
  const bool unsaid = request.presence() == v1::AGENT_PRESENCE_UNSPECIFIED;
  log_in.ready = CheckPresence(check, unsaid ? v1::AGENT_PRESENCE_NOT_READY : request.presence(),
                               request.reason());
  log_in.reason = request.reason();
  return log_in;
}

engine::Command ToCommand(const v1::SetPresenceRequest& request, Check& check) {
  engine::SetPresence presence;
  check.Id("agent_id", request.agent_id());
  presence.agent = request.agent_id();
  presence.ready = CheckPresence(check, request.presence(), request.reason());
  presence.reason = request.reason();
  if (!request.has_channels()) return presence;
  const auto& channels = request.channels().channels();
  check.Count("channels.channels", channels.size(), limits::kMaxChannels);
  for (int i = 0; i < channels.size(); ++i) {
    check.Name(Element("channels.channels", i).c_str(), channels[i]);
  }
  if (presence.ready) presence.channels.emplace(channels.begin(), channels.end());
  return presence;
}

engine::Command ToCommand(const v1::SetBusyElsewhereRequest& request, Check& check) {
  check.Id("agent_id", request.agent_id());
  check.Name("channel", request.channel());
  return engine::BusyElsewhere{request.agent_id(), request.channel(), request.busy()};
}

engine::Command ToCommand(const v1::AcceptOfferRequest& request, Check& check) {
  check.Id("agent_id", request.agent_id());
  return engine::AcceptOffer{check.Offer("offer_id", request.offer_id()), request.agent_id()};
}

engine::Command ToCommand(const v1::RejectOfferRequest& request, Check& check) {
  check.Id("agent_id", request.agent_id());
  check.Text("reason", request.reason(), limits::kMaxReasonBytes);
  return engine::RejectOffer{check.Offer("offer_id", request.offer_id()), request.agent_id(),
                             request.reason()};
}

engine::Command ToCommand(const v1::EndWrapUpRequest& request, Check& check) {
  check.Id("agent_id", request.agent_id());
  check.Id("contact_id", request.contact_id());
  return engine::EndWrapUp{request.agent_id(), request.contact_id()};
}

engine::Command ToCommand(const v1::ExtendWrapUpRequest& request, Check& check) {
  check.Id("agent_id", request.agent_id());
  check.Id("contact_id", request.contact_id());
  check.Range("extend_ms", request.extend_ms(), 1, limits::kMaxSpanMs);
  return engine::ExtendWrapUp{request.agent_id(), request.contact_id(), request.extend_ms()};
}

engine::Command ToCommand(const v1::LogOutRequest& request, Check& check) {
  check.Id("agent_id", request.agent_id());
  check.Text("reason", request.reason(), limits::kMaxReasonBytes);
  return engine::LogOut{request.agent_id(), request.reason()};
}

}  // namespace routerd::api
