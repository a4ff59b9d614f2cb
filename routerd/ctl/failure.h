// Why a call failed, for people and for scripts.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <string>

#include "routerd/ctl/exit_code.h"
#include "routerd/v1/common.pb.h"

namespace routerd::ctl {

struct Failure {
  ExitCode exit_code = ExitCode::kFailed;
  grpc::Status status;
  bool has_detail = false;
  v1::ErrorDetail detail;  // from the trailing metadata `routerd-error-bin`
  std::string address;     // whom we called

  // One line, and an indented one for each thing that the detail adds.
  [[nodiscard]] std::string ToText() const;
  // {"error":{"code":…,"message":…,"detail":…}} in one line.
  [[nodiscard]] std::string ToJson() const;
};

// Of a call that is over and was not OK.
[[nodiscard]] Failure MakeFailure(const grpc::Status& status, const grpc::ClientContext& call,
                                  std::string address);

// `NOT_FOUND`.
[[nodiscard]] std::string CodeName(grpc::StatusCode code);

}  // namespace routerd::ctl
