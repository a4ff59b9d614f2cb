#include "load-tests/connector.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/client_callback.h>

#include <utility>

#include "routerd/v1/agent_desktop.grpc.pb.h"
#include "routerd/v1/contact_gateway.grpc.pb.h"

namespace routerd::load {
namespace {

using GatewayStub = v1::ContactGatewayService::Stub;
using DesktopStub = v1::AgentDesktopService::Stub;

void Open(GatewayStub* stub, grpc::ClientContext* context,
          grpc::ClientBidiReactor<GatewayApi::Request, GatewayApi::Response>* reactor) {
  stub->async()->OpenGatewaySession(context, reactor);
}

void Open(DesktopStub* stub, grpc::ClientContext* context,
          grpc::ClientBidiReactor<DesktopApi::Request, DesktopApi::Response>* reactor) {
  stub->async()->OpenDesktopSession(context, reactor);
}

// A gRPC stream whose reactions only post to the loop. Lives until gRPC is done with it; whoever
// opened it may let it go earlier. Everything but the reactions is called on the loop's thread.
template <class Api>
class Stream final : public grpc::ClientBidiReactor<typename Api::Request, typename Api::Response>,
                     public Connection<Api> {
 public:
  using Request = typename Api::Request;
  using Response = typename Api::Response;
  using Listener = typename Connection<Api>::Listener;

  template <class Stub>
  static std::shared_ptr<Connection<Api>> Start(Stub* stub, Loop* loop, Listener* listener) {
    std::shared_ptr<Stream> stream(new Stream(loop, listener));
    stream->self_ = stream;
    Open(stub, &stream->context_, stream.get());
    stream->AddHold();  // writes come from outside the reactions
    stream->ReadNext();
    stream->StartCall();
    return stream;
  }

  void Write(Request frame) override {
    if (!held_) return;  // the stream is ending, OnClosed is on its way
    frame_ = std::move(frame);
    this->StartWrite(&frame_);
  }

  void HalfClose() override {
    if (!held_) return;
    this->StartWritesDone();
    Release();
  }

  void Cancel() override { context_.TryCancel(); }

  void Detach() override { listener_ = nullptr; }

  void OnReadDone(bool ok) override {
    if (!ok) return PostRelease();
    std::shared_ptr<Response> frame = std::move(incoming_);
    inbox_->Post([self = self_, frame, received = Clock::now()] {
      if (self->listener_ != nullptr) self->listener_->OnFrame(*frame, received);
    });
    ReadNext();
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return PostRelease();
    inbox_->Post([self = self_] {
      if (self->listener_ != nullptr) self->listener_->OnWritten();
    });
  }

  void OnDone(const grpc::Status& status) override {
    Disconnect why = {status.error_code(), status.error_message(), {}};
    const auto& trailers = context_.GetServerTrailingMetadata();
    if (const auto found = trailers.find("routerd-error-bin"); found != trailers.end()) {
      why.detail.ParseFromArray(found->second.data(), static_cast<int>(found->second.size()));
    }
    inbox_->Post([self = std::move(self_), why] {
      if (self->listener_ != nullptr) self->listener_->OnClosed(why);
    });
  }

 private:
  Stream(Loop* loop, Listener* listener) : inbox_(loop->inbox()), listener_(listener) {}

  void ReadNext() {
    incoming_ = std::make_shared<Response>();
    this->StartRead(incoming_.get());
  }

  void PostRelease() {
    inbox_->Post([self = self_] { self->Release(); });
  }

  // Lets gRPC end the call; only the loop writes, so only the loop knows that it will not any more.
  void Release() {
    if (std::exchange(held_, false)) this->RemoveHold();
  }

  std::shared_ptr<Loop::Inbox> inbox_;  // gRPC may be done later than the loop
  Listener* listener_;                  // loop's thread only
  grpc::ClientContext context_;
  std::shared_ptr<Response> incoming_;
  Request frame_;                 // as long as it is being written
  bool held_ = true;              // loop's thread only
  std::shared_ptr<Stream> self_;  // until OnDone
};

template <class Api, class Stub>
class StubConnector final : public Connector<Api> {
 public:
  explicit StubConnector(std::unique_ptr<Stub> stub) : stub_(std::move(stub)) {}

  std::shared_ptr<Connection<Api>> Connect(Loop* loop,
                                           typename Connection<Api>::Listener* listener) override {
    return Stream<Api>::Start(stub_.get(), loop, listener);
  }

 private:
  std::unique_ptr<Stub> stub_;
};

}  // namespace

std::unique_ptr<Connector<GatewayApi>> MakeGatewayConnector(const std::string& address) {
  return std::make_unique<StubConnector<GatewayApi, GatewayStub>>(
      v1::ContactGatewayService::NewStub(OpenChannel(address)));
}

std::unique_ptr<Connector<DesktopApi>> MakeDesktopConnector(const std::string& address) {
  return std::make_unique<StubConnector<DesktopApi, DesktopStub>>(
      v1::AgentDesktopService::NewStub(OpenChannel(address)));
}

std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace routerd::load
