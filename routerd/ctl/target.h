// Where the daemon is and who we say we are.
#pragma once

#include <string>

#include "routerd/base/ids.h"

namespace routerd::ctl {

struct Target {
  std::string address = "127.0.0.1:7770";
  SpanMs timeout_ms = 5'000;
  std::string domain;
  std::string client = "routerctl";
  std::string actor;
};

}  // namespace routerd::ctl
