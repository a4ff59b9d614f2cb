#include "routerd/base/clock.h"

#include <ctime>

namespace routerd {
namespace {

std::int64_t ReadNs(clockid_t id) {
  timespec ts{};
  clock_gettime(id, &ts);
  return std::int64_t{ts.tv_sec} * 1'000'000'000 + ts.tv_nsec;
}

}  // namespace

TimeMs SystemClock::BootMs() const { return ReadNs(CLOCK_BOOTTIME) / 1'000'000; }
TimeMs SystemClock::WallMs() const { return ReadNs(CLOCK_REALTIME) / 1'000'000; }
std::int64_t SystemClock::BootNs() const { return ReadNs(CLOCK_BOOTTIME); }

}  // namespace routerd
