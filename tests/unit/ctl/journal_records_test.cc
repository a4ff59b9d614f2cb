// `routerctl journal dump` and `tail`.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "routerd/ctl/record_fields.h"
#include "routerd/ctl/record_line.h"
#include "routerd/engine/record_codec.h"
#include "routerd/engine/record_note.h"
#include "tests/unit/ctl/journal_rig.h"

namespace routerd::ctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// The only one that has the text.
std::string LineWith(const std::string& text, const std::string& part) {
  std::vector<std::string> lines = LinesOf(text);
  std::erase_if(lines, [&](const std::string& line) { return line.find(part) == line.npos; });
  EXPECT_EQ(lines.size(), 1U) << part;
  return lines.empty() ? "" : lines.front();
}

TEST(JournalDump, ShowsRecordsInTheWordsOfThePolicy) {
  JournalRig rig;
  rig.LogIn("ann");
  rig.Arrive("call-7");
  rig.Do(engine::Role::kOperations, "console",
         engine::SetQueueMode{"small", model::QueueMode::kClosed});
  const Ran ran = RunCtl({"journal", "dump", rig.directory()});
  ASSERT_EQ(ran.code, ExitCode::kOk) << ran.err;
  EXPECT_EQ(LinesOf(ran.out).size(), rig.last());
  EXPECT_THAT(LinesOf(ran.out).front(),
              AllOf(testing::StartsWith("2023-11-14T22:13:20.000Z 1-1 start "),
                    HasSubstr("policy_version=1"), HasSubstr("policy_source_bytes=10")));
  EXPECT_THAT(
      LineWith(ran.out, " agent_logs_in "),
      AllOf(HasSubstr("agent=ann"), HasSubstr("ready=yes"), HasSubstr("skills=german:8"),
            HasSubstr("channels=voice"), HasSubstr("| client=desk"), HasSubstr("endpoints=voice")));
  EXPECT_THAT(
      LineWith(ran.out, " contact_arrives "),
      AllOf(HasSubstr("queue=sales channel=voice gateway=pbx"), HasSubstr("all_skills=german:3"),
            HasSubstr("contact=call-7"), HasSubstr("attributes=iban,lang=de")));
  // The command's last record has the answer: here the one that makes the gateway known.
  EXPECT_THAT(LineWith(ran.out, " note "),
              AllOf(HasSubstr("request_id=request-call-7"), HasSubstr("answer=OK"),
                    HasSubstr("answer_contact=call-7")));
  EXPECT_THAT(LineWith(ran.out, " queue_mode_set "), HasSubstr("queue=small mode=closed"));
}

TEST(JournalDump, KeepsToItselfWhatNobodyNeedRead) {
  JournalRig rig;
  rig.LogIn("ann");
  rig.Arrive("call-7");
  for (const char* form : {"--timeout=5s", "--json"}) {
    const Ran ran = RunCtl({"journal", "dump", rig.directory(), form});
    EXPECT_THAT(ran.out, Not(HasSubstr("secret")));
    EXPECT_THAT(ran.out, Not(HasSubstr("customer-of")));
    EXPECT_THAT(ran.out, testing::ContainsRegex("customer_key(=|\":\")#[0-9a-f]{8}"));
  }
}

TEST(JournalDump, GivesAnObjectALine) {
  JournalRig rig;
  rig.Arrivals(3);
  const Ran ran =
      RunCtl({"journal", "dump", rig.directory(), "--json", "--from", "2", "--to", "4"});
  ASSERT_EQ(ran.code, ExitCode::kOk) << ran.err;
  const std::vector<std::string> lines = LinesOf(ran.out);
  ASSERT_EQ(lines.size(), 3U);
  std::uint64_t sequence = 2;
  for (const std::string& line : lines) {
    google::protobuf::Struct json;
    ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(line, &json).ok()) << line;
    EXPECT_EQ(json.fields().at("position").string_value(), "1-" + std::to_string(sequence++));
    EXPECT_FALSE(json.fields().at("blanked").bool_value());
    EXPECT_TRUE(json.fields().contains("fields") && json.fields().contains("identity"));
  }
  EXPECT_THAT(lines.front(), HasSubstr(R"("event":"contact_arrives","fields":{"queue":"sales")"));
}

