#include "routerd/publish/redis_publisher.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include "routerd/base/hash.h"

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

// What Redis says goes to the log; it is another program's text.
std::string Printable(std::string_view text) {
  std::string printable(text.substr(0, 200));
  std::ranges::replace_if(
      printable, [](char c) { return c < ' ' || c > '~'; }, '?');
  return printable;
}

// Errors that trying again does not cure.
bool NeedsPerson(std::string_view error) {
  return error.starts_with("WRONGPASS") || error.starts_with("NOAUTH") ||
         error.starts_with("NOPERM") || error.starts_with("WRONGTYPE") ||
         error.find("AUTH") != std::string_view::npos;
}

std::set<std::string> Ids(const redisReply& reply) {
  std::set<std::string> ids;
  for (std::size_t i = 0; i < reply.elements; ++i) ids.emplace(Text(*reply.element[i]));
  return ids;
}

}  // namespace

std::shared_ptr<RedisPublisher> RedisPublisher::Create(boost::asio::io_context& loop,
                                                       engine::Service& service,
                                                       Projection& projection, const Clock& clock,
                                                       RedisOptions options) {
  return std::shared_ptr<RedisPublisher>(
      new RedisPublisher(loop, service, projection, clock, std::move(options)));
}

RedisPublisher::RedisPublisher(boost::asio::io_context& loop, engine::Service& service,
                               Projection& projection, const Clock& clock, RedisOptions options)
    : loop_(loop),
      service_(service),
      projection_(projection),
      clock_(clock),
      options_(std::move(options)),
      keys_(service.domain()),
      retry_(loop),
      flush_(loop),
      stop_(loop),
      random_(static_cast<std::uint64_t>(clock.BootNs())) {}

void RedisPublisher::Start() {
  watcher_ = projection_.Watch([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->OnChanges();
  });
  if (service_.epoch() > kMaxStreamEpoch) {
    spdlog::error("redis: epoch {} does not fit into the stream's ids; events are not published",
                  service_.epoch());
  }
  dirty_since_ms_ = clock_.BootMs();
  stats_.state = RedisState::kDown;
  Connect();
}

void RedisPublisher::Connect() {
  RedisConnection::Handlers handlers;
  const auto weak = weak_from_this();
  handlers.connected = [weak] {
    if (const auto self = weak.lock()) self->OnConnected();
  };
  handlers.replied = [weak](const redisReply& reply) {
    if (const auto self = weak.lock()) self->OnReply(reply);
  };
  handlers.closed = [weak](const std::string& reason) {
    if (const auto self = weak.lock()) self->OnClosed(reason);
  };
  fail_reason_.clear();
  refused_ = false;
  connection_ = RedisConnection::Create(loop_, options_.timeouts, std::move(handlers));
  connection_->Open(options_.address, attempts_++);
}

void RedisPublisher::OnConnected() {
  if (options_.password.empty()) {
    Settle();
    return;
  }
  RedisCommand auth("AUTH");
  if (!options_.username.empty()) auth.Add(options_.username);
  auth.Add(options_.password);
  Send(Expect::kAuth, auth);
}

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

void RedisPublisher::AskWhatIsThere() {
  other_history_ = false;
  RedisCommand meta("HMGET");
  meta.Add(keys_.meta).Add("epoch").Add("started_unix_ms");
  Send(Expect::kMeta, meta);
  Send(Expect::kQueueSet, RedisCommand("SMEMBERS").Add(keys_.queues));
  Send(Expect::kAgentSet, RedisCommand("SMEMBERS").Add(keys_.agents));
  RedisCommand top("XREVRANGE");
  top.Add(keys_.events).Add("+").Add("-").Add("COUNT").Add(1);
  Send(Expect::kTopEntry, top);
}

void RedisPublisher::Send(Expect expect, const RedisCommand& command) {
  if (!connection_) return;
  expected_.push_back(expect);
  connection_->Send(command.Encoded());
}

void RedisPublisher::OnReply(const redisReply& reply) {
  if (expected_.empty()) return;
  const Expect expected = expected_.front();
  expected_.pop_front();
  if (reply.type == REDIS_REPLY_ERROR) {
    OnError(expected, reply);
    return;
  }
  ++stats_.commands;
  switch (expected) {
    case Expect::kWrite:
      break;
    case Expect::kEvent:
      ++stats_.events;
      break;
    case Expect::kFirstEntry:
      OnFirstEntry(reply);
      break;
    case Expect::kFlushed:
      OnFlushed();
      break;
    default:
      OnGreeting(expected, reply);
      return;
  }
  GoOn();
}

void RedisPublisher::OnError(Expect expected, const redisReply& reply) {
  const std::string_view error = Text(reply);
  if (expected == Expect::kEvent && error.find("equal or smaller") != std::string_view::npos) {
    ++stats_.events;
    ++stats_.events_already_there;
    GoOn();
    return;
  }
  // Whatever was refused is written again, with all the rest, by the next connection.
  Fail(Printable(error), NeedsPerson(error));
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
  if (reply.elements != 2) return;
  const auto epoch = Number(*reply.element[0]);
  const auto started = Number(*reply.element[1]);
  if (!epoch) return;
  if (*epoch > service_.epoch()) {
    Fail("domain " + service_.domain() + " there is of epoch " + std::to_string(*epoch) +
             ", ours is " + std::to_string(service_.epoch()) +
             ": another router publishes it, or our data is new; delete " + keys_.meta + " and " +
             keys_.events + " if it is ours",
         true);
    return;
  }
  other_history_ = *epoch == service_.epoch() && started != service_.started_unix_ms();
}

