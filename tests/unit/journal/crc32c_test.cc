#include "routerd/journal/crc32c.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace routerd::journal {
namespace {

// RFC 3720, appendix B.4, and the check value of the CRC catalogue.
std::vector<std::pair<std::string, std::uint32_t>> KnownVectors() {
  std::string up;
  std::string down;
  for (int i = 0; i < 32; ++i) {
    up += static_cast<char>(i);
    down += static_cast<char>(31 - i);
  }
  std::string command(48, '\0');
  command[0] = '\x01';
  command[1] = '\xc0';
  command[16] = '\x14';
  command[22] = '\x04';
  command[27] = '\x14';
  command[31] = '\x18';
  command[32] = '\x28';
  command[40] = '\x02';
  return {{std::string(32, '\0'), 0x8a9136aa},
          {std::string(32, '\xff'), 0x62a8ab43},
          {up, 0x46dd794e},
          {down, 0x113fdb5c},
          {command, 0xd9963a56},
          {"123456789", 0xe3069283},
          {"", 0}};
}

TEST(Crc32c, KnowsTheVectorsEitherWay) {
  for (const auto& [bytes, crc] : KnownVectors()) {
    EXPECT_EQ(Crc32c(bytes), crc);
    EXPECT_EQ(Crc32cByTable(bytes), crc);
    if (HasCrc32cInstruction()) {
      EXPECT_EQ(Crc32cByInstruction(bytes), crc);
    }
  }
}

TEST(Crc32c, GoesOnFromWhatCameBefore) {
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes += static_cast<char>(i * 7);
  const std::uint32_t whole = Crc32cByTable(bytes);
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    const std::string_view all = bytes;
    const std::string_view first = all.substr(0, cut);
    const std::string_view rest = all.substr(cut);
    EXPECT_EQ(Crc32cByTable(rest, Crc32cByTable(first)), whole);
    if (HasCrc32cInstruction()) {
      EXPECT_EQ(Crc32cByInstruction(rest, Crc32cByInstruction(first)), whole);
    }
  }
}

}  // namespace
}  // namespace routerd::journal
