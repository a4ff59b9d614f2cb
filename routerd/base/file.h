// The seam for small files: read whole, replaced whole and durably.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "routerd/base/status.h"

namespace routerd {

// The whole file. Errors: kNotFound, kResourceExhausted when larger than max_bytes, kInternal; the
// message has the path and the system's reason.
Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes);

// Replaces `path` durably: written beside it, synced, renamed, directory synced. Either the old or
// the new content is there after a crash. The new file has mode 0600.
Status ReplaceFile(const std::string& path, std::string_view content);

}  // namespace routerd
