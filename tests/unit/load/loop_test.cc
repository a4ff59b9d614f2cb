#include "load-tests/loop.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

namespace routerd::load {
namespace {

const Time kSoon = Clock::now() + std::chrono::minutes(1);  // a test that hangs ends some time

TEST(Loop, RunsWhatOtherThreadsPostInTheirOrder) {
  Loop loop;
  std::string seen;
  std::thread poster([&] {
    for (const char c : {'a', 'b', 'c'}) {
      loop.Post([&seen, c] { seen += c; });
    }
  });
  EXPECT_TRUE(loop.RunUntil([&] { return seen.size() == 3; }, kSoon));
  poster.join();
  EXPECT_EQ(seen, "abc");
}

TEST(Loop, RunsTimersInTheOrderOfTheirTimesAndTellsThem) {
  Loop loop;
  std::string seen;
  const Time now = Clock::now();
  loop.At(now + std::chrono::milliseconds(2), [&](Time due) {
    EXPECT_EQ(due, now + std::chrono::milliseconds(2));
    seen += '2';
  });
  loop.At(now + std::chrono::milliseconds(1), [&](Time) { seen += '1'; });
  const auto cancelled = loop.At(now, [&](Time) { seen += 'x'; });
  loop.Cancel(cancelled);
  EXPECT_TRUE(loop.RunUntil([&] { return seen.size() == 2; }, kSoon));
  EXPECT_EQ(seen, "12");
  EXPECT_GE(Clock::now(), now + std::chrono::milliseconds(2));
}

TEST(Loop, EndsATurnAfterItsTasksAndTimers) {
  Loop loop;
  std::string seen;
  loop.Post([&] {
    loop.AtTurnEnd([&] { seen += 'e'; });
    seen += 'p';
  });
  loop.At(Clock::now(), [&](Time) { seen += 't'; });
  loop.RunUntil([&] { return seen.size() == 3; }, kSoon);
  EXPECT_EQ(seen, "pte");
}

TEST(Loop, LetsThoseBeWhoPostWhenItHasGone) {
  std::shared_ptr<Loop::Inbox> inbox;
  const auto watched = std::make_shared<int>();
  {
    Loop loop;
    inbox = loop.inbox();
    inbox->Post([watched] { ADD_FAILURE() << "the loop never ran"; });
  }
  EXPECT_EQ(watched.use_count(), 1) << "what was left went with the loop, on its thread";
  inbox->Post([watched] { ADD_FAILURE() << "the loop has gone"; });
  EXPECT_EQ(watched.use_count(), 2) << "what comes later is not let go of by its poster's thread";
}

TEST(Loop, StopsAtItsDeadline) {
  Loop loop;
  EXPECT_FALSE(loop.RunUntil([] { return false; }, Clock::now()));
}

}  // namespace
}  // namespace routerd::load
