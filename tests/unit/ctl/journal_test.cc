// `routerctl journal verify`, `stats` and `copy`, on a journal that a router has open.
#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/unit/ctl/journal_rig.h"

namespace routerd::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

google::protobuf::Struct ParsedJson(const std::string& text) {
  google::protobuf::Struct json;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(text, &json).ok()) << text;
  return json;
}

TEST(Journal, VerifySaysThatAllIsSound) {
  JournalRig rig;
  rig.Arrivals(10);
  const Ran ran = RunCtl({"journal", "verify", rig.directory()});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, testing::StartsWith(rig.directory() + ": sound\n"));
  EXPECT_THAT(ran.out, Not(HasSubstr("replay")));
  // The state directory is as good a name for it.
  const Ran json = RunCtl({"journal", "verify", rig.state(), "--json"});
  EXPECT_EQ(json.code, ExitCode::kOk);
  const auto report = ParsedJson(json.out);
  EXPECT_TRUE(report.fields().at("sound").bool_value());
  EXPECT_TRUE(report.fields().at("torn").has_null_value());
  EXPECT_EQ(report.fields().at("stats").struct_value().fields().at("records").number_value(),
            static_cast<double>(rig.last()));
}

TEST(Journal, VerifyDecidesEveryRecordAgainAndComparesSnapshots) {
  JournalRig rig;
  rig.Arrivals(5);
  rig.SaveSnapshot();
  rig.Arrivals(5);
  rig.Arrive("late");
  rig.SaveSnapshot();
  const Ran text = RunCtl({"journal", "verify", "--replay", rig.directory()});
  EXPECT_EQ(text.code, ExitCode::kOk) << text.out;
  EXPECT_THAT(text.out, HasSubstr(std::to_string(rig.last()) + " records from record 1 on"));
  EXPECT_THAT(text.out, HasSubstr("2 snapshots"));
  const auto json =
      ParsedJson(RunCtl({"journal", "verify", "--replay", rig.directory(), "--json"}).out);
  const auto& replay = json.fields().at("replay").struct_value().fields();
  EXPECT_EQ(replay.at("digest").string_value(), std::to_string(rig.engine().digest()));
  EXPECT_EQ(replay.at("snapshots").number_value(), 2);
}

// The beginning is gone: a snapshot stands for it.
TEST(Journal, VerifyReplaysFromASnapshotWhereTheBeginningWasTrimmed) {
  JournalRig rig;
  rig.Arrivals(20);
  rig.SaveSnapshot();
  const std::uint64_t at = rig.last();
  rig.Arrive("late");
  ASSERT_TRUE(rig.journal().Trim(at).ok());
  ASSERT_GT(rig.journal().first_kept(), 1U);
  const Ran ran = RunCtl({"journal", "verify", "--replay", rig.directory()});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("from record " + std::to_string(at + 1) + " on"));
}

TEST(Journal, VerifyFindsASnapshotOfAnotherState) {
  JournalRig rig;
  rig.Arrive("a");
  const Position at = rig.engine().figures().head;
  std::string body;
  rig.engine().Save(body);
  rig.Arrive("b");
  // Sound by its checksums, and of a later state than it says.
  std::string later;
  rig.engine().Save(later);
  journal::PosixDisk disk;
  journal::SnapshotStore store(disk, rig.directory(), "default");
  auto writer = store.Begin(at);
  ASSERT_TRUE(writer.ok());
  ASSERT_TRUE(writer.value()->Write(later).ok());
  ASSERT_TRUE(writer.value()->Commit(rig.engine().core().StateHash()).ok());
  EXPECT_EQ(RunCtl({"journal", "verify", rig.directory()}).code, ExitCode::kOk);
  const Ran ran = RunCtl({"journal", "verify", "--replay", rig.directory()});
  EXPECT_EQ(ran.code, ExitCode::kFailed);
  EXPECT_THAT(ran.out, HasSubstr("another state than the records up to it make"));
}

