// Redis absent, killed, asleep, full, locked: routing is untouched, and afterwards all is right.
#include <signal.h>

#include <boost/asio/ip/tcp.hpp>

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
  Start(Options(server));
  TurnUntil([&] { return publisher_->status().last_error.starts_with("OOM"); });
  Queued("a");
  TurnUntilProjected();
  EXPECT_EQ(publisher_->status().state, RedisState::kDown);
  redis.Do({"CONFIG", "SET", "maxmemory", "0"});
  TurnUntilCurrent();
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], "1");
  EXPECT_EQ(redis.Do({"XLEN", kEvents}).text, "1");
}

TEST_F(RedisTest, FullInTheMidstOfItLosesNothing) {
  const RedisServer server;
  RedisClient redis(server.path());
  Start(Options(server));
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
  boost::asio::ip::tcp::acceptor holder(loop_, {boost::asio::ip::make_address("127.0.0.1"), 0});
  const std::uint16_t port = holder.local_endpoint().port();
  holder.close();
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
