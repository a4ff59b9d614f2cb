#include "routerd/ctl/directory_watch.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>

namespace routerd::ctl {

DirectoryWatch::DirectoryWatch(const std::string& directory)
    : fd_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  if (fd_ < 0) return;
  inotify_add_watch(fd_, directory.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE);
}

DirectoryWatch::~DirectoryWatch() {
  if (fd_ >= 0) close(fd_);
}

void DirectoryWatch::Wait(SpanMs at_most_ms) {
  pollfd waiting{fd_, POLLIN, 0};
  poll(&waiting, 1, static_cast<int>(at_most_ms));
  // What came in is known now; the next call waits for more.
  alignas(inotify_event) std::array<char, 16 * 1024> events{};
  while (fd_ >= 0 && read(fd_, events.data(), events.size()) > 0) {
  }
}

}  // namespace routerd::ctl
