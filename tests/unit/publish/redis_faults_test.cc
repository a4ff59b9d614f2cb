// Redis absent, killed, asleep, full, locked: routing is untouched, and afterwards all is right.
#include <netdb.h>
#include <signal.h>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <boost/asio/ip/tcp.hpp>
#include <sstream>

#include "tests/unit/publish/redis_fixture.h"

namespace routerd::publish {
namespace {

using core::ShownState;

TEST_F(RedisTest, AnAbsentRedisIsToldAndFoundWhenItComes) {
  RedisServer server;
  server.Kill();
  Start(Options(server));
  TurnUntil([&] { return publisher_->status().failures > 0; });
  EXPECT_EQ(publisher_->status().state, RedisState::kDown);
  EXPECT_FALSE(publisher_->status().last_error.empty());
  Queued("a");
  TurnUntilProjected();
  server.Start();
  TurnUntilCurrent();
  RedisClient redis(server.path());
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], "1");
}

TEST_F(RedisTest, KilledUnderLoadItIsRightAgainWithEveryEvent) {
  RedisServer server;
  Start(Options(server));
  TurnUntilUp();
  constexpr int kContacts = 20'000;
  for (int i = 0; i < kContacts; ++i) {
    Queued("c" + std::to_string(i));
    Agent("agent" + std::to_string(i % 100),
          i % 2 == 0 ? ShownState::kReady : ShownState::kOnContact);
    if (i % 100 == 0) loop_.poll();
    if (i == kContacts / 2) server.Kill();
  }
  TurnUntilProjected();
  TurnUntil([&] { return publisher_->status().state == RedisState::kDown; });
  EXPECT_EQ(projection_->figures().resyncs, 0U);

  server.Start();
  TurnUntilCurrent();
  RedisClient redis(server.path());
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], std::to_string(kContacts));
  EXPECT_EQ(redis.Hash(kDomain)["agents_on_contact"], "50");
  EXPECT_EQ(redis.Hash(AgentKey("agent99"))["shown_state"], "on_contact");
  EXPECT_EQ(redis.Do({"XLEN", kEvents}).text, std::to_string(2 * kContacts));
  EXPECT_EQ(publisher_->status().gaps, 0U);
}

TEST_F(RedisTest, ADroppedConnectionLosesAndDoublesNothing) {
  const RedisServer server;
  Start(Options(server));
  TurnUntilUp();
  RedisClient redis(server.path());
  for (int i = 0; i < 5'000; ++i) {
    Queued("c" + std::to_string(i));
    if (i % 10 == 0) loop_.poll();
    if (i % 1'000 == 0) redis.Do({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"});
  }
  TurnUntilCurrent();
  EXPECT_EQ(redis.Do({"XLEN", kEvents}).text, "5000");
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], "5000");
  EXPECT_GT(publisher_->status().failures, 0U);
}

TEST_F(RedisTest, AsleepItIsGivenUpAndItsBacklogCannotUndoWhatCameAfter) {
  RedisServer server;
  RedisOptions options = Options(server);
  options.timeouts.answer_ms = 200;
  options.timeouts.connect_ms = 200;
  Start(options);
  TurnUntilUp();
  server.Signal(SIGSTOP);
  for (int i = 0; i < 20'000; ++i) {
    Queued("c" + std::to_string(i));
    Agent("ann", i % 2 == 0 ? ShownState::kReady : ShownState::kOnContact);
    if (i % 100 == 0) loop_.poll();
  }
  TurnUntilProjected();
  TurnUntil([&] { return publisher_->status().failures > 2; });
  EXPECT_GT(publisher_->status().lag_ms, 0);
  server.Signal(SIGCONT);
  TurnUntilCurrent();
  RedisClient redis(server.path());
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], "20000");
  EXPECT_EQ(redis.Hash(AgentKey("ann"))["shown_state"], "on_contact");
  EXPECT_EQ(redis.Do({"XLEN", kEvents}).text, "40000");
}

TEST_F(RedisTest, AsleepForAWhileItGoesOnWithoutAReconnect) {
  RedisServer server;
  Start(Options(server));
  TurnUntilCurrent();
  server.Signal(SIGSTOP);
  for (int i = 0; i < 1'000; ++i) Queued("c" + std::to_string(i));
  TurnUntilProjected();
  TurnUntil([&] { return publisher_->status().pending_commands > 0; });
  server.Signal(SIGCONT);
  TurnUntilCurrent();
  EXPECT_EQ(publisher_->status().connects, 1U);
  RedisClient redis(server.path());
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], "1000");
}

TEST_F(RedisTest, StopDoesNotWaitForARedisThatSleeps) {
  RedisServer server;
  RedisOptions options = Options(server);
  options.stop_ms = 20;
  Start(options);
  TurnUntilUp();
  server.Signal(SIGSTOP);
  Queued("a");
  Stop();
  EXPECT_EQ(publisher_->status().state, RedisState::kOff);
}

TEST_F(RedisTest, AFullRedisIsToldAndFilledWhenThereIsRoom) {
  const RedisServer server;
  RedisClient redis(server.path());
  redis.Do({"CONFIG", "SET", "maxmemory", "1"});
  RedisOptions options = Options(server);
  options.retry_refused_ms = 100;
  Start(options);
  TurnUntil([&] { return publisher_->status().last_error.starts_with("OOM"); });
  Queued("a");
  TurnUntilProjected();
  EXPECT_EQ(publisher_->status().state, RedisState::kDown);
  redis.Do({"CONFIG", "SET", "maxmemory", "0"});
  TurnUntilCurrent();
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], "1");
  EXPECT_EQ(redis.Do({"XLEN", kEvents}).text, "1");
}

