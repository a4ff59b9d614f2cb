// The real routerd as a child process. Blocking reads wait for what it says; nothing sleeps.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/unit/daemon/temporary_dir.h"

namespace routerd::daemon {

class RunningDaemon {
 public:
  struct Options {
    std::string policy;                  // text
    std::vector<std::string> arguments;  // besides ports, policy and state directory
    bool wait_until_serving = true;
  };
  explicit RunningDaemon(const Options& options);
  // Kills it if the test has not ended it.
  ~RunningDaemon();
  RunningDaemon(const RunningDaemon&) = delete;
  RunningDaemon& operator=(const RunningDaemon&) = delete;

  [[nodiscard]] bool serving() const { return grpc_port_ != 0; }
  [[nodiscard]] std::string grpc_address() const {
    return "127.0.0.1:" + std::to_string(grpc_port_);
  }
  [[nodiscard]] int grpc_port() const { return grpc_port_; }
  [[nodiscard]] int http_port() const { return http_port_; }
  [[nodiscard]] std::string policy_path() const { return dir_.Path("policy.yaml"); }
  [[nodiscard]] std::string state_dir() const { return dir_.Path("state"); }

  void Signal(int signal) const;
  // Waits for its end; -1 when a signal ended it.
  int Wait();
  // Reads its log until a line has `text` in it, or the log ends. All that was read so far.
  std::string ReadLogUntil(const std::string& text);
  std::string ReadWholeLog();
  // Header and body of the answer to GET.
  [[nodiscard]] std::string Get(const std::string& path) const;

 private:
  void Spawn(const Options& options);
  void ReadPorts();
  bool ReadLogLine();

  TemporaryDir dir_;
  pid_t pid_ = -1;
  int log_fd_ = -1;
  std::string log_;
  int grpc_port_ = 0;
  int http_port_ = 0;
};

}  // namespace routerd::daemon
