#include "routerd/ctl/client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

namespace routerd::ctl {
namespace {

constexpr int kKeepaliveMs = 20'000;

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);  // a policy is larger than gRPC's 4 MiB may be
  // A daemon whose machine is gone is noticed also while nothing is said.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

Client::Client(const Target& target) : target_(target), channel_(MakeChannel(target.address)) {}

void Client::FillHeader(v1::RequestHeader& header) const {
  header.set_domain(target_.domain);
  header.set_client(target_.client);
  header.set_actor(target_.actor);
}

std::chrono::system_clock::time_point Client::Deadline() const {
  return std::chrono::system_clock::now() + std::chrono::milliseconds(target_.timeout_ms);
}

std::optional<Failure> Client::Connect() {
  const auto deadline = Deadline();
  grpc_connectivity_state state = channel_->GetState(true);
  while (state != GRPC_CHANNEL_READY && state != GRPC_CHANNEL_TRANSIENT_FAILURE) {
    if (!channel_->WaitForStateChange(state, deadline)) break;
    state = channel_->GetState(true);
  }
  if (state == GRPC_CHANNEL_READY) return std::nullopt;
  Failure failure;
  failure.exit_code = ExitCode::kUnreachable;
  failure.status = {grpc::StatusCode::UNAVAILABLE, "failed to connect"};
  failure.address = target_.address;
  return failure;
}

}  // namespace routerd::ctl
