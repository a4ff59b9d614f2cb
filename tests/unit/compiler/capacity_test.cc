// How much an agent does at a time, and what follows a contact, as the policy says it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "routerd/compiler/compile.h"
#include "tests/unit/compiler/support.h"

namespace routerd::compiler {
namespace {

using model::Model;
using model::WrapUp;
using model::WrapUpMode;

TEST(CompileTest, AnAgentHasUnitsAndAWrapUpOfHisOwn) {
  const Model model = Good(
      "version: 1\nchannels: {voice: , chat: }\nqueues: {q: }\nagents:\n"
      "  anna: {units: {chat: 20}, max: {chat: 5}, wrap_up: {duration: 90s, extend: 2m}}\n"
      "  ben: {}\n");
  const model::AgentProfile& anna = model.agents[0].profile;
  EXPECT_EQ(anna.units, (std::vector<model::ChannelUnits>{{ChannelNo(1), 20}}));
  EXPECT_EQ(anna.limits, (std::vector<model::ChannelLimit>{{ChannelNo(1), 5}}));
  EXPECT_EQ(anna.wrap_up, (WrapUp{WrapUpMode::kTimed, 90'000, true, 120'000}));
  EXPECT_EQ(model.agents[1].profile.wrap_up, std::nullopt);
}

TEST(CompileTest, WrapUpHasThreeForms) {
  const auto wrap_up = [](const std::string& value) {
    return Good("version: 1\nchannels: {voice: {wrap_up: " + value + "}}\nqueues: {q: }\n")
        .channels[0]
        .wrap_up;
  };
  EXPECT_EQ(wrap_up("mandatory"), (WrapUp{WrapUpMode::kMandatory, 0}));
  EXPECT_EQ(wrap_up("90s"), (WrapUp{WrapUpMode::kTimed, 90'000}));
  EXPECT_EQ(wrap_up("timed"), (WrapUp{WrapUpMode::kTimed, 30'000}));
  EXPECT_EQ(wrap_up("{duration: 500ms}"), (WrapUp{WrapUpMode::kTimed, 500}));
  EXPECT_EQ(wrap_up("{mode: optional, duration: 5s}"),
            (WrapUp{WrapUpMode::kOptional, 5'000, false}));
  EXPECT_EQ(wrap_up("{mode: optional, holds: units}"),
            (WrapUp{WrapUpMode::kOptional, 30'000, true}));
  EXPECT_EQ(wrap_up("{holds: none}"), (WrapUp{WrapUpMode::kTimed, 30'000, false}));
  EXPECT_EQ(wrap_up("{mode: mandatory, holds: none}"), (WrapUp{WrapUpMode::kMandatory, 0, false}));
}

TEST(CompileTest, LabelsAndWhatInterruptsWhat) {
  const std::string text =
      "version: 1\nchannels: {voice: , chat: {interruptible_by: [voice]}}\n"
      "labels: {vip: 2, complaint: 1}\n"
      "queues: {plain: , both: {labels: [complaint, vip]}}\n"
      "agents: {anna: {max_labels: {vip: 3}}}\n";
  const Model model = Good(text);
  EXPECT_EQ(model.labels, (std::vector<model::Label>{{"vip", 2}, {"complaint", 1}}));
  EXPECT_TRUE(model.channels[0].interruptible_by.empty());
  EXPECT_EQ(model.channels[1].interruptible_by, std::vector{ChannelNo(0)});
  EXPECT_FALSE(model.channels[1].frees_inactive);
  EXPECT_TRUE(model.queues[0].labels.empty());
  EXPECT_EQ(model.queues[1].labels, (std::vector{LabelNo(0), LabelNo(1)}));
  EXPECT_EQ(model.agents[0].profile.label_limits,
            (std::vector<model::LabelLimit>{{LabelNo(0), 3}}));
  EXPECT_TRUE(Good("version: 1\nchannels: {chat: {when_inactive: frees}}\nqueues: {main: }\n")
                  .channels[0]
                  .frees_inactive);
  // A label keeps its number; one that is gone leaves it behind.
  const Model next = Good(
      "version: 1\nchannels: {voice: , chat: }\nlabels: {complaint: 3}\n"
      "queues: {plain: , both: {labels: [complaint]}}\n",
      &model);
  EXPECT_EQ(next.labels, (std::vector<model::Label>{{"", 1}, {"complaint", 3}}));
  EXPECT_EQ(next.queues[1].labels, std::vector{LabelNo(1)});
}

}  // namespace
}  // namespace routerd::compiler
