// Opening hours as instants. Times below are Unix seconds; each is checked by `date -u -d @N`.
#include "routerd/compiler/calendar.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "routerd/base/limits.h"
#include "tests/unit/compiler/support.h"

namespace routerd::compiler {
namespace {

constexpr TimeMs kSecond = 1'000;
constexpr TimeMs kHour = 3'600 * kSecond;
constexpr TimeMs kMonday = 1'767'571'200 * kSecond;  // 2026-01-05 00:00 UTC

// The calendar of one policy, whose only hours are `desk`.
class DeskCalendar {
 public:
  explicit DeskCalendar(const std::string& desk, TimeMs now = kMonday + 8 * kHour) {
    const Compiled compiled = CompileText("version: 1\nchannels: {voice: }\n" + desk +
                                          "\nqueues: {main: {hours: desk}}\n");
    EXPECT_TRUE(compiled.model != nullptr) << ToText(compiled.findings);
    if (compiled.model != nullptr) calendar_ = MakeCalendar(*compiled.model, now);
  }

  [[nodiscard]] const model::OpenTimes& times() const { return calendar_.hours.at(0); }
  [[nodiscard]] const model::Calendar& calendar() const { return calendar_; }

  [[nodiscard]] bool OpenAt(TimeMs at) const {
    const auto& changes = times().changes;
    const auto passed = std::upper_bound(changes.begin(), changes.end(), at) - changes.begin();
    return times().open != (passed % 2 != 0);
  }
  // It opens, or closes, at this very instant.
  [[nodiscard]] bool ChangesAt(TimeMs at) const {
    return std::binary_search(times().changes.begin(), times().changes.end(), at);
  }

 private:
  model::Calendar calendar_;
};

TEST(CalendarTest, GoesByTheZonesOwnTime) {
  const DeskCalendar desk("hours: {desk: {zone: Europe/Berlin, days: {mon-fri: 08:00-18:00}}}");
  EXPECT_TRUE(desk.ChangesAt(kMonday + 7 * kHour)) << "08:00 in Berlin is 07:00 UTC in winter";
  EXPECT_TRUE(desk.ChangesAt(kMonday + 17 * kHour));
  EXPECT_FALSE(desk.OpenAt(kMonday + 7 * kHour - 1));
  EXPECT_TRUE(desk.OpenAt(kMonday + 7 * kHour));
  EXPECT_FALSE(desk.OpenAt(kMonday - 12 * kHour)) << "Sunday";
  const TimeMs july = 1'783'317'600 * kSecond;  // Monday 2026-07-06 06:00 UTC
  EXPECT_TRUE(desk.ChangesAt(july)) << "08:00 in Berlin is 06:00 UTC in summer";
}

TEST(CalendarTest, RangesGoOnPastMidnightAndMeetAtIt) {
  const DeskCalendar night("hours: {desk: {zone: UTC, days: {mon-fri: 22:00-06:00}}}");
  EXPECT_TRUE(night.OpenAt(kMonday + 23 * kHour));
  EXPECT_TRUE(night.OpenAt(kMonday + 29 * kHour));
  EXPECT_FALSE(night.OpenAt(kMonday + 30 * kHour));
  const DeskCalendar always("hours: {desk: {zone: UTC, days: {mon-sun: 00:00-24:00}}}");
  EXPECT_EQ(always.times().changes.size(), 2U) << "opened once, closed when the calendar ends";
}

TEST(CalendarTest, HolidaysAreOtherThanTheirWeekday) {
  const DeskCalendar desk(
      "holidays: {house: {2026-01-06: 10:00-12:00}, land: {01-06: closed, 01-07: closed}}\n"
      "hours: {desk: {zone: UTC, days: {mon-fri: 08:00-18:00}, holidays: [house, land]}}");
  const TimeMs tuesday = kMonday + 24 * kHour;
  EXPECT_FALSE(desk.OpenAt(tuesday + 9 * kHour));
  EXPECT_TRUE(desk.OpenAt(tuesday + 11 * kHour)) << "the first list counts";
  EXPECT_FALSE(desk.OpenAt(tuesday + 13 * kHour));
  EXPECT_FALSE(desk.OpenAt(tuesday + 33 * kHour)) << "Wednesday, every year";
  EXPECT_TRUE(desk.OpenAt(tuesday + 57 * kHour)) << "Thursday";
  const TimeMs next_year = 1'799'226'000 * kSecond;  // 2027-01-06 09:00 UTC
  EXPECT_FALSE(desk.OpenAt(next_year)) << "01-06 of every year";
}

// On 29 March 2026 at 01:00 UTC the clocks of Berlin go from 02:00 to 03:00.
TEST(CalendarTest, AnHourThatIsJumpedOverIsTheInstantOfTheJump) {
  const DeskCalendar desk("hours: {desk: {zone: Europe/Berlin, days: {sun: 02:30-05:00}}}");
  const TimeMs jump = 1'774'746'000 * kSecond;
  EXPECT_TRUE(desk.ChangesAt(jump));
  EXPECT_TRUE(desk.ChangesAt(jump + 2 * kHour)) << "05:00 summer time";
  EXPECT_FALSE(desk.OpenAt(jump - 1));
}

// On 25 October 2026 at 01:00 UTC they go back from 03:00 to 02:00: 02:30 comes twice.
TEST(CalendarTest, OfAnHourThatComesTwiceHoursBeginWithTheFirstAndEndWithTheSecond) {
  const TimeMs back = 1'792'890'000 * kSecond;
  const DeskCalendar begins("hours: {desk: {zone: Europe/Berlin, days: {sun: 02:30-05:00}}}");
  EXPECT_TRUE(begins.ChangesAt(back - kHour / 2));
  const DeskCalendar ends("hours: {desk: {zone: Europe/Berlin, days: {sun: 01:00-02:30}}}");
  EXPECT_TRUE(ends.ChangesAt(back + kHour / 2));
}

TEST(CalendarTest, ReachesFourHundredDaysAhead) {
  const DeskCalendar desk("hours: {desk: {zone: UTC, days: {mon-sun: 08:00-18:00}}}");
  const TimeMs last = desk.times().changes.back();
  EXPECT_GE(last, kMonday + (limits::kCalendarDays - 1) * 24 * kHour);
  EXPECT_GE(desk.calendar().until_unix_ms, kMonday + limits::kCalendarDays * 24 * kHour);
  EXPECT_FALSE(desk.calendar().tzdata.empty());
}

TEST(CalendarTest, KnowsTheZonesOfTheMachine) {
  EXPECT_TRUE(IsZone("Europe/Berlin"));
  EXPECT_TRUE(IsZone("UTC"));
  EXPECT_FALSE(IsZone("Europe/Atlantis"));
  EXPECT_FALSE(IsZone(""));
}

}  // namespace
}  // namespace routerd::compiler
