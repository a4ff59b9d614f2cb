#include <utility>

#include "routerd/api/operations_reads.h"
#include "routerd/api/policy_calls.h"
#include "routerd/api/services.h"
#include "routerd/api/state_watch.h"
#include "routerd/api/unary.h"
#include "routerd/v1/operations.grpc.pb.h"

namespace routerd::api {
namespace {

constexpr std::size_t kPolicyCalls = 4;  // that wait for the compiler; more: RESOURCE_EXHAUSTED

class OperationsService final : public v1::OperationsService::CallbackService {
 public:
  OperationsService(Runtime& runtime, OperationsSources sources)
      : runtime_(runtime), sources_(std::move(sources)) {}

#define ROUTERD_ACTION(Method, field)                                                 \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* context,              \
                                   const v1::Method##Request* request,                \
                                   v1::Method##Response* response) override {         \
    return RunUnary(runtime_, engine::Role::kOperations, context, request, response); \
  }
  ROUTERD_OPERATIONS_ACTIONS(ROUTERD_ACTION)
#undef ROUTERD_ACTION

#define ROUTERD_READ(Method)                                                  \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* context,      \
                                   const v1::Method##Request* request,        \
                                   v1::Method##Response* response) override { \
    return Answer(context, request->header(),                                 \
                  [&] { return Read(sources_.reads, *request, response); });  \
  }
  ROUTERD_READ(ListQueues)
  ROUTERD_READ(GetQueue)
  ROUTERD_READ(ListAgents)
  ROUTERD_READ(GetAgent)
  ROUTERD_READ(ListContacts)
  ROUTERD_READ(GetContact)
  ROUTERD_READ(ListOverrides)
#undef ROUTERD_READ

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context,
                                      const v1::GetStatusRequest* request,
                                      v1::GetStatusResponse* response) override {
    return Answer(context, request->header(), [&] {
      FillStatus(runtime_, sources_.reads, sources_.status, response);
      return Status::Ok();
    });
  }

  grpc::ServerWriteReactor<v1::WatchStateResponse>* WatchState(
      grpc::CallbackServerContext* context, const v1::WatchStateRequest* request) override {
    return StartStateWatch(runtime_, sources_.reads, context, *request);
  }

  grpc::ServerUnaryReactor* GetPolicy(grpc::CallbackServerContext* context,
                                      const v1::GetPolicyRequest* request,
                                      v1::GetPolicyResponse* response) override {
    return Answer(context, request->header(), [&] {
      api::GetPolicy(runtime_, response);
      return Status::Ok();
    });
  }

  grpc::ServerUnaryReactor* CheckPolicy(grpc::CallbackServerContext* context,
                                        const v1::CheckPolicyRequest* request,
                                        v1::CheckPolicyResponse* response) override {
    const auto call = UnaryCall<v1::CheckPolicyResponse>::Make(context, response);
    if (!Admit(*call, *request)) return call.get();
    // The request is copied: it is gone when the client gives up.
    sources_.background.Post([this, call, request = *request] {
      v1::CheckPolicyResponse checked;
      api::CheckPolicy(runtime_, sources_.compiler, request, &checked);
      --policy_calls_;
      call->Reply({}, [&checked](v1::CheckPolicyResponse* to) {
        to->Swap(&checked);
        return true;
      });
    });
    return call.get();
  }

  grpc::ServerUnaryReactor* ApplyPolicy(grpc::CallbackServerContext* context,
                                        const v1::ApplyPolicyRequest* request,
                                        v1::ApplyPolicyResponse* response) override {
    const auto call = UnaryCall<v1::ApplyPolicyResponse>::Make(context, response);
    if (!Admit(*call, *request)) return call.get();
    const auto kept = std::make_shared<const v1::ApplyPolicyRequest>(*request);
    api::ApplyPolicy(runtime_, sources_.compiler, sources_.background, kept,
                     [this, call, kept](const ApplyPolicyOutcome& outcome) {
                       --policy_calls_;
                       runtime_.executor.Post([call, kept, outcome] {
                         call->Reply(outcome.answer, [&](v1::ApplyPolicyResponse* to) {
                           return Respond(outcome, *kept, to);
                         });
                       });
                     });
    return call.get();
  }

 private:
  template <typename Fill>
  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context,
                                   const v1::RequestHeader& header, const Fill& fill) {
    Status status = CheckDomain(header.domain(), runtime_.service.domain());
    if (status.ok()) status = fill();
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(ToGrpc(Failed(std::move(status)), context));
    return reactor;
  }

  // Counts a call to the compiler; fails it when it is wrong or when too many wait.
  template <typename Call, typename Request>
  bool Admit(Call& call, const Request& request) {
    Status status = CheckDomain(request.header().domain(), runtime_.service.domain());
    if (status.ok()) status = CheckFiles(request.files());
    if (status.ok() && ++policy_calls_ > kPolicyCalls) {
      --policy_calls_;
      status = Status(Code::kResourceExhausted, "the compiler is busy");
      status.WithReason("compiler_busy").WithRetryAfter(limits::kOverloadRetryMs);
    }
    if (!status.ok()) call.Fail(Failed(status));
    return status.ok();
  }

  Runtime& runtime_;
  const OperationsSources sources_;
  std::atomic<std::size_t> policy_calls_{0};
};

}  // namespace

std::unique_ptr<grpc::Service> MakeOperationsService(Runtime& runtime, OperationsSources sources) {
  return std::make_unique<OperationsService>(runtime, std::move(sources));
}

}  // namespace routerd::api
