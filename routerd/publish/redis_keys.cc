#include "routerd/publish/redis_keys.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <vector>

#include "routerd/publish/json.h"

namespace routerd::publish {
namespace {

// Collects the fields of one hash; an absent value deletes the field.
class Hash {
 public:
  explicit Hash(const std::string& key) : write_{RedisCommand("HSET"), RedisCommand("HDEL")} {
    write_.set.Add(key);
    write_.unset.Add(key);
  }
  template <typename Value>
  Hash& Field(std::string_view name, const Value& value) {
    write_.set.Field(name, value);
    return *this;
  }
  template <typename Value>
  Hash& Field(std::string_view name, const std::optional<Value>& value) {
    if (value) {
      write_.set.Field(name, *value);
    } else {
      write_.unset.Add(name);
    }
    return *this;
  }
  Hash& Text(std::string_view name, std::string_view value) {
    return Field(name, value.empty() ? std::nullopt : std::optional(value));
  }
  Hash& Time(std::string_view name, TimeMs unix_ms) {
    return Field(name, unix_ms == 0 ? std::nullopt : std::optional(unix_ms));
  }
  Hash& At(Position at) { return Field("epoch", at.epoch).Field("sequence", at.sequence); }
  [[nodiscard]] HashWrite Take() { return std::move(write_); }

 private:
  HashWrite write_;
};

std::optional<std::string> Ratio(const std::optional<double>& ratio) {
  if (!ratio) return std::nullopt;
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), *ratio, std::chars_format::fixed, 4);
  return std::string(text.data(), end.ptr);
}

template <typename Enum, typename Counts>
void CountFields(Hash& hash, std::string_view prefix, const Counts& counts) {
  for (std::size_t i = 0; i < counts.size(); ++i) {
    hash.Field(std::string(prefix) + std::string(core::Name(static_cast<Enum>(i))), counts[i]);
  }
}

std::string SkillsJson(const std::vector<engine::SkillNeed>& skills) {
  JsonWriter json;
  json.Open('{');
  for (const engine::SkillNeed& skill : skills) json.Key(skill.skill).Number(skill.level);
  return json.Close('}').Take();
}

std::string ListJson(const std::vector<std::string>& words) {
  JsonWriter json;
  json.Open('[');
  for (const std::string& word : words) json.String(word);
  return json.Close(']').Take();
}

std::string WorkJson(const std::vector<engine::ItemView>& items) {
  JsonWriter json;
  json.Open('[');
  for (const engine::ItemView& item : items) {
    json.Open('{');
    json.Key("contact").String(item.contact);
    json.Key("channel").String(item.channel);
    json.Key("queue").String(item.queue);
    json.Key("state").String(core::Name(item.state));
    json.Key("units").Number(item.units);
    json.Key("since_unix_ms").Number(item.since_unix_ms);
    json.Close('}');
  }
  return json.Close(']').Take();
}

bool IsContactState(std::size_t state, bool terminal) {
  return core::IsTerminal(static_cast<core::ContactState>(state)) == terminal;
}

}  // namespace

RedisKeys::RedisKeys(const std::string& domain_name) {
  const std::string prefix = "routerd:{" + domain_name + "}:";
  queue_prefix = prefix + "queue:";
  agent_prefix = prefix + "agent:";
  queues = prefix + "queues";
  agents = prefix + "agents";
  domain = prefix + "domain";
  meta = prefix + "meta";
  events = prefix + "events";
  changes = prefix + "changes";
}

StreamId StreamIdOf(Position at, std::uint64_t index) {
  return {(static_cast<std::uint64_t>(at.epoch) << 40) + at.sequence, index};
}

std::optional<StreamId> ParseStreamId(std::string_view text) {
  StreamId id;
  const char* end = text.data() + text.size();
  const auto record = std::from_chars(text.data(), end, id.record);
  if (record.ec != std::errc() || record.ptr == end || *record.ptr != '-') return std::nullopt;
  const auto index = std::from_chars(record.ptr + 1, end, id.index);
  if (index.ec != std::errc() || index.ptr != end) return std::nullopt;
  return id;
}

std::string_view Name(model::QueueMode mode) {
  static constexpr std::array<std::string_view, 3> kNames = {"open", "closed", "emergency"};
  const auto i = static_cast<std::size_t>(mode);
  return i < kNames.size() ? kNames[i] : "unknown";
}

std::string EncodedId(std::string_view id) {
  static constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : id) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte != 0x7f && byte != '%') {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return encoded;
}

