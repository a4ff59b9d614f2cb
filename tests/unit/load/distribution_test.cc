#include "load-tests/distribution.h"

#include <gtest/gtest.h>

#include <cmath>

namespace routerd::load {
namespace {

Distribution Parsed(const std::string& text) {
  Distribution distribution = Distribution::Fixed(Span::zero());
  std::string error;
  EXPECT_TRUE(Distribution::Parse(text, &distribution, &error)) << error;
  return distribution;
}

struct Moments {
  double mean = 0;
  double variation = 0;  // standard deviation / mean
};

Moments Measure(const Distribution& distribution) {
  constexpr int kSamples = 200'000;
  Random random(7, "measure");
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < kSamples; ++i) {
    const double value = Seconds(distribution.Sample(random));
    sum += value;
    squares += value * value;
  }
  const double mean = sum / kSamples;
  return {mean, std::sqrt(squares / kSamples - mean * mean) / mean};
}

TEST(Distribution, HasTheMeanAndSpreadThatItsTextSays) {
  const Moments fixed = Measure(Parsed("20s"));
  EXPECT_DOUBLE_EQ(fixed.mean, 20);
  const Moments exponential = Measure(Parsed("exp:3m"));
  EXPECT_NEAR(exponential.mean, 180, 2);
  EXPECT_NEAR(exponential.variation, 1, 0.02);
  const Moments log_normal = Measure(Parsed("lognormal:180s:0.8"));
  EXPECT_NEAR(log_normal.mean, 180, 2);
  EXPECT_NEAR(log_normal.variation, 0.8, 0.02);
  const Moments uniform = Measure(Parsed("uniform:1s:3s"));
  EXPECT_NEAR(uniform.mean, 2, 0.02);
  EXPECT_NEAR(uniform.variation, 1 / std::sqrt(12.0), 0.01);
}

TEST(Distribution, KnowsItsMean) {
  EXPECT_EQ(Parsed("uniform:1s:3s").Mean(), std::chrono::seconds(2));
  EXPECT_EQ(Parsed("exp:5s").Mean(), std::chrono::seconds(5));
}

TEST(Distribution, KeepsItsShapeWhenScaled) {
  const Moments scaled = Measure(Parsed("lognormal:180s:0.8").Scaled(0.1));
  EXPECT_NEAR(scaled.mean, 18, 0.2);
  EXPECT_NEAR(scaled.variation, 0.8, 0.02);
}

TEST(Distribution, SaysWhatWouldBeRight) {
  Distribution distribution = Distribution::Fixed(Span::zero());
  for (const char* text : {"", "exp", "exp:", "exp:1s:2", "lognormal:1s", "lognormal:1s:x",
                           "lognormal:1s:0", "uniform:3s:1s", "normal:1s:1", "20"}) {
    std::string error;
    EXPECT_FALSE(Distribution::Parse(text, &distribution, &error)) << text;
    EXPECT_NE(error.find("exp:MEAN"), std::string::npos) << text;
  }
}

TEST(Random, IsTheSameForTheSameSeedAndPart) {
  Random first(1, "voice");
  Random again(1, "voice");
  Random other_part(1, "chat");
  Random other_seed(2, "voice");
  const double value = first.Uniform();
  EXPECT_EQ(value, again.Uniform());
  EXPECT_NE(value, other_part.Uniform());
  EXPECT_NE(value, other_seed.Uniform());
}

}  // namespace
}  // namespace routerd::load
