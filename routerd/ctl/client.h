// The connection to a daemon.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "routerd/base/ids.h"
#include "routerd/ctl/failure.h"
#include "routerd/v1/contact_gateway.grpc.pb.h"
#include "routerd/v1/events.grpc.pb.h"
#include "routerd/v1/operations.grpc.pb.h"

namespace routerd::ctl {

// Where the daemon is and who we say we are.
struct Target {
  std::string address = "127.0.0.1:7770";
  SpanMs timeout_ms = 5'000;
  std::string domain;
  std::string client = "routerctl";
  std::string actor;
};

class Client {
 public:
  explicit Client(const Target& target);

  using Operations = v1::OperationsService::Stub;
  using Gateway = v1::ContactGatewayService::Stub;
  using Events = v1::EventsService::Stub;

  // Fills in the request's header and waits for the answer. Nothing returned: it is in `response`.
  template <typename Stub, typename Request, typename Response>
  [[nodiscard]] std::optional<Failure> Call(grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                                         const Request&, Response*),
                                            Request request, Response& response) {
    FillHeader(*request.mutable_header());
    grpc::ClientContext call;
    call.set_deadline(Deadline());
    const grpc::Status status = (Stub(channel_).*method)(&call, request, &response);
    if (status.ok()) return std::nullopt;
    return MakeFailure(status, call, target_.address);
  }

  // Calls `handle` with each answer of a stream until it says false or the stream ends. Only
  // getting through to the daemon is bound by the timeout.
  template <typename Stub, typename Request, typename Response, typename Handle>
  [[nodiscard]] std::optional<Failure> Stream(
      std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(grpc::ClientContext*,
                                                                    const Request&),
      Request request, const Handle& handle) {
    FillHeader(*request.mutable_header());
    if (auto failure = Connect()) return failure;
    grpc::ClientContext call;
    Stub stub(channel_);
    const auto reader = (stub.*method)(&call, request);
    bool wanted = true;
    for (Response response; wanted && reader->Read(&response); response.Clear()) {
      wanted = handle(response);
    }
    if (!wanted) call.TryCancel();
    const grpc::Status status = reader->Finish();
    if (status.ok() || !wanted) return std::nullopt;
    return MakeFailure(status, call, target_.address);
  }

 private:
  void FillHeader(v1::RequestHeader& header) const;
  [[nodiscard]] std::chrono::system_clock::time_point Deadline() const;
  [[nodiscard]] std::optional<Failure> Connect();

  Target target_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace routerd::ctl
