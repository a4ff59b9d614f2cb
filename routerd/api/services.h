// Makes the gRPC services. Their classes stand in the .cc files: only server.cc needs them, as
// grpc::Service.
#pragma once

#include <grpcpp/impl/service_type.h>

#include <memory>

#include "routerd/api/policy_compiler.h"
#include "routerd/api/read_model.h"
#include "routerd/api/runtime.h"
#include "routerd/api/status_source.h"

namespace routerd::api {

// Where the operations service takes its answers from besides the engine.
struct OperationsSources {
  const ReadModel& reads;
  const StatusSource& status;
  PolicyCompiler compiler;
  Executor& background;  // one thread, for what takes long: compiling
};

std::unique_ptr<grpc::Service> MakeGatewayService(Runtime& runtime);
std::unique_ptr<grpc::Service> MakeDesktopService(Runtime& runtime);
std::unique_ptr<grpc::Service> MakeOperationsService(Runtime& runtime, OperationsSources sources);
// `release` is told of every release of events by the engine.
class ReleaseSignal;
std::unique_ptr<grpc::Service> MakeEventsService(Runtime& runtime, ReleaseSignal& release);

}  // namespace routerd::api
