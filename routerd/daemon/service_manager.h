// What systemd is told. Without systemd every call does nothing.
#pragma once

#include <cstdint>
#include <string>

#include "routerd/base/ids.h"

namespace routerd::daemon {

class ServiceManager {
 public:
  ServiceManager();  // reads the environment that systemd has set

  void Ready(const std::string& status) const;
  void Reloading() const;  // Ready follows
  // It may take `at_most_ms` from now, also where the unit would allow less.
  void Stopping(const std::string& status, SpanMs at_most_ms) const;
  void Alive() const;

  // How often Alive is expected at least; 0 = never.
  [[nodiscard]] SpanMs watchdog_ms() const { return watchdog_ms_; }

 private:
  SpanMs watchdog_ms_ = 0;
};

}  // namespace routerd::daemon
