#include "routerd/journal/memory_journal.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/unit/journal/conformance.h"

namespace routerd::journal {
namespace {

class MemoryHarness {
 public:
  Journal& journal() { return *journal_; }
  void Reopen() { journal_ = std::make_unique<MemoryJournal>(epochs_); }  // nothing is durable

 private:
  MemoryEpochStore epochs_;
  std::unique_ptr<MemoryJournal> journal_ = std::make_unique<MemoryJournal>(epochs_);
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, JournalConformance, MemoryHarness);

class MemoryJournalTest : public ::testing::Test {
 protected:
  MemoryJournalTest() { epoch_ = journal_.Open().value(); }

  Batch Next() {
    Batch batch;
    batch.header.epoch = epoch_;
    batch.header.first_sequence = journal_.head().sequence + 1;
    batch.Add(RecordKind::kEvent, "d", "i");
    return batch;
  }

  MemoryEpochStore epochs_;
  MemoryJournal journal_{epochs_, 3};
  std::uint32_t epoch_ = 0;
};

TEST_F(MemoryJournalTest, KeepsTheLastRecordsAndSaysSo) {
  for (int i = 0; i < 10; ++i) ASSERT_EQ(journal_.Append(Next()), Appended::kCommitted);
  EXPECT_EQ(journal_.first_kept(), 8U);
  EXPECT_EQ(journal_.Read(7, 10).status().code(), Code::kOutOfRange);
  EXPECT_EQ(journal_.Read(8, 10).value().size(), 3U);
}

TEST_F(MemoryJournalTest, AnUnknownAppendIsResolvedByTheSameBytes) {
  for (const bool stored : {false, true}) {
    const Batch batch = Next();
    journal_.Fail(Appended::kUnknown, 1, stored);
    EXPECT_EQ(journal_.Append(batch), Appended::kUnknown);
    EXPECT_EQ(journal_.Append(batch), Appended::kCommitted);
    EXPECT_EQ(journal_.head().sequence, batch.last_sequence());
  }
}

TEST_F(MemoryJournalTest, WhenFullItStoresNothingAndGoesOnWhenThereIsSpace) {
  const Batch batch = Next();
  journal_.SetFull(true);
  EXPECT_EQ(journal_.Append(batch), Appended::kNoSpace);
  EXPECT_EQ(journal_.head().sequence, 0U);
  journal_.SetFull(false);
  EXPECT_EQ(journal_.Append(batch), Appended::kCommitted);
}

TEST_F(MemoryJournalTest, FailedAndFencedLastUntilTheNextOpen) {
  for (const Appended how : {Appended::kFailed, Appended::kFenced}) {
    journal_.Fail(how);
    EXPECT_EQ(journal_.Append(Next()), how);
    EXPECT_EQ(journal_.Append(Next()), how);
    epoch_ = journal_.Open().value();
    EXPECT_EQ(journal_.Append(Next()), Appended::kCommitted);
  }
}

TEST_F(MemoryJournalTest, RefusesAnEpochStoreThatWentBack) {
  ASSERT_EQ(journal_.Append(Next()), Appended::kCommitted);
  epochs_ = MemoryEpochStore(0);
  EXPECT_EQ(journal_.Open().status().code(), Code::kInternal);
}

TEST_F(MemoryJournalTest, IsLowOnSpaceWhenToldSo) {
  EXPECT_FALSE(journal_.low_on_space());
  journal_.SetLowOnSpace(true);
  EXPECT_TRUE(journal_.low_on_space());
}

}  // namespace
}  // namespace routerd::journal
