#include "routerd/journal/frame.h"

#include "routerd/base/limits.h"
#include "routerd/journal/bytes.h"
#include "routerd/journal/crc32c.h"

namespace routerd::journal {
namespace {

constexpr std::string_view kFrameMagic = "RDFR";
constexpr std::size_t kHeaderCrcAt = 68;
constexpr std::size_t kDecisionCrcAt = 9;

// Of what does not change when an identity part is blanked.
std::uint32_t EntryCrc(const char* entry, std::uint32_t before) {
  return Crc32c({entry, kIdentityCrcAt}, before);
}

std::uint32_t HeaderCrc(std::string_view header, const FramePlace& place) {
  char at[16];
  StoreNumber(at, place.salt);
  StoreNumber(at + 8, place.offset);
  return Crc32c(header.substr(0, kHeaderCrcAt), Crc32c({at, sizeof at}));
}

// These stand where they are in every version.
bool IsChecked(std::string_view bytes, const FramePlace& place) {
  return bytes.size() >= kFrameHeaderBytes && bytes.starts_with(kFrameMagic) &&
         LoadNumber<std::uint32_t>(bytes.data() + kHeaderCrcAt) == HeaderCrc(bytes, place);
}

void EncodeHeader(const FrameHeader& h, const FramePlace& place, std::string& out) {
  out += kFrameMagic;
  AppendNumber(out, kFormatVersion);
  AppendNumber(out, static_cast<std::uint16_t>(kFrameHeaderBytes));
  AppendNumber(out, h.domain);
  AppendNumber(out, h.batch.epoch);
  AppendNumber(out, h.batch.first_sequence);
  AppendNumber(out, h.batch.time);
  AppendNumber(out, h.batch.wall_offset_ms);
  AppendNumber(out, h.batch.previous_digest);
  AppendNumber(out, h.durable_upto);
  AppendNumber(out, h.count);
  AppendNumber(out, h.body_bytes);
  AppendNumber(out, h.table_crc);
  AppendNumber(out, HeaderCrc(out, place));
}

std::uint32_t EncodeTable(const Batch& batch, char* entry) {
  std::uint32_t crc = 0;
  for (std::size_t i = 0; i < batch.size(); ++i, entry += kRecordEntryBytes) {
    const RecordView record = batch.at(i);
    entry[0] = static_cast<char>(record.kind);
    StoreNumber(entry + 1, static_cast<std::uint32_t>(record.decision.size()));
    StoreNumber(entry + 5, static_cast<std::uint32_t>(record.identity.size()));
    StoreNumber(entry + kDecisionCrcAt, Crc32c(record.decision));
    StoreNumber(entry + kIdentityCrcAt, Crc32c(record.identity));
    entry[kIdentityStateAt] = record.blanked ? kIdentityBlanked : kIdentityKept;
    crc = EntryCrc(entry, crc);
  }
  return crc;
}

}  // namespace

std::uint32_t DomainTag(std::string_view domain) { return Crc32c(domain); }

std::uint64_t FrameBytes(const Batch& batch) {
  const std::uint64_t bytes = kFrameHeaderBytes + batch.size() * kRecordEntryBytes + batch.bytes();
  return (bytes + kFrameAlignment - 1) / kFrameAlignment * kFrameAlignment;
}

void EncodeFrame(const Batch& batch, std::uint32_t domain, std::uint64_t durable_upto,
                 const FramePlace& place, std::string& out) {
  const std::size_t table_bytes = batch.size() * kRecordEntryBytes;
  // The table first: its checksum stands in the header.
  out.resize(kFrameHeaderBytes + table_bytes);
  FrameHeader header;
  header.batch = batch.header;
  header.domain = domain;
  header.durable_upto = durable_upto;
  header.count = static_cast<std::uint32_t>(batch.size());
  header.body_bytes = static_cast<std::uint32_t>(table_bytes + batch.bytes());
  header.table_crc = EncodeTable(batch, out.data() + kFrameHeaderBytes);
  std::string bytes;
  bytes.reserve(kFrameHeaderBytes);
  EncodeHeader(header, place, bytes);
  out.replace(0, kFrameHeaderBytes, bytes);
  out += batch.parts();
  out.resize(header.frame_bytes());
}

bool IsOfAnotherVersion(std::string_view bytes, const FramePlace& place) {
  return IsChecked(bytes, place) && !DecodeFrameHeader(bytes, place);
}

std::optional<FrameHeader> DecodeFrameHeader(std::string_view bytes, const FramePlace& place) {
  if (!IsChecked(bytes, place)) return std::nullopt;
  const char* p = bytes.data();
  if (LoadNumber<std::uint16_t>(p + 4) != kFormatVersion ||
      LoadNumber<std::uint16_t>(p + 6) != kFrameHeaderBytes) {
    return std::nullopt;
  }
  FrameHeader h;
  h.domain = LoadNumber<std::uint32_t>(p + 8);
  h.batch.epoch = LoadNumber<std::uint32_t>(p + 12);
  h.batch.first_sequence = LoadNumber<std::uint64_t>(p + 16);
  h.batch.time = LoadNumber<TimeMs>(p + 24);
  h.batch.wall_offset_ms = LoadNumber<SpanMs>(p + 32);
  h.batch.previous_digest = LoadNumber<std::uint64_t>(p + 40);
  h.durable_upto = LoadNumber<std::uint64_t>(p + 48);
  h.count = LoadNumber<std::uint32_t>(p + 56);
  h.body_bytes = LoadNumber<std::uint32_t>(p + 60);
  h.table_crc = LoadNumber<std::uint32_t>(p + 64);
  if (h.count > limits::kMaxFrameRecords || h.body_bytes > limits::kMaxFrameBytes ||
      std::uint64_t{h.count} * kRecordEntryBytes > h.body_bytes) {
    return std::nullopt;
  }
  return h;
}

std::string_view DecodeFrameBody(const FrameHeader& header, std::string_view body,
                                 std::vector<FrameRecord>& records) {
  records.clear();
  const std::size_t table_bytes = header.count * kRecordEntryBytes;
  if (body.size() != header.body_bytes || table_bytes > body.size()) return "it is cut short";
  std::uint32_t crc = 0;
  for (std::size_t at = 0; at < table_bytes; at += kRecordEntryBytes) {
    crc = EntryCrc(body.data() + at, crc);
  }
  if (crc != header.table_crc) return "its table of records does not match its checksum";
  std::size_t part = table_bytes;
  for (std::size_t at = 0; at < table_bytes; at += kRecordEntryBytes) {
    const char* entry = body.data() + at;
    const std::size_t decision = LoadNumber<std::uint32_t>(entry + 1);
    const std::size_t identity = LoadNumber<std::uint32_t>(entry + 5);
    if (!IsRecordKind(static_cast<std::uint8_t>(entry[0]))) return kUnknownKind;
    if (decision > body.size() - part || identity > body.size() - part - decision) {
      return "a record longer than its frame";
    }
    FrameRecord record;
    record.view.kind = static_cast<RecordKind>(entry[0]);
    record.view.decision = body.substr(part, decision);
    record.entry_at = at;
    record.identity_at = part + decision;
    record.identity_bytes = identity;
    part += decision + identity;
    if (Crc32c(record.view.decision) != LoadNumber<std::uint32_t>(entry + kDecisionCrcAt)) {
      return "a decision part does not match its checksum";
    }
    record.view.blanked = entry[kIdentityStateAt] == kIdentityBlanked;
    if (record.view.blanked) {
      record.erased =
          LoadNumber<std::uint32_t>(entry + kIdentityCrcAt) == 0 &&
          body.substr(record.identity_at, identity).find_first_not_of('\0') == body.npos;
    } else {
      if (entry[kIdentityStateAt] != kIdentityKept) return "an identity part in no known state";
      record.view.identity = body.substr(record.identity_at, identity);
      if (Crc32c(record.view.identity) != LoadNumber<std::uint32_t>(entry + kIdentityCrcAt)) {
        return "an identity part does not match its checksum";
      }
    }
    records.push_back(record);
  }
  return part == body.size() ? "" : "more bytes than its records have";
}

}  // namespace routerd::journal
