// A batch as bytes. README.md describes them one by one; a test compares.
//
// A frame is valid at one place only: its checksum takes in the segment's salt and the offset, so
// that old bytes in a new segment, or a sector written twice, are not taken for a frame.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/journal/batch.h"

namespace routerd::journal {

inline constexpr std::uint16_t kFormatVersion = 1;
inline constexpr std::size_t kFrameHeaderBytes = 72;
inline constexpr std::size_t kRecordEntryBytes = 18;
inline constexpr std::size_t kFrameAlignment = 8;  // frames begin at multiples of it

// In a record's entry.
inline constexpr std::size_t kIdentityCrcAt = 13;
inline constexpr std::size_t kIdentityStateAt = 17;
// All bits differ, so that no damaged one is taken for the other; one byte, so that no crash tears
// it.
inline constexpr char kIdentityKept = 0x5a;
inline constexpr char kIdentityBlanked = static_cast<char>(0xa5);

struct FramePlace {
  std::uint64_t salt = 0;
  std::uint64_t offset = 0;  // in the segment
};

struct FrameHeader {
  BatchHeader batch;
  std::uint32_t domain = 0;        // DomainTag of its name
  std::uint64_t durable_upto = 0;  // the last sequence that was surely durable before this frame
  std::uint32_t count = 0;         // of records; 0: a mark, which an open or a close has left
  std::uint32_t body_bytes = 0;
  std::uint32_t table_crc = 0;

  [[nodiscard]] std::uint64_t last_sequence() const { return batch.first_sequence + count - 1; }
  [[nodiscard]] std::uint64_t next_sequence() const { return batch.first_sequence + count; }
  // From this frame's beginning to the next one's.
  [[nodiscard]] std::uint64_t frame_bytes() const {
    const std::uint64_t bytes = kFrameHeaderBytes + body_bytes;
    return (bytes + kFrameAlignment - 1) / kFrameAlignment * kFrameAlignment;
  }
};

// A record in a frame's body; views into that body.
struct FrameRecord {
  RecordView view;
  std::size_t entry_at = 0;     // where its entry begins, in the body
  std::size_t identity_at = 0;  // where the bytes of its identity part begin, blanked or not
  std::size_t identity_bytes = 0;
  bool erased = false;  // blanked, and nothing is left of it
};

[[nodiscard]] std::uint32_t DomainTag(std::string_view domain);

// What EncodeFrame would give; more than kMaxFrameBytes or kMaxFrameRecords is not to be encoded.
[[nodiscard]] std::uint64_t FrameBytes(const Batch& batch);
// Replaces `out` by the frame, padded with zeros.
void EncodeFrame(const Batch& batch, std::uint32_t domain, std::uint64_t durable_upto,
                 const FramePlace& place, std::string& out);

// Nothing where there is no valid header, or one whose limits are not ours.
[[nodiscard]] std::optional<FrameHeader> DecodeFrameHeader(std::string_view bytes,
                                                           const FramePlace& place);
// A header whose checksum is right and that DecodeFrameHeader does not take: no accident leaves
// such, another version of the format does.
[[nodiscard]] bool IsOfAnotherVersion(std::string_view bytes, const FramePlace& place);
// What DecodeFrameBody finds wrong where the table's checksum is right: another version's likewise.
inline constexpr std::string_view kUnknownKind = "a record of no known kind";
// `body` has the header's body_bytes. What is wrong with it; empty: nothing, and `records` are its.
[[nodiscard]] std::string_view DecodeFrameBody(const FrameHeader& header, std::string_view body,
                                               std::vector<FrameRecord>& records);

}  // namespace routerd::journal
