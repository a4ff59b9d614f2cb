// How long to wait before the next try: full jitter, so that clients that lost their router in one
// instant do not come back in one instant.
#pragma once

#include <algorithm>

#include "load-tests/random.h"
#include "load-tests/span.h"

namespace routerd::load {

class Backoff {
 public:
  explicit Backoff(Random random, Span longest = kUsualLongest)
      : random_(random), longest_(longest) {}

  // Between 0 and a bound that starts at 100 ms and doubles up to the longest.
  Span Next() {
    const Span wait = FromSeconds(Seconds(bound_) * random_.Uniform());
    bound_ = std::min<Span>(bound_ * 2, longest_);
    return wait;
  }

  void Reset() { bound_ = kShortest; }

 private:
  static constexpr Span kShortest = std::chrono::milliseconds(100);
  static constexpr Span kUsualLongest = std::chrono::seconds(10);

  Random random_;
  Span longest_;
  Span bound_ = kShortest;
};

}  // namespace routerd::load
