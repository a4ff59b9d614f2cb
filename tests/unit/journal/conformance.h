// What every journal backend must do. A backend's test gives a Harness and instantiates the suite:
//
//   struct MemoryHarness {
//     journal::Journal& journal();   // the backend, empty and not yet open at first
//     void Reopen();                 // as after a restart: what was durable is there
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Memory, JournalConformance, MemoryHarness);
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "routerd/journal/journal.h"

namespace routerd::journal {

template <typename Harness>
class JournalConformance : public ::testing::Test {
 protected:
  JournalConformance() { epoch_ = Open(); }

  Journal& journal() { return harness_.journal(); }

  std::uint32_t Open() {
    const Result<std::uint32_t> epoch = journal().Open();
    EXPECT_TRUE(epoch.ok()) << epoch.status().message();
    return epoch.ok() ? epoch.value() : 0;
  }

  // A batch of `records` records after the head.
  Batch Next(std::size_t records, const std::string& mark = "d") {
    Batch batch;
    batch.header = {.epoch = epoch_,
                    .first_sequence = journal().head().sequence + 1,
                    .time = 1'000,
                    .wall_offset_ms = -5,
                    .previous_digest = 77};
    for (std::size_t i = 0; i < records; ++i) {
      batch.Add(i % 2 == 0 ? RecordKind::kEvent : RecordKind::kTimers, mark + std::to_string(i),
                std::string(i, 'p'));
    }
    return batch;
  }

  Harness harness_;
  std::uint32_t epoch_ = 0;
};

TYPED_TEST_SUITE_P(JournalConformance);

TYPED_TEST_P(JournalConformance, StartsEmpty) {
  EXPECT_EQ(this->journal().head(), (Position{0, 0}));
  EXPECT_EQ(this->journal().first_kept(), 1U);
  const auto read = this->journal().Read(1, 10);
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read.value().empty());
}

TYPED_TEST_P(JournalConformance, EveryOpenGivesAGreaterEpoch) {
  std::uint32_t last = this->epoch_;
  EXPECT_GE(last, 1U);
  for (int i = 0; i < 3; ++i) {
    this->harness_.Reopen();
    const std::uint32_t epoch = this->Open();
    EXPECT_GT(epoch, last);
    last = epoch;
  }
}

TYPED_TEST_P(JournalConformance, ReadsBackWhatWasCommitted) {
  const Batch first = this->Next(3, "a");
  ASSERT_EQ(this->journal().Append(first), Appended::kCommitted);
  const Batch second = this->Next(2, "b");
  ASSERT_EQ(this->journal().Append(second), Appended::kCommitted);
  EXPECT_EQ(this->journal().head(), (Position{this->epoch_, 5}));
  const auto read = this->journal().Read(1, 10);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(), (std::vector<Batch>{first, second}));
}

TYPED_TEST_P(JournalConformance, ReadsFromTheBatchThatHoldsTheSequence) {
  const Batch first = this->Next(3, "a");
  ASSERT_EQ(this->journal().Append(first), Appended::kCommitted);
  const Batch second = this->Next(2, "b");
  ASSERT_EQ(this->journal().Append(second), Appended::kCommitted);
  EXPECT_EQ(this->journal().Read(3, 1).value(), (std::vector<Batch>{first}));
  EXPECT_EQ(this->journal().Read(4, 10).value(), (std::vector<Batch>{second}));
  EXPECT_TRUE(this->journal().Read(6, 10).value().empty());
}

TYPED_TEST_P(JournalConformance, RefusesToReadBeyondItsHead) {
  ASSERT_EQ(this->journal().Append(this->Next(1)), Appended::kCommitted);
  EXPECT_EQ(this->journal().Read(3, 10).status().code(), Code::kOutOfRange);
}

TYPED_TEST_P(JournalConformance, TheSameBatchAgainIsStoredOnce) {
  const Batch batch = this->Next(2);
  ASSERT_EQ(this->journal().Append(batch), Appended::kCommitted);
  EXPECT_EQ(this->journal().Append(batch), Appended::kCommitted);
  EXPECT_EQ(this->journal().head().sequence, 2U);
  EXPECT_EQ(this->journal().Read(1, 10).value().size(), 1U);
}

TYPED_TEST_P(JournalConformance, FencesAnEarlierEpoch) {
  ASSERT_EQ(this->journal().Append(this->Next(1)), Appended::kCommitted);
  const Batch stale = this->Next(1);
  const std::uint32_t old = this->epoch_;
  this->epoch_ = this->Open();
  ASSERT_GT(this->epoch_, old);
  EXPECT_EQ(this->journal().Append(stale), Appended::kFenced);
  EXPECT_EQ(this->journal().head().sequence, 1U);
  EXPECT_EQ(this->journal().Append(this->Next(1)), Appended::kCommitted);
}

TYPED_TEST_P(JournalConformance, RefusesAGap) {
  Batch batch = this->Next(1);
  batch.header.first_sequence += 1;
  EXPECT_EQ(this->journal().Append(batch), Appended::kFailed);
  EXPECT_EQ(this->journal().head().sequence, 0U);
}

