#include "routerd/daemon/service_manager.h"

#include <systemd/sd-daemon.h>

namespace routerd::daemon {

ServiceManager::ServiceManager() {
  std::uint64_t interval_us = 0;
  if (sd_watchdog_enabled(0, &interval_us) > 0) {
    watchdog_ms_ = static_cast<SpanMs>(interval_us / 1000);
  }
}

void ServiceManager::Ready(const std::string& status) const {
  sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}

void ServiceManager::Reloading() const { sd_notify(0, "RELOADING=1"); }

void ServiceManager::Stopping(const std::string& status, SpanMs at_most_ms) const {
  sd_notify(0, ("STOPPING=1\nSTATUS=" + status +
                "\nEXTEND_TIMEOUT_USEC=" + std::to_string(at_most_ms * 1'000))
                   .c_str());
}

void ServiceManager::Alive() const { sd_notify(0, "WATCHDOG=1"); }

}  // namespace routerd::daemon
