#include "load-tests/sequencer.h"

#include <gtest/gtest.h>

#include <vector>

namespace routerd::load {
namespace {

TEST(RateLimiter, IsAPoissonProcessOfItsRate) {
  RateLimiter limiter(50, Time(), Random(1, "arrivals"));
  constexpr int kSeconds = 2'000;
  std::vector<int> counts(kSeconds);
  for (; limiter.Next() < Time() + std::chrono::seconds(kSeconds); limiter.Advance()) {
    ++counts[static_cast<std::size_t>(Seconds(limiter.Next() - Time()))];
  }
  double sum = 0;
  double squares = 0;
  for (const int count : counts) {
    sum += count;
    squares += static_cast<double>(count) * count;
  }
  const double mean = sum / kSeconds;
  EXPECT_NEAR(mean, 50, 0.6);
  EXPECT_NEAR(squares / kSeconds - mean * mean, 50, 5);  // variance = mean
}

TEST(RateLimiter, IsTheSameForTheSameSeed) {
  RateLimiter first(10, Time(), Random(5, "arrivals"));
  RateLimiter again(10, Time(), Random(5, "arrivals"));
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(first.Next(), again.Next());
    first.Advance();
    again.Advance();
  }
}

TEST(Sequencer, HandsEachArrivalTheInstantForWhichItWasMeant) {
  Loop loop;
  // Began a while ago: the generator is late, and all that is due goes at once.
  const Time start = Clock::now() - std::chrono::seconds(1);
  std::vector<Time> meant;
  Sequencer sequencer(&loop, RateLimiter(100, start, Random(1, "x")),
                      [&](Time intended) { meant.push_back(intended); });
  loop.RunUntil([] { return true; }, Clock::now());
  EXPECT_GT(meant.size(), 50u);
  RateLimiter expected(100, start, Random(1, "x"));
  for (const Time intended : meant) {
    EXPECT_EQ(intended, expected.Next());
    expected.Advance();
  }
}

TEST(Sequencer, IsSilentAfterStop) {
  Loop loop;
  int released = 0;
  Sequencer sequencer(&loop,
                      RateLimiter(1'000, Clock::now() - std::chrono::seconds(1), Random(1, "x")),
                      [&](Time) { ++released; });
  sequencer.Stop();
  loop.RunUntil([] { return true; }, Clock::now());
  EXPECT_EQ(released, 0);
}

}  // namespace
}  // namespace routerd::load
