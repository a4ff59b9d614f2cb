// The real process, from its start to its exit code.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "routerd/daemon/exit_code.h"
#include "routerd/daemon/service_manager.h"
#include "tests/unit/daemon/notify_socket.h"
#include "tests/unit/daemon/running_daemon.h"

namespace routerd::daemon {
namespace {

using testing::HasSubstr;

constexpr const char* kPolicy =
    "version: 1\nchannels: {chat: {live: false}}\nqueues: {sales: }\nagents: {anna: }\n";
constexpr const char* kOtherPolicy =
    "version: 1\nchannels: {chat: {live: false}}\nqueues: {sales: , service: }\nagents: {anna: }\n";

int EndOf(const std::string& policy, const std::vector<std::string>& arguments) {
  RunningDaemon daemon({policy, arguments, false});
  return daemon.Wait();
}

void Rewrite(const RunningDaemon& daemon, const std::string& policy) {
  std::ofstream(daemon.policy_path()) << policy;
}

TEST(Daemon, ServesUntilItIsToldToStop) {
  RunningDaemon daemon({kPolicy, {"--no-redis"}});
  ASSERT_TRUE(daemon.serving());
  EXPECT_THAT(daemon.Get("/healthz"), HasSubstr("200 OK"));
  EXPECT_THAT(daemon.Get("/readyz"), HasSubstr("200 OK"));
  EXPECT_THAT(daemon.Get("/metrics"), HasSubstr("routerd_build_info"));
  daemon.Signal(SIGTERM);
  EXPECT_EQ(daemon.Wait(), 0);
  const std::string log = daemon.ReadWholeLog();
  EXPECT_THAT(log, HasSubstr("journal: begun in "));
  EXPECT_THAT(log, HasSubstr("serving: gRPC 127.0.0.1:"));
  EXPECT_THAT(log, HasSubstr("draining: "));
  EXPECT_THAT(log, HasSubstr("stopped with exit code 0"));
}

TEST(Daemon, InMemoryItSaysThatNothingIsKept) {
  const TemporaryDir dir;
  RunningDaemon daemon(
      {kPolicy, {"--no-redis", "--state-dir", dir.Path("s"), "--durability", "memory"}});
  daemon.Signal(SIGTERM);
  EXPECT_EQ(daemon.Wait(), 0);
  EXPECT_THAT(daemon.ReadWholeLog(), HasSubstr("journal: kept in memory: this start is empty"));
  EXPECT_FALSE(std::filesystem::exists(dir.Path("s") + "/journal"));
}

// What it was told by its policy file while it was down it takes up; what it has already it keeps.
TEST(Daemon, AStartGoesOnWithThePolicyThatWasUnlessTheFileHasChanged) {
  const TemporaryDir dir;
  const std::vector<std::string> flags = {"--no-redis", "--state-dir", dir.Path("s")};
  for (const char* policy : {kPolicy, kPolicy, kOtherPolicy}) {
    RunningDaemon daemon({policy, flags});
    ASSERT_TRUE(daemon.serving());
    daemon.Signal(SIGKILL);
    EXPECT_EQ(daemon.Wait(), -1);
    const std::string log = daemon.ReadWholeLog();
    EXPECT_EQ(log.find("policy: version 2 is in force") != std::string::npos,
              policy == kOtherPolicy)
        << log;
  }
}

TEST(Daemon, ABrokenPolicyFileKeepsNoRouterFromGoingOn) {
  const TemporaryDir dir;
  const std::vector<std::string> flags = {"--no-redis", "--state-dir", dir.Path("s")};
  {
    RunningDaemon daemon({kPolicy, flags});
    ASSERT_TRUE(daemon.serving());
    daemon.Signal(SIGKILL);
    daemon.Wait();
  }
  RunningDaemon daemon({"version: 1\nqueus: {}\n", flags});
  ASSERT_TRUE(daemon.serving());
  daemon.Signal(SIGTERM);
  EXPECT_EQ(daemon.Wait(), 0);
  const std::string log = daemon.ReadWholeLog();
  EXPECT_THAT(log, HasSubstr("policy.yaml:2:1: error: "));
  EXPECT_THAT(log, HasSubstr("policy: version 1 stays in force"));
}

TEST(Daemon, AnOrderlyEndLeavesASnapshotAndAKilledOneIsReplayed) {
  const TemporaryDir dir;
  const std::vector<std::string> flags = {"--no-redis", "--state-dir", dir.Path("s")};
  const auto ends = [&flags](int signal) {
    RunningDaemon daemon({kPolicy, flags});
    EXPECT_TRUE(daemon.serving());
    daemon.Signal(signal);
    daemon.Wait();
    return daemon.ReadWholeLog();
  };
  ends(SIGKILL);
  EXPECT_THAT(ends(SIGTERM), HasSubstr("journal: snapshot of record 2 saved"));
  EXPECT_THAT(ends(SIGTERM), HasSubstr("0 contacts as they were, 0 records replayed, at record 3"));
}

TEST(Daemon, ADamagedJournalStopsTheStartAndIsCutOnlyWhenToldTo) {
  const TemporaryDir dir;
  const std::vector<std::string> flags = {"--no-redis", "--state-dir", dir.Path("s")};
  for (int i = 0; i < 3; ++i) {
    RunningDaemon daemon({kPolicy, flags});
    ASSERT_TRUE(daemon.serving());
    daemon.Signal(SIGKILL);
    daemon.Wait();
  }
  {
    std::fstream segment(dir.Path("s") + "/journal/00000000000000000001.segment",
                         std::ios::in | std::ios::out | std::ios::binary);
    segment.seekp(300);  // in the first batch
    segment.put('!');
  }
  RunningDaemon damaged({kPolicy, flags, false});
  EXPECT_EQ(damaged.Wait(), static_cast<int>(ExitCode::kBadJournal));
  EXPECT_THAT(damaged.ReadWholeLog(), HasSubstr("--truncate-at 1"));
  std::vector<std::string> cut = flags;
  cut.insert(cut.end(), {"--truncate-at", "1"});
  RunningDaemon cutting({kPolicy, cut, false});
  EXPECT_EQ(cutting.Wait(), 0) << "and serves nobody";
  const std::string log = cutting.ReadWholeLog();
  EXPECT_THAT(log, HasSubstr("every record from 1 on was given up"));
  EXPECT_THAT(log, HasSubstr(".damaged"));
  RunningDaemon again({kPolicy, flags});
  EXPECT_TRUE(again.serving());
  again.Signal(SIGTERM);
  EXPECT_EQ(again.Wait(), 0);
  EXPECT_THAT(again.ReadWholeLog(), HasSubstr("epoch 4")) << "greater than clients have seen";
}

TEST(Daemon, RoutesWithoutTheRedisThatItIsToldOf) {
  RunningDaemon daemon({kPolicy, {"--redis", "/nonexistent/redis.sock"}});
  ASSERT_TRUE(daemon.serving());
  daemon.ReadLogUntil("redis: down");
  EXPECT_THAT(daemon.Get("/readyz"), HasSubstr("200 OK"));
  daemon.Signal(SIGINT);
  EXPECT_EQ(daemon.Wait(), 0);
}

TEST(Daemon, TwoNeverShareAStateDirectory) {
  const TemporaryDir dir;
  RunningDaemon first({kPolicy, {"--no-redis", "--state-dir", dir.Path("s")}});
  ASSERT_TRUE(first.serving());
  RunningDaemon second({kPolicy, {"--no-redis", "--state-dir", dir.Path("s")}, false});
  EXPECT_EQ(second.Wait(), static_cast<int>(ExitCode::kInUse));
  EXPECT_THAT(second.ReadWholeLog(), HasSubstr("is held by process "));
  EXPECT_THAT(first.Get("/readyz"), HasSubstr("200 OK"));
  first.Signal(SIGKILL);
  EXPECT_EQ(first.Wait(), -1);
  RunningDaemon third({kPolicy, {"--no-redis", "--state-dir", dir.Path("s")}});
  EXPECT_TRUE(third.serving()) << "a killed one holds nothing";
}

TEST(Daemon, EachStartTakesAGreaterEpoch) {
  const TemporaryDir dir;
  for (const char* epoch : {"epoch 1\n", "epoch 2\n"}) {
    RunningDaemon daemon({kPolicy, {"--no-redis", "--state-dir", dir.Path("s")}});
    daemon.Signal(SIGTERM);
    EXPECT_EQ(daemon.Wait(), 0);
    EXPECT_THAT(daemon.ReadWholeLog(), HasSubstr(epoch));
  }
}

TEST(Daemon, HangUpPutsAnotherPolicyInForce) {
  RunningDaemon daemon({kPolicy, {"--no-redis"}});
  daemon.Signal(SIGHUP);
  daemon.ReadLogUntil("has not changed; version 1 stays");
  Rewrite(daemon, kOtherPolicy);
  daemon.Signal(SIGHUP);
  daemon.ReadLogUntil("policy: version 2 is in force");
  daemon.Signal(SIGTERM);
  EXPECT_EQ(daemon.Wait(), 0);
}

TEST(Daemon, ABadPolicyChangesNothingAndIsLogged) {
  RunningDaemon daemon({kPolicy, {"--no-redis"}});
  Rewrite(daemon, "version: 1\nqueus: {}\n");
  daemon.Signal(SIGHUP);
  const std::string log = daemon.ReadLogUntil("not put in force");
  EXPECT_THAT(log, HasSubstr(daemon.policy_path() + ":2:1: error: "));
  daemon.Signal(SIGTERM);
  EXPECT_EQ(daemon.Wait(), 0);
}

// The policy is read from a FIFO, so its reload takes until the test closes that.
TEST(Daemon, AReloadThatTakesLongHoldsUpNoDrainAndSaysNothingAfterIt) {
  const NotifySocket systemd;
  RunningDaemon daemon({kPolicy, {"--no-redis"}});
  const std::string policy = daemon.policy_path();
  ASSERT_EQ(unlink(policy.c_str()), 0);
  ASSERT_EQ(mkfifo(policy.c_str(), 0600), 0);
  daemon.Signal(SIGHUP);
  const int writer = open(policy.c_str(), O_WRONLY | O_CLOEXEC);  // waits for the reload to read
  daemon.Signal(SIGTERM);
  daemon.ReadLogUntil("drained");
  close(writer);
  EXPECT_EQ(daemon.Wait(), 0);
  ServiceManager().Ready("read");
  std::string told;
  for (std::string said = systemd.Read(); said != "READY=1\nSTATUS=read"; said = systemd.Read()) {
    if (said != "WATCHDOG=1") told += said.substr(0, said.find('\n')) + " ";
  }
  EXPECT_EQ(told, "READY=1 RELOADING=1 STOPPING=1 ");
}

bool Connects(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connects = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  close(fd);
  return connects;
}

TEST(Daemon, ServesItsGroupOnAUnixSocketThatNoOtherTakesOver) {
  const TemporaryDir dir;
  const std::string path = dir.Path("grpc.sock");
  RunningDaemon first({kPolicy, {"--no-redis", "--grpc", "unix:" + path}});
  struct stat info {};
  ASSERT_EQ(stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0660U);
  RunningDaemon second({kPolicy, {"--no-redis", "--grpc", path}, false});
  EXPECT_EQ(second.Wait(), static_cast<int>(ExitCode::kUnavailable));
  EXPECT_THAT(second.ReadWholeLog(), HasSubstr("grpc.sock.lock is held by process "));
  EXPECT_TRUE(Connects(path)) << "the first still listens there";
  first.Signal(SIGKILL);
  first.Wait();
  RunningDaemon third({kPolicy, {"--no-redis", "--grpc", path}});
  EXPECT_TRUE(Connects(path)) << "one that was killed leaves nothing in the way";
}

TEST(Daemon, WarnsOnlyIfOtherMachinesMayConnect) {
  for (const bool others : {false, true}) {
    RunningDaemon daemon(
        {kPolicy,
         {"--no-redis", "--insecure-listen", "--http", others ? "0.0.0.0:0" : "127.0.0.1:0"}});
    daemon.Signal(SIGTERM);
    EXPECT_EQ(daemon.Wait(), 0);
    EXPECT_EQ(daemon.ReadWholeLog().find("other machines may connect") != std::string::npos,
              others);
  }
}

TEST(Daemon, SaysByItsExitCodeWhyItDidNotServe) {
  EXPECT_EQ(EndOf(kPolicy, {"--polcy", "x"}), static_cast<int>(ExitCode::kUsage));
  EXPECT_EQ(EndOf("version: 1\nqueus: {}\n", {"--no-redis"}),
            static_cast<int>(ExitCode::kBadPolicy));
  EXPECT_EQ(EndOf(kPolicy, {"--config", "/nonexistent"}), static_cast<int>(ExitCode::kNoInput));
  EXPECT_EQ(EndOf(kPolicy, {"--state-dir", "/nonexistent/a/b"}),
            static_cast<int>(ExitCode::kCantCreate));
  EXPECT_EQ(EndOf(kPolicy, {"--no-redis", "--ports-file", "/nonexistent/ports"}),
            static_cast<int>(ExitCode::kCantCreate));
  EXPECT_EQ(EndOf(kPolicy, {"--grpc", "0.0.0.0:0"}), static_cast<int>(ExitCode::kBadConfig));
}

TEST(Daemon, SaysThatAPortIsTaken) {
  const RunningDaemon first({kPolicy, {"--no-redis"}});
  EXPECT_EQ(EndOf(kPolicy, {"--no-redis", "--grpc", first.grpc_address()}),
            static_cast<int>(ExitCode::kUnavailable));
  EXPECT_EQ(
      EndOf(kPolicy, {"--no-redis", "--http", "127.0.0.1:" + std::to_string(first.http_port())}),
      static_cast<int>(ExitCode::kUnavailable));
}

TEST(Daemon, CheckServesNothing) {
  EXPECT_EQ(EndOf(kPolicy, {"--check"}), 0);
  EXPECT_EQ(EndOf("version: 2\n", {"--check"}), static_cast<int>(ExitCode::kBadPolicy));
}

TEST(Daemon, TellsSystemdAndFeedsItsWatchdog) {
  const NotifySocket systemd;
  const std::string policy_dir_free = kPolicy;
  RunningDaemon daemon({policy_dir_free, {"--no-redis"}});
  EXPECT_EQ(systemd.Read(), "READY=1\nSTATUS=serving");
  EXPECT_EQ(systemd.Read(), "WATCHDOG=1");
  EXPECT_EQ(systemd.Read(), "WATCHDOG=1");
  daemon.Signal(SIGTERM);
  std::string said = systemd.Read();
  while (said == "WATCHDOG=1") said = systemd.Read();
  EXPECT_EQ(said, "STOPPING=1\nSTATUS=draining\nEXTEND_TIMEOUT_USEC=30000000");
  EXPECT_EQ(daemon.Wait(), 0);
}

}  // namespace
}  // namespace routerd::daemon
