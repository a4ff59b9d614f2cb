// The engine's events as EventsService tells them.
#pragma once

#include "routerd/engine/event.h"
#include "routerd/v1/events.pb.h"

namespace routerd::api {

void Fill(const engine::Event&, v1::Event*);

}  // namespace routerd::api
