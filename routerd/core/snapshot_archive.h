// The bytes of a snapshot, written and read by the same walk over the fields. Inside of the
// snapshot's own files only.
//
// All numbers are varints: seven bits a byte, the least first, the eighth says that more follow.
// Signed ones are folded first (0, -1, 1, -2, …). Numbers of things are one more than they are, 0 =
// none. Moments are told as spans from one that is known: the snapshot's own, or a neighbour.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include "routerd/base/ids.h"
#include "routerd/base/limits.h"
#include "routerd/base/status.h"
#include "routerd/core/event.h"
#include "routerd/core/treap.h"

namespace routerd::core {

// T is the type or its const form: a writer walks a const state, a reader fills one.
template <typename T, typename Of>
concept IsField = std::same_as<std::remove_const_t<T>, Of>;

// Moments and spans lie within this of 0: sums of some of them do not overflow.
inline constexpr std::int64_t kMostMs = 1'000'000'000'000'000;
inline constexpr std::uint64_t kMostCounted = std::uint64_t{1} << 62;

// What the fields are told relative to, and how many there are of what they refer to.
struct SnapshotBase {
  Stamp stamp;
  std::uint64_t next_arrival = 0;
  std::uint64_t channels = 0;
  std::uint64_t queues = 0;
  std::uint64_t profiles = 0;
  std::uint64_t treatments = 0;
  std::uint64_t reasons = 0;
  std::uint64_t slots = 0;
};

template <bool reads>
class SnapshotArchive {
 public:
  static constexpr bool kReads = reads;
  using Bytes = std::conditional_t<reads, std::string_view, std::string&>;

  explicit SnapshotArchive(Bytes bytes) : bytes_(bytes), size_(bytes.size()) {}

  SnapshotBase base;

  // ---- Numbers. `what` names the field for whoever reads why a snapshot was refused ----
  template <typename T>
  void Unsigned(T& value, const char* what, std::uint64_t most) {
    if constexpr (kReads) {
      value = static_cast<T>(Get(what, most));
    } else {
      Put(static_cast<std::uint64_t>(value));
    }
  }
  template <typename T>
  void Unsigned(T& value, const char* what) {
    Unsigned(value, what, std::numeric_limits<std::remove_const_t<T>>::max());
  }
  template <typename T>
  void Signed(T& value, const char* what, std::int64_t least, std::int64_t most) {
    if constexpr (kReads) {
      const std::int64_t got = Unfold(Get(what));
      Require(got >= least && got <= most, what);
      value = ok_ ? static_cast<T>(got) : T{};
    } else {
      Put(Fold(value));
    }
  }
  template <typename Enum>
  void Word(Enum& value, const char* what, std::remove_const_t<Enum> last) {
    auto number = static_cast<std::uint8_t>(value);
    Unsigned(number, what, static_cast<std::uint8_t>(last));
    if constexpr (kReads) value = static_cast<Enum>(number);
  }
  template <typename... Bools>
  void Flags(const char* what, Bools&... flags) {
    std::uint32_t bits = 0;
    std::uint32_t bit = 1;
    if constexpr (kReads) {
      Unsigned(bits, what, (std::uint64_t{1} << sizeof...(Bools)) - 1);
      ((flags = (bits & bit) != 0, bit <<= 1), ...);
    } else {
      ((bits |= flags ? bit : 0, bit <<= 1), ...);
      Put(bits);
    }
  }
  // The same on every machine, and where it is known beforehand.
  void Fixed64(std::uint64_t& value, const char* what);

  // ---- Numbers of things; each is one of `count` ----
  template <typename No>
  void NumberOf(No& no, const char* what, std::uint64_t count) {
    Unsigned(no.value, what, count == 0 ? 0 : count - 1);
    Require(count != 0, what);
  }
  template <typename No>
  void NumberOrNone(No& no, const char* what, std::uint64_t count) {
    std::uint64_t number = no.valid() ? std::uint64_t{no.value} + 1 : 0;
    Unsigned(number, what, count);
    if constexpr (kReads) {
      no = number == 0 ? No() : No(static_cast<decltype(no.value)>(number - 1));
    }
  }
  template <typename T>
  void SlotOrNone(T& slot, const char* what) {
    std::uint64_t number = slot != TreapNode::kNil ? std::uint64_t{slot} + 1 : 0;
    Unsigned(number, what, base.slots);
    if constexpr (kReads) slot = static_cast<std::uint32_t>(number) - 1;  // 0 gives kNil
  }

  // ---- Moments and spans ----
  template <typename T>
  void Since(T& moment, const char* what, TimeMs from) {
    if constexpr (kReads) {
      const std::int64_t span = Unfold(Get(what));
      Require(span >= -2 * kMostMs && span <= 2 * kMostMs, what);
      moment = ok_ ? from + span : 0;
      Require(moment >= -kMostMs && moment <= kMostMs, what);
    } else {
      Put(Fold(moment - from));
    }
  }
  // 0 = never.
  template <typename T>
  void SinceOrNever(T& moment, const char* what, TimeMs from) {
    bool ever = moment != 0;
    Flags(what, ever);
    if (ever) Since(moment, what, from);
  }
  template <typename T>
  void Span(T& span_ms, const char* what) {
    Signed(span_ms, what, 0, kMostMs);
  }

