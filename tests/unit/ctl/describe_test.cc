#include "routerd/ctl/describe.h"

#include <gtest/gtest.h>

#include "routerd/ctl/board.h"
#include "routerd/ctl/event_line.h"
#include "routerd/ctl/json.h"
#include "routerd/ctl/tables.h"
#include "routerd/ctl/words.h"

namespace routerd::ctl {
namespace {

TEST(Words, AreTheEnumerationsNamesInLowerCase) {
  EXPECT_EQ(Word(v1::CONTACT_STATE_WRAP_UP), "wrap_up");
  EXPECT_EQ(Word(v1::CONTACT_STATE_UNSPECIFIED), "");
  EXPECT_EQ(Word(static_cast<v1::ContactState>(999)), "999");
  EXPECT_EQ(Value<v1::QueueMode>("emergency"), v1::QUEUE_MODE_EMERGENCY);
  EXPECT_EQ(Words<v1::QueueMode>(), (std::vector<std::string>{"open", "closed", "emergency"}));
}

v1::Contact SomeContact() {
  v1::Contact contact;
  contact.set_id("C1");
  contact.set_state(v1::CONTACT_STATE_QUEUED);
  contact.mutable_arrive_time()->set_seconds(1'772'366'400);
  auto* const skill = contact.add_skills();
  skill->set_skill("english");
  skill->set_min_level(5);
  return contact;
}

TEST(Describe, ShowsWhatIsSetInPeoplesForms) {
  const auto fields = Describe(SomeContact(), 1'772'366'465'000);
  const std::string text = Inline(fields);
  EXPECT_NE(text.find("id=C1"), std::string::npos) << text;
  EXPECT_NE(text.find("state=queued"), std::string::npos) << text;
  EXPECT_NE(text.find("arrive_time=\"2026-03-01T12:00:00.000Z (1m05s ago)\""), std::string::npos)
      << text;
  EXPECT_NE(text.find("skills=english:5"), std::string::npos) << text;
  EXPECT_NE(text.find("live=no"), std::string::npos) << text;
  EXPECT_EQ(text.find("agent_id"), std::string::npos) << text;
}

TEST(Describe, StableFormHasNoAges) {
  EXPECT_NE(Inline(DescribeStable(SomeContact())).find("arrive_time=2026-03-01T12:00:00.000Z "),
            std::string::npos);
}

TEST(EventLine, HasTimePositionKindAndFields) {
  v1::Event event;
  event.mutable_position()->set_epoch(1);
  event.mutable_position()->set_sequence(4711);
  event.set_index(2);
  event.set_at_unix_ms(1'772'366'405'250);
  event.set_actor("anna b");
  event.mutable_queue_mode_changed()->set_queue("sales");
  event.mutable_queue_mode_changed()->set_mode(v1::QUEUE_MODE_CLOSED);
  EXPECT_EQ(EventLine(event),
            "2026-03-01T12:00:05.250Z  1-4711.2  queue_mode_changed  queue=sales mode=closed "
            "overridden=no actor=\"anna b\"");
}

TEST(EventLine, OfAnEventThatWeAreTooOldToKnow) {
  EXPECT_EQ(EventLine(v1::Event()), "1970-01-01T00:00:00.000Z  0-0.0  unknown");
}

TEST(Json, HasTheNamesOfTheProtoFilesAndDefaults) {
  v1::Position position;
  position.set_epoch(3);
  EXPECT_EQ(ToJson(position, JsonForm::kLine), "{\"epoch\":\"3\",\"sequence\":\"0\"}\n");
  EXPECT_EQ(ToJson(position, JsonForm::kIndented),
            "{\n \"epoch\": \"3\",\n \"sequence\": \"0\"\n}\n");
  EXPECT_EQ(JsonQuoted("a\"b\n"), "\"a\\\"b\\n\"");
  EXPECT_EQ(JsonQuoted("gr\xf6\xdf"
                       "e ö"),
            "\"gr\uFFFD\uFFFDe ö\"");
  EXPECT_EQ(OnOneLine("{\n \"a\": \"b\\n\"\n}\n"), "{ \"a\": \"b\\n\"}");
}

TEST(Tables, ShowQueues) {
  google::protobuf::RepeatedPtrField<v1::Queue> queues;
  v1::Queue& queue = *queues.Add();
  queue.set_id("sales");
  queue.set_mode(v1::QUEUE_MODE_CLOSED);
  queue.set_mode_overridden(true);
  queue.set_waiting(12);
  queue.set_also_waiting(3);
  queue.mutable_oldest_time()->set_seconds(100);
  queue.set_service_level(0.905);
  queue.set_target_percent(80);
  queue.mutable_target()->set_seconds(20);
  const std::string text = QueueTable(queues, 165'000);
  EXPECT_NE(text.find("QUEUE  MODE     WAITING  ALSO  OLDEST"), std::string::npos) << text;
  EXPECT_NE(text.find("sales  closed*       12     3   1m05s"), std::string::npos) << text;
  EXPECT_NE(text.find("90.5  80% in 20s"), std::string::npos) << text;
}

v1::WatchStateResponse QueueWaiting(int waiting) {
  v1::WatchStateResponse response;
  response.mutable_time()->set_seconds(1'772'366'405);
  auto* const queue = response.add_queues();
  queue->set_id("sales");
  queue->set_mode(v1::QUEUE_MODE_OPEN);
  queue->set_waiting(waiting);
  return response;
}

TEST(Board, TellsWhatDiffersOnceTheSnapshotIsComplete) {
  Board board;
  v1::WatchStateResponse first = QueueWaiting(1);
  first.set_snapshot(true);
  EXPECT_TRUE(board.Take(first).empty());
  EXPECT_FALSE(board.complete());
  v1::WatchStateResponse last;
  last.set_snapshot(true);
  last.set_snapshot_last(true);
  EXPECT_TRUE(board.Take(last).empty());
  EXPECT_TRUE(board.complete());
  EXPECT_EQ(board.Take(QueueWaiting(2)),
            (std::vector<std::string>{"12:00:05.000  queue sales  waiting=2"}));
  EXPECT_TRUE(board.Take(QueueWaiting(2)).empty());
  EXPECT_NE(board.ToText().find("sales  open"), std::string::npos);
  v1::WatchStateResponse gone;
  gone.add_removed_queues("sales");
  EXPECT_EQ(board.Take(gone).size(), 1U);
  EXPECT_EQ(board.ToText().find("sales"), std::string::npos);
}

}  // namespace
}  // namespace routerd::ctl
