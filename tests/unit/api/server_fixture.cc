#include "tests/unit/api/server_fixture.h"

#include <grpc/support/time.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

namespace routerd::api {

CompiledPolicy FakeCompile(const std::string& text, const std::string& file,
                           const model::Model* in_force) {
  CompiledPolicy compiled;
  if (text != "good") {
    compiled.remarks.push_back({true, file, 3, 7, "unknown_key", "no key `quues`", "queues"});
    compiled.remarks.push_back({true, file, 9, 1, "missing", "channels are missing", ""});
    return compiled;
  }
  model::Model model = SmallPolicy();
  model.version = in_force->version + 1;
  compiled.model = std::make_shared<const model::Model>(std::move(model));
  compiled.remarks.push_back({false, file, 1, 1, "unused", "skill is unused", ""});
  return compiled;
}

ServerTest::ServerTest() {
  server_ = std::make_unique<ApiServer>(
      ApiParts{engine_, time_, reads_, parts_, FakeCompile, "1.2.3", 4, &time_, 2});
  const Result<std::vector<int>> ports = server_->Start({"127.0.0.1:0"});
  EXPECT_TRUE(ports.ok()) << ports.status().message();
  address_ = "127.0.0.1:" + std::to_string(ports.value().at(0));
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // The connection holds what HTTP/2 says at first, 64 KiB, however fast it is: tests fill it.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  channel_ = grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments);
}

ServerTest::~ServerTest() { server_->Stop(0); }

std::unique_ptr<grpc::ClientContext> ServerTest::Context() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(
      gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_seconds(60, GPR_TIMESPAN)));
  return context;
}

v1::ErrorDetail ServerTest::DetailOf(const grpc::ClientContext& context) {
  v1::ErrorDetail detail;
  const auto& metadata = context.GetServerTrailingMetadata();
  const auto found = metadata.find("routerd-error-bin");
  if (found == metadata.end()) {
    ADD_FAILURE() << "no routerd-error-bin";
    return detail;
  }
  EXPECT_TRUE(detail.ParseFromString({found->second.data(), found->second.size()}));
  return detail;
}

engine::ContactView ContactOf(const std::string& id, core::ContactState state) {
  auto identity = std::make_shared<engine::ContactIdentity>();
  identity->id = id;
  identity->gateway = "pbx";
  identity->channel = "voice";
  identity->live = true;
  identity->attributes = {{"lang", "de"}};
  engine::ContactView view;
  view.identity = std::move(identity);
  view.status.state = state;
  view.status.queue = "sales";
  view.status.priority = 5;
  view.status.arrived_unix_ms = 1'700'000'000'000;
  view.status.visit_since_unix_ms = 1'700'000'000'000;
  return view;
}

}  // namespace routerd::api
