// A segment: a file of frames, named after the first sequence in it. And what else lies in the
// journal's directory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "routerd/base/status.h"

namespace routerd::journal {

inline constexpr std::size_t kSegmentHeaderBytes = 128;

struct SegmentHeader {
  std::uint64_t first_sequence = 0;     // of the first record in it
  std::uint64_t previous_sequence = 0;  // of the segment before it; 0: there was none
  std::uint32_t epoch = 0;              // in which it was begun
  std::uint64_t salt = 0;               // told apart by it from any other segment
  std::string domain;                   // at most kMaxDomainBytes
  friend bool operator==(const SegmentHeader&, const SegmentHeader&) = default;
};

[[nodiscard]] std::string EncodeSegmentHeader(const SegmentHeader& header);
// kFailedPrecondition: written by a version of the format that is not ours; kInternal: damaged.
[[nodiscard]] Result<SegmentHeader> DecodeSegmentHeader(std::string_view bytes);

// ---- Names of files ----
inline constexpr std::string_view kSegmentSuffix = ".segment";
inline constexpr std::string_view kSnapshotSuffix = ".snapshot";
inline constexpr std::string_view kDamagedSuffix = ".damaged";
inline constexpr std::string_view kTemporarySuffix = ".tmp";
inline constexpr std::string_view kLockName = "lock";
inline constexpr std::string_view kBlankingName = "blanking";
inline constexpr std::string_view kNextName = "next.prepared";
inline constexpr std::string_view kReserveName = "reserve.prepared";

// 20 digits and the suffix, so that names sort as their numbers do.
[[nodiscard]] std::string NumberedName(std::uint64_t number, std::string_view suffix);
// Nothing when the name is not of that form.
[[nodiscard]] std::optional<std::uint64_t> NumberOfName(std::string_view name,
                                                        std::string_view suffix);

}  // namespace routerd::journal
