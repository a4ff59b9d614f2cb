#include "routerd/api/services.h"
#include "routerd/api/session_stream.h"
#include "routerd/api/unary.h"
#include "routerd/v1/agent_desktop.grpc.pb.h"

namespace routerd::api {
namespace {

class DesktopService final : public v1::AgentDesktopService::CallbackService {
 public:
  explicit DesktopService(Runtime& runtime) : runtime_(runtime) {}

#define ROUTERD_UNARY(Method, field)                                               \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* context,           \
                                   const v1::Method##Request* request,             \
                                   v1::Method##Response* response) override {      \
    return RunUnary(runtime_, engine::Role::kDesktop, context, request, response); \
  }
  ROUTERD_DESKTOP_METHODS(ROUTERD_UNARY)
#undef ROUTERD_UNARY

  SessionReactor<DesktopKind>* OpenDesktopSession(grpc::CallbackServerContext* context) override {
    return SessionStream<DesktopKind>::Start(runtime_, sessions_, context);
  }

 private:
  Runtime& runtime_;
  SessionRegistry<DesktopKind> sessions_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeDesktopService(Runtime& runtime) {
  return std::make_unique<DesktopService>(runtime);
}

}  // namespace routerd::api
