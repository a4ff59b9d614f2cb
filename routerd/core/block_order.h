// Members by number, in blocks of 64, and each block in the order of its members' keys. Which of
// those that are asked for (a word of a bitmap) has the least key is found without comparing any
// two; a member that comes, goes or gets another key moves within its block only. So the best of
// all that two bitmaps have in common costs their words and one key a word, whoever stands in front
// and may not be taken.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace routerd::core {

// Key: `<` is a strict total order of all members.
template <typename Key>
class BlockOrder {
 public:
  // Comes in, or gets another key.
  void Put(std::size_t i, const Key& key) {
    Grow(i);
    Block& block = blocks_[i / 64];
    keys_[i] = key;
    if ((block.members & Bit(i)) != 0) {
      Move(block, i, PlaceOf(block, Bit(i)));
    } else {
      Insert(block, i);
    }
  }

  // Nothing, if it is not in.
  void Drop(std::size_t i) {
    if (!Has(i)) return;
    Block& block = blocks_[i / 64];
    Erase(block, i, PlaceOf(block, Bit(i)));
  }

  [[nodiscard]] bool Has(std::size_t i) const {
    return i / 64 < blocks_.size() && (blocks_[i / 64].members & Bit(i)) != 0;
  }
  [[nodiscard]] const Key& key(std::size_t i) const { return keys_[i]; }

  // The first of the block's members in `asked`, of which there must be one.
  [[nodiscard]] std::size_t First(std::size_t b, std::uint64_t asked) const {
    if (!IsOne(asked)) {
      const Block& block = blocks_[b];
      std::size_t e = 0;
      while ((block.eighths[e] & asked) == 0) ++e;
      asked &= block.eighths[e];
      if (!IsOne(asked)) return b * 64 + block.order[PlaceIn(block, e, asked)];
    }
    return b * 64 + static_cast<std::size_t>(std::countr_zero(asked));
  }

  // Those of the block for whose keys `holds` is true: it must be so up to one place and false from
  // there on.
  template <typename Holds>
  [[nodiscard]] std::uint64_t Leading(std::size_t b, Holds&& holds) const {
    if (b >= blocks_.size()) return 0;
    const Block& block = blocks_[b];
    const Key* keys = &keys_[b * 64];
    const std::uint8_t* end = block.order.data() + block.size;
    const std::uint8_t* at = std::partition_point(
        block.order.data(), end, [&](std::uint8_t member) { return holds(keys[member]); });
    const auto place = static_cast<std::size_t>(at - block.order.data());
    std::uint64_t found = 0;
    for (std::size_t e = 0; e < place / 8; ++e) found |= block.eighths[e];
    for (std::size_t p = place / 8 * 8; p < place; ++p) found |= Bit(block.order[p]);
    return found;
  }

  void Reset() {
    blocks_.clear();
    keys_.clear();
  }

 private:
  struct Block {
    std::uint64_t members = 0;
    std::size_t size = 0;
    // Who stands at the places 0 to 7, 8 to 15, …
    std::array<std::uint64_t, 8> eighths{};
    std::array<std::uint8_t, 64> order{};
  };

  static constexpr bool IsOne(std::uint64_t bits) { return (bits & (bits - 1)) == 0; }
  static constexpr std::uint64_t Bit(std::size_t i) { return std::uint64_t{1} << (i % 64); }

  void Grow(std::size_t i) {
    if (i / 64 < blocks_.size()) return;
    blocks_.resize(i / 64 + 1);
    keys_.resize(blocks_.size() * 64);
  }

  // Of the first of `asked`.
  static std::size_t PlaceOf(const Block& block, std::uint64_t asked) {
    std::size_t e = 0;
    while ((block.eighths[e] & asked) == 0) ++e;
    return PlaceIn(block, e, asked);
  }
  static std::size_t PlaceIn(const Block& block, std::size_t e, std::uint64_t asked) {
    std::size_t at = e * 8;
    while ((asked & Bit(block.order[at])) == 0) ++at;
    return at;
  }

  // From the place that its key had to that of the key it has.
  void Move(Block& block, std::size_t i, std::size_t at) {
    const Key* keys = &keys_[i - i % 64];
    const auto before = [&](std::uint8_t member) { return keys[member] < keys_[i]; };
    std::uint8_t* begin = block.order.data();
    std::size_t to = at;
    if (at + 1 < block.size && before(begin[at + 1])) {
      std::uint8_t* behind = std::partition_point(begin + at + 2, begin + block.size, before);
      to = static_cast<std::size_t>(behind - begin) - 1;
      std::copy(begin + at + 1, behind, begin + at);
    } else if (at != 0 && !before(begin[at - 1])) {
      std::uint8_t* place = std::partition_point(begin, begin + at - 1, before);
      to = static_cast<std::size_t>(place - begin);
      std::copy_backward(place, begin + at, begin + at + 1);
    }
    if (to == at) return;
    begin[to] = static_cast<std::uint8_t>(i % 64);
    block.eighths[at / 8] &= ~Bit(i);
    for (std::size_t e = at / 8; e < to / 8; ++e) Pass(block, Bit(begin[e * 8 + 7]), e + 1, e);
    for (std::size_t e = at / 8; e > to / 8; --e) Pass(block, Bit(begin[e * 8]), e - 1, e);
    block.eighths[to / 8] |= Bit(i);
  }

  static void Pass(Block& block, std::uint64_t member, std::size_t from, std::size_t to) {
    block.eighths[from] &= ~member;
    block.eighths[to] |= member;
  }

  void Insert(Block& block, std::size_t i) {
    const Key* keys = &keys_[i - i % 64];
    const std::size_t size = block.size++;
    std::uint8_t* begin = block.order.data();
    std::uint8_t* place = std::partition_point(
        begin, begin + size, [&](std::uint8_t member) { return keys[member] < keys_[i]; });
    std::copy_backward(place, begin + size, begin + size + 1);
    *place = static_cast<std::uint8_t>(i % 64);
    block.members |= Bit(i);
    // The last of each eighth from here on goes to the next.
    std::uint64_t comes = Bit(i);
    for (std::size_t e = static_cast<std::size_t>(place - begin) / 8;; ++e) {
      block.eighths[e] |= comes;
      const std::size_t next = (e + 1) * 8;
      if (next > size) return;
      comes = Bit(block.order[next]);
      block.eighths[e] &= ~comes;
    }
  }

  void Erase(Block& block, std::size_t i, std::size_t at) {
    const std::size_t size = --block.size;
    std::uint8_t* begin = block.order.data();
    std::copy(begin + at + 1, begin + size + 1, begin + at);
    block.members &= ~Bit(i);
    block.eighths[at / 8] &= ~Bit(i);
    // The first of each eighth behind it comes to the one before.
    for (std::size_t last = at / 8 * 8 + 7; last < size; last += 8) {
      const std::uint64_t comes = Bit(block.order[last]);
      block.eighths[last / 8] |= comes;
      block.eighths[last / 8 + 1] &= ~comes;
    }
  }

  std::vector<Block> blocks_;
  std::vector<Key> keys_;
};

}  // namespace routerd::core
