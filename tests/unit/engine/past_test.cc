// Events of long ago are the events of then.
#include "routerd/engine/past.h"

#include <condition_variable>

#include "tests/unit/engine/traffic.h"

namespace routerd::engine {
namespace {

class PastTest : public TrafficTest {
 protected:
  PastOptions Options() {
    batches_ = journal_->Read(1, 1'000'000).value();
    PastOptions options;
    options.load = [](std::uint64_t) { return Result<std::optional<StartSnapshot>>(std::nullopt); };
    options.next = [this](std::uint64_t after, journal::Batch& batch) -> Result<bool> {
      for (const journal::Batch& one : batches_) {
        if (one.last_sequence() <= after) continue;
        batch = one;
        return true;
      }
      return false;
    };
    options.first_kept = [] { return std::uint64_t{1}; };
    options.on_ready = [this] {
      const std::lock_guard lock(mutex_);
      ready_ = true;
      condition_.notify_all();
    };
    options.on_failure = [this](const Status& why) { failure_ = why.message(); };
    return options;
  }
  // Asks until it is there.
  EventPage Read(Past& past, std::uint64_t after, std::size_t max_batches) {
    for (;;) {
      EventPage page = past.Read({0, after}, max_batches);
      if (page.out_of_range || !page.batches.empty()) return page;
      std::unique_lock lock(mutex_);
      condition_.wait(lock, [this] { return ready_; });
      ready_ = false;
    }
  }

  std::vector<journal::Batch> batches_;
  std::mutex mutex_;
  std::condition_variable condition_;
  bool ready_ = false;
  std::string failure_;
};

TEST_F(PastTest, TellsWhatWasTold) {
  Traffic(21, 400);
  const std::vector<Event> told = History();
  Past past(clock_, Options());
  std::vector<Event> again;
  std::uint64_t after = 0;
  while (after < batches_.back().last_sequence()) {
    const EventPage page = Read(past, after, 7);
    ASSERT_FALSE(page.out_of_range) << failure_;
    for (const auto& batch : page.batches) {
      again.insert(again.end(), batch->events.begin(), batch->events.end());
      after = batch->last.sequence;
    }
  }
  ASSERT_EQ(again.size(), told.size());
  for (std::size_t i = 0; i < told.size(); ++i) {
    EXPECT_EQ(again[i].at, told[i].at) << i;
    EXPECT_EQ(again[i].kind, told[i].kind) << i;
    EXPECT_EQ(again[i].unix_ms, told[i].unix_ms) << i;
    EXPECT_EQ(again[i].agent, told[i].agent) << i;
    EXPECT_EQ(again[i].queue, told[i].queue) << i;
  }
}

TEST_F(PastTest, BeginsAnywhereAndGoesBack) {
  Traffic(22, 200);
  const std::vector<Event> told = History();
  Past past(clock_, Options());
  for (const std::size_t i : {told.size() / 2, told.size() / 3, told.size() - 2}) {
    const Event& wanted = told[i];
    const EventPage page = Read(past, wanted.at.sequence - 1, 1);
    ASSERT_FALSE(page.batches.empty());
    const auto& events = page.batches.front()->events;
    EXPECT_TRUE(std::any_of(events.begin(), events.end(), [&wanted](const Event& event) {
      return event.at == wanted.at && event.index == wanted.index;
    }));
  }
}

TEST_F(PastTest, SaysWhatIsNotKept) {
  Traffic(23, 50);
  PastOptions options = Options();
  options.first_kept = [] { return std::uint64_t{20}; };
  Past past(clock_, std::move(options));
  const EventPage page = past.Read({0, 5}, 10);
  EXPECT_TRUE(page.out_of_range);
  EXPECT_EQ(page.first_kept.sequence, 20U);
}

TEST_F(PastTest, WhatCannotBeReadIsNoReasonToWaitForEver) {
  Traffic(24, 50);
  PastOptions options = Options();
  options.next = [](std::uint64_t, journal::Batch&) -> Result<bool> {
    return Status(Code::kInternal, "damaged");
  };
  Past past(clock_, std::move(options));
  EXPECT_TRUE(Read(past, 3, 10).out_of_range);
  EXPECT_EQ(failure_, "damaged");
}

}  // namespace
}  // namespace routerd::engine
