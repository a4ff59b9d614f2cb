// When contacts arrive. The rate limiter says at which instants, without looking at what the router
// does (open loop); the sequencer lets them go at those instants and hands each its own intended
// time, so that latency counts from there even when the generator itself is late.
#pragma once

#include <functional>

#include "load-tests/loop.h"
#include "load-tests/random.h"
#include "load-tests/span.h"

namespace routerd::load {

// Instants of a Poisson process.
class RateLimiter {
 public:
  RateLimiter(double per_second, Time start, Random random)
      : mean_gap_s_(1 / per_second), random_(random), next_(start) {
    Advance();
  }

  [[nodiscard]] Time Next() const { return next_; }
  void Advance() { next_ += FromSeconds(mean_gap_s_ * random_.Exponential()); }

 private:
  double mean_gap_s_;
  Random random_;
  Time next_;
};

class Sequencer {
 public:
  using Release = std::function<void(Time intended)>;

  // loop outlives the sequencer.
  Sequencer(Loop* loop, RateLimiter limiter, Release release);
  ~Sequencer() { Stop(); }
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  // No arrival after this.
  void Stop() { loop_->Cancel(timer_); }

 private:
  void Arm();

  Loop* loop_;
  RateLimiter limiter_;
  Release release_;
  Loop::TimerId timer_;
};

}  // namespace routerd::load
