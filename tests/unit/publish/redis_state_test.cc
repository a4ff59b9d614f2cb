// What stands in Redis.
#include "tests/unit/publish/redis_fixture.h"

namespace routerd::publish {
namespace {

using core::ContactState;
using core::Presence;
using core::ShownState;
using engine::EventKind;

TEST_F(RedisTest, KeysAreThereAfterTheStart) {
  const RedisServer server;
  Queued("a");
  Agent("ann");
  Start(Options(server));
  TurnUntilCurrent();

  RedisClient redis(server.path());
  auto sales = redis.Hash(QueueKey("sales"));
  EXPECT_EQ(sales["waiting"], "1");
  EXPECT_EQ(sales["oldest_unix_ms"], std::to_string(kStart));
  EXPECT_EQ(sales["agents_ready"], "1");
  EXPECT_EQ(sales["target_ms"], "20000");
  EXPECT_EQ(sales["mode"], "open");
  EXPECT_EQ(sales.count("service_level_ratio"), 0U);
  EXPECT_EQ(redis.Hash(QueueKey("support"))["waiting"], "0");
  EXPECT_EQ(redis.Hash(QueueKey("support")).count("oldest_unix_ms"), 0U);
  EXPECT_EQ(redis.Hash(AgentKey("ann"))["shown_state"], "ready");
  EXPECT_EQ(redis.Hash(kDomain)["contacts_queued"], "1");
  EXPECT_EQ(redis.Hash(kDomain)["agents_ready"], "1");
  auto meta = redis.Hash(kMeta);
  EXPECT_EQ(meta["schema_version"], "1");
  EXPECT_EQ(meta["epoch"], "1");
  EXPECT_EQ(meta["last_sequence"], "2");
  EXPECT_EQ(meta.count("stopped_unix_ms"), 0U);
  TurnUntil([&] { return redis.Hash(kMeta)["first_kept"] == StreamIdOf({1, 1}, 0).Text(); });
}

TEST_F(RedisTest, StateFollowsAndFieldsVanishWithTheirValues) {
  const RedisServer server;
  Queued("a");
  Start(Options(server));
  TurnUntilCurrent();
  auto answered = MakeEvent(EventKind::kContactAnswered,
                            MakeContact("a", "sales", ContactState::kAssigned), 3'000);
  service_->Release({answered});
  TurnUntilCurrent();
  RedisClient redis(server.path());
  auto sales = redis.Hash(QueueKey("sales"));
  EXPECT_EQ(sales["waiting"], "0");
  EXPECT_EQ(sales["assigned"], "1");
  EXPECT_EQ(sales["answered_in_target"], "1");
  EXPECT_EQ(sales["service_level_ratio"], "1.0000");
  EXPECT_EQ(sales.count("oldest_unix_ms"), 0U);
}

TEST_F(RedisTest, TheNextChangeOfAQueuesHoursIsThereWhileThereIsOne) {
  const RedisServer server;
  Start(Options(server));
  const engine::HoursChangeView closes{kStart + 60'000, model::QueueMode::kClosed};
  service_->Release({}, kStart, {{"sales", closes}});
  TurnUntilCurrent();
  RedisClient redis(server.path());
  auto sales = redis.Hash(QueueKey("sales"));
  EXPECT_EQ(sales["hours_change_unix_ms"], std::to_string(kStart + 60'000));
  EXPECT_EQ(sales["hours_change_to"], "closed");
  EXPECT_EQ(redis.Hash(QueueKey("support")).count("hours_change_to"), 0U);
  service_->Release({}, kStart, {{"sales", std::nullopt}});
  TurnUntilCurrent();
  EXPECT_EQ(redis.Hash(QueueKey("sales")).count("hours_change_unix_ms"), 0U);
  EXPECT_EQ(redis.Hash(QueueKey("sales")).count("hours_change_to"), 0U);
}

TEST_F(RedisTest, ChangesNameWhatIsAlreadyThere) {
  const RedisServer server;
  Start(Options(server));
  TurnUntilCurrent();
  RedisClient subscriber(server.path());
  subscriber.Do({"SUBSCRIBE", "routerd:{default}:changes"});
  Agent("ann with spaces");
  TurnUntilCurrent();
  EXPECT_EQ(subscriber.Next().elements.at(2).text, "queue:sales agent:ann%20with%20spaces");
  EXPECT_EQ(subscriber.Next().elements.at(2).text, "domain");
  RedisClient redis(server.path());
  EXPECT_EQ(redis.Hash(AgentKey("ann with spaces"))["shown_state"], "ready");
}

TEST_F(RedisTest, TheStreamHasEveryEventInOrder) {
  const RedisServer server;
  Start(Options(server));
  TurnUntilCurrent();
  Queued("a");
  auto offer =
      MakeEvent(EventKind::kOfferMade, MakeContact("a", "sales", ContactState::kOffered), 1'200);
  offer.agent = "ann";
  offer.offer = {{1, 2}, 0};
  offer.deadline_unix_ms = kStart + 20'000;
  service_->Release({AgentEvent("ann", Presence::kReady, ShownState::kOffered), offer});
  TurnUntilCurrent();

  RedisClient redis(server.path());
  const RedisValue entries = redis.Do({"XRANGE", kEvents, "-", "+"});
  ASSERT_EQ(entries.elements.size(), 3U);
  EXPECT_EQ(entries.elements[0].elements[0].text, std::to_string((1ULL << 40) + 1) + "-0");
  EXPECT_EQ(entries.elements[2].elements[0].text, std::to_string((1ULL << 40) + 2) + "-1");
  EXPECT_EQ(Fields(entries.elements[0])["kind"], "contact_queued");
  EXPECT_EQ(Fields(entries.elements[1])["kind"], "agent_changed");
  auto made = Fields(entries.elements[2]);
  EXPECT_EQ(made["kind"], "offer_made");
  EXPECT_EQ(made["contact"], "a");
  EXPECT_EQ(made["queue"], "sales");
  EXPECT_EQ(made["channel"], "voice");
  EXPECT_EQ(made["agent"], "ann");
  EXPECT_EQ(made["offer"], "1-2-0");
  EXPECT_EQ(made["waited_ms"], "1200");
}

TEST_F(RedisTest, NothingPersonalReachesRedis) {
  const RedisServer server;
  Start(Options(server));
  Queued("a");
  service_->Release({MakeEvent(EventKind::kContactEnded,
                               MakeContact("a", "sales", ContactState::kAbandoned), 1'000)});
  TurnUntilCurrent();
  RedisClient redis(server.path());
  for (const RedisValue& key : redis.Do({"KEYS", "*"}).elements) {
    const std::string value = redis.Do({"DUMP", key.text}).text;
    EXPECT_EQ(value.find("secret"), std::string::npos) << key.text;
    EXPECT_TRUE(key.text.starts_with("routerd:{default}:")) << key.text;
  }
}

TEST_F(RedisTest, KeysOfQueuesAndAgentsThatAreNoMoreAreDeleted) {
  const RedisServer server;
  RedisClient redis(server.path());
  redis.Do({"SADD", "routerd:{default}:agents", "ghost"});
  redis.Do({"HSET", AgentKey("ghost"), "shown_state", "ready"});
  Agent("ann");
  Start(Options(server));
  TurnUntilCurrent();
  EXPECT_TRUE(redis.Hash(AgentKey("ghost")).empty());
  EXPECT_EQ(redis.Do({"SMEMBERS", "routerd:{default}:agents"}).elements.size(), 1U);

  auto model = MakeModel();
  model->queues[1].name.clear();
  service_->SetModel(model);
  engine::Event policy;
  policy.kind = EventKind::kPolicyChanged;
  policy.policy_version = 2;
  service_->Release({policy});
  TurnUntilCurrent();
  EXPECT_TRUE(redis.Hash(QueueKey("support")).empty());
  EXPECT_EQ(redis.Do({"SMEMBERS", "routerd:{default}:queues"}).elements.size(), 1U);
  EXPECT_EQ(redis.Hash(kDomain)["policy_version"], "2");
}

TEST_F(RedisTest, StopWritesTheLastStateAndSaysSo) {
  const RedisServer server;
  Start(Options(server));
  TurnUntilUp();
  for (int i = 0; i < 3'000; ++i) Queued("c" + std::to_string(i));
  boost::asio::post(loop_, [] {});  // after the projection's own
  Stop();
  RedisClient redis(server.path());
  EXPECT_EQ(redis.Hash(QueueKey("sales"))["waiting"], "3000");
  EXPECT_EQ(redis.Do({"XLEN", kEvents}).text, "3000");
  EXPECT_EQ(redis.Hash(kMeta).count("stopped_unix_ms"), 1U);
  EXPECT_EQ(publisher_->status().state, RedisState::kOff);

  StartPublisher(Options(server));
  TurnUntilCurrent();
  EXPECT_EQ(redis.Hash(kMeta).count("stopped_unix_ms"), 0U);
  EXPECT_EQ(redis.Do({"XLEN", kEvents}).text, "3000");
}

TEST_F(RedisTest, ALateStartFindsTheStreamGoneOnWithoutLoss) {
  const RedisServer server;
  Start(Options(server));
  Queued("a");
  TurnUntilCurrent();
  Stop();
  for (int i = 0; i < 100; ++i) Queued("c" + std::to_string(i));
  StartPublisher(Options(server));
  TurnUntilCurrent();
  RedisClient redis(server.path());
  EXPECT_EQ(StreamIds(redis).size(), 101U);
  EXPECT_EQ(publisher_->status().gaps, 0U);
}

TEST_F(RedisTest, OneGapEntrySaysWhatHistoryNoLongerHolds) {
  const RedisServer server;
  service_->history_limit = 10;
  Start(Options(server));
  Queued("a");
  TurnUntilCurrent();
  Stop();
  for (int i = 0; i < 100; ++i) Queued("c" + std::to_string(i));
  StartPublisher(Options(server));
  TurnUntilCurrent();
  RedisClient redis(server.path());
  const RedisValue entries = redis.Do({"XRANGE", kEvents, "-", "+"});
  ASSERT_EQ(entries.elements.size(), 12U);
  auto gap = Fields(entries.elements[1]);
  EXPECT_EQ(gap["kind"], "gap");
  EXPECT_EQ(gap["after_sequence"], "1");
  EXPECT_EQ(gap["first_kept_sequence"], "92");
  EXPECT_EQ(entries.elements[2].elements[0].text, StreamIdOf({1, 92}, 0).Text());
  EXPECT_EQ(publisher_->status().gaps, 1U);
}

TEST_F(RedisTest, ARouterOfALaterEpochIsNotOverwritten) {
  const RedisServer server;
  RedisClient redis(server.path());
  redis.Do({"HSET", kMeta, "epoch", "7", "started_unix_ms", "1"});
  Start(Options(server));
  TurnUntil([&] { return !publisher_->status().last_error.empty(); });
  EXPECT_NE(publisher_->status().last_error.find("of epoch 7, ours is 1"), std::string::npos);
  EXPECT_EQ(publisher_->status().state, RedisState::kDown);
  EXPECT_TRUE(redis.Hash(QueueKey("sales")).empty());
}

TEST_F(RedisTest, AStreamOfALostHistoryStartsAnew) {
  const RedisServer server;
  Start(Options(server));
  for (int i = 0; i < 50; ++i) Queued("c" + std::to_string(i));
  TurnUntilCurrent();
  Stop();
  projection_->Stop();
  service_ = std::make_unique<FakeService>(1);  // the same epoch: its number was lost too
  service_->set_started_unix_ms(kStart + 1);
  Start(Options(server));
  Queued("new");
  TurnUntilCurrent();
  RedisClient redis(server.path());
  EXPECT_EQ(StreamIds(redis), std::vector<std::string>{StreamIdOf({1, 1}, 0).Text()});
}

TEST_F(RedisTest, ARestartedRouterGoesOnInTheSameStream) {
  const RedisServer server;
  Start(Options(server));
  Queued("a");
  TurnUntilCurrent();
  Stop();
  projection_->Stop();
  service_ = std::make_unique<FakeService>(2);
  Start(Options(server));
  TurnUntilUp();
  Queued("b");
  TurnUntilCurrent();
  RedisClient redis(server.path());
  const std::vector<std::string> ids = StreamIds(redis);
  ASSERT_FALSE(ids.empty());
  EXPECT_EQ(ids.front(), StreamIdOf({1, 1}, 0).Text());
  EXPECT_EQ(ids.back(), StreamIdOf({2, 1}, 0).Text());
  EXPECT_EQ(redis.Hash(kMeta)["epoch"], "2");
}

}  // namespace
}  // namespace routerd::publish
