#include "routerd/ctl/client.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/impl/client_unary_call.h>
#include <grpcpp/impl/codegen/proto_utils.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/sync_stream.h>

#include <chrono>
#include <string>
#include <utility>

#include "routerd/ctl/utf8_field.h"

namespace routerd::ctl {
namespace {

using google::protobuf::MessageLite;
using grpc::internal::RpcMethod;

constexpr int kKeepaliveMs = 20'000;

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // a policy is larger than gRPC's 4 MiB may be
  // A daemon whose machine is gone is noticed also while nothing is said.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

std::chrono::system_clock::time_point DeadlineOf(const Target& target) {
  return std::chrono::system_clock::now() + std::chrono::milliseconds(target.timeout_ms);
}

// Of a call that is over.
std::optional<Failure> FailureOf(const grpc::Status& status, const grpc::ClientContext& call,
                                 const Target& target) {
  if (status.ok()) return std::nullopt;
  std::optional<std::string> detail;
  const auto& trailers = call.GetServerTrailingMetadata();
  if (const auto found = trailers.find("routerd-error-bin"); found != trailers.end()) {
    detail.emplace(found->second.data(), found->second.size());
  }
  return DaemonFailure(status.error_code(), status.error_message(), detail, target.address);
}

// What the daemon could not even read; it would answer without saying why.
std::optional<Failure> CannotBeSent(const google::protobuf::Message& request) {
  const auto field = FieldThatIsNotUtf8(request);
  if (!field) return std::nullopt;
  return UsageFailure(field->path + " is not UTF-8: " + field->text);
}

}  // namespace

Client::Client(const Target& target) : target_(target), channel_(MakeChannel(target.address)) {}

std::unique_ptr<google::protobuf::Message> Client::WithHeader(const Message& request) const {
  std::unique_ptr<Message> filled(request.New());
  filled->CopyFrom(request);
  const auto* const field = filled->GetDescriptor()->FindFieldByName("header");
  auto& header = dynamic_cast<v1::RequestHeader&>(
      *filled->GetReflection()->MutableMessage(filled.get(), field));
  header.set_domain(target_.domain);
  header.set_client(target_.client);
  header.set_actor(target_.actor);
  return filled;
}

std::optional<Failure> Client::CallPath(const char* path, const Message& request,
                                        Message& response) const {
  const auto filled = WithHeader(request);
  if (auto failure = CannotBeSent(*filled)) return failure;
  grpc::ClientContext call;
  call.set_deadline(DeadlineOf(target_));
  // What generated stubs do; any message fits.
  const grpc::Status status = grpc::internal::BlockingUnaryCall<MessageLite, MessageLite>(
      channel_.get(), RpcMethod(path, RpcMethod::NORMAL_RPC), &call, *filled, &response);
  return FailureOf(status, call, target_);
}

std::optional<Failure> Client::StreamPath(const char* path, const Message& request,
                                          Message& response,
                                          const std::function<bool()>& handle) const {
  const auto filled = WithHeader(request);
  if (auto failure = CannotBeSent(*filled)) return failure;
  if (auto failure = Connect()) return failure;
  grpc::ClientContext call;
  const std::unique_ptr<grpc::ClientReader<MessageLite>> reader(
      grpc::internal::ClientReaderFactory<MessageLite>::Create<MessageLite>(
          channel_.get(), RpcMethod(path, RpcMethod::SERVER_STREAMING), &call, *filled));
  bool wanted = true;
  while (wanted && reader->Read(&response)) wanted = handle();
  if (!wanted) call.TryCancel();
  const grpc::Status status = reader->Finish();
  return wanted ? FailureOf(status, call, target_) : std::nullopt;
}

std::optional<Failure> Client::Connect() const {
  const auto deadline = DeadlineOf(target_);
  grpc_connectivity_state state = channel_->GetState(true);
  while (state != GRPC_CHANNEL_READY && state != GRPC_CHANNEL_TRANSIENT_FAILURE) {
    if (!channel_->WaitForStateChange(state, deadline)) break;
    state = channel_->GetState(true);
  }
  if (state == GRPC_CHANNEL_READY) return std::nullopt;
  return DaemonFailure(grpc::StatusCode::UNAVAILABLE, "failed to connect", std::nullopt,
                       target_.address);
}

}  // namespace routerd::ctl
