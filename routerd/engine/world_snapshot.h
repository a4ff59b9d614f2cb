// The world as bytes: the core's state, the policy and the calendar in force, and the names' books.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "routerd/base/clock.h"
#include "routerd/base/status.h"
#include "routerd/engine/world.h"

namespace routerd::engine {

// Of the form; raised by every change of it.
inline constexpr std::uint32_t kWorldVersion = 1;

// Appends to `out`. Between two batches; `digest`: of all decisions so far. What belongs to the
// process (outboxes, whether it drains) is not in it.
void SaveWorld(const World& world, std::uint64_t digest, std::string& out);

struct LoadedWorld {
  std::unique_ptr<World> world;  // at the batch time that it was saved at
  std::uint64_t digest = 0;
};
// kFailedPrecondition: of a form, or by rules, that are not known here. kInvalidArgument: not what
// SaveWorld wrote. Never reads outside `bytes`. `clock` must outlive the world.
Result<LoadedWorld> LoadWorld(const Clock& clock, std::string_view bytes);

// The batch time that it was saved at; `bytes`: its beginning, kWorldHeadBytes or more.
inline constexpr std::size_t kWorldHeadBytes = 32;
Result<TimeMs> SavedAt(std::string_view bytes);

}  // namespace routerd::engine
