// The fields of a trace's rows, and which rows they belong to.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace routerd::sim {

enum class TraceField : std::uint8_t {
  kAgent,
  kAtMs,
  kLogin,
  kLogout,
  kState,
  kReason,
  kGroups,
  kSkills,
  kContact,
  kChannel,
  kQueue,
  kPriority,
  kAttributes,
  kHandleMs,
  kWrapUpMs,
  kPatienceMs,
  kAnswerMs,
};

inline constexpr std::array<std::string_view, 17> kTraceFieldNames = {
    "agent",      "at_ms",     "login",      "logout",      "state",    "reason",
    "groups",     "skills",    "contact",    "channel",     "queue",    "priority",
    "attributes", "handle_ms", "wrap_up_ms", "patience_ms", "answer_ms"};

constexpr std::uint32_t Bit(TraceField field) { return 1U << static_cast<unsigned>(field); }

template <typename... Fields>
constexpr std::uint32_t Bits(Fields... fields) {
  return (Bit(fields) | ...);
}

inline constexpr std::uint32_t kContactFields =
    Bits(TraceField::kContact, TraceField::kAtMs, TraceField::kChannel, TraceField::kQueue,
         TraceField::kPriority, TraceField::kSkills, TraceField::kAttributes, TraceField::kHandleMs,
         TraceField::kWrapUpMs, TraceField::kPatienceMs, TraceField::kAnswerMs);
inline constexpr std::uint32_t kLogInFields =
    Bits(TraceField::kAgent, TraceField::kAtMs, TraceField::kLogin, TraceField::kState,
         TraceField::kReason, TraceField::kGroups, TraceField::kSkills);
inline constexpr std::uint32_t kStateFields =
    Bits(TraceField::kAgent, TraceField::kAtMs, TraceField::kState, TraceField::kReason);
inline constexpr std::uint32_t kLogOutFields =
    Bits(TraceField::kAgent, TraceField::kAtMs, TraceField::kLogout);

}  // namespace routerd::sim
