// A command as a unary call: the same way as in a session, the answer as status and response.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "routerd/api/errors.h"
#include "routerd/api/grpc_status.h"
#include "routerd/api/prepare.h"
#include "routerd/api/runtime.h"

namespace routerd::api {

// Lives until gRPC is done with it and the engine has answered. The response is touched by whoever
// finishes the call, once: after that it is no longer ours.
template <typename Response>
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(grpc::CallbackServerContext* context, Response* response)
      : context_(context), response_(response) {}

  static std::shared_ptr<UnaryCall> Make(grpc::CallbackServerContext* context, Response* response) {
    auto call = std::make_shared<UnaryCall>(context, response);
    call->self_ = call;
    return call;
  }

  // `fill(response)` is called unless the call has ended; true: OK, false: as `answer` says.
  template <typename Fill>
  void Reply(const engine::Answer& answer, const Fill& fill) {
    if (finished_.exchange(true)) return;
    Finish(fill(response_) ? grpc::Status::OK : ToGrpc(answer, context_));
  }
  void Fail(const engine::Answer& answer) {
    if (!finished_.exchange(true)) Finish(ToGrpc(answer, context_));
  }

  void OnCancel() override {
    if (!finished_.exchange(true)) Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { self_.reset(); }

 private:
  grpc::CallbackServerContext* const context_;
  Response* const response_;
  std::atomic<bool> finished_{false};
  std::shared_ptr<UnaryCall> self_;
};

inline engine::Answer TooLarge() {
  return Failed(Code::kResourceExhausted, "too_large",
                "a request has at most " + std::to_string(limits::kMaxMessageBytes) + " bytes");
}

template <typename Request, typename Response>
grpc::ServerUnaryReactor* RunUnary(Runtime& runtime, engine::Role role,
                                   grpc::CallbackServerContext* context, const Request* request,
                                   Response* response) {
  const auto call = UnaryCall<Response>::Make(context, response);
  if (request->ByteSizeLong() > limits::kMaxMessageBytes) {
    call->Fail(TooLarge());
    return call.get();
  }
  auto [status, envelope] = Prepare(*request, {role, runtime.service.domain(), {}, {}, {}});
  if (!status.ok()) {
    call->Fail(Failed(std::move(status)));
    return call.get();
  }
  envelope.done = [&runtime, call](const engine::Answer& answer) {
    runtime.executor.Post([call, answer] {
      call->Reply(answer, [&answer](Response* to) { return Respond(answer, to); });
    });
  };
  runtime.service.Submit(std::move(envelope));
  return call.get();
}

}  // namespace routerd::api