// Whoever begins in the middle learns the names from the snapshot before it.
TEST(JournalDump, KnowsTheNamesInTheMiddleAndAfterATrim) {
  JournalRig rig;
  rig.LogIn("ann");
  rig.Arrivals(20);
  rig.SaveSnapshot();
  const std::uint64_t at = rig.last();
  rig.Do(engine::Role::kDesktop, "desk", engine::SetPresence{"ann", false, "lunch", {}});
  const auto presence = [&] {
    const Ran ran = RunCtl({"journal", "dump", rig.directory(), "--from", std::to_string(at + 1)});
    EXPECT_EQ(ran.code, ExitCode::kOk) << ran.err;
    return LineWith(ran.out, " agent_sets_presence ");
  };
  EXPECT_THAT(presence(), HasSubstr("agent=ann ready=no reason=lunch"));
  ASSERT_TRUE(rig.journal().Trim(at).ok());
  EXPECT_THAT(presence(), HasSubstr("agent=ann ready=no reason=lunch"));
  // What is kept before the snapshot means the same by its numbers.
  const Ran all = RunCtl({"journal", "dump", rig.directory()});
  EXPECT_EQ(all.code, ExitCode::kOk);
  EXPECT_THAT(all.out, Not(HasSubstr("#0")));
  const Ran gone = RunCtl({"journal", "dump", rig.directory(), "--from", "1"});
  EXPECT_EQ(gone.code, ExitCode::kFailed);
  EXPECT_THAT(gone.err, HasSubstr("the journal holds the records from "));
}

TEST(JournalDump, ShowsBlankedPartsAsBlanked) {
  JournalRig rig;
  rig.Arrive("call-7");
  ASSERT_TRUE(rig.journal()
                  .Blank([](std::uint64_t at, const journal::RecordView&) { return at == 2; })
                  .ok());
  const Ran text = RunCtl({"journal", "dump", rig.directory()});
  EXPECT_THAT(LineWith(text.out, " contact_arrives "), testing::EndsWith(" | blanked"));
  EXPECT_THAT(RunCtl({"journal", "dump", rig.directory(), "--json"}).out,
              HasSubstr(R"("identity":{},"blanked":true})"));
}

// A newer router's, and what nobody has written.
TEST(RecordLine, ShowsWhatIsNotKnownAsThat) {
  RecordLines lines;
  const journal::BatchHeader batch{.epoch = 3, .first_sequence = 9, .time = 1'000};
  const auto line = [&](journal::RecordKind kind, std::string_view decision,
                        std::string_view identity) {
    return lines.Line(batch, 9, {kind, decision, identity}, false);
  };
  std::string note;
  engine::NoteWriter(note)
      .Text(static_cast<engine::NoteTag>(250), "new")
      .Text(engine::NoteTag::kAnswer, "?")
      .Text(engine::NoteTag::kContact, "c\n1");
  EXPECT_EQ(line(journal::RecordKind::kNote, "", note),
            "1970-01-01T00:00:01.000Z 3-9 note | tag_250=\"3 bytes\" answer=unreadable "
            "contact=c\\x0a1\n");
  EXPECT_EQ(line(journal::RecordKind::kEvent, "what", "\x01"),
            "1970-01-01T00:00:01.000Z 3-9 unreadable decision=\"4 bytes\" | "
            "unreadable=\"1 bytes\"\n");
  EXPECT_THAT(line(journal::RecordKind::kStart, "what", ""), HasSubstr("decision=\"4 bytes\""));
  std::string event;
  core::ContactArrives arrival;
  arrival.queue = QueueNo(4);
  arrival.channel = ChannelNo(1);
  arrival.gateway = GatewayNo(0);
  engine::EncodeEvent(arrival, event);
  EXPECT_THAT(line(journal::RecordKind::kEvent, event, ""),
              HasSubstr("contact_arrives queue=#4 channel=#1 gateway=#0 live=no"));
}

// What a command and its answer both say of who asked is told once.
TEST(RecordFields, TellsEachNameOnce) {
  RecordFields fields;
  fields.Text("client", "pbx");
  fields.Text("client", "pbx");
  fields.Number("acked", 3);
  fields.Text("client", "other");
  EXPECT_EQ(fields.ToText(), "client=pbx acked=3 client_2=other");
  EXPECT_EQ(fields.ToJson(), R"({"client":"pbx","acked":3,"client_2":"other"})");
}

// Every event has its name, and none shares it.
TEST(RecordLine, NamesEveryKind) {
  std::vector<std::string> names;
  for (int kind = 1; kind <= 6; ++kind) {
    names.emplace_back(KindName(static_cast<journal::RecordKind>(kind)));
  }
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
  EXPECT_EQ(std::count(names.begin(), names.end(), "unknown"), 0);
}

TEST(JournalTail, ShowsWhatIsWrittenWhileItWaits) {
  JournalRig rig;
  rig.Arrivals(2);
  const std::uint64_t from = rig.last() + 1;
  auto tail = std::async(std::launch::async, [directory = rig.directory(), from] {
    return RunCtl({"journal", "tail", directory, "--from", std::to_string(from), "--count", "30"});
  });
  rig.Arrivals(0);
  for (int i = 0; i < 30; ++i) rig.Arrive("late-" + std::to_string(i));
  const Ran ran = tail.get();
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.err;
  EXPECT_EQ(LinesOf(ran.out).size(), 30U);
  EXPECT_THAT(LinesOf(ran.out).front(), HasSubstr("contact=late-0"));
  EXPECT_THAT(LinesOf(ran.out).back(), HasSubstr("contact=late-29"));
}

}  // namespace
}  // namespace routerd::ctl
