// The second world: it becomes what the first is, is saved when that is due, and stops when it
// decides otherwise.
#include "routerd/engine/follower.h"

#include <future>

#include "tests/unit/engine/traffic.h"

namespace routerd::engine {
namespace {

class FollowerTest : public TrafficTest {
 protected:
  // The follower reads what the journal held when it was asked, as if the rest were not released.
  FollowerOptions Options() {
    batches_ = journal_->Read(1, 1'000'000).value();
    FollowerOptions options;
    options.load = [] { return Result<std::optional<StartSnapshot>>(std::nullopt); };
    options.next = [this](std::uint64_t after, journal::Batch& batch) -> Result<bool> {
      for (const journal::Batch& one : batches_) {
        if (one.header.first_sequence <= after) continue;
        batch = one;
        return true;
      }
      return false;
    };
    options.save = [this](const World& world, std::uint64_t digest, Position at) {
      saved_.emplace_back(at, std::string());
      SaveWorld(world, digest, saved_.back().second);
      return Status::Ok();
    };
    options.on_end = [this](const Status& why) { ended_.set_value(why); };
    return options;
  }
  std::string Live() {
    std::string bytes;
    engine().Save(bytes);
    return bytes;
  }
  static Status SaveSoon(Follower& follower) {
    std::promise<Status> done;
    follower.SaveSoon([&done](const Status& status) { done.set_value(status); });
    return done.get_future().get();
  }

  std::vector<journal::Batch> batches_;
  std::vector<std::pair<Position, std::string>> saved_;
  std::promise<Status> ended_;
};

TEST_F(FollowerTest, BecomesWhatTheWriterIs) {
  Traffic(11, 300);
  Follower follower(clock_, Options());
  follower.Start();
  EXPECT_TRUE(SaveSoon(follower).ok());
  follower.Stop();
  ASSERT_EQ(saved_.size(), 1U);
  EXPECT_EQ(saved_[0].first, service_->figures().head);
  EXPECT_TRUE(saved_[0].second == Live());
  EXPECT_EQ(follower.saved(), follower.at());
}

TEST_F(FollowerTest, GoesOnFromASnapshot) {
  Traffic(12, 100);
  const std::string early = Live();
  const Position at = service_->figures().head;
  Traffic(13, 100);
  FollowerOptions options = Options();
  options.load = [this, &early, at]() -> Result<std::optional<StartSnapshot>> {
    auto loaded = LoadWorld(clock_, early);
    if (!loaded.ok()) return loaded.status();
    return std::optional<StartSnapshot>(StartSnapshot{std::move(loaded).value(), at});
  };
  Follower follower(clock_, std::move(options));
  follower.Start();
  EXPECT_TRUE(SaveSoon(follower).ok());
  follower.Stop();
  EXPECT_TRUE(saved_.back().second == Live());
}

TEST_F(FollowerTest, SavesAfterSoManyRecords) {
  Traffic(14, 1'500);
  FollowerOptions options = Options();
  options.most_records = 50;
  Follower follower(clock_, std::move(options));
  follower.Start();
  EXPECT_TRUE(SaveSoon(follower).ok());
  follower.Stop();
  ASSERT_GT(saved_.size(), 3U);
  for (std::size_t i = 1; i + 1 < saved_.size(); ++i) {
    const std::uint64_t apart = saved_[i].first.sequence - saved_[i - 1].first.sequence;
    EXPECT_GE(apart, 50U);
  }
}

TEST_F(FollowerTest, StopsWhenItDecidesOtherwise) {
  Traffic(15, 100);
  FollowerOptions options = Options();
  batches_[batches_.size() / 2].header.previous_digest ^= 1;
  Follower follower(clock_, std::move(options));
  follower.Start();
  const Status why = ended_.get_future().get();
  EXPECT_EQ(why.code(), Code::kFailedPrecondition);
  EXPECT_NE(why.message().find("had other effects"), std::string::npos) << why.message();
  EXPECT_FALSE(SaveSoon(follower).ok()) << "there will be none";
  EXPECT_TRUE(saved_.empty());
}

TEST_F(FollowerTest, WhatCannotBeSavedDoesNotEndIt) {
  Traffic(16, 50);
  FollowerOptions options = Options();
  int tries = 0;
  options.save = [&tries](const World&, std::uint64_t, Position) {
    ++tries;
    return Status(Code::kResourceExhausted, "no space");
  };
  Follower follower(clock_, std::move(options));
  follower.Start();
  EXPECT_FALSE(SaveSoon(follower).ok());
  EXPECT_FALSE(SaveSoon(follower).ok());
  follower.Stop();
  EXPECT_EQ(tries, 2);
}

}  // namespace
}  // namespace routerd::engine