TEST(Journal, VerifySaysWhatIsDamagedWhereAndHowToGoOn) {
  JournalRig rig;
  rig.Arrivals(20);
  const std::string path = rig.SegmentOf(1);
  ASSERT_NE(path, rig.SegmentOf(rig.last()));
  JournalRig::Change(path, 300, "XXXX");
  const Ran ran = RunCtl({"journal", "verify", "--replay", rig.directory()});
  EXPECT_EQ(ran.code, ExitCode::kFailed);
  EXPECT_THAT(ran.out, HasSubstr(": NOT SOUND\nproblem: " + path + ": damaged at byte "));
  EXPECT_THAT(ran.out, HasSubstr("RUNBOOK.md"));
  EXPECT_EQ(ran.err, "");
  const Ran json = RunCtl({"journal", "verify", rig.directory(), "--json"});
  EXPECT_EQ(json.code, ExitCode::kFailed);
  EXPECT_FALSE(ParsedJson(json.out).fields().at("sound").bool_value());
  EXPECT_THAT(json.err, HasSubstr("FAILED_PRECONDITION"));
  EXPECT_EQ(RunCtl({"journal", "stats", rig.directory()}).code, ExitCode::kFailed);
  EXPECT_EQ(RunCtl({"journal", "dump", rig.directory()}).code, ExitCode::kFailed);
}

TEST(Journal, ATornTailIsSoundAndTold) {
  JournalRig rig;
  rig.Arrivals(3);
  const std::string path = rig.SegmentOf(rig.last());
  const std::size_t end = JournalRig::Content(path).find_last_not_of('\0');
  JournalRig::Change(path, end + 16, "torn");
  const Ran ran = RunCtl({"journal", "verify", rig.directory()});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("torn tail"));
  const auto json = ParsedJson(RunCtl({"journal", "verify", rig.directory(), "--json"}).out);
  EXPECT_EQ(json.fields().at("torn").struct_value().fields().at("path").string_value(), path);
  EXPECT_EQ(RunCtl({"journal", "dump", rig.directory()}).code, ExitCode::kOk);
}

TEST(Journal, StatsCountsWhatThereIs) {
  JournalRig rig;
  rig.LogIn("ann");
  rig.Arrivals(3);
  rig.SaveSnapshot();
  const auto json = ParsedJson(RunCtl({"journal", "stats", rig.directory(), "--json"}).out);
  const auto& fields = json.fields();
  EXPECT_EQ(fields.at("domain").string_value(), "default");
  EXPECT_EQ(fields.at("records").number_value(), static_cast<double>(rig.last()));
  const auto& kinds = fields.at("records_by_kind").struct_value().fields();
  EXPECT_EQ(kinds.at("start").number_value(), 1);
  EXPECT_GE(kinds.at("event").number_value(), 4);
  EXPECT_EQ(fields.at("snapshots").list_value().values_size(), 1);
  EXPECT_EQ(fields.at("first").struct_value().fields().at("time").string_value(),
            "2023-11-14T22:13:20.000Z");
  const Ran text = RunCtl({"journal", "stats", rig.directory()});
  EXPECT_THAT(text.out, HasSubstr("1 start"));
  EXPECT_THAT(text.out, HasSubstr("1-1, 2023-11-14T22:13:20.000Z"));
}

TEST(Journal, CopyIsAJournalOfItsOwn) {
  JournalRig rig;
  rig.Arrivals(20);
  rig.SaveSnapshot();
  const std::string to = rig.path("copy");
  const Ran ran = RunCtl({"journal", "copy", rig.directory(), to});
  EXPECT_EQ(ran.code, ExitCode::kOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("1 snapshots, the last record is " + std::to_string(rig.last())));
  EXPECT_EQ(RunCtl({"journal", "verify", "--replay", to}).code, ExitCode::kOk);
  const Ran again = RunCtl({"journal", "copy", rig.directory(), to, "--json"});
  EXPECT_EQ(again.code, ExitCode::kFailed);
  EXPECT_THAT(again.err, HasSubstr("ALREADY_EXISTS"));
}

TEST(Journal, SaysThatThereIsNone) {
  for (const char* what : {"verify", "stats", "dump", "tail"}) {
    const Ran ran = RunCtl({"journal", what, "/nonexistent"});
    EXPECT_EQ(ran.code, ExitCode::kFailed) << what;
    EXPECT_THAT(ran.err, HasSubstr("/nonexistent"));
  }
  EXPECT_EQ(RunCtl({"journal", "copy", "/nonexistent"}).code, ExitCode::kUsage);
  EXPECT_EQ(RunCtl({"journal"}).code, ExitCode::kUsage);
}

}  // namespace
}  // namespace routerd::ctl
