// A hierarchical timer wheel (Varghese and Lauck, "Hashed and hierarchical timing wheels", 1987):
// six levels of 64 slots, one millisecond a slot at the lowest; setting and cancelling cost the
// same whatever the number of timers. Timers fire in the order of (deadline, timer number), which
// is total and does not depend on the wheel's inner state.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "routerd/base/ids.h"

namespace routerd::core {

enum class TimerKind : std::uint8_t {
  kOfferDeadline,   // a: contact, b: lease
  kConnectTimeout,  // a: contact
  kWrapUpEnd,       // a: contact, b: agent
  kContactDue,      // a: contact that was scheduled
  kMaxWait,         // a: contact
  kBars,            // a: contact whose bars may have ended
  kAgentGrace,      // b: agent
  kGatewayGrace,    // b: gateway
  kStep,            // a: contact whose next step opens
  kOpening,         // b: queue whose condition has more contacts to move
  kTick,            // for conditions on ages
  kRaceStep,        // a: contact that may ask one agent more
  kPersonalEnd,     // a: contact that others may have from now on
  kDelay,           // a: contact whose next delay has passed
  kHours,           // b: opening hours that begin or end
  kAllocation,      // b: queue of whose window a part has passed
  kQueueMove,       // b: queue more of whose contacts are to be moved
  kAlso,            // a: contact that found no lane in a further queue
  kTreatment,       // a: contact whose treatment is over
  kRestartGrace,    // from here on waits expire again
};
inline constexpr auto kLastTimerKind = TimerKind::kRestartGrace;

struct Timer {
  TimerKind kind = TimerKind::kOfferDeadline;
  ContactNo contact;
  std::uint32_t other = 0;
};

// Names a timer that is set; 0 = none. Never used again for another timer.
struct TimerId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
  [[nodiscard]] bool set() const { return generation != 0; }
  friend bool operator==(const TimerId&, const TimerId&) = default;
};

class TimerWheel {
 public:
  TimerWheel();

  // Deadlines at or before the time the wheel has reached fire at the next PopDue.
  TimerId Set(TimeMs deadline, Timer timer);
  // Does nothing if it has fired or been cancelled; `id` is cleared.
  void Cancel(TimerId& id) {
    if (id.set()) CancelSet(id);
  }

  struct Due {
    TimeMs deadline = 0;
    Timer timer;
  };
  // The next timer with deadline <= now, if any; it is no longer set then.
  std::optional<Due> PopDue(TimeMs now);
  // Whether PopDue(now) would find one. Moves the wheel's hands, nothing else.
  bool HasDue(TimeMs now);
  // No timer fires before this; none at all: absent. Cheap, and may be early.
  [[nodiscard]] std::optional<TimeMs> NextWakeup() const;
  [[nodiscard]] TimeMs DeadlineOf(TimerId id) const;  // 0 when not set
  [[nodiscard]] std::size_t size() const { return size_; }

  // What `concerns` and would fire before `until` fires at it: in the order in which it would have
  // fired, after what is set for that time already. Each keeps its id. Looks at every timer.
  void Postpone(TimeMs until, bool (*concerns)(TimerKind));

  // All that are set, in the order in which they fire: set anew in this order in another wheel,
  // they fire in it there.
  struct Pending {
    TimeMs deadline = 0;
    Timer timer;
    TimerId id;
  };
  [[nodiscard]] std::vector<Pending> InOrder() const;

 private:
  void CancelSet(TimerId& id);

  static constexpr int kLevels = 6;
  static constexpr int kSlotBits = 6;
  static constexpr std::uint32_t kSlots = 1U << kSlotBits;
  static constexpr std::uint32_t kNil = ~0U;

  struct Node {
    TimeMs deadline = 0;
    std::uint64_t number = 0;  // order of setting; ties within a millisecond
    Timer timer;
    std::uint32_t generation = 1;
    std::uint32_t prev = kNil;
    std::uint32_t next = kNil;
    std::uint8_t level = 0;  // kLevels: in the due heap
    std::uint8_t slot = 0;
    bool active = false;
  };
  struct Level {
    std::uint64_t occupied = 0;
    std::array<std::uint32_t, kSlots> heads;
  };

  void Place(std::uint32_t index);
  void Unlink(std::uint32_t index);
  void Release(std::uint32_t index);
  void Collect(TimeMs now) {
    if (now < quiet_until_) {
      reached_ = std::max(reached_, now);
    } else {
      MoveHands(now);
    }
  }
  void MoveHands(TimeMs now);
  void Empty(int level, std::uint32_t slot);
  [[nodiscard]] bool Later(std::uint32_t a, std::uint32_t b) const;
  void PushDue(std::uint32_t index);
  void DropDead();

  std::array<Level, kLevels> levels_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> due_;  // binary heap by (deadline, number); may hold dead ones
  TimeMs reached_ = 0;              // all timers with deadline <= reached_ are in due_
  TimeMs quiet_until_ = 0;          // no slot with timers begins in between
  std::uint64_t next_number_ = 1;
  std::size_t size_ = 0;
};

}  // namespace routerd::core
