#include "routerd/journal/frame.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/journal/bytes.h"
#include "routerd/journal/crc32c.h"
#include "routerd/journal/segment.h"

namespace routerd::journal {
namespace {

constexpr FramePlace kPlace{0x1122334455667788, 128};

Batch Example() {
  Batch batch;
  batch.header = {.epoch = 7,
                  .first_sequence = 1'000,
                  .time = 123'456,
                  .wall_offset_ms = -99,
                  .previous_digest = 0xfedcba9876543210};
  batch.Add(RecordKind::kEvent, "decide", "who");
  batch.Add(RecordKind::kTimers, "", "");
  batch.Add(RecordKind::kNote, "", std::string("\0\xff", 2));
  return batch;
}

std::string Encoded(const Batch& batch) {
  std::string out;
  EncodeFrame(batch, DomainTag("default"), 998, kPlace, out);
  return out;
}

// The batch that the bytes hold, or nothing.
std::optional<Batch> Decoded(std::string_view frame, const FramePlace& place = kPlace) {
  const auto header = DecodeFrameHeader(frame, place);
  if (!header || kFrameHeaderBytes + header->body_bytes > frame.size()) return std::nullopt;
  std::vector<FrameRecord> records;
  const auto body = frame.substr(kFrameHeaderBytes, header->body_bytes);
  if (!DecodeFrameBody(*header, body, records).empty()) return std::nullopt;
  Batch batch;
  batch.header = header->batch;
  for (const FrameRecord& r : records) {
    batch.Add(r.view.kind, r.view.decision, r.view.identity, r.view.blanked);
  }
  return batch;
}

TEST(Frame, ReadsWhatItWrote) {
  const std::string frame = Encoded(Example());
  EXPECT_EQ(frame.size(), FrameBytes(Example()));
  EXPECT_EQ(frame.size() % kFrameAlignment, 0U);
  EXPECT_EQ(Decoded(frame), Example());
  const auto header = DecodeFrameHeader(frame, kPlace);
  EXPECT_EQ(header->durable_upto, 998U);
  EXPECT_EQ(header->last_sequence(), 1'002U);
  EXPECT_EQ(header->frame_bytes(), frame.size());
}

TEST(Frame, AMarkHasNoRecords) {
  Batch mark;
  mark.header = {.epoch = 1, .first_sequence = 5};
  EXPECT_EQ(Decoded(Encoded(mark)), mark);
}

TEST(Frame, AnyBitThatFlipsIsNoticedOrChangesNothing) {
  const std::string frame = Encoded(Example());
  const std::size_t padding = frame.size() - kFrameHeaderBytes - 3 * kRecordEntryBytes - 11;
  for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
    std::string damaged = frame;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    const auto batch = Decoded(damaged);
    if (bit / 8 >= frame.size() - padding) {
      EXPECT_EQ(batch, Example());
    } else {
      EXPECT_EQ(batch, std::nullopt) << "byte " << bit / 8;
    }
  }
}

TEST(Frame, IsNothingElsewhereOrInAnotherSegmentOrCutShort) {
  const std::string frame = Encoded(Example());
  EXPECT_EQ(Decoded(frame, {kPlace.salt, kPlace.offset + 512}), std::nullopt);
  EXPECT_EQ(Decoded(frame, {kPlace.salt + 1, kPlace.offset}), std::nullopt);
  for (std::size_t size = 0; size + kFrameAlignment <= frame.size(); ++size) {
    EXPECT_EQ(Decoded(std::string_view(frame).substr(0, size)), std::nullopt);
  }
}

TEST(Frame, BlankingLeavesItValidAtEachStep) {
  std::string frame = Encoded(Example());
  std::vector<FrameRecord> records;
  const auto header = *DecodeFrameHeader(frame, kPlace);
  const std::string body = frame.substr(kFrameHeaderBytes, header.body_bytes);
  ASSERT_EQ(DecodeFrameBody(header, body, records), "");
  Batch blanked;
  blanked.header = Example().header;
  blanked.Add(RecordKind::kEvent, "decide", "", true);
  blanked.Add(RecordKind::kTimers, "", "");
  blanked.Add(RecordKind::kNote, "", std::string("\0\xff", 2));

  const std::size_t entry = kFrameHeaderBytes + records[0].entry_at;
  frame[entry + kIdentityStateAt] = kIdentityBlanked;
  EXPECT_EQ(Decoded(frame), blanked);
  for (std::size_t i = 0; i < records[0].identity_bytes; ++i) {
    frame[kFrameHeaderBytes + records[0].identity_at + i] = 0;
    EXPECT_EQ(Decoded(frame), blanked);
  }
  for (std::size_t i = 0; i < 4; ++i) {
    frame[entry + kIdentityCrcAt + i] = 0;
    EXPECT_EQ(Decoded(frame), blanked);
  }
}

// A writer could not have made these; a reader must not believe them, whatever their checksums say.
TEST(Frame, LengthsBeyondTheLimitsAreNotBelieved) {
  const std::string frame = Encoded(Example());
  const auto with = [&](std::size_t at, std::uint32_t value) {
    std::string forged = frame;
    StoreNumber(forged.data() + at, value);
    char place[16];
    StoreNumber(place, kPlace.salt);
    StoreNumber(place + 8, kPlace.offset);
    StoreNumber(forged.data() + 68,
                Crc32c(std::string_view(forged).substr(0, 68), Crc32c({place, sizeof place})));
    return forged;
  };
  EXPECT_EQ(Decoded(with(56, 3)), Example()) << "the forging itself works";
  EXPECT_FALSE(DecodeFrameHeader(with(60, limits::kMaxFrameBytes + 1), kPlace));
  EXPECT_FALSE(DecodeFrameHeader(with(56, limits::kMaxFrameRecords + 1), kPlace));
  EXPECT_FALSE(DecodeFrameHeader(with(56, 100), kPlace)) << "a table longer than the body";
  EXPECT_EQ(Decoded(with(56, 2)), std::nullopt);
  EXPECT_EQ(Decoded(with(60, 10)), std::nullopt);
}

// ---- Segments ----

TEST(Segment, ReadsTheHeaderItWroteAndNoOther) {
  const SegmentHeader header{5, 2, 3, 0x42, "default"};
  const std::string bytes = EncodeSegmentHeader(header);
  ASSERT_EQ(bytes.size(), kSegmentHeaderBytes);
  EXPECT_EQ(DecodeSegmentHeader(bytes).value(), header);
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(DecodeSegmentHeader(damaged).status().code(), Code::kInternal) << bit;
  }
  EXPECT_FALSE(DecodeSegmentHeader(bytes.substr(0, 127)).ok());
}

TEST(Segment, AnotherVersionIsNotCalledDamaged) {
  std::string bytes = EncodeSegmentHeader({5, 2, 3, 0x42, "default"});
  StoreNumber(bytes.data() + 8, std::uint16_t{2});
  StoreNumber(bytes.data() + 124, Crc32c(std::string_view(bytes).substr(0, 124)));
  const auto header = DecodeSegmentHeader(bytes);
  EXPECT_EQ(header.status().code(), Code::kFailedPrecondition);
  EXPECT_NE(header.status().message().find("version 2"), std::string::npos);
}

TEST(Segment, NamesSortAsTheirNumbers) {
  EXPECT_EQ(NumberedName(123, kSegmentSuffix), "00000000000000000123.segment");
  EXPECT_EQ(NumberOfName("00000000000000000123.segment", kSegmentSuffix), 123U);
  EXPECT_EQ(NumberOfName(NumberedName(UINT64_MAX, kSegmentSuffix), kSegmentSuffix), UINT64_MAX);
  for (const char* name :
       {"123.segment", "00000000000000000123.snapshot", "0000000000000000012x.segment",
        "99999999999999999999.segment", "-0000000000000000123.segment",
        "00000000000000000123.segment.damaged", ""}) {
    EXPECT_EQ(NumberOfName(name, kSegmentSuffix), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace routerd::journal
