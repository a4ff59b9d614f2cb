// What the process's signals mean.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <functional>

namespace routerd::daemon {

// Handlers run on the loop's thread, never inside a signal handler.
class Signals {
 public:
  struct Handlers {
    std::function<void()> drain;     // first SIGTERM or SIGINT
    std::function<void()> stop_now;  // the second
    std::function<void()> reload;    // each SIGHUP
  };
  // From now on the signals no longer end the process; the destructor puts that back.
  Signals(boost::asio::io_context& loop, Handlers handlers);

 private:
  void WaitForStop();
  void WaitForReload();

  Handlers handlers_;
  boost::asio::signal_set stop_;
  boost::asio::signal_set reload_;
  bool draining_ = false;
};

}  // namespace routerd::daemon
