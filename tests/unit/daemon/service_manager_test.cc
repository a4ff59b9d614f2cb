#include "routerd/daemon/service_manager.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/unit/daemon/notify_socket.h"

namespace routerd::daemon {
namespace {

TEST(ServiceManager, IsToldHowTheServiceStands) {
  const NotifySocket systemd;
  const ServiceManager manager;
  manager.Ready("serving");
  EXPECT_EQ(systemd.Read(), "READY=1\nSTATUS=serving");
  manager.Reloading();
  EXPECT_EQ(systemd.Read(), "RELOADING=1");
  manager.Alive();
  EXPECT_EQ(systemd.Read(), "WATCHDOG=1");
  manager.Stopping("draining", 610'000);
  EXPECT_EQ(systemd.Read(), "STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=610000000");
}

TEST(ServiceManager, SaysHowOftenItWantsASignOfLife) {
  EXPECT_EQ(ServiceManager().watchdog_ms(), 0);
  const NotifySocket systemd;
  EXPECT_EQ(ServiceManager().watchdog_ms(), 400);
  setenv("WATCHDOG_PID", "1", 1);  // meant for another process
  EXPECT_EQ(ServiceManager().watchdog_ms(), 0);
}

TEST(ServiceManager, WithoutSystemdDoesNothing) {
  const ServiceManager manager;
  manager.Ready("serving");
  manager.Alive();
  EXPECT_EQ(manager.watchdog_ms(), 0);
}

}  // namespace
}  // namespace routerd::daemon
