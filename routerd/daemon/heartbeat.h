// Whether the writer gets on: systemd's watchdog is fed only while it does.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>

#include "routerd/base/clock.h"
#include "routerd/daemon/service_manager.h"
#include "routerd/engine/service.h"

namespace routerd::daemon {

// All on the loop's thread. What is referred to outlives it.
//
// The sign of life is that commands get answered, anybody's: a router with more to do than it can
// is slow, not stuck, and starting it again would only make that worse. Where nothing waits to be
// done a command that changes nothing is sent through the writer, so that an idle one gives a sign,
// too.
class Heartbeat {
 public:
  Heartbeat(boost::asio::io_context& loop, engine::Service& service, const Clock& clock,
            const ServiceManager& manager);

  // Beats from now on, until Stop.
  void Start();
  void Stop();
  // Looks at the writer, once.
  void Beat();

  // How long ago the writer was last seen to get on.
  [[nodiscard]] SpanMs SilentMs() const { return clock_.BootMs() - last_ms_; }
  // Silent for so long, the writer is stuck.
  [[nodiscard]] SpanMs AllowedMs() const { return 3 * interval_ms_; }
  [[nodiscard]] bool alive() const { return SilentMs() <= AllowedMs(); }

 private:
  boost::asio::steady_timer timer_;
  engine::Service& service_;
  const Clock& clock_;
  const ServiceManager& manager_;
  const SpanMs interval_ms_;
  std::uint64_t commands_;  // answered by the writer when it was last looked at
  TimeMs last_ms_;          // boot time
};

}  // namespace routerd::daemon
