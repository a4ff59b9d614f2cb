// Warnings about policies that compile.
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/compiler/support.h"

namespace routerd::compiler {
namespace {

constexpr char kVoiceOnly[] = "version: 1\nchannels: {voice: }\n";

std::string Warnings(const std::string& rest) { return Places(CompileText(kVoiceOnly + rest)); }

TEST(MeaningTest, NothingIsSaidOfAPolicyThatHolds) {
  EXPECT_EQ(
      Warnings("skills: [a]\nqueues: {q: {require: {a: 3}}}\nagents: {x: {skills: {a: 3}}}\n"), "");
}

TEST(MeaningTest, WithoutListedAgentsTheyAllComeWithTheirSkills) {
  EXPECT_EQ(Warnings("skills: [a]\ngroups: [g]\nqueues: {q: {groups: [g], require: {a: 9}}}\n"),
            "");
}

TEST(MeaningTest, AMemberByNameCountsAsAMember) {
  const std::string head = "groups: [g]\nagents: {x: {groups: [g]}, y: }\nskills: [a]\n";
  EXPECT_EQ(Warnings(head + "queues: {q: {agents: [y], require: {none: {a: 1}}}}\n"),
            "5:10 unheld_skill\n");
}

TEST(MeaningTest, AMemberWithoutTheLevelDoesNotServe) {
  EXPECT_EQ(Warnings("skills: [a]\nagents: {x: {skills: {a: 9}}, y: {skills: {a: 1}}}\n"
                     "queues: {q: {agents: [y], require: {a: 5}}}\n"),
            "5:10 unserved_queue\n");
}

TEST(MeaningTest, WhoServesAtALaterStepServes) {
  const std::string head = "skills: [a]\ngroups: [g]\nagents: {x: {groups: [g], skills: {a: 2}}}\n";
  const std::string queue = "queues: {q: {require: {a: 5}, steps: [{after: 9s, lower: {a: ";
  EXPECT_EQ(Warnings(head + queue + "2}}]}}\n"), "");
  EXPECT_EQ(Warnings(head + queue + "3}}]}}\n"), "6:10 unserved_queue\n");
}

TEST(MeaningTest, WhoIsAMemberByWhatHeCanDoServes) {
  const std::string head = "skills: [a]\nagents: {x: {skills: {a: 2}}, y: }\n";
  EXPECT_EQ(Warnings(head + "queues: {q: {members: {a: 2}}}\n"), "");
  EXPECT_EQ(Warnings(head + "queues: {q: {members: {a: 3}}}\n"), "5:10 unserved_queue\n");
}

TEST(MeaningTest, WhoServesAFurtherQueueServes) {
  const std::string head = "groups: [g, h]\nagents: {x: {groups: [g]}, y: {groups: [h]}}\n";
  const std::string queues = "skills: [a]\nqueues: {q: {require: {a: 1}, also: [";
  EXPECT_EQ(Warnings(head + queues + "r]}, r: {groups: [g]}}\n"), "5:10 unheld_skill\n");
  EXPECT_EQ(Warnings(head + queues + "r]}, r: {require: {a: 1}}}\n"),
            "5:10 unheld_skill\n6:10 unserved_queue\n6:43 unserved_queue\n");
}

TEST(MeaningTest, NoneKeepsAgentsOut) {
  EXPECT_EQ(Warnings("skills: [a]\nagents: {x: {skills: {a: 9}}}\n"
                     "queues: {q: {require: {none: {a: 5}}}}\n"),
            "5:10 unserved_queue\n");
}

TEST(MeaningTest, RemovedNamesAreNotWarnedOf) {
  const model::Model first =
      Good(std::string(kVoiceOnly) + "skills: [a]\ngroups: [g]\nqueues: {q: }\n");
  const Compiled second =
      CompileText(std::string(kVoiceOnly) + "queues: {p: }\nagents: {x: }\n", &first);
  EXPECT_EQ(Places(second), "");
}

TEST(MeaningTest, ErrorsSilenceGuesses) {
  EXPECT_EQ(Warnings("skills: [a]\nqueues: {q: {priority: high}}\nagents: {x: }\n"),
            "4:24 wrong_type\n");
}

}  // namespace
}  // namespace routerd::compiler
