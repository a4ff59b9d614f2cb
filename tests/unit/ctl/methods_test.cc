// The calls' names and types are written by hand: here they are held against the API's own.
#include "routerd/ctl/methods.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "routerd/v1/contact_gateway.pb.h"
#include "routerd/v1/events.pb.h"
#include "routerd/v1/gateway_commands.pb.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::ctl {
namespace {

// `/routerd.v1.EventsService/StreamEvents` → the description of it; null when there is none.
const google::protobuf::MethodDescriptor* Find(const char* path) {
  std::string name = std::string(path).substr(1);
  std::replace(name.begin(), name.end(), '/', '.');
  return google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
}

template <typename Request, typename Response>
void ExpectInApi(const char* path, bool streams) {
  const auto* const method = Find(path);
  ASSERT_NE(method, nullptr) << path;
  EXPECT_EQ(method->input_type(), Request::descriptor()) << path;
  EXPECT_EQ(method->output_type(), Response::descriptor()) << path;
  EXPECT_EQ(method->server_streaming(), streams) << path;
  EXPECT_FALSE(method->client_streaming()) << path;
  // The client fills it in by its name.
  const auto* const header = Request::descriptor()->FindFieldByName("header");
  ASSERT_NE(header, nullptr) << path;
  EXPECT_EQ(header->message_type(), v1::RequestHeader::descriptor()) << path;
}

template <typename Request, typename Response>
void Expect(Unary<Request, Response> method) {
  ExpectInApi<Request, Response>(method.path, false);
}
template <typename Request, typename Response>
void Expect(ServerStream<Request, Response> method) {
  ExpectInApi<Request, Response>(method.path, true);
}

template <typename... Methods>
void ExpectAll(Methods... methods) {
  (Expect(methods), ...);
}

TEST(Methods, AreTheApis) {
  // Makes the linker take the gateway's service along.
  ASSERT_NE(v1::OpenGatewaySessionRequest::descriptor(), nullptr);
  ExpectAll(kGetStatus, kListQueues, kGetQueue, kListAgents, kGetAgent, kListContacts, kGetContact,
            kWatchState, kCheckPolicy, kApplyPolicy, kGetPolicy, kSetAgentState, kSetAgentSkills,
            kSetContactPriority, kMoveContact, kRemoveContact, kSetQueueMode, kMoveQueue,
            kListOverrides, kArrive, kStreamEvents);
}

}  // namespace
}  // namespace routerd::ctl
