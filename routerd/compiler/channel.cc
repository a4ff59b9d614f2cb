#include <algorithm>
#include <string_view>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/nearest.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

constexpr SpanMs kSecond = 1'000;
constexpr SpanMs kHour = 3'600 * kSecond;

// What a channel of this name is unless the policy says otherwise.
struct Defaults {
  std::string_view name;
  bool live;
  int units;
  int max_per_agent;
  SpanMs offer_ms;
  bool connect;
  SpanMs connect_timeout_ms;
  int max_misses;
};

// A callback's connecting is the dialling: somebody's telephone rings, which takes its time.
constexpr Defaults kKnown[] = {
    {"voice", true, 100, 1, 20 * kSecond, true, 10 * kSecond, 1},
    {"chat", false, 25, 4, 30 * kSecond, false, 10 * kSecond, 3},
    {"email", false, 20, 5, 300 * kSecond, false, 10 * kSecond, 3},
    {"messaging", false, 25, 4, 30 * kSecond, false, 10 * kSecond, 3},
    {"social", false, 20, 5, 300 * kSecond, false, 10 * kSecond, 3},
    {"callback", false, 100, 1, 20 * kSecond, true, 60 * kSecond, 3},
    {"task", false, 20, 5, 300 * kSecond, false, 10 * kSecond, 3},
};
constexpr Defaults kOther = {"", false, 100, 1, 20 * kSecond, false, 10 * kSecond, 3};

const Defaults& DefaultsOf(const YamlNode& key, Report& report) {
  std::vector<std::string_view> names;
  for (const Defaults& known : kKnown) {
    if (known.name == key.text) return known;
    names.push_back(known.name);
  }
  const std::string hint = DidYouMean(Nearest(key.text, names));
  if (!hint.empty()) {
    report.Warning(key, "unusual_channel",
                   "channel " + Quoted(key.text) +
                       " is none of the known ones, so its defaults "
                       "are the general ones",
                   hint);
  }
  return kOther;
}

constexpr std::pair<std::string_view, model::AcceptBy> kAcceptBy[] = {
    {"desktop", model::AcceptBy::kDesktop},
    {"phone", model::AcceptBy::kPhone},
    {"auto", model::AcceptBy::kAuto},
};

// Whether a contact whose customer is silent takes room.
constexpr std::pair<std::string_view, bool> kWhenInactive[] = {{"holds", false}, {"frees", true}};

// `accept_by: auto` is a short way to say `accept: auto`.
void ReadAccept(Fields& fields, model::Channel& channel) {
  fields.Word<model::AcceptBy>("accept_by", kAcceptBy, channel.accept_by);
  if (channel.accept_by != model::AcceptBy::kAuto) channel.by_hand = channel.accept_by;
  const YamlNode* accept = fields.Find("accept");
  bool automatic = channel.accept_by == model::AcceptBy::kAuto;
  const bool was = automatic;
  fields.Word<bool>("accept", kAcceptWords, automatic);
  if (was && !automatic) {
    fields.report().Error(*accept, "contradiction",
                          fields.where() + " is accepted both by hand and by itself",
                          "remove one of accept and accept_by");
  } else if (automatic) {
    channel.accept_by = model::AcceptBy::kAuto;
  }
}

// What follows the accept.
void ReadConnecting(Fields& fields, model::Channel& channel) {
  fields.Flag("connect", channel.connect);
  const YamlNode* timeout = fields.Find("connect_timeout");
  fields.Span("connect_timeout", 100, kHour, channel.connect_timeout_ms);
  const YamlNode* announce = fields.Find("announce");
  fields.Span("announce", 0, 60 * kSecond, channel.announce_ms);
  if (channel.connect) return;
  for (const auto& [node, key] : {std::pair{timeout, "connect_timeout"}, {announce, "announce"}}) {
    if (node == nullptr) continue;
    fields.report().Error(*node, "unused_key",
                          fields.Where(key) + " does nothing while connect is false",
                          "remove it, or say connect: true");
  }
}

void WarnOfUnreachable(const YamlNode& at, const model::Channel& channel, Report& report) {
  const int fit = limits::kUnitsPerAgent / channel.units;
  if (channel.max_per_agent <= fit) return;
  report.Warning(at, "unreachable_limit",
                 "channel " + Quoted(channel.name) + ": max_per_agent " +
                     std::to_string(channel.max_per_agent) + " is never reached: with " +
                     std::to_string(channel.units) + " of " +
                     std::to_string(limits::kUnitsPerAgent) + " units each, " +
                     std::to_string(fit) + " fit",
                 "lower units or max_per_agent");
}

}  // namespace

model::Channel CompileChannel(const Entry& entry, Context& context) {
  const Defaults& defaults = DefaultsOf(*entry.key, context.report);
  model::Channel channel;
  channel.name = entry.key->text;
  channel.live = defaults.live;
  channel.units = defaults.units;
  channel.max_per_agent = defaults.max_per_agent;
  channel.offer_ms = defaults.offer_ms;
  channel.connect = defaults.connect;
  channel.connect_timeout_ms = defaults.connect_timeout_ms;
  channel.max_misses = defaults.max_misses;

  Fields fields(entry.value, "channel " + Quoted(channel.name), context.report);
  fields.Flag("live", channel.live);
  fields.Number("units", 1, limits::kUnitsPerAgent, channel.units);
  fields.Number("max_per_agent", 1, limits::kMaxItemsPerAgent, channel.max_per_agent);
  fields.Span("offer_time", 100, 24 * kHour, channel.offer_ms);
  ReadAccept(fields, channel);
  ReadConnecting(fields, channel);
  fields.Number("max_misses", 1, 100, channel.max_misses);
  CompileWrapUp(fields, channel.wrap_up);
  CompileInterruptibleBy(fields, context, channel);
  const YamlNode* inactive = fields.Find("when_inactive");
  fields.Word<bool>("when_inactive", kWhenInactive, channel.frees_inactive);
  if (inactive != nullptr && channel.live) {
    context.report.Error(*inactive, "unused_key",
                         fields.Where("when_inactive") + " does nothing while the channel is live",
                         "remove it, or say live: false");
  }
  fields.Finish();
  WarnOfUnreachable(*entry.key, channel, context.report);
  return channel;
}

}  // namespace routerd::compiler
