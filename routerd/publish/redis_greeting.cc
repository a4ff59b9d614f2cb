// What is in Redis when a connection begins, and whose it is.
#include <spdlog/spdlog.h>

#include <charconv>
#include <chrono>

#include "routerd/publish/redis_publisher.h"

namespace routerd::publish {
namespace {

// Redis reads this much of a client's socket in one turn of its loop.
constexpr std::size_t kRedisReadBytes = 16 * 1024;

std::string_view Text(const redisReply& reply) {
  return reply.str == nullptr ? std::string_view() : std::string_view(reply.str, reply.len);
}

std::optional<std::int64_t> Number(const redisReply& reply) {
  const std::string_view text = Text(reply);
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || read.ec != std::errc()) return std::nullopt;
  return number;
}

std::set<std::string> Ids(const redisReply& reply) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < reply.elements; ++i) ids.emplace(Text(*reply.element[i]));
  return ids;
}

// Which router a domain's `meta` says it is of.
struct Owner {
  std::optional<std::int64_t> epoch;
  std::optional<std::int64_t> started_unix_ms;
  std::optional<std::int64_t> stopped_unix_ms;
};

Owner ReadOwner(const redisReply& reply) {
  if (reply.elements != 3) return {};
  return {Number(*reply.element[0]), Number(*reply.element[1]), Number(*reply.element[2])};
}

}  // namespace

// What the last connection sent may still lie unread in Redis' buffers, if it was Redis that slept,
// and would be carried out over what this connection writes. Every answered PING is a turn of
// Redis' loop, in which it has read another 16 KiB of it.
void RedisPublisher::Settle() {
  settle_left_ = abandoned_bytes_ == 0 ? 0 : abandoned_bytes_ / kRedisReadBytes + 2;
  if (settle_left_ == 0) {
    AskWhatIsThere();
  } else {
    Send(Expect::kSettle, RedisCommand("PING"));
  }
}

void RedisPublisher::AskForOwner(Expect expect) {
  RedisCommand meta("HMGET");
  meta.Add(keys_.meta).Add("epoch").Add("started_unix_ms").Add("stopped_unix_ms");
  Send(expect, meta);
}

void RedisPublisher::AskWhatIsThere() {
  other_history_ = false;
  AskForOwner(Expect::kMeta);
  Send(Expect::kQueueSet, RedisCommand("SMEMBERS").Add(keys_.queues));
  Send(Expect::kAgentSet, RedisCommand("SMEMBERS").Add(keys_.agents));
  RedisCommand top("XREVRANGE");
  top.Add(keys_.events).Add("+").Add("-").Add("COUNT").Add(1);
  Send(Expect::kTopEntry, top);
}

void RedisPublisher::OnGreeting(Expect expected, const redisReply& reply) {
  switch (expected) {
    case Expect::kAuth:
      Settle();
      break;
    case Expect::kSettle:
      if (--settle_left_ > 0) {
        Send(Expect::kSettle, RedisCommand("PING"));
      } else {
        abandoned_bytes_ = 0;
        AskWhatIsThere();
      }
      break;
    case Expect::kMeta:
      OnMeta(reply);
      break;
    case Expect::kQueueSet:
      known_queues_ = Ids(reply);
      break;
    case Expect::kAgentSet:
      known_agents_ = Ids(reply);
      break;
    case Expect::kTopEntry:
      OnTopEntry(reply);
      break;
    default:
      StartServing();
  }
}

void RedisPublisher::OnMeta(const redisReply& reply) {
  const Owner owner = ReadOwner(reply);
  took_over_ = false;
  if (!owner.epoch) return;
  const bool same_epoch = *owner.epoch == service_.epoch();
  const bool ours = same_epoch && owner.started_unix_ms == service_.started_unix_ms();
  if (*owner.epoch > service_.epoch()) {
    Fail(ThereIsAnother(*owner.epoch, "greater, so it publishes the domain, or our data is new"),
         true);
  } else if (same_epoch && !ours && !owner.stopped_unix_ms) {
    // Greater epochs take over; of two alike nobody can say who is right.
    Fail(ThereIsAnother(*owner.epoch, "the same, started at another time and never stopped"), true);
  } else {
    other_history_ = same_epoch && !ours;
    took_over_ = !ours && !owner.stopped_unix_ms;
  }
}

std::string RedisPublisher::ThereIsAnother(std::int64_t epoch, std::string_view what) const {
  return "domain " + service_.domain() + " there is of a router of epoch " + std::to_string(epoch) +
         ", ours is " + std::to_string(service_.epoch()) + " (" + std::string(what) +
         "): if that router is gone for good, delete " + keys_.meta + " and " + keys_.events;
}

void RedisPublisher::OnTopEntry(const redisReply& reply) {
  if (!fail_reason_.empty()) return;
  top_.reset();
  cursor_ = {};
  if (reply.elements == 1 && reply.element[0]->elements >= 1) {
    top_ = ParseStreamId(Text(*reply.element[0]->element[0]));
  }
  if (top_ && top_->position().epoch > service_.epoch()) {
    Fail(ThereIsAnother(top_->position().epoch, "greater, as the event stream says"), true);
    return;
  }
  if (top_ && (other_history_ || top_->position() > service_.figures().head)) {
    spdlog::warn("redis: the event stream there is of a history that was lost; it starts anew");
    Send(Expect::kWrite, RedisCommand("DEL").Add(keys_.events));
    top_.reset();
  }
  if (top_) {
    // The newest record may be there in part, so it is read again.
    cursor_ = top_->position();
    if (cursor_.sequence > 0) --cursor_.sequence;
  }
  // The first write, by itself: a Redis that is full or read-only refuses one command, not
  // thousands.
  RedisCommand meta("HSET");
  meta.Add(keys_.meta)
      .Field("schema_version", kRedisSchema)
      .Field("epoch", service_.epoch())
      .Field("started_unix_ms", service_.started_unix_ms())
      .Field("alive_unix_ms", clock_.WallMs());
  Send(Expect::kFirstWrite, meta);
}

// While we serve: whether the domain is still ours, and if so, that we are alive.
void RedisPublisher::ArmAlive() {
  alive_.expires_after(std::chrono::milliseconds(options_.alive_every_ms));
  alive_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (error || !self || !self->serving_ || self->stopping_) return;
    self->AskForOwner(Expect::kOwner);
    self->ArmAlive();
  });
}

void RedisPublisher::OnOwner(const redisReply& reply) {
  const Owner owner = ReadOwner(reply);
  if (owner.epoch != service_.epoch() || owner.started_unix_ms != service_.started_unix_ms()) {
    // The next connection looks whose it is then, and writes everything anew if it is nobody's.
    Fail(keys_.meta + " is no longer ours", false);
    return;
  }
  Send(Expect::kWrite,
       RedisCommand("HSET").Add(keys_.meta).Field("alive_unix_ms", clock_.WallMs()));
  if (beats_to_rewrite_ > 0 && --beats_to_rewrite_ == 0) {
    MarkAllDirty();
    ArmFlush();
  }
}

}  // namespace routerd::publish
