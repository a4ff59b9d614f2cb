// Waits for a directory's files to change.
#pragma once

#include <string>

#include "routerd/base/ids.h"

namespace routerd::ctl {

class DirectoryWatch {
 public:
  explicit DirectoryWatch(const std::string& directory);
  ~DirectoryWatch();
  DirectoryWatch(const DirectoryWatch&) = delete;
  DirectoryWatch& operator=(const DirectoryWatch&) = delete;

  // Until something has changed since the last call, at most so long: a file system may tell
  // nothing.
  void Wait(SpanMs at_most_ms);

 private:
  int fd_;
};

}  // namespace routerd::ctl
