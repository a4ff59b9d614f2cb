// Failures as gRPC tells them: status, and ErrorDetail in the trailing metadata.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include "routerd/engine/command.h"

namespace routerd::api {

// Adds the detail to `context` where there is one; once for a call.
grpc::Status ToGrpc(const engine::Answer& answer, grpc::CallbackServerContext* context);

}  // namespace routerd::api
