// The README's worked example is what the code writes, byte for byte.
#include <gtest/gtest.h>

#include <cctype>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "routerd/base/limits.h"
#include "routerd/journal/frame.h"
#include "routerd/journal/segment.h"

namespace routerd::journal {
namespace {

std::string ReadmeText() {
  std::ifstream file(ROUTERD_JOURNAL_README);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The example that README.md describes in words.
std::string ExampleFile() {
  SegmentHeader header;
  header.first_sequence = 42;
  header.previous_sequence = 17;
  header.epoch = 3;
  header.salt = 0x1122334455667788;
  header.domain = "default";
  std::string file = EncodeSegmentHeader(header);
  Batch batch;
  batch.header = {.epoch = 3,
                  .first_sequence = 42,
                  .time = 1'000,
                  .wall_offset_ms = 1'700'000'000'000,
                  .previous_digest = 0xfeedfacecafebeef};
  batch.Add(RecordKind::kEvent, "abc", "call-7");
  batch.Add(RecordKind::kTimers, "", "");
  std::string frame;
  EncodeFrame(batch, DomainTag("default"), 41, {header.salt, file.size()}, frame);
  return file + frame;
}

// Offset, 16 bytes in hex, a line.
std::string HexOf(const std::string& bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 16) {
    char word[32];
    std::snprintf(word, sizeof word, "%04zx ", at);
    text += word;
    for (std::size_t i = at; i < at + 16 && i < bytes.size(); ++i) {
      std::snprintf(word, sizeof word, " %02x", static_cast<unsigned char>(bytes[i]));
      text += word;
    }
    text += '\n';
  }
  return text;
}

TEST(Readme, ItsExampleIsWhatTheCodeWrites) {
  EXPECT_NE(ReadmeText().find("```hex\n" + HexOf(ExampleFile()) + "```\n"), std::string::npos)
      << "the example should be\n"
      << HexOf(ExampleFile());
}

TEST(Readme, ItsLimitsAreTheCodes) {
  const std::string text = ReadmeText();
  EXPECT_NE(text.find("64 MiB"), std::string::npos);
  EXPECT_EQ(limits::kSegmentBytes, 64ULL << 20);
  EXPECT_NE(text.find("256 MiB"), std::string::npos);
  EXPECT_EQ(limits::kMaxFrameBytes, 256ULL << 20);
  EXPECT_NE(text.find("1,048,576 records"), std::string::npos);
  EXPECT_EQ(limits::kMaxFrameRecords, 1'048'576U);
}

}  // namespace
}  // namespace routerd::journal
