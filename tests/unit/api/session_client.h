// A client of one session, frame by frame.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "routerd/v1/agent_desktop.grpc.pb.h"
#include "routerd/v1/contact_gateway.grpc.pb.h"
#include "tests/unit/api/server_fixture.h"

namespace routerd::api {

// Blocking: a read that never comes fails at the context's deadline.
template <typename In, typename Out>
class SessionClient {
 public:
  using Stream = grpc::ClientReaderWriter<In, Out>;

  SessionClient(std::unique_ptr<grpc::ClientContext> context, std::unique_ptr<Stream> stream)
      : context_(std::move(context)), stream_(std::move(stream)) {}
  ~SessionClient() { context_->TryCancel(); }

  // Says Hello and gives the router's Welcome.
  v1::Welcome Hello(const std::string& client, const std::string& session = {},
                    std::uint64_t last_seen = 0) {
    return HelloFrame(client, session, last_seen, {}).welcome();
  }
  // Likewise, and gives the whole frame.
  Out HelloFrame(const std::string& client, const std::string& session, std::uint64_t last_seen,
                 const std::string& cursor) {
    In frame;
    frame.mutable_hello()->set_client(client);
    frame.mutable_hello()->set_session_id(session);
    frame.mutable_hello()->set_last_seen(last_seen);
    frame.mutable_hello()->set_cursor(cursor);
    Send(frame);
    Out out = Read();
    EXPECT_TRUE(out.has_welcome());
    EXPECT_EQ(out.number(), 0U);
    return out;
  }
  void Send(const In& frame) { EXPECT_TRUE(stream_->Write(frame)); }
  void Acknowledge(std::uint64_t number) {
    In frame;
    frame.set_acked(number);
    Send(frame);
  }
  // The next frame of any kind.
  Out Read() {
    Out frame;
    EXPECT_TRUE(stream_->Read(&frame)) << "the stream ended";
    return frame;
  }
  // False: the stream has ended.
  bool Next(Out* frame) { return stream_->Read(frame); }
  // Reads to the end and gives the status.
  grpc::Status End() {
    Out frame;
    while (stream_->Read(&frame)) {
    }
    return stream_->Finish();
  }
  void Close() { stream_->WritesDone(); }
  [[nodiscard]] const grpc::ClientContext& context() const { return *context_; }

 private:
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<Stream> stream_;
};

using GatewayClient = SessionClient<v1::OpenGatewaySessionRequest, v1::OpenGatewaySessionResponse>;
using DesktopClient = SessionClient<v1::OpenDesktopSessionRequest, v1::OpenDesktopSessionResponse>;

class SessionTest : public ServerTest {
 protected:
  SessionTest()
      : gateways_(v1::ContactGatewayService::NewStub(channel_)),
        desktops_(v1::AgentDesktopService::NewStub(channel_)) {}

  std::unique_ptr<GatewayClient> Gateway() {
    auto context = Context();
    auto stream = gateways_->OpenGatewaySession(context.get());
    return std::make_unique<GatewayClient>(std::move(context), std::move(stream));
  }
  std::unique_ptr<DesktopClient> Desktop() {
    auto context = Context();
    auto stream = desktops_->OpenDesktopSession(context.get());
    return std::make_unique<DesktopClient>(std::move(context), std::move(stream));
  }

  // A frame with one `held` report for each id.
  static v1::OpenGatewaySessionRequest Reports(std::uint64_t number,
                                               const std::vector<std::string>& ids) {
    v1::OpenGatewaySessionRequest frame;
    frame.set_number(number);
    for (const std::string& id : ids) {
      auto* report = frame.add_commands()->mutable_report_held();
      report->mutable_header()->set_request_id(id);
      report->set_contact_id("c");
    }
    return frame;
  }

  static engine::Event Queued(const std::string& contact) {
    engine::Event event;
    event.kind = engine::EventKind::kContactQueued;
    event.contact = ContactOf(contact, core::ContactState::kQueued);
    event.queue = "sales";
    return event;
  }

  std::unique_ptr<v1::ContactGatewayService::Stub> gateways_;
  std::unique_ptr<v1::AgentDesktopService::Stub> desktops_;
};

}  // namespace routerd::api
