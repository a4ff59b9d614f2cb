#include "load-tests/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace routerd::load {
namespace {

constexpr int kValueBits = 47;  // up to 39 hours; longer counts as that long

}  // namespace

Histogram::Histogram() : buckets_(BucketOf((std::uint64_t{1} << kValueBits) - 1) + 1) {}

// Values below 2^(bits+1) have a bucket of their own; above, the top bits+1 bits choose one.
std::size_t Histogram::BucketOf(std::uint64_t value_ns) {
  const int width = std::bit_width(value_ns);
  const int shift = std::max(0, width - kPrecisionBits - 1);
  return (static_cast<std::size_t>(shift) << kPrecisionBits) +
         static_cast<std::size_t>(value_ns >> shift);
}

std::uint64_t Histogram::UpperEdge(std::size_t bucket) {
  const std::size_t per_doubling = std::size_t{1} << kPrecisionBits;
  if (bucket < 2 * per_doubling) return bucket;
  const std::size_t shift = bucket / per_doubling - 1;
  const std::uint64_t top = bucket - shift * per_doubling;
  return ((top + 1) << shift) - 1;
}

void Histogram::Record(Span value) {
  const auto value_ns = static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.count()));
  const std::size_t bucket = std::min(BucketOf(value_ns), buckets_.size() - 1);
  ++buckets_[bucket];
  ++count_;
  max_ns_ = std::max(max_ns_, value_ns);
  sum_ns_ += static_cast<double>(value_ns);
}

void Histogram::Merge(const Histogram& other) {
  for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ns_ = std::max(max_ns_, other.max_ns_);
  sum_ns_ += other.sum_ns_;
}

void Histogram::Clear() { *this = Histogram(); }

Span Histogram::Mean() const {
  return count_ == 0 ? Span::zero() : Span(std::llround(sum_ns_ / static_cast<double>(count_)));
}

// The rank in whole numbers: 99.9 / 100 × 1000 is a little more than 999 in floating point.
Span Histogram::Quantile(int per_mille) const {
  if (count_ == 0) return Span::zero();
  const std::uint64_t exact = (static_cast<std::uint64_t>(per_mille) * count_ + 999) / 1'000;
  const std::uint64_t rank = std::clamp<std::uint64_t>(exact, 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= rank) return Span(std::min(UpperEdge(i), max_ns_));
  }
  return Span(max_ns_);
}

}  // namespace routerd::load
