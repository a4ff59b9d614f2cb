#include "routerd/model/condition.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "routerd/base/limits.h"

namespace routerd::model {
namespace {

using enum ConditionOp;

Condition Of(std::vector<ConditionStep> program) { return Condition{std::move(program)}; }

TEST(ConditionTest, ReadsTheFigures) {
  const QueueFigures figures{.waiting = 1, .free = 2, .ready = 3, .oldest_s = 4};
  const std::pair<ConditionOp, std::int64_t> expected[] = {
      {kWaiting, 1}, {kFree, 2}, {kReady, 3}, {kOldest, 4}};
  for (const auto& [figure, value] : expected) {
    EXPECT_TRUE(Of({{figure}, {kLiteral, value}, {kEqual}}).Holds(figures));
    EXPECT_FALSE(Of({{figure}, {kLiteral, value + 1}, {kEqual}}).Holds(figures));
  }
}

TEST(ConditionTest, Compares) {
  const auto holds = [](std::int64_t a, ConditionOp op, std::int64_t b) {
    return Of({{kLiteral, a}, {kLiteral, b}, {op}}).Holds({});
  };
  EXPECT_TRUE(holds(1, kLess, 2));
  EXPECT_FALSE(holds(2, kLess, 2));
  EXPECT_TRUE(holds(2, kLessOrEqual, 2));
  EXPECT_TRUE(holds(3, kGreater, 2));
  EXPECT_FALSE(holds(2, kGreater, 2));
  EXPECT_TRUE(holds(2, kGreaterOrEqual, 2));
  EXPECT_TRUE(holds(2, kNotEqual, 3));
}

TEST(ConditionTest, CalculatesLeftToRight) {
  EXPECT_TRUE(Of({{kLiteral, 7}, {kLiteral, 2}, {kSubtract}, {kLiteral, 5}, {kEqual}}).Holds({}));
  EXPECT_TRUE(Of({{kLiteral, 7}, {kNegate}, {kLiteral, 0}, {kLess}}).Holds({}));
  EXPECT_TRUE(Of({{kLiteral, 7}, {kLiteral, 2}, {kMultiply}, {kLiteral, 14}, {kEqual}}).Holds({}));
}

TEST(ConditionTest, JoinsTruthValues) {
  const std::vector<ConditionStep> yes = {{kLiteral, 1}, {kLiteral, 1}, {kEqual}};
  std::vector<ConditionStep> both = yes;
  both.insert(both.end(), yes.begin(), yes.end());
  both.push_back({kNot});
  std::vector<ConditionStep> either = both;
  both.push_back({kAnd});
  either.push_back({kOr});
  EXPECT_FALSE(Of(both).Holds({}));
  EXPECT_TRUE(Of(either).Holds({}));
}

TEST(ConditionTest, WhatDoesNotFitStaysAtTheEnd) {
  const std::int64_t most = limits::kMaxConditionLiteral;
  std::vector<ConditionStep> program = {{kLiteral, most}};
  for (int i = 0; i < 3; ++i) {
    program.push_back({kLiteral, most});
    program.push_back({kMultiply});
  }
  program.push_back({kLiteral, 0});
  program.push_back({kGreater});
  EXPECT_TRUE(Of(program).Holds({})) << "a product never turns its sign";
}

TEST(ConditionTest, SaysWhatItReads) {
  EXPECT_EQ(Of({{kWaiting}, {kOldest}, {kLess}}).Reads(), kReadsWaiting | kReadsOldest);
  EXPECT_EQ(Of({{kLiteral, 1}, {kLiteral, 2}, {kLess}}).Reads(), kReadsNothing);
}

TEST(ConditionTest, UnsoundProgramsAreKnown) {
  EXPECT_TRUE(Of({{kWaiting}, {kLiteral, 1}, {kLess}}).IsSound());
  const std::vector<std::vector<ConditionStep>> unsound = {
      {},
      {{kWaiting}},                                       // a number
      {{kLess}},                                          // without operands
      {{kWaiting}, {kLess}},                              // with one
      {{kWaiting}, {kNot}},                               // of a number
      {{kWaiting}, {kFree}, {kAnd}},                      // of numbers
      {{kWaiting}, {kFree}, {kLess}, {kFree}},            // something left over
      {{kWaiting, 5}, {kFree}, {kLess}},                  // a literal where none belongs
      {{kWaiting}, {kFree}, {kLess}, {kFree}, {kEqual}},  // truth and number
  };
  for (std::size_t i = 0; i < unsound.size(); ++i) EXPECT_FALSE(Of(unsound[i]).IsSound()) << i;
  std::vector<ConditionStep> endless = {{kWaiting}};
  while (endless.size() <= limits::kMaxConditionSteps) {
    endless.push_back({kFree});
    endless.push_back({kAdd});
  }
  EXPECT_FALSE(Of(endless).IsSound());
}

}  // namespace
}  // namespace routerd::model
