#include "routerd/daemon/signals.h"

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

namespace routerd::daemon {
namespace {

class SignalsTest : public testing::Test {
 protected:
  // Sends a signal to this process and waits until its handler has run.
  void Raise(int signal) {
    const std::size_t before = seen_.size();
    raise(signal);
    while (seen_.size() == before) loop_.run_one();
  }

  boost::asio::io_context loop_;
  std::vector<std::string> seen_;
  Signals signals_{loop_,
                   {[this] { seen_.emplace_back("drain"); }, [this] { seen_.emplace_back("now"); },
                    [this] { seen_.emplace_back("reload"); }}};
};

TEST_F(SignalsTest, TheFirstStopDrainsAndEachFurtherOneStopsAtOnce) {
  Raise(SIGTERM);
  Raise(SIGINT);
  Raise(SIGTERM);
  EXPECT_EQ(seen_, (std::vector<std::string>{"drain", "now", "now"}));
}

TEST_F(SignalsTest, HangUpReloadsEachTime) {
  Raise(SIGHUP);
  Raise(SIGHUP);
  Raise(SIGINT);
  EXPECT_EQ(seen_, (std::vector<std::string>{"reload", "reload", "drain"}));
}

}  // namespace
}  // namespace routerd::daemon
