// What is not a snapshot of this policy, or has been damaged, is refused, and does no harm.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "routerd/core/snapshot.h"
#include "tests/unit/core/small_centre.h"

namespace routerd::core {
namespace {

constexpr std::size_t kVersionAt = 8;  // behind the word that says what it is
constexpr std::size_t kRulesAt = 9;
// Of the bytes that are changed: every one, or with a sanitizer, which makes each dearer, some.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kEvery = 5;
#else
constexpr std::size_t kEvery = 1;
#endif

class SnapshotRefusedTest : public testing::Test {
 protected:
  SnapshotRefusedTest() { Snapshot::Save(centre_.core(), bytes_); }

  [[nodiscard]] Result<Core> Load(std::string_view bytes) const {
    return Snapshot::Load(centre_.model(), centre_.calendar(), bytes);
  }
  [[nodiscard]] Status StatusOf(std::string_view bytes) const { return Load(bytes).status(); }

  // An hour and more, in which nobody says anything.
  void LetTimePass(Core& core) const {
    for (std::uint64_t i = 1; i <= 60; ++i) {
      Effects effects;
      core.FireTimers({{2, 1'000 + i}, centre_.now() + 70'000 * static_cast<TimeMs>(i)}, effects);
    }
  }

  SmallCentre centre_;
  std::string bytes_;
};

TEST_F(SnapshotRefusedTest, ItIsLoadedAsItWas) {
  const Result<Core> loaded = Load(bytes_);
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ(loaded.value().StateHash(), centre_.core().StateHash());
  EXPECT_EQ(loaded.value().CheckInvariants(centre_.now()), "");
}

TEST_F(SnapshotRefusedTest, SaysWhatItDoesNotKnow) {
  std::string other = bytes_;
  other[kVersionAt] = static_cast<char>(kSnapshotVersion + 1);
  EXPECT_EQ(StatusOf(other).code(), Code::kFailedPrecondition);
  EXPECT_EQ(StatusOf(other).message(), "snapshot: its form has version 2; here it is 1");
  other = bytes_;
  other[kRulesAt] = static_cast<char>(kRulesVersion + 1);
  EXPECT_EQ(StatusOf(other).code(), Code::kFailedPrecondition);
  EXPECT_EQ(StatusOf("something else").code(), Code::kInvalidArgument);
  EXPECT_EQ(StatusOf("something else").message(), "snapshot: byte 8, header: it is no snapshot");
}

TEST_F(SnapshotRefusedTest, OfAnotherPolicyOrCalendar) {
  auto policy = std::make_shared<model::Model>(*centre_.model());
  ++policy->version;
  EXPECT_EQ(Snapshot::Load(policy, centre_.calendar(), bytes_).status().message(),
            "snapshot: its policy has version 7; here it is 8");
  EXPECT_EQ(Snapshot::Load(centre_.model(), nullptr, bytes_).status().code(),
            Code::kFailedPrecondition);
  auto calendar = std::make_shared<model::Calendar>(*centre_.calendar());
  calendar->hours[0].changes.pop_back();
  EXPECT_EQ(Snapshot::Load(centre_.model(), calendar, bytes_).status().code(),
            Code::kFailedPrecondition);
}

// A policy of the same version that has fewer of everything: nothing refers beyond it.
TEST_F(SnapshotRefusedTest, OfAPolicyThatHasLess) {
  auto policy = std::make_shared<model::Model>(*centre_.model());
  policy->channels.pop_back();
  policy->callback = ChannelNo();
  EXPECT_FALSE(Snapshot::Load(policy, centre_.calendar(), bytes_).ok());
  policy = std::make_shared<model::Model>(*centre_.model());
  policy->queues.pop_back();
  EXPECT_FALSE(Snapshot::Load(policy, centre_.calendar(), bytes_).ok());
  policy = std::make_shared<model::Model>(*centre_.model());
  policy->queues[0].allocation.reset();
  EXPECT_FALSE(Snapshot::Load(policy, centre_.calendar(), bytes_).ok());
  policy = std::make_shared<model::Model>(*centre_.model());
  policy->profiles.clear();
  EXPECT_FALSE(Snapshot::Load(policy, centre_.calendar(), bytes_).ok());
}

TEST_F(SnapshotRefusedTest, CutShort) {
  for (std::size_t size = 0; size < bytes_.size(); ++size) {
    ASSERT_FALSE(Load(std::string_view(bytes_).substr(0, size)).ok()) << size << " bytes";
  }
  EXPECT_FALSE(Load(bytes_ + '\0').ok());
}

TEST_F(SnapshotRefusedTest, AnyByteChanged) {
  std::size_t loaded_all_the_same = 0;
  for (std::size_t at = 0; at < bytes_.size(); at += kEvery) {
    for (int change = 0; change < 10; ++change) {
      std::string damaged = bytes_;
      damaged[at] = static_cast<char>(change < 8 ? damaged[at] ^ (1 << change)
                                                 : (change == 8 ? '\0' : '\xff'));
      if (damaged == bytes_) continue;
      const Result<Core> loaded = Load(damaged);
      if (!loaded.ok()) continue;
      ++loaded_all_the_same;
      ASSERT_EQ(loaded.value().CheckInvariants(centre_.now()), "") << "byte " << at;
    }
  }
  EXPECT_GT(loaded_all_the_same, 0U);  // moments that are only shown are in no hash
}

// Of earlier rules there is no hash to compare: whatever it says, it is refused or can be used.
TEST_F(SnapshotRefusedTest, AnyByteChangedWhereNoHashTells) {
  bytes_[kRulesAt] = static_cast<char>(kRulesVersion - 1);
  ASSERT_TRUE(Load(bytes_).ok());
  std::size_t loaded_all_the_same = 0;
  for (std::size_t at = kRulesAt + 1; at < bytes_.size(); at += kEvery) {
    for (int change = 0; change < 10; ++change) {
      std::string damaged = bytes_;
      damaged[at] = static_cast<char>(change < 8 ? damaged[at] ^ (1 << change)
                                                 : (change == 8 ? '\0' : '\xff'));
      Result<Core> loaded = Load(damaged);
      if (!loaded.ok()) continue;
      ++loaded_all_the_same;
      std::string again;
      Snapshot::Save(loaded.value(), again);
      ASSERT_TRUE(Load(again).ok()) << "byte " << at << ": " << StatusOf(again).message();
      LetTimePass(loaded.value());
    }
  }
  EXPECT_GT(loaded_all_the_same, 100U);
}

}  // namespace
}  // namespace routerd::core
