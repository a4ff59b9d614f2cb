#include "routerd/api/grpc_status.h"

#include "routerd/api/errors.h"

namespace routerd::api {

grpc::Status ToGrpc(const engine::Answer& answer, grpc::CallbackServerContext* context) {
  if (answer.status.ok()) return grpc::Status::OK;
  v1::ErrorDetail detail;
  FillDetail(answer, &detail);
  context->AddTrailingMetadata("routerd-error-bin", detail.SerializeAsString());
  return {static_cast<grpc::StatusCode>(answer.status.code()), answer.status.message()};
}

}  // namespace routerd::api
