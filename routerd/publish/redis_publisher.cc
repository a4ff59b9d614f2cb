#include "routerd/publish/redis_publisher.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "routerd/base/hash.h"

namespace routerd::publish {
namespace {

// Who takes a domain over writes everything once more after so many looks at `meta`: by then the
// one before has looked there, too, and what it wrote over ours until then is put right.
constexpr int kBeatsToRewrite = 2;

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
      alive_(loop),
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
    case Expect::kOwner:
      OnOwner(reply);
      break;
    default:
      OnGreeting(expected, reply);
      return;
  }
  GoOn();
  // What the last flush shared may have counted commands that were on their way beside it.
  if (expected_.empty()) ShareStatus();
}

void RedisPublisher::OnError(Expect expected, const redisReply& reply) {
  const std::string_view error(reply.str, reply.len);
  if (expected == Expect::kEvent && error.find("equal or smaller") != std::string_view::npos) {
    // The next connection looks who it is, and goes on after the newest entry if it is nobody.
    Fail("another router writes " + keys_.events, false);
    return;
  }
  // Whatever was refused is written again, with all the rest, by the next connection.
  Fail(Printable(error), NeedsPerson(error) || error.starts_with("OOM"));
}

void RedisPublisher::StartServing() {
  serving_ = true;
  ++stats_.connects;
  Send(Expect::kWrite, RedisCommand("HDEL").Add(keys_.meta).Add("stopped_unix_ms"));
  beats_to_rewrite_ = took_over_ ? kBeatsToRewrite : 0;
  MarkAllDirty();
  Say(RedisState::kSyncing, "");
  Flush();
  ArmAlive();
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
  alive_.cancel();
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

// Full jitter: many routers that lost one Redis do not come back in step. One that takes a little
// and then refuses is not well again: only a while of being up makes a new start of it.
SpanMs RedisPublisher::RetryDelay() {
  const auto up = std::exchange(up_since_ms_, std::nullopt);
  if (up && clock_.BootMs() - *up >= options_.well_after_ms) failures_in_row_ = 0;
  const SpanMs max = refused_ ? options_.retry_refused_ms : options_.retry_max_ms;
  const SpanMs cap = std::min(max, options_.retry_first_ms << std::min(failures_in_row_++, 10));
  random_ = Mix64(random_ + 0x9e3779b97f4a7c15ULL);
  const auto span =
      static_cast<std::uint64_t>(std::max<SpanMs>(cap - options_.retry_min_ms, 0)) + 1;
  return options_.retry_min_ms + static_cast<SpanMs>(random_ % span);
}

// One line for each change, not for each attempt: a reason is told once until it is up again.
void RedisPublisher::Say(RedisState state, const std::string& error) {
  const bool changed = stats_.state != state;
  stats_.state = state;
  if (!error.empty()) stats_.last_error = error;
  ShareStatus();
  if (state == RedisState::kDown) {
    if (told_down_ != error) spdlog::warn("redis: down: {}; routing goes on", error);
    told_down_ = error;
  } else if (state == RedisState::kSyncing && told_down_.empty()) {
    spdlog::info("redis: connected, writing the whole state");
  } else if (state == RedisState::kUp && changed) {
    spdlog::info("redis: up: {} queues, {} agents", known_queues_.size(), known_agents_.size());
    told_down_.clear();
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
  alive_.cancel();
  serving_ = false;
  if (watcher_) watcher_->Stop();
  watcher_.reset();
  if (const auto connection = std::exchange(connection_, nullptr)) connection->Close("stopped");
  Say(RedisState::kOff, "");
  if (const auto done = std::exchange(on_stopped_, nullptr)) done();
}

}  // namespace routerd::publish
