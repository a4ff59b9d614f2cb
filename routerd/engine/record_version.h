// Bytes of an event, which know the version that they are of.
#pragma once

#include <cstdint>
#include <string_view>

#include "routerd/engine/bytes.h"
#include "routerd/engine/record_codec.h"

namespace routerd::engine {

// What a later version brought is not in the bytes of an earlier one, and keeps its default.
struct EventWriter : ByteWriter {
  using ByteWriter::ByteWriter;
  static constexpr std::uint8_t version() { return kRecordVersion; }
};

class EventReader : public ByteReader {
 public:
  explicit EventReader(std::string_view bytes) : ByteReader(bytes) { Number(version_); }
  [[nodiscard]] std::uint8_t version() const { return version_; }
  [[nodiscard]] bool knows_version() const {
    return version_ >= kOldestRecordVersion && version_ <= kRecordVersion;
  }

 private:
  std::uint8_t version_ = 0;
};

}  // namespace routerd::engine
