// Where a journal is.
#pragma once

#include <string>

#include "routerd/journal/disk.h"

namespace routerd::ctl {

// `path`, or `path`/journal where that is a state directory.
[[nodiscard]] std::string JournalPlace(journal::Disk& disk, const std::string& path);

}  // namespace routerd::ctl
