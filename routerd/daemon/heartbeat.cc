#include "routerd/daemon/heartbeat.h"

#include <chrono>
#include <utility>

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
      last_ms_(std::make_shared<std::atomic<TimeMs>>(clock.BootMs())),
      told_ms_(*last_ms_) {}

void Heartbeat::Stop() { timer_.cancel(); }

SpanMs Heartbeat::SilentMs() const { return clock_.BootMs() - *last_ms_; }

void Heartbeat::Beat() {
  if (const TimeMs last = *last_ms_; last > told_ms_) {
    told_ms_ = last;
    manager_.Alive();
  }
  engine::Envelope probe;
  probe.command = engine::AckAnswers{};
  probe.done = [last = last_ms_, &clock = clock_](const engine::Answer& answer) {
    // A full inbox answers in the writer's stead, and proves nothing.
    if (answer.status.ok()) *last = clock.BootMs();
  };
  service_.Submit(std::move(probe));
  timer_.expires_after(std::chrono::milliseconds(interval_ms_));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) Beat();
  });
}

}  // namespace routerd::daemon
