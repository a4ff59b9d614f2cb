#include "routerd/core/arrivals.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace routerd::core {
namespace {

// Of k: 2^32 × e^(-2^k ms / 900,000 ms), to the nearest. A span is the sum of the powers of two in
// it, and what is left after it the product of their factors.
constexpr std::array<std::uint32_t, 25> kDecay = {
    4294962524, 4294957752, 4294948207, 4294929119, 4294890942, 4294814589, 4294661887,
    4294356500, 4293745790, 4292524632, 4290083357, 4285204971, 4275464835, 4256050931,
    4217487183, 4141404792, 3993332771, 3712881966, 3209685091, 2398639541, 1339584507,
    417811482,  40644415,   384629,     34};

}  // namespace

void Arrivals::Add(TimeMs now, Level amount) {
  level_ = std::min(At(now) + amount, kMaxLevel);
  added_at_ = now;
}

Arrivals::Level Arrivals::At(TimeMs now) const {
  auto span = static_cast<std::uint64_t>(now - added_at_);
  if (span >> kDecay.size() != 0) return 0;  // nine hours
  Level level = level_;
  for (std::size_t k = 0; span != 0 && level != 0; ++k, span >>= 1) {
    if ((span & 1) != 0) level = level * kDecay[k] >> 32;
  }
  return level;
}

}  // namespace routerd::core
