// What the process does for its own safety before anything else, and the small files around it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "routerd/base/status.h"

namespace routerd::daemon {

// Files are ours alone (umask 077), and no core dump holds a customer's data.
void HardenProcess();

// The file's text. kPermissionDenied when others than its owner can change it, or, for a secret,
// when others can read it.
enum class FileKind : std::uint8_t { kPlain, kSecret };
Result<std::string> ReadTrusted(const std::string& path, std::size_t max_bytes, FileKind kind);

// Makes the directory if there is none, and sees that we can write there.
Status PrepareDirectory(const std::string& path);

// {"grpc":N,"http":N} to a file, atomically, or to a FIFO once somebody reads it; that is not
// waited for.
Status WritePorts(const std::string& path, std::uint16_t grpc, std::uint16_t http);

}  // namespace routerd::daemon
