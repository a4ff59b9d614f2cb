// A real server on a port of its own, on a fake engine and in test time, and how to call it.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "routerd/api/api_server.h"
#include "routerd/v1/common.pb.h"
#include "tests/unit/api/fake_engine.h"
#include "tests/unit/api/fake_reads.h"
#include "tests/unit/api/test_time.h"

namespace routerd::api {

class FakeParts final : public StatusSource {
 public:
  [[nodiscard]] PartsStatus Parts() const override { return {RedisLink::kUp, 40, "memory"}; }
};

// Compiles `good` into the next version, with a warning; anything else has two errors.
CompiledPolicy FakeCompile(const std::string& text, const std::string& file,
                           const model::Model* in_force);

class ServerTest : public ::testing::Test {
 public:
  ~ServerTest() override;

 protected:
  ServerTest();

  // A context that gives up long before the test does.
  static std::unique_ptr<grpc::ClientContext> Context();
  // What a failed call says in its trailing metadata.
  static v1::ErrorDetail DetailOf(const grpc::ClientContext& context);

  FakeEngine engine_;
  FakeReads reads_;
  FakeParts parts_;
  TestTime time_;
  std::unique_ptr<ApiServer> server_;
  std::string address_;
  std::shared_ptr<grpc::Channel> channel_;
};

engine::ContactView ContactOf(const std::string& id, core::ContactState state);

}  // namespace routerd::api
