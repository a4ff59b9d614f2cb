#include "routerd/api/services.h"
#include "routerd/api/session_stream.h"
#include "routerd/api/unary.h"
#include "routerd/v1/contact_gateway.grpc.pb.h"

namespace routerd::api {
namespace {

class GatewayService final : public v1::ContactGatewayService::CallbackService {
 public:
  explicit GatewayService(Runtime& runtime) : runtime_(runtime) {}

#define ROUTERD_UNARY(Method, field)                                               \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* context,           \
                                   const v1::Method##Request* request,             \
                                   v1::Method##Response* response) override {      \
    return RunUnary(runtime_, engine::Role::kGateway, context, request, response); \
  }
  ROUTERD_GATEWAY_METHODS(ROUTERD_UNARY)
#undef ROUTERD_UNARY

  SessionReactor<GatewayKind>* OpenGatewaySession(grpc::CallbackServerContext* context) override {
    return SessionStream<GatewayKind>::Start(runtime_, sessions_, context);
  }

 private:
  Runtime& runtime_;
  SessionRegistry<GatewayKind> sessions_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeGatewayService(Runtime& runtime) {
  return std::make_unique<GatewayService>(runtime);
}

}  // namespace routerd::api
