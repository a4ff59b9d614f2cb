// A list of what the router holds, cut into events of its own.
#pragma once

#include <cstddef>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/engine/command.h"

namespace routerd::api {

// At least one event, each with at most limits::kHeldPerEvent entries; one ends as well once it has
// limits::kFrameBytes, so that frames stay small whatever the entries carry. `part_of(event)` gives
// the list of an event; `add(part, item)` adds an entry and gives its bytes.
template <typename Event, typename Item, typename PartOf, typename Add>
void AppendList(const engine::Answer& opened, const std::vector<Item>& items,
                std::vector<Event>* events, PartOf part_of, Add add) {
  std::size_t next = 0;
  do {
    Event& event = events->emplace_back();
    event.set_sequence(opened.at.sequence);
    event.set_at_unix_ms(opened.unix_ms);
    auto* part = part_of(&event);
    std::size_t bytes = 0;
    for (int n = 0; n < limits::kHeldPerEvent && bytes < limits::kFrameBytes; ++n) {
      if (next == items.size()) break;
      bytes += add(part, items[next++]);
    }
    part->set_last(next == items.size());
  } while (next < items.size());
}

}  // namespace routerd::api
