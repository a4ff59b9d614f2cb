#include "routerd/daemon/signals.h"

#include <csignal>
#include <utility>

namespace routerd::daemon {

Signals::Signals(boost::asio::io_context& loop, Handlers handlers)
    : handlers_(std::move(handlers)), stop_(loop, SIGTERM, SIGINT), reload_(loop, SIGHUP) {
  WaitForStop();
  WaitForReload();
}

void Signals::WaitForStop() {
  stop_.async_wait([this](const boost::system::error_code& error, int /*signal*/) {
    if (error) return;
    const bool second = std::exchange(draining_, true);
    WaitForStop();
    second ? handlers_.stop_now() : handlers_.drain();
  });
}

void Signals::WaitForReload() {
  reload_.async_wait([this](const boost::system::error_code& error, int /*signal*/) {
    if (error) return;
    WaitForReload();
    handlers_.reload();
  });
}

}  // namespace routerd::daemon