TYPED_TEST_P(JournalConformance, RefusesAnEmptyBatch) {
  EXPECT_EQ(this->journal().Append(this->Next(0)), Appended::kFailed);
}

TYPED_TEST_P(JournalConformance, SequencesGoOnOverEpochs) {
  ASSERT_EQ(this->journal().Append(this->Next(4)), Appended::kCommitted);
  this->epoch_ = this->Open();
  ASSERT_EQ(this->journal().Append(this->Next(1)), Appended::kCommitted);
  EXPECT_EQ(this->journal().head(), (Position{this->epoch_, 5}));
}

TYPED_TEST_P(JournalConformance, TrimForgetsWholeBatchesAndNeverTheLast) {
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(this->journal().Append(this->Next(2)), Appended::kCommitted);
  }
  ASSERT_TRUE(this->journal().Trim(3).ok());
  EXPECT_LE(this->journal().first_kept(), 4U);
  ASSERT_TRUE(this->journal().Trim(100).ok());
  EXPECT_LE(this->journal().first_kept(), 5U);
  EXPECT_EQ(this->journal().head().sequence, 6U);
  EXPECT_EQ(this->journal().Read(5, 10).value().back().last_sequence(), 6U);
}

TYPED_TEST_P(JournalConformance, KeepsEmptyPartsAndBinaryOnes) {
  Batch batch = this->Next(0);
  batch.Add(RecordKind::kNote, "", std::string("\0\xff\n", 3));
  batch.Add(RecordKind::kClock, std::string("\0", 1), "");
  batch.Add(RecordKind::kTimers, "", "");
  ASSERT_EQ(this->journal().Append(batch), Appended::kCommitted);
  const Batch read = this->journal().Read(1, 1).value().front();
  EXPECT_EQ(read, batch);
  EXPECT_EQ(read.at(0).identity, std::string_view("\0\xff\n", 3));
  EXPECT_EQ(read.at(1).kind, RecordKind::kClock);
  EXPECT_EQ(read.at(1).decision, std::string_view("\0", 1));
  EXPECT_TRUE(read.at(2).identity.empty());
}

TYPED_TEST_P(JournalConformance, NothingIsDueOnceSynced) {
  ASSERT_EQ(this->journal().Append(this->Next(1)), Appended::kCommitted);
  EXPECT_TRUE(this->journal().Sync().ok());
  EXPECT_EQ(this->journal().SyncDue(), std::nullopt);
  this->journal().Prepare();
  EXPECT_FALSE(this->journal().low_on_space());
  EXPECT_TRUE(this->journal().trouble().ok());
}

TYPED_TEST_P(JournalConformance, SaysWhyItRefused) {
  Batch batch = this->Next(1);
  batch.header.first_sequence += 1;
  ASSERT_EQ(this->journal().Append(batch), Appended::kFailed);
  EXPECT_FALSE(this->journal().trouble().ok());
  EXPECT_FALSE(this->journal().trouble().message().empty());
}

TYPED_TEST_P(JournalConformance, AppendsNothingOnceClosed) {
  ASSERT_EQ(this->journal().Append(this->Next(1)), Appended::kCommitted);
  EXPECT_TRUE(this->journal().Close().ok());
  EXPECT_EQ(this->journal().Append(this->Next(1)), Appended::kFailed);
  EXPECT_EQ(this->journal().head().sequence, 1U);
  this->epoch_ = this->Open();
  EXPECT_EQ(this->journal().Append(this->Next(1)), Appended::kCommitted);
}

TYPED_TEST_P(JournalConformance, WhatIsDurableOutlivesTheProcess) {
  std::vector<Batch> batches;
  for (std::size_t records = 1; records <= 3; ++records) {
    batches.push_back(this->Next(records));
    ASSERT_EQ(this->journal().Append(batches.back()), Appended::kCommitted);
  }
  const bool durable = this->journal().durable();
  this->harness_.Reopen();
  this->epoch_ = this->Open();
  EXPECT_EQ(this->journal().head().sequence, durable ? 6U : 0U);
  if (durable) {
    EXPECT_EQ(this->journal().Read(1, 10).value(), batches);
    EXPECT_EQ(this->journal().Append(this->Next(1)), Appended::kCommitted);
  }
}

REGISTER_TYPED_TEST_SUITE_P(JournalConformance, StartsEmpty, EveryOpenGivesAGreaterEpoch,
                            ReadsBackWhatWasCommitted, ReadsFromTheBatchThatHoldsTheSequence,
                            RefusesToReadBeyondItsHead, TheSameBatchAgainIsStoredOnce,
                            FencesAnEarlierEpoch, RefusesAGap, RefusesAnEmptyBatch,
                            SequencesGoOnOverEpochs, TrimForgetsWholeBatchesAndNeverTheLast,
                            KeepsEmptyPartsAndBinaryOnes, NothingIsDueOnceSynced, SaysWhyItRefused,
                            AppendsNothingOnceClosed, WhatIsDurableOutlivesTheProcess);

}  // namespace routerd::journal
