// Waits, counted: the memory follows the longest wait, not the number of contacts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "routerd/base/ids.h"

namespace routerd::sim {

// Exact to the millisecond below 16.384 s; above, a wait counts as at most 1/8192 longer than it
// was, and never as longer than the longest.
class WaitHistogram {
 public:
  void Add(SpanMs wait_ms);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] SpanMs max_ms() const { return max_ms_; }
  [[nodiscard]] std::optional<double> MeanMs() const;
  // Nearest rank: the shortest wait that so many percent did not exceed.
  [[nodiscard]] std::optional<SpanMs> Percentile(int percent) const;

 private:
  static constexpr int kExactBits = 14;
  [[nodiscard]] static std::size_t BucketOf(SpanMs wait_ms);
  [[nodiscard]] static SpanMs LongestIn(std::size_t bucket);

  std::vector<std::uint32_t> counts_;  // as far as there are waits
  std::uint64_t count_ = 0;
  std::int64_t sum_ms_ = 0;
  SpanMs max_ms_ = 0;
};

}  // namespace routerd::sim
