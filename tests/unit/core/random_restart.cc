#include "tests/unit/core/random_restart.h"

namespace routerd::core {

SpanMs RandomDowntime(Random& random) {
  const int dice = Below(random, 100);
  if (dice < 10) return 0;
  if (dice < 60) return Below(random, 15'000);
  if (dice < 85) return Below(random, 300'000);
  return Below(random, 4 * 3'600'000);
}

std::deque<Event> RandomRestart(Random& random, const Core& core, int agents, int gateways) {
  std::deque<Event> events = {RouterRestarted{}};
  const int percent = Below(random, 2) * 70;
  const auto add = [&](const Event& lost) {
    if (!Chance(random, percent)) return;
    if (Chance(random, 50)) {
      events.push_back(lost);
    } else {
      events.push_front(lost);
    }
  };
  for (int i = 0; i < gateways; ++i) {
    add(GatewayConnection{GatewayNo(static_cast<std::uint32_t>(i)), false});
  }
  for (int i = 0; i < agents; ++i) {
    add(AgentConnection{AgentNo(static_cast<std::uint32_t>(i)), false});
  }
  core.ForEachContact([&](ContactNo, const Contact& c) {
    if (c.first_lease == kNil || !Chance(random, 10)) return;
    const OfferId offer = core.lease(c.first_lease).id;
    events.push_back(Chance(random, 70) ? Event(OfferAccepted{offer})
                                        : Event(OfferRejected{offer}));
  });
  return events;
}

}  // namespace routerd::core
