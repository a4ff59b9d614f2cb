// Strong number types. Inside the core everything has a number; the engine's directory knows the
// names that people and gateways use.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace routerd {

// A number that cannot be mixed up with a number of another kind. Default = "none".
template <typename Tag, typename Rep>
struct StrongNo {
  static constexpr Rep kNone = static_cast<Rep>(-1);
  Rep value = kNone;

  constexpr StrongNo() = default;
  constexpr explicit StrongNo(Rep v) : value(v) {}
  [[nodiscard]] constexpr bool valid() const { return value != kNone; }
  [[nodiscard]] constexpr std::size_t index() const { return static_cast<std::size_t>(value); }
  friend constexpr auto operator<=>(StrongNo, StrongNo) = default;
};

// Given by the core at arrival: the slot in the low 32 bits, the slot's generation in the high 32.
using ContactNo = StrongNo<struct ContactTag, std::uint64_t>;
using AgentNo = StrongNo<struct AgentTag, std::uint32_t>;      // given by the engine's directory
using GatewayNo = StrongNo<struct GatewayTag, std::uint32_t>;  // given by the engine's directory
using QueueNo = StrongNo<struct QueueTag, std::uint32_t>;      // stable across policy swaps
using SkillNo = StrongNo<struct SkillTag, std::uint32_t>;      // stable across policy swaps
using GroupNo = StrongNo<struct GroupTag, std::uint32_t>;      // stable across policy swaps
using ChannelNo = StrongNo<struct ChannelTag, std::uint8_t>;   // stable across policy swaps
using ProfileNo = StrongNo<struct ProfileTag, std::uint32_t>;  // routing profile, likewise
using AttributeNo = StrongNo<struct AttributeTag, std::uint16_t>;  // of agents, likewise
using HoursNo = StrongNo<struct HoursTag, std::uint32_t>;          // opening hours, stable likewise
using HolidaysNo = StrongNo<struct HolidaysTag, std::uint32_t>;    // lists of holidays, likewise
using TreatmentNo = StrongNo<struct TreatmentTag, std::uint16_t>;  // what is played, likewise
using LabelNo = StrongNo<struct LabelTag, std::uint16_t>;          // of contacts, likewise
using ReasonNo = StrongNo<struct ReasonTag, std::uint16_t>;  // not-ready reason, stable likewise

// Milliseconds of batch time (monotone, continues over restarts). Never wall time.
using TimeMs = std::int64_t;
// A span in milliseconds.
using SpanMs = std::int64_t;

// Where a record stands in the history. `sequence` counts records without gaps, across epochs.
struct Position {
  std::uint32_t epoch = 0;
  std::uint64_t sequence = 0;
  friend constexpr auto operator<=>(const Position&, const Position&) = default;
};

// The lease's id: the position of the record that made it, and which offer of that record it is.
// The same on every replay. Order = order of creation.
struct OfferId {
  Position at;
  std::uint32_t index = 0;
  [[nodiscard]] constexpr bool valid() const { return at.epoch != 0; }
  friend constexpr auto operator<=>(const OfferId&, const OfferId&) = default;
};

}  // namespace routerd

template <typename Tag, typename Rep>
struct std::hash<routerd::StrongNo<Tag, Rep>> {
  std::size_t operator()(routerd::StrongNo<Tag, Rep> no) const noexcept {
    return std::hash<Rep>{}(no.value);
  }
};
