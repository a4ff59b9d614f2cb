#include "routerd/publish/redis_keys.h"

#include <gtest/gtest.h>

#include "routerd/publish/json.h"
#include "tests/unit/publish/centre.h"

namespace routerd::publish {
namespace {

using engine::EventKind;

TEST(RedisCommandTest, EncodesEveryArgumentWithItsLength) {
  RedisCommand command("HSET");
  command.Add("a key").Field("f", 12).Text("empty", "").Add(std::string_view("\r\n\0", 3));
  EXPECT_EQ(command.arguments(), 5U);
  EXPECT_EQ(command.Encoded(), std::string("*5\r\n$4\r\nHSET\r\n$5\r\na key\r\n$1\r\nf\r\n$2\r\n12"
                                           "\r\n$3\r\n\r\n\0\r\n",
                                           49));
}

TEST(JsonWriterTest, SeparatesAndEscapes) {
  JsonWriter json;
  json.Open('[').Open('{').Key("a\"b").Number(1).Key("c").String("x\ny\\").Close('}');
  json.Open('{').Close('}').Number(2).Close(']');
  EXPECT_EQ(json.Take(), R"([{"a\"b":1,"c":"x\u000ay\\"},{},2])");
}

TEST(RedisKeysTest, KeysOfADomainShareAHashTag) {
  const RedisKeys keys("north");
  EXPECT_EQ(keys.Queue("sales"), "routerd:{north}:queue:sales");
  EXPECT_EQ(keys.Agent("ann"), "routerd:{north}:agent:ann");
  EXPECT_EQ(keys.events, "routerd:{north}:events");
}

TEST(RedisKeysTest, StreamIdsGrowWithEpochSequenceAndIndex) {
  const StreamId id = StreamIdOf({2, 5}, 7);
  EXPECT_EQ(id.Text(), std::to_string(2 * (1ULL << 40) + 5) + "-7");
  EXPECT_EQ(id.position(), (Position{2, 5}));
  EXPECT_EQ(ParseStreamId(id.Text()), id);
  EXPECT_LT(StreamIdOf({1, (1ULL << 40) - 1}, 999), StreamIdOf({2, 0}, 0));
  EXPECT_LT(StreamIdOf({2, 5}, 7), StreamIdOf({2, 6}, 0));
  EXPECT_EQ(StreamIdOf({kMaxStreamEpoch, 1}, 0).position().epoch, kMaxStreamEpoch);
  for (const char* bad : {"", "1", "1-", "-1", "a-1", "1-1x"}) {
    EXPECT_FALSE(ParseStreamId(bad).has_value()) << bad;
  }
}

TEST(RedisKeysTest, IdsInMessagesHaveNoSpaces) {
  EXPECT_EQ(EncodedId("ann"), "ann");
  EXPECT_EQ(EncodedId("a b%\n"), "a%20b%25%0A");
  EXPECT_EQ(EncodedId("zoë"), "zoë");
}

TEST(RedisKeysTest, AnAgentsHashListsHisWorkAndNoEndpoint) {
  engine::AgentView agent;
  agent.id = "ann";
  agent.presence = core::Presence::kNotReady;
  agent.shown = core::ShownState::kOnContact;
  agent.reason = "lunch";
  agent.skills = {{"english", 7}};
  agent.ready_channels = {"voice", "chat"};
  engine::ItemView item;
  item.contact = "c1";
  item.channel = "voice";
  item.queue = "sales";
  item.state = core::ItemState::kOnContact;
  item.units = 100;
  item.since_unix_ms = kStart;
  agent.items.push_back(item);
  const HashWrite write = AgentHash(RedisKeys("default"), {1, 2}, agent);
  const std::string set = write.set.Encoded();
  EXPECT_NE(set.find(R"({"english":7})"), std::string::npos);
  EXPECT_NE(set.find(R"(["voice","chat"])"), std::string::npos);
  EXPECT_NE(set.find(R"([{"contact":"c1","channel":"voice","queue":"sales","state":"on_contact",)"
                     R"("units":100,"since_unix_ms":1800000000000}])"),
            std::string::npos);
  EXPECT_NE(set.find("lunch"), std::string::npos);
  // What has no value is deleted: a reader must not see yesterday's.
  EXPECT_NE(write.unset.Encoded().find("pending_presence"), std::string::npos);
}

TEST(RedisKeysTest, EveryEventKindButTheGatewaysOwnHasAName) {
  std::size_t unnamed = 0;
  for (int kind = 0; kind <= static_cast<int>(EventKind::kContactUnstuck); ++kind) {
    if (Name(static_cast<EventKind>(kind)).empty()) ++unnamed;
  }
  EXPECT_EQ(unnamed, 1U);
  EXPECT_TRUE(Name(EventKind::kContactReleased).empty());
}

TEST(RedisKeysTest, AStepsEntryTellsWhichAndStuckWhether) {
  const auto contact = MakeContact("c1", "sales", core::ContactState::kQueued);
  auto event = MakeEvent(EventKind::kContactStepOpened, contact);
  event.step = 3;
  const RedisKeys keys("default");
  const auto has = [&](const std::string& field, const std::string& value) {
    const std::string entry = EventEntry(keys, event).Encoded();
    const std::size_t at = entry.find("\r\n" + field + "\r\n");
    return at != std::string::npos && entry.find("\r\n" + value + "\r\n", at) != std::string::npos;
  };
  EXPECT_TRUE(has("kind", "contact_step_opened"));
  EXPECT_TRUE(has("step", "3"));
  event.kind = EventKind::kContactStuck;
  EXPECT_TRUE(has("stuck", "1"));
  event.kind = EventKind::kContactUnstuck;
  EXPECT_TRUE(has("kind", "contact_stuck"));
  EXPECT_TRUE(has("stuck", "0"));
}

TEST(RedisKeysTest, AnEndedContactsEntryTellsHowAndWhy) {
  auto event = MakeEvent(EventKind::kContactEnded,
                         MakeContact("c1", "sales", core::ContactState::kAbandoned), 7'000);
  event.reason = core::EndReason::kCustomerLeft;
  event.actor = "supervisor-name";
  const std::string entry = EventEntry(RedisKeys("default"), event).Encoded();
  for (const char* word : {"contact_ended", "c1", "sales", "abandoned", "customer_left", "7000"}) {
    EXPECT_NE(entry.find(word), std::string::npos) << word;
  }
  for (const char* word : {"secret-key", "secret-attribute", "supervisor-name"}) {
    EXPECT_EQ(entry.find(word), std::string::npos) << word;
  }
}

}  // namespace
}  // namespace routerd::publish
