// Whether the writer gets on: a command that changes nothing is sent through it again and again,
// and systemd's watchdog is fed only when it comes back.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "routerd/base/clock.h"
#include "routerd/daemon/service_manager.h"
#include "routerd/engine/service.h"

namespace routerd::daemon {

// All on the loop's thread. What is referred to outlives it.
class Heartbeat {
 public:
  Heartbeat(boost::asio::io_context& loop, engine::Service& service, const Clock& clock,
            const ServiceManager& manager);

  void Start() { Beat(); }
  void Stop();

  // How long ago the writer last showed that it gets on.
  [[nodiscard]] SpanMs SilentMs() const;
  // Silent for so long, the writer is stuck.
  [[nodiscard]] SpanMs AllowedMs() const { return 3 * interval_ms_; }
  [[nodiscard]] bool alive() const { return SilentMs() <= AllowedMs(); }

 private:
  void Beat();

  boost::asio::steady_timer timer_;
  engine::Service& service_;
  const Clock& clock_;
  const ServiceManager& manager_;
  const SpanMs interval_ms_;
  // Shared with probes that are still in the inbox when this is gone.
  const std::shared_ptr<std::atomic<TimeMs>> last_ms_;  // boot time
  TimeMs told_ms_ = 0;
};

}  // namespace routerd::daemon
