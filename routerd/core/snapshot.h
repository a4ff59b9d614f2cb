// The core's state as bytes, so that a journal need not be replayed from its beginning. What is
// written is what decisions and readers depend on, in a form of its own: lanes, classes, trees of
// the free, orders, pools and every count are made anew from it, so that a snapshot stays readable
// when these change. The policy and its calendar are not in it; whoever stores it keeps them
// beside.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "routerd/base/status.h"
#include "routerd/core/core.h"
#include "routerd/model/calendar.h"
#include "routerd/model/model.h"

namespace routerd::core {

// Of the form. Raised by every change of it; tests/unit/core/recorded_snapshot_test.cc keeps what
// earlier versions wrote.
inline constexpr std::uint32_t kSnapshotVersion = 1;

class Snapshot {
 public:
  // Appends the core's state to `out`: the same state gives the same bytes on every machine.
  // Between two events only; it costs about 100 bytes a contact, and some milliseconds for each ten
  // thousand of them.
  static void Save(const Core& core, std::string& out);

  // A core that goes on exactly as the saved one would have: what it decides, tells and shows, and
  // its StateHash after every event. `model` and `calendar` are those that were in force (null:
  // none was). What it has counted of its own work (`most_work`, `hours_reads`) begins anew.
  //
  // kFailedPrecondition: written in a form that is not known here, by later rules, or under another
  // policy or calendar. kInvalidArgument: not what Save wrote; the message says where and what. Of
  // the same rules, what does not hash to what was saved is refused; of earlier ones, whose hashes
  // cannot be compared, only what contradicts itself. Never reads outside `bytes`, and allocates no
  // more than the limits of limits.h allow for.
  static Result<Core> Load(std::shared_ptr<const model::Model> model,
                           const std::shared_ptr<const model::Calendar>& calendar,
                           std::string_view bytes);

 private:
  struct Header;
  struct Owners;
  class Saver;
  class Loader;
};

}  // namespace routerd::core