// What is logged while it lives, instead of being printed.
class Log {
 public:
  Log() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_)));
  }
  ~Log() { spdlog::set_default_logger(before_); }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // Lines with this in them.
  [[nodiscard]] int Count(const std::string& what) const {
    int count = 0;
    std::istringstream lines(text_.str());
    for (std::string line; std::getline(lines, line);) {
      if (line.find(what) != std::string::npos) ++count;
    }
    return count;
  }

 private:
  const std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::ostringstream text_;
};

// There is room for the first write of a connection, and none for the rest.
TEST_F(RedisTest, NearlyFullIsToldOnceAndNotWithEachAttempt) {
  const Log log;
  const RedisServer server;
  RedisClient redis(server.path());
  RedisOptions options = Options(server);
  options.retry_refused_ms = 50;
  Start(options);
  for (int i = 0; i < 5; ++i) {
    // The commands of the first flush lie ready, but have not been sent yet.
    TurnUntil([&] { return publisher_->status().state == RedisState::kSyncing; });
    redis.Do({"CONFIG", "SET", "maxmemory", "1"});
    TurnUntil([&] { return publisher_->status().state == RedisState::kDown; });
    redis.Do({"CONFIG", "SET", "maxmemory", "0"});
  }
  TurnUntilUp();
  EXPECT_EQ(publisher_->status().failures, 5U);
  EXPECT_EQ(log.Count("redis: down: OOM"), 1);
  EXPECT_EQ(log.Count("redis: connected"), 1);
  EXPECT_EQ(log.Count("redis: up"), 1);
}

TEST_F(RedisTest, FullInTheMidstOfItLosesNothing) {
  const RedisServer server;
  RedisClient redis(server.path());
  RedisOptions options = Options(server);
  options.retry_refused_ms = 100;
  Start(options);
  TurnUntilCurrent();
  redis.Do({"CONFIG", "SET", "maxmemory", "1"});
  for (int i = 0; i < 100; ++i) Queued("c" + std::to_string(i));
  TurnUntil([&] { return publisher_->status().state == RedisState::kDown; });
  redis.Do({"CONFIG", "SET", "maxmemory", "0"});
  TurnUntilCurrent();
  EXPECT_EQ(redis.Do({"XLEN", kEvents}).text, "100");
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], "100");
}

TEST_F(RedisTest, AWrongPasswordIsToldUntilItIsRight) {
  const RedisServer server;
  RedisClient redis(server.path());
  redis.Do({"ACL", "SETUSER", "routerd", "on", ">right", "~routerd:*", "&routerd:*", "+@all"});
  RedisOptions options = Options(server);
  options.username = "routerd";
  options.password = "wrong";
  options.retry_refused_ms = 50;
  Start(options);
  TurnUntil([&] { return publisher_->status().failures > 1; });
  EXPECT_TRUE(publisher_->status().last_error.starts_with("WRONGPASS"));
  EXPECT_EQ(publisher_->status().last_error.find("wrong"), std::string::npos);
  redis.Do({"ACL", "SETUSER", "routerd", ">wrong"});
  TurnUntilCurrent();
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], "0");
}

// The list in publish/README.md: no more commands are needed, on no other keys and channels.
TEST_F(RedisTest, TheDocumentedRightsAreEnough) {
  const RedisServer server;
  RedisClient redis(server.path());
  redis.Do({"ACL",        "SETUSER",       "routerd",    "on",      ">right", "resetkeys",
            "~routerd:*", "resetchannels", "&routerd:*", "-@all",   "+ping",  "+hset",
            "+hdel",      "+hmget",        "+del",       "+sadd",   "+srem",  "+smembers",
            "+xadd",      "+xrange",       "+xrevrange", "+publish"});
  redis.Do({"SADD", "routerd:{default}:agents", "ghost"});
  RedisOptions options = Options(server);
  options.username = "routerd";
  options.password = "right";
  Queued("a");
  Agent("ann");
  Start(options);
  TurnUntilCurrent();
  redis.Do({"CLIENT", "KILL", "USER", "routerd"});
  Queued("b");
  TurnUntil([&] { return publisher_->status().failures == 1; });
  TurnUntilCurrent();
  Stop();
  EXPECT_EQ(publisher_->status().failures, 1U) << publisher_->status().last_error;
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], "2");
}

TEST_F(RedisTest, AKeyOfAnotherTypeInItsPlaceIsToldAndLeftAlone) {
  const RedisServer server;
  RedisClient redis(server.path());
  redis.Do({"SET", kMeta, "mine"});
  Start(Options(server));
  TurnUntil([&] { return publisher_->status().last_error.starts_with("WRONGTYPE"); });
  EXPECT_EQ(redis.Do({"GET", kMeta}).text, "mine");
}

TEST_F(RedisTest, AHostNameIsLookedUpWithoutStoppingTheLoop) {
  addrinfo* found = nullptr;
  const int error = getaddrinfo("localhost", nullptr, nullptr, &found);
  if (error != 0) GTEST_SKIP() << "this machine does not know localhost: " << gai_strerror(error);
  freeaddrinfo(found);
  // Bound and not listened on, the port stays free for the server and for nobody else.
  boost::asio::ip::tcp::acceptor holder(loop_, boost::asio::ip::tcp::v4());
  holder.set_option(boost::asio::ip::tcp::acceptor::reuse_address(true));
  holder.bind({boost::asio::ip::make_address("127.0.0.1"), 0});
  const std::uint16_t port = holder.local_endpoint().port();
  const RedisServer server({"--bind", "127.0.0.1", "--port", std::to_string(port)});
  RedisOptions options;
  options.address.host = "localhost";
  options.address.port = port;
  Start(options);
  TurnUntilCurrent();
  RedisClient redis(server.path());
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], "0");
}

}  // namespace
}  // namespace routerd::publish
