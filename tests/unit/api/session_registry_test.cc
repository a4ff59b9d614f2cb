#include "routerd/api/session_registry.h"

#include <gtest/gtest.h>

#include "tests/unit/api/fake_engine.h"
#include "tests/unit/api/kept_link.h"
#include "tests/unit/api/test_time.h"

namespace routerd::api {
namespace {

using Out = v1::OpenGatewaySessionResponse;

class RegistryTest : public ::testing::Test {
 protected:
  RegistryTest() { executor_.Stop(); }

  std::shared_ptr<Session<GatewayKind>> Opened(const std::string& client, std::uint64_t sequence) {
    auto session = std::make_shared<Session<GatewayKind>>(
        runtime_, client, std::make_shared<engine::Outbox>(limits::kSessionOutbox));
    engine::Answer opened;
    opened.session = client + "-" + std::to_string(sequence);
    opened.at = {7, sequence};
    session->Open(std::make_shared<KeptLink<Out>>(), opened, std::make_shared<Out>(), {});
    return session;
  }

  FakeEngine engine_;
  TestTime time_;
  Executor executor_{1};
  Runtime runtime_{engine_, time_, time_, executor_, "1.2.3", 4};
  SessionRegistry<GatewayKind> registry_;
};

TEST_F(RegistryTest, ASessionIsItsClients) {
  const auto session = Opened("pbx", 1);
  registry_.Add(session);
  EXPECT_EQ(registry_.Find("pbx-1", "pbx"), session);
  EXPECT_EQ(registry_.Find("pbx-1", "mail"), nullptr);
  EXPECT_EQ(registry_.Find("pbx-2", "pbx"), nullptr);
  registry_.Remove(session);
  EXPECT_EQ(registry_.Find("pbx-1", "pbx"), nullptr);
}

// A client that always starts anew, and never resumes, must not leave a session behind each time.
TEST_F(RegistryTest, TheNextSessionTakesThePlaceOfTheOneBefore) {
  std::weak_ptr<Session<GatewayKind>> before;
  for (std::uint64_t i = 1; i <= 5; ++i) {
    const auto session = Opened("pbx", i);
    registry_.Add(session);
    EXPECT_EQ(registry_.size(), 1U);
    EXPECT_TRUE(before.expired());
    before = session;
  }
  const auto late = Opened("pbx", 3);
  registry_.Add(late);
  EXPECT_EQ(registry_.Find("pbx-5", "pbx"), before.lock()) << "the engine's later one stays";
  registry_.Remove(late);
  EXPECT_EQ(registry_.size(), 1U);
}

}  // namespace
}  // namespace routerd::api
