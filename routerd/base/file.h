// The seam for small files: read whole, replaced whole and durably, saved where people say.
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
// the new content is there after a crash. The new file has mode 0600. For state of our own: the
// temporary is `path`.tmp, and what a crash has left of it is overwritten.
Status ReplaceFile(const std::string& path, std::string_view content);

// Saves to whatever `path` names for a person. A file keeps owner, group and mode, and is whole at
// any time; links are followed; a new file has mode 0644 less the umask. What is no file (a device,
// a pipe), or what we may write but not replace, is written in place.
Status SaveFile(const std::string& path, std::string_view content);

}  // namespace routerd
