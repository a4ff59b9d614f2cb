// The server itself: addresses, health, reflection, draining, threads and timers.
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <future>

#include "routerd/api/executor.h"
#include "routerd/v1/operations.grpc.pb.h"
#include "tests/unit/api/server_fixture.h"

namespace routerd::api {
namespace {

// A message of one field of bytes, as the health and reflection services' requests are.
std::string Field(int number, const std::string& value) {
  return std::string(1, static_cast<char>(number << 3 | 2)) + static_cast<char>(value.size()) +
         value;
}

// Bytes to and from a method whose messages are not compiled in here.
std::string Call(const std::shared_ptr<grpc::Channel>& channel, grpc::ClientContext* context,
                 const std::string& method, const std::string& request) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  const auto tag = [&queue] {
    void* got = nullptr;
    bool ok = false;
    queue.Next(&got, &ok);
    return ok;
  };
  const auto stream = stub.PrepareCall(context, method, &queue);
  stream->StartCall(nullptr);
  EXPECT_TRUE(tag());
  const grpc::Slice slice(request);
  stream->WriteLast(grpc::ByteBuffer(&slice, 1), {}, nullptr);
  EXPECT_TRUE(tag());
  grpc::ByteBuffer response;
  stream->Read(&response, nullptr);
  EXPECT_TRUE(tag());
  grpc::Status status;
  stream->Finish(&status, nullptr);
  tag();
  EXPECT_TRUE(status.ok()) << status.error_message();
  grpc::Slice whole;
  EXPECT_TRUE(response.DumpToSingleSlice(&whole).ok());
  return {reinterpret_cast<const char*>(whole.begin()), whole.size()};
}

class Server : public ServerTest {
 protected:
  // 1 = SERVING, 2 = NOT_SERVING.
  int Health(const std::string& service) {
    const std::string answer =
        Call(channel_, Context().get(), "/grpc.health.v1.Health/Check", Field(1, service));
    return answer.size() == 2 ? answer[1] : 0;
  }
};

TEST_F(Server, HealthFollowsTheDrain) {
  EXPECT_EQ(Health(""), 1);
  EXPECT_EQ(Health("routerd.v1.ContactGatewayService"), 1);
  server_->Drain();
  EXPECT_EQ(Health(""), 2);
  EXPECT_EQ(Health("routerd.v1.ContactGatewayService"), 2);
}

TEST_F(Server, ReflectionListsTheServices) {
  const std::string answer =
      Call(channel_, Context().get(),
           "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Field(7, "*"));
  for (const char* service :
       {"routerd.v1.ContactGatewayService", "routerd.v1.AgentDesktopService",
        "routerd.v1.OperationsService", "routerd.v1.EventsService", "grpc.health.v1.Health"}) {
    EXPECT_NE(answer.find(service), std::string::npos) << service;
  }
}

TEST_F(Server, ListensOnUnixSocketsAndSeveralAddresses) {
  const std::string path = ::testing::TempDir() + "api-" + std::to_string(getpid()) + ".sock";
  ApiServer other(ApiParts{engine_, time_, reads_, parts_, FakeCompile, "1.2.3", 4, &time_, 1});
  const Result<std::vector<int>> ports = other.Start({"127.0.0.1:0", "unix:" + path});
  ASSERT_TRUE(ports.ok()) << ports.status().message();
  EXPECT_GT(ports.value()[0], 0);
  EXPECT_EQ(ports.value()[1], 0);
  const auto channel = grpc::CreateChannel("unix:" + path, grpc::InsecureChannelCredentials());
  v1::GetStatusResponse response;
  const auto operations = v1::OperationsService::NewStub(channel);
  EXPECT_TRUE(operations->GetStatus(Context().get(), {}, &response).ok());
  other.Stop(1000);
  std::filesystem::remove(path);
}

TEST_F(Server, AnAddressInUseIsToldByName) {
  ApiServer other(ApiParts{engine_, time_, reads_, parts_, FakeCompile, "1.2.3", 4, &time_, 1});
  const Result<std::vector<int>> ports = other.Start({"127.0.0.1:0", address_});
  ASSERT_FALSE(ports.ok());
  EXPECT_NE(ports.status().message().find(address_), std::string::npos);
}

TEST_F(Server, StopIsIdempotent) {
  server_->Stop(1000);
  server_->Stop(1000);
}

TEST(IsLoopbackTest, KnowsWhoCanReachAnAddress) {
  for (const char* near :
       {"127.0.0.1:7770", "127.8.9.10:0", "[::1]:7770", "localhost:1", "unix:/run/routerd.sock"}) {
    EXPECT_TRUE(IsLoopback(near)) << near;
  }
  for (const char* far : {"0.0.0.0:7770", "[::]:7770", "10.0.0.1:7770", "127.example.org:1",
                          "routerd.example.org:7770", "", "127.0.0.1"}) {
    EXPECT_FALSE(IsLoopback(far)) << far;
  }
}

TEST(ExecutorTest, RunsInOrderAndFinishesWhatWasPosted) {
  std::vector<int> order;
  Executor executor(1);
  for (int i = 0; i < 100; ++i) executor.Post([&order, i] { order.push_back(i); });
  executor.Stop();
  ASSERT_EQ(order.size(), 100U);
  EXPECT_EQ(order.front(), 0);
  EXPECT_EQ(order.back(), 99);
  executor.Post([&order] { order.push_back(100); });
  EXPECT_EQ(order.size(), 100U);
}

TEST(TimerThreadTest, RunsTasksWhenTheyAreDue) {
  SystemClock clock;
  TimerThread timers(clock);
  std::promise<void> second;
  std::atomic<int> ran{0};
  const TimeMs now_ms = clock.BootMs();
  timers.At(now_ms + 86'400'000, [&ran] { ran = 100; });
  timers.At(now_ms + 20, [&] {
    ran = ran + 1;
    second.set_value();
  });
  timers.At(now_ms, [&ran] { ran = ran + 1; });
  second.get_future().wait();
  EXPECT_EQ(ran, 2);
  EXPECT_GE(clock.BootMs(), now_ms + 20);
}

}  // namespace
}  // namespace routerd::api
