#include "routerd/journal/segment.h"

#include <charconv>

#include "routerd/base/limits.h"
#include "routerd/journal/bytes.h"
#include "routerd/journal/crc32c.h"
#include "routerd/journal/frame.h"

namespace routerd::journal {
namespace {

constexpr std::string_view kSegmentMagic = "RDSEGMNT";
constexpr std::size_t kDomainAt = 48;
constexpr std::size_t kSegmentCrcAt = 124;
constexpr std::size_t kNumberDigits = 20;
static_assert(kDomainAt + limits::kMaxDomainBytes <= kSegmentCrcAt);

}  // namespace

std::string EncodeSegmentHeader(const SegmentHeader& header) {
  std::string out(kSegmentMagic);
  AppendNumber(out, kFormatVersion);
  AppendNumber(out, static_cast<std::uint16_t>(kSegmentHeaderBytes));
  AppendNumber(out, header.epoch);
  AppendNumber(out, header.first_sequence);
  AppendNumber(out, header.previous_sequence);
  AppendNumber(out, header.salt);
  AppendNumber(out, static_cast<std::uint64_t>(header.domain.size()));
  out += header.domain;
  out.resize(kSegmentCrcAt);
  AppendNumber(out, Crc32c(out));
  return out;
}

Result<SegmentHeader> DecodeSegmentHeader(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes || !bytes.starts_with(kSegmentMagic)) {
    return Status(Code::kInternal, "it does not begin as a segment does");
  }
  const char* p = bytes.data();
  // These two stand where they are in every version.
  if (LoadNumber<std::uint32_t>(p + kSegmentCrcAt) != Crc32c(bytes.substr(0, kSegmentCrcAt))) {
    return Status(Code::kInternal, "its header does not match its checksum");
  }
  if (const auto version = LoadNumber<std::uint16_t>(p + 8); version != kFormatVersion) {
    return Status(
        Code::kFailedPrecondition,
        "written in version " + std::to_string(version) +
            " of the format, which this routerd does not know; use the one that wrote it");
  }
  SegmentHeader header;
  header.epoch = LoadNumber<std::uint32_t>(p + 12);
  header.first_sequence = LoadNumber<std::uint64_t>(p + 16);
  header.previous_sequence = LoadNumber<std::uint64_t>(p + 24);
  header.salt = LoadNumber<std::uint64_t>(p + 32);
  const auto domain_bytes = LoadNumber<std::uint64_t>(p + 40);
  if (LoadNumber<std::uint16_t>(p + 10) != kSegmentHeaderBytes ||
      domain_bytes > limits::kMaxDomainBytes || header.first_sequence == 0 || header.epoch == 0) {
    return Status(Code::kInternal, "its header says what cannot be");
  }
  header.domain = bytes.substr(kDomainAt, domain_bytes);
  return header;
}

std::string NumberedName(std::uint64_t number, std::string_view suffix) {
  const std::string digits = std::to_string(number);
  return std::string(kNumberDigits - digits.size(), '0') + digits + std::string(suffix);
}

std::optional<std::uint64_t> NumberOfName(std::string_view name, std::string_view suffix) {
  if (name.size() != kNumberDigits + suffix.size() || !name.ends_with(suffix)) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + kNumberDigits, number);
  if (error != std::errc() || end != name.data() + kNumberDigits) return std::nullopt;
  return number;
}

}  // namespace routerd::journal
