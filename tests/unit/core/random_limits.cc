#include "tests/unit/core/random_limits.h"

#include <algorithm>

#include "tests/unit/core/random_steps.h"

namespace routerd::core {

void RandomJoining(Random& random, model::Queue& queue) {
  if (Chance(random, 10)) queue.join_if = RandomCondition(random);
  if (Chance(random, 10)) queue.leave_if = RandomCondition(random);
}

// Over the random worlds' three groups, or two of them.
void RandomAllocation(Random& random, const model::Model& model, model::Queue& queue) {
  queue.allocation.reset();
  if (!Chance(random, 20)) return;
  model::Allocation allocation;
  const int first = Below(random, 3);
  const int percent = 10 * (1 + Below(random, 8));
  const auto group = [&](int i) { return GroupNo(static_cast<std::uint32_t>((first + i) % 3)); };
  allocation.shares = {{group(0), percent}, {group(1), 100 - percent}};
  if (Chance(random, 30)) {
    allocation.shares[1].percent = 10;
    allocation.shares.push_back({group(2), 90 - percent});
  }
  if (allocation.shares.back().percent == 0) allocation.shares.pop_back();
  if (allocation.shares.size() == 2) allocation.shares[1].percent = 100 - percent;
  allocation.window_ms = 60'000 * (1 + Below(random, 3));
  allocation.strict = Chance(random, 60);
  if (model.groups.size() == 3) queue.allocation = allocation;
}

void RandomAlso(Random& random, model::Model& model) {
  const auto count = static_cast<std::uint32_t>(model.queues.size());
  for (std::uint32_t q = 0; q < count; ++q) {
    std::vector<QueueNo>& also = model.queues[q].also;
    also.clear();
    if (!Chance(random, 35)) continue;
    for (std::uint32_t other = 0; other < count; ++other) {
      if (other == q || also.size() == limits::kMaxAlsoQueues || !Chance(random, 50)) continue;
      also.insert(also.begin() + Below(random, static_cast<int>(also.size()) + 1), QueueNo(other));
    }
  }
}

// Few agents, and so few of them are kept.
void RandomReserves(Random& random, model::Model& model) {
  for (model::Queue& q : model.queues) {
    q.reserve.reset();
    if (model.queues.size() < 2 || !Chance(random, 30)) continue;
    model::Reserve reserve;
    reserve.agents = 1 + static_cast<std::uint32_t>(Below(random, 3));
    for (std::uint32_t other = 0; other < model.queues.size(); ++other) {
      if (&model.queues[other] != &q && Chance(random, 50))
        reserve.queues.push_back(QueueNo(other));
    }
    if (Chance(random, 40)) {
      reserve.channel = ChannelNo(
          static_cast<std::uint8_t>(Below(random, static_cast<int>(model.channels.size()))));
    }
    if (!reserve.queues.empty()) q.reserve = reserve;
  }
}

std::shared_ptr<const model::Calendar> RandomCalendar(Random& random, TimeMs now) {
  auto calendar = std::make_shared<model::Calendar>();
  for (int i = Below(random, 4); i > 0; --i) {
    model::OpenTimes times;
    times.open = Chance(random, 70);
    TimeMs at = now - Below(random, 100'000);
    for (int n = Below(random, 12); n > 0; --n) {
      at += 1 + 1'000 * Below(random, 60);
      times.changes.push_back(at);
    }
    calendar->hours.push_back(times);
  }
  return calendar;
}

}  // namespace routerd::core
