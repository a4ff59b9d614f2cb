// OperationsService.WatchState: the state, then what changes, at the reader's pace.
#pragma once

#include <grpcpp/support/server_callback.h>

#include "routerd/api/read_model.h"
#include "routerd/api/runtime.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::api {

grpc::ServerWriteReactor<v1::WatchStateResponse>* StartStateWatch(
    Runtime& runtime, const ReadModel& reads, grpc::CallbackServerContext* context,
    const v1::WatchStateRequest& request);

}  // namespace routerd::api
