#include "routerd/sim/wait_histogram.h"

#include <algorithm>
#include <bit>

namespace routerd::sim {

// Below 2^14 each millisecond has its own; above, each doubling is cut into 2^13.
std::size_t WaitHistogram::BucketOf(SpanMs wait_ms) {
  const auto wait = static_cast<std::uint64_t>(wait_ms);
  const int bits = std::bit_width(wait);
  if (bits <= kExactBits) return wait;
  const int shift = bits - kExactBits;
  return (static_cast<std::size_t>(shift) << (kExactBits - 1)) + (wait >> shift);
}

SpanMs WaitHistogram::LongestIn(std::size_t bucket) {
  if (bucket < (std::size_t{1} << kExactBits)) return static_cast<SpanMs>(bucket);
  const std::size_t shift = (bucket >> (kExactBits - 1)) - 1;
  const std::size_t lead = bucket - (shift << (kExactBits - 1));
  return static_cast<SpanMs>(((lead + 1) << shift) - 1);
}

void WaitHistogram::Add(SpanMs wait_ms) {
  const std::size_t bucket = BucketOf(std::max<SpanMs>(0, wait_ms));
  if (bucket >= counts_.size()) counts_.resize(bucket + 1 + bucket / 4);
  ++counts_[bucket];
  ++count_;
  sum_ms_ += wait_ms;
  max_ms_ = std::max(max_ms_, wait_ms);
}

std::optional<double> WaitHistogram::MeanMs() const {
  if (count_ == 0) return std::nullopt;
  return static_cast<double>(sum_ms_) / static_cast<double>(count_);
}

std::optional<SpanMs> WaitHistogram::Percentile(int percent) const {
  if (count_ == 0) return std::nullopt;
  const std::uint64_t rank =
      std::max<std::uint64_t>(1, (count_ * static_cast<std::uint64_t>(percent) + 99) / 100);
  std::uint64_t seen = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen >= rank) return std::min(LongestIn(bucket), max_ms_);
  }
  return max_ms_;
}

}  // namespace routerd::sim
