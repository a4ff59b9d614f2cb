#include "routerd/daemon/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "tests/unit/daemon/temporary_dir.h"

namespace routerd::daemon {
namespace {

// The socket that systemd would listen on.
class ServiceManagerTest : public testing::Test {
 protected:
  void SetUp() override {
    socket_ = socket(AF_UNIX, SOCK_DGRAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = dir_.Path("notify");
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    ASSERT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    setenv("NOTIFY_SOCKET", path.c_str(), 1);
  }
  void TearDown() override {
    close(socket_);
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
  }
  std::string Read() const {
    std::array<char, 256> buffer{};
    const ssize_t size = recv(socket_, buffer.data(), buffer.size(), 0);
    return {buffer.data(), static_cast<std::size_t>(size)};
  }

  TemporaryDir dir_;
  int socket_ = -1;
};

TEST_F(ServiceManagerTest, IsToldHowTheServiceStands) {
  const ServiceManager manager;
  manager.Ready("serving");
  EXPECT_EQ(Read(), "READY=1\nSTATUS=serving");
  manager.Reloading();
  EXPECT_EQ(Read(), "RELOADING=1");
  manager.Alive();
  EXPECT_EQ(Read(), "WATCHDOG=1");
  manager.Stopping("draining");
  EXPECT_EQ(Read(), "STOPPING=1\nSTATUS=draining");
}

TEST_F(ServiceManagerTest, SaysHowOftenItWantsASignOfLife) {
  EXPECT_EQ(ServiceManager().watchdog_ms(), 0);
  setenv("WATCHDOG_USEC", "10000000", 1);
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  EXPECT_EQ(ServiceManager().watchdog_ms(), 10'000);
  setenv("WATCHDOG_PID", "1", 1);  // meant for another process
  EXPECT_EQ(ServiceManager().watchdog_ms(), 0);
}

TEST(ServiceManagerAlone, DoesNothing) {
  const ServiceManager manager;
  manager.Ready("serving");
  manager.Alive();
  EXPECT_EQ(manager.watchdog_ms(), 0);
}

}  // namespace
}  // namespace routerd::daemon