void RedisPublisher::OnTopEntry(const redisReply& reply) {
  if (!fail_reason_.empty()) return;
  top_.reset();
  cursor_ = {};
  if (reply.elements == 1 && reply.element[0]->elements >= 1) {
    top_ = ParseStreamId(Text(*reply.element[0]->element[0]));
  }
  if (top_ && top_->position().epoch > service_.epoch()) {
    Fail(keys_.events + " is of epoch " + std::to_string(top_->position().epoch) + ", ours is " +
             std::to_string(service_.epoch()),
         true);
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
      .Field("started_unix_ms", service_.started_unix_ms());
  Send(Expect::kFirstWrite, meta);
}

void RedisPublisher::StartServing() {
  serving_ = true;
  ++stats_.connects;
  Send(Expect::kWrite, RedisCommand("HDEL").Add(keys_.meta).Add("stopped_unix_ms"));
  MarkAllDirty();
  Say(RedisState::kSyncing, "");
  Flush();
}

void RedisPublisher::Fail(const std::string& reason, bool refused) {
  fail_reason_ = reason;
  refused_ = refused;
  if (connection_) connection_->Close(reason);
}

void RedisPublisher::OnClosed(const std::string& reason) {
  if (!connection_) return;
  abandoned_bytes_ += connection_->unanswered_bytes();
  connection_.reset();
  expected_.clear();
  serving_ = false;
  flush_.cancel();
  flush_armed_ = false;
  for (const auto& since : flushes_) {
    if (since) dirty_since_ms_ = std::min(dirty_since_ms_.value_or(*since), *since);
  }
  flushes_.clear();
  if (!dirty_since_ms_) dirty_since_ms_ = clock_.BootMs();
  ++stats_.failures;
  if (stopping_) {
    Finish();
    return;
  }
  Say(RedisState::kDown, fail_reason_.empty() ? Printable(reason) : fail_reason_);
  retry_.expires_after(std::chrono::milliseconds(RetryDelay()));
  retry_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (!error && self && !self->stopping_) self->Connect();
  });
}

// Full jitter: many routers that lost one Redis do not come back in step.
SpanMs RedisPublisher::RetryDelay() {
  const SpanMs max = refused_ ? options_.retry_refused_ms : options_.retry_max_ms;
  const SpanMs cap = std::min(max, options_.retry_first_ms << std::min(failures_in_row_++, 10));
  random_ = Mix64(random_ + 0x9e3779b97f4a7c15ULL);
  const auto span =
      static_cast<std::uint64_t>(std::max<SpanMs>(cap - options_.retry_min_ms, 0)) + 1;
  return options_.retry_min_ms + static_cast<SpanMs>(random_ % span);
}

// One line for each change, not for each attempt.
void RedisPublisher::Say(RedisState state, const std::string& error) {
  const bool changed = stats_.state != state || (!error.empty() && stats_.last_error != error);
  stats_.state = state;
  if (!error.empty()) stats_.last_error = error;
  ShareStatus();
  if (!changed) return;
  if (state == RedisState::kDown) spdlog::warn("redis: down: {}; routing goes on", error);
  if (state == RedisState::kSyncing) spdlog::info("redis: connected, writing the whole state");
  if (state == RedisState::kUp) {
    spdlog::info("redis: up: {} queues, {} agents", known_queues_.size(), known_agents_.size());
  }
}

void RedisPublisher::ShareStatus() {
  stats_.pending_commands = connection_ ? connection_->unanswered() : 0;
  const std::uint64_t head = service_.figures().head.sequence;
  stats_.backlog_records = head > cursor_.sequence ? head - cursor_.sequence : 0;
  std::optional<TimeMs> since = dirty_since_ms_;
  for (const auto& flush : flushes_) {
    if (flush) since = std::min(since.value_or(*flush), *flush);
  }
  const std::lock_guard lock(status_mutex_);
  status_ = stats_;
  unconfirmed_since_ms_ = since;
}

RedisStatus RedisPublisher::status() const {
  const std::lock_guard lock(status_mutex_);
  RedisStatus status = status_;
  if (unconfirmed_since_ms_ && status.state != RedisState::kOff) {
    status.lag_ms = std::max<SpanMs>(clock_.BootMs() - *unconfirmed_since_ms_, 0);
  }
  return status;
}

void RedisPublisher::Stop(std::function<void()> done) {
  on_stopped_ = std::move(done);
  stopping_ = true;
  retry_.cancel();
  if (!serving_) {
    Finish();
    return;
  }
  stop_.expires_after(std::chrono::milliseconds(options_.stop_ms));
  stop_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (!error && self) self->Finish();
  });
  dirty_totals_ = true;
  Flush();
}

void RedisPublisher::Finish() {
  stop_.cancel();
  retry_.cancel();
  flush_.cancel();
  serving_ = false;
  if (watcher_) watcher_->Stop();
  watcher_.reset();
  if (const auto connection = std::exchange(connection_, nullptr)) connection->Close("stopped");
  Say(RedisState::kOff, "");
  if (const auto done = std::exchange(on_stopped_, nullptr)) done();
}

}  // namespace routerd::publish
