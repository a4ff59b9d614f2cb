// Why a command failed, for people and for scripts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "routerd/base/status.h"
#include "routerd/compiler/finding.h"
#include "routerd/ctl/exit_code.h"
#include "routerd/v1/common.pb.h"

namespace routerd::ctl {

struct Failure {
  ExitCode exit_code = ExitCode::kFailed;
  int code = 0;  // gRPC's number, also for what never reached the daemon
  std::string message;
  std::optional<v1::ErrorDetail> detail;    // what the daemon added
  std::vector<compiler::Finding> findings;  // what is wrong with a policy
  std::string address;                      // whom we called; empty: nobody

  // The findings; one line; an indented one for each thing that the detail adds.
  [[nodiscard]] std::string ToText() const;
  // {"error":{"code":…,"message":…,"detail":…,"findings":…}} in one line.
  [[nodiscard]] std::string ToJson() const;
};

// The command line is wrong.
[[nodiscard]] Failure UsageFailure(std::string message);

// Something on this machine: a file that cannot be read.
[[nodiscard]] Failure LocalFailure(const Status& status);

// The policy has errors.
[[nodiscard]] Failure PolicyFailure(std::string message, std::vector<compiler::Finding> findings);

// A call to `address` that is over. `detail` is the trailer `routerd-error-bin`, if there was one.
[[nodiscard]] Failure DaemonFailure(int code, std::string message,
                                    const std::optional<std::string>& detail, std::string address);

// `NOT_FOUND`.
[[nodiscard]] std::string CodeName(int code);

}  // namespace routerd::ctl
