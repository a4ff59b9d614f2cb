// Two routers that were told of the same Redis and the same domain: one of them writes, the other
// says why it does not.
#include "tests/unit/publish/redis_fixture.h"

namespace routerd::publish {
namespace {

constexpr SpanMs kOften = 20;

// A second router, on the same loop.
class OtherRouterTest : public RedisTest {
 protected:
  RedisOptions Attentive(const RedisServer& server) const {
    RedisOptions options = Options(server);
    options.alive_every_ms = kOften;
    options.retry_refused_ms = 100;
    return options;
  }
  void StartOther(std::uint32_t epoch, TimeMs started_unix_ms, RedisOptions options) {
    other_service_ = std::make_unique<FakeService>(epoch);
    other_service_->set_started_unix_ms(started_unix_ms);
    other_projection_ = Projection::Create(
        *other_service_, [this](auto function) { boost::asio::post(loop_, std::move(function)); });
    other_projection_->Start([] {});
    TurnUntil([&] { return other_projection_->ready(); });
    other_ = RedisPublisher::Create(loop_, *other_service_, *other_projection_, clock_,
                                    std::move(options));
    other_->Start();
  }
  void OtherQueued(const std::string& id) {
    other_service_->Release({MakeEvent(engine::EventKind::kContactQueued,
                                       MakeContact(id, "sales", core::ContactState::kQueued))});
  }
  void TurnUntilOtherIsCurrent() {
    TurnUntil([&] {
      const RedisStatus status = other_->status();
      return status.state == RedisState::kUp && status.lag_ms == 0 &&
             status.pending_commands == 0 && status.backlog_records == 0 &&
             other_projection_->position() == other_service_->figures().head;
    });
  }
  // Until the first says why it does not write.
  void TurnUntilRefused(const RedisPublisher& publisher, const std::string& why) {
    TurnUntil([&] { return publisher.status().last_error.find(why) != std::string::npos; });
    EXPECT_EQ(publisher.status().state, RedisState::kDown);
  }

  std::unique_ptr<FakeService> other_service_;
  std::shared_ptr<Projection> other_projection_;
  std::shared_ptr<RedisPublisher> other_;
};

TEST_F(OtherRouterTest, OneOfAGreaterEpochTakesOverAndNoEventIsTakenForWritten) {
  const RedisServer server;
  RedisOptions options = Options(server);
  options.retry_refused_ms = 100;
  Start(options);  // looks at `meta` every 5 s: it is the stream that tells it here
  Queued("a");
  TurnUntilCurrent();
  StartOther(2, kStart + 1, Options(server));
  OtherQueued("b");
  TurnUntilOtherIsCurrent();
  const std::uint64_t confirmed = publisher_->status().events;
  Queued("c");
  TurnUntilRefused(*publisher_, "of epoch 2, ours is 1");
  EXPECT_EQ(publisher_->status().events, confirmed);
  RedisClient redis(server.path());
  EXPECT_EQ(StreamIds(redis),
            (std::vector<std::string>{StreamIdOf({1, 1}, 0).Text(), StreamIdOf({2, 1}, 0).Text()}));
  EXPECT_EQ(redis.Hash(kMeta)["epoch"], "2");
}

TEST_F(OtherRouterTest, OneThatHasNothingToSayNoticesToo) {
  const RedisServer server;
  Start(Attentive(server));
  TurnUntilCurrent();
  StartOther(2, kStart + 1, Options(server));
  TurnUntilOtherIsCurrent();
  TurnUntilRefused(*publisher_, "of epoch 2, ours is 1");
}

TEST_F(OtherRouterTest, WhatTheOneBeforeWroteOverItIsPutRight) {
  const RedisServer server;
  Start(Options(server));
  TurnUntilCurrent();
  StartOther(2, kStart + 1, Attentive(server));
  OtherQueued("a");
  TurnUntilOtherIsCurrent();
  RedisClient redis(server.path());
  redis.Do({"HSET", QueueKey("sales"), "waiting", "77", "epoch", "1"});  // as the first would
  TurnUntil([&] { return redis.Hash(QueueKey("sales"))["waiting"] == "1"; });
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["epoch"], "2");
}

TEST_F(OtherRouterTest, OfTheSameEpochTheSecondWritesNothingAndDeletesNothing) {
  const RedisServer server;
  Start(Attentive(server));
  Queued("a");
  TurnUntilCurrent();
  StartOther(1, kStart + 1, Attentive(server));
  OtherQueued("b");
  OtherQueued("c");
  TurnUntilRefused(*other_, "delete " + std::string(kMeta) + " and " + kEvents);
  TurnUntil([&] { return other_->status().failures > 2; });
  Queued("d");
  TurnUntilCurrent();
  RedisClient redis(server.path());
  EXPECT_EQ(StreamIds(redis),
            (std::vector<std::string>{StreamIdOf({1, 1}, 0).Text(), StreamIdOf({1, 2}, 0).Text()}));
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], "2");
  EXPECT_EQ(publisher_->status().failures, 0U);

  // It is gone for good, and a person says so.
  publisher_.reset();
  redis.Do({"DEL", kMeta, kEvents});
  TurnUntilOtherIsCurrent();
  EXPECT_EQ(StreamIds(redis).size(), 2U);
}

// Looks at `meta` are on their way beside the writes, and are answered after them.
TEST_F(OtherRouterTest, OnesOwnLooksAreNotTakenForCommandsThatPend) {
  const RedisServer server;
  RedisOptions options = Options(server);
  options.alive_every_ms = 1;
  Start(options);
  for (int i = 0; i < 100; ++i) {
    Queued("c" + std::to_string(i));
    TurnUntilCurrent();
  }
  EXPECT_EQ(publisher_->status().failures, 0U);
}

TEST_F(OtherRouterTest, OneThatWasStoppedInOrderIsFollowed) {
  const RedisServer server;
  Start(Options(server));
  Queued("a");
  TurnUntilCurrent();
  Stop();
  StartOther(1, kStart + 1, Options(server));
  OtherQueued("b");
  TurnUntilOtherIsCurrent();
  RedisClient redis(server.path());
  EXPECT_EQ(StreamIds(redis).size(), 1U) << "the stream starts anew";
}

TEST_F(OtherRouterTest, AnEmptiedRedisIsFilledAgain) {
  const RedisServer server;
  Start(Attentive(server));
  Queued("a");
  TurnUntilCurrent();
  RedisClient redis(server.path());
  redis.Do({"FLUSHALL"});
  TurnUntil([&] { return redis.Hash(QueueKey("sales"))["waiting"] == "1"; });
  TurnUntilCurrent();
  EXPECT_EQ(StreamIds(redis).size(), 1U);
  EXPECT_EQ(publisher_->status().failures, 1U);
}

TEST_F(OtherRouterTest, AQuietRouterSaysThatItIsAlive) {
  const RedisServer server;
  Start(Attentive(server));
  TurnUntilCurrent();
  RedisClient redis(server.path());
  const std::string first = redis.Hash(kMeta)["alive_unix_ms"];
  const std::string shown = redis.Hash(kMeta)["last_unix_ms"];
  ASSERT_NE(first, "");
  TurnUntil([&] { return redis.Hash(kMeta)["alive_unix_ms"] > first; });
  EXPECT_EQ(redis.Hash(kMeta)["last_unix_ms"], shown);
}

}  // namespace
}  // namespace routerd::publish
