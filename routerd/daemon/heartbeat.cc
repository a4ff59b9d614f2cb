#include "routerd/daemon/heartbeat.h"

#include <chrono>

namespace routerd::daemon {
namespace {

constexpr SpanMs kIntervalMs = 2'000;

}  // namespace

Heartbeat::Heartbeat(boost::asio::io_context& loop, engine::Service& service, const Clock& clock,
                     const ServiceManager& manager)
    : timer_(loop),
      service_(service),
      clock_(clock),
      manager_(manager),
      interval_ms_(manager.watchdog_ms() > 0 ? manager.watchdog_ms() / 4 : kIntervalMs),
      commands_(service.figures().commands_total),
      last_ms_(clock.BootMs()) {}

void Heartbeat::Start() {
  Beat();
  timer_.expires_after(std::chrono::milliseconds(interval_ms_));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) Start();
  });
}

void Heartbeat::Stop() { timer_.cancel(); }

void Heartbeat::Beat() {
  const engine::Figures figures = service_.figures();
  if (figures.commands_total != commands_) {
    commands_ = figures.commands_total;
    last_ms_ = clock_.BootMs();
    manager_.Alive();
  }
  // Behind what waits already a probe would only wait, too, and prove nothing more.
  if (figures.inbox_depth == 0) service_.AckAnswers({}, 0);
}

}  // namespace routerd::daemon