  template <typename T>
  void Offer(T& offer, const char* what) {
    Unsigned(offer.at.epoch, what);
    if (offer.at.epoch == 0) return;
    std::int64_t before = 0;
    if constexpr (!kReads) before = static_cast<std::int64_t>(Before(offer.at.sequence));
    Signed(before, what, std::numeric_limits<std::int64_t>::min(),
           std::numeric_limits<std::int64_t>::max());
    if constexpr (kReads) offer.at.sequence = Before(static_cast<std::uint64_t>(before));
    Unsigned(offer.index, what);
  }

  // ---- Lists. Every element takes a byte at least: a count beyond what is left cannot be right,
  // and is refused before anything of its size is allocated ----
  template <typename T>
  void Count(T& count, const char* what, std::uint64_t most) {
    Unsigned(count, what, most);
    if constexpr (kReads) {
      Require(count <= bytes_.size(), what);
      if (!ok_) count = 0;
    }
  }
  template <typename List, typename Each>
  void ListOf(List& list, const char* what, std::uint64_t most, const Each& each) {
    std::uint64_t count = list.size();
    Count(count, what, most);
    if constexpr (kReads) list.resize(count);
    for (auto& element : list) each(element);
  }
  template <typename Optional, typename Each>
  void OptionalOf(Optional& value, const char* what, const Each& each) {
    bool there = value.has_value();
    Flags(what, there);
    if (!there) return;
    if constexpr (kReads) value.emplace();
    each(*value);
  }

  // ---- Failures. After the first, every number is 0 and every list is empty ----
  void Require(bool condition, const char* what) {
    if constexpr (kReads) {
      if (!condition && ok_) Fail(what);
    }
  }
  // What is being read, of which kind there are several.
  void At(const char* section, std::uint64_t number = kWhole) {
    section_ = section;
    number_ = number;
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool AtEnd() const { return bytes_.empty(); }
  [[nodiscard]] Status Failure() const;

 private:
  static constexpr std::uint64_t kWhole = ~std::uint64_t{0};

  static std::uint64_t Fold(std::int64_t value) {
    return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
  }
  static std::int64_t Unfold(std::uint64_t folded) {
    return static_cast<std::int64_t>(folded >> 1 ^ (~(folded & 1) + 1));
  }
  // How long before the snapshot's own record, and back: modulo 2^64, so that it always fits.
  [[nodiscard]] std::uint64_t Before(std::uint64_t number) const {
    return base.stamp.at.sequence - number;
  }
  void Put(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<char>(value | 0x80));
    bytes_.push_back(static_cast<char>(value));
  }
  std::uint64_t Get(const char* what, std::uint64_t most = ~std::uint64_t{0}) {
    std::uint64_t value = 0;
    for (int shift = 0; ok_; shift += 7) {
      if (bytes_.empty()) {
        Fail("it ends there");
        break;
      }
      const auto byte = static_cast<std::uint8_t>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      // Nothing beyond 64 bits, and no longer form of a number that has a shorter one.
      if ((shift == 63 && byte > 1) || (shift != 0 && byte == 0)) Fail(what);
      if (byte < 0x80) break;
    }
    Require(value <= most, what);
    return ok_ ? value : 0;
  }
  void Fail(const char* what) {
    ok_ = false;
    what_ = what;
    failed_in_ = section_;
    failed_at_ = number_;
    left_ = bytes_.size();
  }

  Bytes bytes_;
  std::size_t size_;
  const char* section_ = "header";
  std::uint64_t number_ = kWhole;
  bool ok_ = true;
  const char* what_ = "";
  const char* failed_in_ = "";
  std::uint64_t failed_at_ = kWhole;
  std::size_t left_ = 0;
};

template <bool reads>
void SnapshotArchive<reads>::Fixed64(std::uint64_t& value, const char* what) {
  for (int shift = 0; shift < 64; shift += 8) {
    if constexpr (reads) {
      if (shift == 0) value = 0;
      if (bytes_.empty()) return Require(false, what);
      value |= std::uint64_t{static_cast<std::uint8_t>(bytes_.front())} << shift;
      bytes_.remove_prefix(1);
    } else {
      bytes_.push_back(static_cast<char>(value >> shift & 0xff));
    }
  }
}

template <bool reads>
Status SnapshotArchive<reads>::Failure() const {
  std::string text = "snapshot: byte " + std::to_string(size_ - left_) + ", " + failed_in_;
  if (failed_at_ != kWhole) text += " " + std::to_string(failed_at_);
  return {Code::kInvalidArgument, text + ": " + what_};
}

using SnapshotWriter = SnapshotArchive<false>;
using SnapshotReader = SnapshotArchive<true>;

}  // namespace routerd::core
