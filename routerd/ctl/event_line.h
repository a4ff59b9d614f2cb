// One event as one line.
#pragma once

#include <string>

#include "routerd/v1/events.pb.h"

namespace routerd::ctl {

// `2026-03-01T12:00:05.250Z  1-4711.0  contact_queued  contact_id=C1 queue=sales`.
[[nodiscard]] std::string EventLine(const v1::Event& event);

}  // namespace routerd::ctl
