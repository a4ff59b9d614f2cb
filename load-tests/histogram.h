// Latencies, counted in buckets whose width grows with the value: every percentile is exact to 1 %,
// from 1 ns to hours, in constant memory and time.
#pragma once

#include <cstdint>
#include <vector>

#include "load-tests/span.h"

namespace routerd::load {

class Histogram {
 public:
  Histogram();

  void Record(Span value);  // negative counts as 0
  void Merge(const Histogram& other);
  void Clear();

  [[nodiscard]] std::uint64_t Count() const { return count_; }
  [[nodiscard]] Span Max() const { return Span(max_ns_); }
  [[nodiscard]] Span Mean() const;

  // The least value that so many of a thousand values do not exceed: 990 = p99, 999 = p99.9; 0
  // without values. The upper edge of its bucket, but never more than Max().
  [[nodiscard]] Span Quantile(int per_mille) const;

 private:
  // 2^7 buckets for each doubling: an edge is at most 1/128 above a value in its bucket.
  static constexpr int kPrecisionBits = 7;

  static std::size_t BucketOf(std::uint64_t value_ns);
  static std::uint64_t UpperEdge(std::size_t bucket);

  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::uint64_t max_ns_ = 0;
  double sum_ns_ = 0;
};

}  // namespace routerd::load