HashWrite QueueHash(const RedisKeys& keys, const Shown<QueueFigures>& shown) {
  using enum core::VisitOutcome;
  const QueueFigures& queue = shown.value;
  const VisitCounters& visits = queue.visits;
  Hash hash(keys.Queue(queue.id));
  hash.Field("id", queue.id)
      .Field("mode", Name(queue.mode))
      .Field("mode_overridden", queue.mode_override != nullptr ? 1 : 0)
      .Field("hours_change_unix_ms",
             queue.hours_change ? std::optional(queue.hours_change->unix_ms) : std::nullopt)
      .Text("hours_change_to",
            queue.hours_change ? Name(queue.hours_change->to) : std::string_view())
      .Text("moving_to", queue.move ? std::string_view(queue.move->to) : std::string_view())
      .Field("moved", queue.move ? std::optional(queue.move->moved) : std::nullopt)
      .Field("to_move", queue.move ? std::optional(queue.move->left) : std::nullopt)
      .Field("waiting", queue.waiting())
      .Field("also_waiting", queue.also_waiting)
      .Field("oldest_unix_ms", queue.oldest_unix_ms)
      .Field("offered", queue.in(core::ContactState::kOffered))
      .Field("connecting", queue.in(core::ContactState::kConnecting))
      .Field("assigned", queue.in(core::ContactState::kAssigned))
      .Field("wrap_up", queue.in(core::ContactState::kWrapUp))
      .Field("scheduled", queue.in(core::ContactState::kScheduled))
      .Field("treated", queue.in(core::ContactState::kTreated))
      .Field("agents_staffed", queue.agents_staffed)
      .Field("agents_ready", queue.agents_ready)
      .Field("entered", visits.entered)
      .Field("answered", visits.of(kAnswered))
      .Field("answered_in_target", visits.answered_in_target)
      .Field("abandoned", visits.of(kAbandoned))
      .Field("abandoned_in_target", visits.abandoned_in_target)
      .Field("transferred", visits.of(kTransferred))
      .Field("overflowed", visits.of(kOverflowed))
      .Field("to_callback", visits.of(kToCallback))
      .Field("withdrawn", visits.of(kWithdrawn))
      .Field("expired", visits.of(kExpired))
      .Field("refused", visits.of(kRefused))
      .Field("target_ms", queue.target_ms)
      .Field("target_percent", queue.target_percent)
      .Field("service_level_ratio", Ratio(queue.service_level))
      .Field("shown_unix_ms", shown.unix_ms)
      .At(shown.at);
  return hash.Take();
}

HashWrite AgentHash(const RedisKeys& keys, Position at, const engine::AgentView& agent) {
  Hash hash(keys.Agent(agent.id));
  hash.Field("id", agent.id)
      .Field("shown_state", core::Name(agent.shown))
      .Time("shown_state_since_unix_ms", agent.shown_since_unix_ms)
      .Field("presence", core::Name(agent.presence))
      .Time("presence_since_unix_ms", agent.presence_since_unix_ms)
      .Text("reason", agent.reason)
      .Text("pending_presence", agent.pending ? core::Name(agent.pending_presence) : "")
      .Text("pending_reason", agent.pending ? agent.pending_reason : "")
      .Time("idle_since_unix_ms", agent.idle_since_unix_ms)
      .Field("connected", agent.connected ? 1 : 0)
      .Field("ready_channels", ListJson(agent.ready_channels))
      .Field("skills", SkillsJson(agent.skills))
      .Field("groups", ListJson(agent.groups))
      .Field("work", WorkJson(agent.items))
      .Field("units_used", agent.units_used)
      .Field("misses", agent.misses)
      .At(at);
  return hash.Take();
}

HashWrite DomainHash(const RedisKeys& keys, const Shown<DomainFigures>& shown) {
  const DomainFigures& domain = shown.value;
  Hash hash(keys.domain);
  for (std::size_t i = 0; i < kContactStates; ++i) {
    const bool terminal = IsContactState(i, true);
    hash.Field((terminal ? "ended_" : "contacts_") +
                   std::string(core::Name(static_cast<core::ContactState>(i))),
               terminal ? domain.ended[i] : domain.contacts[i]);
  }
  CountFields<core::ShownState>(hash, "agents_", domain.agents);
  CountFields<core::OfferOutcome>(hash, "offers_", domain.offers);
  hash.Field("offers_made", domain.offers_made)
      .Field("arrived", domain.arrived)
      .Field("answered", domain.answered)
      .Field("oldest_unix_ms", domain.oldest_unix_ms)
      .Field("policy_version", domain.policy_version)
      .Field("shown_unix_ms", shown.unix_ms)
      .At(shown.at);
  return hash.Take();
}

}  // namespace routerd::publish
