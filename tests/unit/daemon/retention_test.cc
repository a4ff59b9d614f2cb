// Which snapshots stay, so that history reaches as far back as was said and no room is taken
// beyond.
#include "routerd/daemon/retention.h"

#include <gmock/gmock.h>

namespace routerd::daemon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr SpanMs kHour = 3'600'000;

journal::SegmentInfo Segment(std::uint64_t first, std::uint64_t bytes) {
  journal::SegmentInfo segment;
  segment.header.first_sequence = first;
  segment.file_bytes = bytes;
  return segment;
}

TEST(Retention, OneAnHourStaysAndTheNewestTwo) {
  const std::vector<KeptSnapshot> snapshots = {
      {10, 0, 1},         {20, kHour, 1},           {30, kHour + 1'000, 1},
      {40, 2 * kHour, 1}, {50, 2 * kHour + 500, 1}, {60, 2 * kHour + 900, 1}};
  EXPECT_THAT(ToBeRemoved(snapshots, {}, {100 * kHour, 1'000'000}, 2 * kHour + 1'000),
              ElementsAre(30));
}

// Each time that one more comes; however often they come, history is as long as was said.
TEST(Retention, WhatStaysGoesOnStaying) {
  for (const SpanMs apart : {10'000, 600'000, 1'800'000, 3'599'000, 3'601'000}) {
    std::vector<KeptSnapshot> snapshots;
    TimeMs now = 0;
    for (std::uint64_t i = 1; now < 20 * kHour; ++i, now += apart) {
      snapshots.push_back({i, now, 1});
      for (const std::uint64_t gone : ToBeRemoved(snapshots, {}, {10 * kHour, 1'000'000}, now)) {
        std::erase_if(snapshots, [gone](const KeptSnapshot& one) { return one.sequence == gone; });
      }
    }
    const TimeMs last = snapshots.back().time;
    EXPECT_GE(last - snapshots.front().time, 8 * kHour) << "apart by " << apart;
    EXPECT_LE(last - snapshots.front().time, 10 * kHour);
    EXPECT_LE(snapshots.size(), 13U);
    for (std::size_t i = 1; i < snapshots.size(); ++i) {
      EXPECT_LE(snapshots[i].time - snapshots[i - 1].time, 2 * kHour);
    }
  }
}

TEST(Retention, WhatIsTooOldGoes) {
  const std::vector<KeptSnapshot> snapshots = {
      {10, 0, 1}, {20, kHour, 1}, {30, 2 * kHour, 1}, {40, 3 * kHour, 1}};
  EXPECT_THAT(ToBeRemoved(snapshots, {}, {2 * kHour, 1'000'000}, 3 * kHour + 1),
              ElementsAre(10, 20));
}

TEST(Retention, TheNewestTwoStayHoweverOldAndLarge) {
  const std::vector<KeptSnapshot> snapshots = {{10, 0, 900}, {20, 1, 900}};
  EXPECT_THAT(ToBeRemoved(snapshots, {Segment(1, 900)}, {kHour, 1'000}, 100 * kHour), IsEmpty());
}

TEST(Retention, SegmentsCountThatAreNeededToGoOn) {
  const std::vector<journal::SegmentInfo> segments = {Segment(1, 100), Segment(101, 100),
                                                      Segment(201, 100), Segment(301, 100)};
  const std::vector<KeptSnapshot> snapshots = {{50, 0, 10},
                                               {100, kHour, 10},
                                               {150, 2 * kHour, 10},
                                               {250, 3 * kHour, 10},
                                               {350, 4 * kHour, 10}};
  // From 150 on: three segments and three snapshots. From 100 on: the same segments, since the
  // first ends with 100, and one snapshot more.
  EXPECT_THAT(ToBeRemoved(snapshots, segments, {100 * kHour, 330}, 4 * kHour),
              ElementsAre(50, 100));
  EXPECT_THAT(ToBeRemoved(snapshots, segments, {100 * kHour, 340}, 4 * kHour), ElementsAre(50));
  EXPECT_THAT(ToBeRemoved(snapshots, segments, {100 * kHour, 450}, 4 * kHour), IsEmpty());
}

TEST(Retention, NothingIsAskedOfNoSnapshots) {
  EXPECT_THAT(ToBeRemoved({}, {Segment(1, 100)}, {kHour, 1}, 100 * kHour), IsEmpty());
}

}  // namespace
}  // namespace routerd::daemon
