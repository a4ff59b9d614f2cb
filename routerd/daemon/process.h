// What the process does for its own safety before anything else, and the small files around it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "routerd/base/file_lock.h"
#include "routerd/base/status.h"

namespace routerd::daemon {

// Files are ours alone (umask 077), no core dump holds a customer's data, and who closes a socket
// or a pipe that we write to does not end us (SIGPIPE).
void HardenProcess();

// The file's text. kPermissionDenied when everybody can change it, or, for a secret, when anybody
// but its owner and root can read or change it.
enum class FileKind : std::uint8_t { kPlain, kSecret };
Result<std::string> ReadTrusted(const std::string& path, std::size_t max_bytes, FileKind kind);

// Makes the directory if there is none, and sees that we can write there.
Status PrepareDirectory(const std::string& path);

// ---- The Unix socket that gRPC is served on ----
// gRPC unlinks what it finds at the path, a socket in use as well. The lock, on a file beside it,
// says that it is ours; the Status that it is another's.
Result<FileLock> TakeSocket(const std::string& path);
// Connecting is for our user and its group.
Status OpenSocketToGroup(const std::string& path);

// {"grpc":N,"http":N} to a file, atomically, or to a FIFO once somebody reads it; that is not
// waited for.
Status WritePorts(const std::string& path, std::uint16_t grpc, std::uint16_t http);

}  // namespace routerd::daemon
