// The public contract in Redis: names of keys, fields of hashes, fields of the stream's entries.
// README.md beside this file says what each means; they change together, with kRedisSchema.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "routerd/base/ids.h"
#include "routerd/engine/event.h"
#include "routerd/publish/figures.h"
#include "routerd/publish/projection.h"
#include "routerd/publish/redis_command.h"

namespace routerd::publish {

inline constexpr int kRedisSchema = 1;
inline constexpr std::uint64_t kStreamEntries = 1'000'000;  // about; older ones are trimmed

// The braces are a hash tag: all keys of a domain live in one slot of a Redis Cluster.
struct RedisKeys {
  explicit RedisKeys(const std::string& domain);
  [[nodiscard]] std::string Queue(std::string_view id) const {
    return queue_prefix + std::string(id);
  }
  [[nodiscard]] std::string Agent(std::string_view id) const {
    return agent_prefix + std::string(id);
  }

  std::string queue_prefix;
  std::string agent_prefix;
  std::string queues;  // set of the ids that have a queue key
  std::string agents;  // set of the ids that have an agent key
  std::string domain;
  std::string meta;
  std::string events;
  std::string changes;
};

// Id of a stream entry: epoch × 2^40 + sequence, then the event's number within its record.
struct StreamId {
  std::uint64_t record = 0;
  std::uint64_t index = 0;
  friend auto operator<=>(const StreamId&, const StreamId&) = default;

  [[nodiscard]] std::string Text() const {
    return std::to_string(record) + "-" + std::to_string(index);
  }
  [[nodiscard]] Position position() const {
    return {static_cast<std::uint32_t>(record >> 40), record & ((1ULL << 40) - 1)};
  }
};
inline constexpr std::uint32_t kMaxStreamEpoch = (1U << 24) - 1;
[[nodiscard]] StreamId StreamIdOf(Position at, std::uint64_t index);
[[nodiscard]] std::optional<StreamId> ParseStreamId(std::string_view text);

[[nodiscard]] std::string_view Name(model::QueueMode mode);
// Empty: the event is not published.
[[nodiscard]] std::string_view Name(engine::EventKind kind);
[[nodiscard]] std::string Text(const OfferId& offer);

// How an id stands in the `changes` messages, whose words are separated by spaces.
[[nodiscard]] std::string EncodedId(std::string_view id);

// A hash as it has to be: set `set`, then delete the fields of `unset` (none: unset.arguments() ==
// 2).
struct HashWrite {
  RedisCommand set;
  RedisCommand unset;
};
[[nodiscard]] HashWrite QueueHash(const RedisKeys& keys, const Shown<QueueFigures>& queue);
[[nodiscard]] HashWrite AgentHash(const RedisKeys& keys, Position at,
                                  const engine::AgentView& agent);
[[nodiscard]] HashWrite DomainHash(const RedisKeys& keys, const Shown<DomainFigures>& domain);

[[nodiscard]] RedisCommand EventEntry(const RedisKeys& keys, const engine::Event& event);
[[nodiscard]] RedisCommand GapEntry(const RedisKeys& keys, StreamId id, Position after,
                                    Position first_kept);

}  // namespace routerd::publish
