// The decision parts of the journal's records: canonical, little-endian, versioned. The same event
// gives the same bytes on every machine. Decoding is total: it refuses whatever encoding did not
// write and never reads outside its bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "routerd/base/ids.h"
#include "routerd/base/status.h"
#include "routerd/core/event.h"
#include "routerd/model/model.h"

namespace routerd::engine {

inline constexpr std::uint8_t kRecordVersion = 2;        // of what is written
inline constexpr std::uint8_t kOldestRecordVersion = 1;  // of what is read

// kEvent. Appends to `out`.
void EncodeEvent(const core::Event& event, std::string& out);
Result<core::Event> DecodeEvent(std::string_view decision);

// kClock: the new offset from batch time to wall time.
void EncodeClock(SpanMs wall_offset_ms, std::string& out);
Result<SpanMs> DecodeClock(std::string_view decision);

// kStart: the policy in force from here on, and the rules that decide from here on.
struct StartRecord {
  std::uint32_t rules_version = 0;
  std::shared_ptr<const model::Model> model;
};
void EncodeStart(const StartRecord& start, std::string& out);
Result<StartRecord> DecodeStart(std::string_view decision);

// kRestart: the rules that decide from here on.
void EncodeRestart(std::uint32_t rules_version, std::string& out);
Result<std::uint32_t> DecodeRestart(std::string_view decision);

}  // namespace routerd::engine
