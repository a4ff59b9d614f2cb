// Keeps Redis at the present: latest state as hashes, ids that changed as messages, events as a
// stream. It reads from the projection and from history when Redis has room, and holds nothing that
// could grow while Redis has none.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "routerd/base/clock.h"
#include "routerd/engine/service.h"
#include "routerd/publish/projection.h"
#include "routerd/publish/redis_command.h"
#include "routerd/publish/redis_connection.h"
#include "routerd/publish/redis_keys.h"
#include "routerd/publish/redis_status.h"
#include "routerd/publish/watcher.h"

namespace routerd::publish {

struct RedisOptions {
  RedisAddress address;
  std::string username;  // empty: the default user
  std::string password;  // empty: no AUTH
  RedisConnection::Timeouts timeouts;
  SpanMs flush_every_ms = 50;        // at most one flush of state in so long
  SpanMs retry_min_ms = 20;          // full jitter: a random wait from here to the cap,
  SpanMs retry_first_ms = 100;       // the first cap, doubled with each failure
  SpanMs retry_max_ms = 500;         // up to here
  SpanMs retry_refused_ms = 10'000;  // or here, where it takes a person: password, rights, memory
  SpanMs well_after_ms = 10'000;     // up for so long, the next failure counts as the first
  SpanMs alive_every_ms = 5'000;     // so often `meta` is looked at, and says that we are alive
  SpanMs stop_ms = 2'000;            // Stop gives up on Redis after so long
};

// Start, Stop and everything inside run on the loop's thread; status() on any.
class RedisPublisher : public std::enable_shared_from_this<RedisPublisher> {
 public:
  // What is referred to must outlive the publisher and the loop's handlers.
  static std::shared_ptr<RedisPublisher> Create(boost::asio::io_context& loop,
                                                engine::Service& service, Projection& projection,
                                                const Clock& clock, RedisOptions options);

  // After the projection's first snapshot. The process must ignore SIGPIPE: hiredis writes to
  // sockets that the other side may have closed.
  void Start();
  // Writes what is left, the last state included, says in `meta` that the router has stopped, and
  // calls `done`; within stop_ms, whatever Redis does.
  void Stop(std::function<void()> done);

  [[nodiscard]] RedisStatus status() const;

 private:
  // What the answers stand for, in the order in which the commands went out.
  enum class Expect : std::uint8_t {
    kAuth,
    kSettle,
    kMeta,
    kQueueSet,
    kAgentSet,
    kTopEntry,
    kFirstWrite,
    kWrite,
    kFirstEntry,
    kEvent,
    kFlushed,
    kOwner,
  };

  RedisPublisher(boost::asio::io_context& loop, engine::Service& service, Projection& projection,
                 const Clock& clock, RedisOptions options);

  // redis_publisher.cc: the life of the connection.
  void Connect();
  void OnConnected();
  void OnReply(const redisReply& reply);
  void OnError(Expect expected, const redisReply& reply);
  void StartServing();
  void OnClosed(const std::string& reason);
  void Fail(const std::string& reason, bool refused);
  void Finish();
  void Send(Expect expect, const RedisCommand& command);
  void Say(RedisState state, const std::string& error);
  void ShareStatus();
  [[nodiscard]] SpanMs RetryDelay();

  // redis_greeting.cc: what is there, and whose it is.
  void Settle();
  void AskWhatIsThere();
  void AskForOwner(Expect expect);
  void OnGreeting(Expect expected, const redisReply& reply);
  void OnMeta(const redisReply& reply);
  void OnTopEntry(const redisReply& reply);
  void ArmAlive();
  void OnOwner(const redisReply& reply);
  [[nodiscard]] std::string ThereIsAnother(std::int64_t epoch, std::string_view what) const;

  // redis_flush.cc: what is written.
  void OnChanges();
  void ArmFlush();
  void Flush();
  void TakeChanges();
  void MarkAllDirty();
  void WriteState();
  void WriteQueue(const std::string& id);
  void WriteAgent(const std::string& id);
  void WriteHash(const HashWrite& write);
  void WriteTotals();
  void Forget(const std::string& key, const std::string& index, const std::string& id);
  void WriteEvents();
  void WriteGap(Position first_kept);
  void WriteBatch(const engine::EventBatch& batch);
  void OnFlushed();
  void OnFirstEntry(const redisReply& reply);
  void GoOn();
  void CheckStopped();
  [[nodiscard]] bool Room(std::size_t commands) const;

  boost::asio::io_context& loop_;
  engine::Service& service_;
  Projection& projection_;
  const Clock& clock_;
  const RedisOptions options_;
  const RedisKeys keys_;

  std::shared_ptr<Watcher> watcher_;
  std::shared_ptr<RedisConnection> connection_;
  std::deque<Expect> expected_;
  boost::asio::steady_timer retry_;
  boost::asio::steady_timer flush_;
  boost::asio::steady_timer alive_;
  boost::asio::steady_timer stop_;
  std::function<void()> on_stopped_;
  std::uint64_t random_;
  std::uint64_t attempts_ = 0;
  int failures_in_row_ = 0;
  bool refused_ = false;               // the last failure needs a person
  std::string fail_reason_;            // why we close the connection, if it is us
  std::string told_down_;              // the reason that stands in the log; empty since it was up
  std::optional<TimeMs> up_since_ms_;  // boot time
  std::size_t settle_left_ = 0;
  std::size_t abandoned_bytes_ = 0;  // sent on the last connection, never answered
  bool serving_ = false;
  bool flush_armed_ = false;
  bool stopping_ = false;
  bool stop_said_ = false;
  TimeMs last_flush_ms_ = 0;  // boot time

  // What Redis has to be told.
  std::set<std::string> dirty_queues_;
  std::set<std::string> dirty_agents_;
  bool dirty_totals_ = false;
  bool more_events_ = false;            // history has more than there was room for
  std::set<std::string> known_queues_;  // ids that have keys in Redis
  std::set<std::string> known_agents_;
  std::optional<TimeMs> dirty_since_ms_;       // boot time of the oldest change not yet sent
  std::deque<std::optional<TimeMs>> flushes_;  // the same, of flushes sent and not confirmed
  Position cursor_;                            // events up to here have been sent
  std::optional<StreamId> top_;  // newest entry that was there when the connection began
  std::string first_kept_;       // oldest entry, as Redis says
  bool other_history_ = false;   // what the stream holds is not of this history
  bool took_over_ = false;       // from a router that may still be there
  int beats_to_rewrite_ = 0;     // looks at `meta` until everything is written again; 0: it is not

  RedisStatus stats_;  // the loop's; ShareStatus copies it
  mutable std::mutex status_mutex_;
  RedisStatus status_;
  std::optional<TimeMs> unconfirmed_since_ms_;  // boot time
};

}  // namespace routerd::publish
