#include "routerd/publish/metrics.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdio>
#include <memory>
#include <string>

#include "tests/unit/publish/centre.h"
#include "tests/unit/publish/fake_service.h"

namespace routerd::publish {
namespace {

using core::ContactState;
using core::OfferOutcome;
using core::Presence;
using core::ShownState;
using engine::EventKind;

class MetricsTest : public ::testing::Test {
 protected:
  MetricsTest()
      : projection_(Projection::Create(
            service_, [this](auto function) { boost::asio::post(loop_, std::move(function)); })),
        clock_(0, kStart + 4'500),
        metrics_(service_, *projection_, clock_, [this] { return redis_; },
                 {"1.2.3", "test compiler", 1}) {
    projection_->SetObserver(
        [this](const auto& batch, const auto& waits) { metrics_.Observe(batch, waits); });
    projection_->Start([] {});
    loop_.poll();
  }
  void Release(std::vector<engine::Event> events) {
    service_.Release(std::move(events));
    loop_.restart();
    loop_.poll();
  }
  // A life: queued, offered after 40 ms, answered after 2 s, completed.
  void Life(const std::string& id) {
    Release(
        {MakeEvent(EventKind::kContactQueued, MakeContact(id, "sales", ContactState::kQueued))});
    Release(
        {MakeEvent(EventKind::kOfferMade, MakeContact(id, "sales", ContactState::kOffered), 40)});
    auto ended =
        MakeEvent(EventKind::kOfferEnded, MakeContact(id, "sales", ContactState::kConnecting));
    ended.outcome = OfferOutcome::kAccepted;
    Release({ended});
    Release({MakeEvent(EventKind::kContactAnswered,
                       MakeContact(id, "sales", ContactState::kAssigned), 2'000)});
    Release({MakeEvent(EventKind::kContactEnded, MakeContact(id, "sales", ContactState::kCompleted),
                       2'000)});
  }
  void ExpectLine(const std::string& line) const {
    const std::string text = metrics_.Text();
    EXPECT_NE(text.find(line + "\n"), std::string::npos) << line << "\n" << text;
  }

  boost::asio::io_context loop_;
  FakeService service_;
  RedisStatus redis_;
  std::shared_ptr<Projection> projection_;
  ManualClock clock_;
  Metrics metrics_;
};

TEST_F(MetricsTest, CountsALifeFromEndToEnd) {
  Life("a");
  ExpectLine(R"(routerd_contacts_arrived_total{domain="default",channel="voice",queue="sales"} 1)");
  ExpectLine(R"(routerd_contacts_entered_total{domain="default",channel="voice",queue="sales"} 1)");
  ExpectLine(R"(routerd_contacts_total{domain="default",channel="voice",queue="sales",)"
             R"(outcome="completed"} 1)");
  ExpectLine(R"(routerd_contacts_total{domain="default",channel="voice",queue="sales",)"
             R"(outcome="abandoned"} 0)");
  ExpectLine(R"(routerd_visits_total{domain="default",queue="sales",outcome="answered"} 1)");
  ExpectLine(R"(routerd_offers_total{domain="default",queue="sales",outcome="accepted"} 1)");
  ExpectLine(R"(routerd_offers_made_total{domain="default",queue="sales"} 1)");
  ExpectLine(R"(routerd_service_level_ratio{domain="default",queue="sales"} 1)");
  ExpectLine(R"(routerd_contacts_answered_total{domain="default"} 1)");
  ExpectLine(R"(routerd_arrival_to_offer_seconds_count{domain="default"} 1)");
  ExpectLine(R"(routerd_arrival_to_offer_seconds_bucket{domain="default",le="0.01"} 0)");
  ExpectLine(R"(routerd_arrival_to_offer_seconds_bucket{domain="default",le="0.05"} 1)");
  ExpectLine(R"(routerd_decision_seconds_count{domain="default"} 5)");
  ExpectLine(R"(routerd_batch_commands_bucket{domain="default",le="1"} 5)");
  ExpectLine(R"(routerd_commands_total{domain="default"} 5)");
  ExpectLine(R"(routerd_sequence{domain="default"} 5)");
  ExpectLine(R"(routerd_projection_sequence{domain="default"} 5)");
}

TEST_F(MetricsTest, CountsAttributesThatAreNotKept) {
  ExpectLine(R"(routerd_contact_attributes_not_kept_total{domain="default"} 0)");
  service_.attributes_not_kept = 3;
  ExpectLine(R"(routerd_contact_attributes_not_kept_total{domain="default"} 3)");
}

TEST_F(MetricsTest, GettingStuckCountsAndGettingFreeDoesNot) {
  Release({MakeEvent(EventKind::kContactQueued, MakeContact("a", "sales", ContactState::kQueued))});
  ExpectLine(R"(routerd_contacts_stuck_total{domain="default",queue="sales"} 0)");
  Release({MakeEvent(EventKind::kContactStuck, MakeContact("a", "sales", ContactState::kQueued))});
  Release(
      {MakeEvent(EventKind::kContactUnstuck, MakeContact("a", "sales", ContactState::kQueued))});
  ExpectLine(R"(routerd_contacts_stuck_total{domain="default",queue="sales"} 1)");
}

TEST_F(MetricsTest, AnUndefinedServiceLevelIsAbsent) {
  EXPECT_EQ(metrics_.Text().find("routerd_service_level_ratio{"), std::string::npos);
}

TEST_F(MetricsTest, OldestIsMeasuredAtTheScrape) {
  ExpectLine(R"(routerd_oldest_waiting_seconds{domain="default",queue="sales"} 0)");
  Release({MakeEvent(EventKind::kContactQueued, MakeContact("a", "sales", ContactState::kQueued))});
  ExpectLine(R"(routerd_waiting_contacts{domain="default",queue="sales"} 1)");
  ExpectLine(R"(routerd_oldest_waiting_seconds{domain="default",queue="sales"} 4.5)");
  clock_.Advance(1'000);
  ExpectLine(R"(routerd_oldest_waiting_seconds{domain="default",queue="sales"} 5.5)");
}

TEST_F(MetricsTest, OldestIsRightAfterTheWallClockWasPutBack) {
  Release({MakeEvent(EventKind::kContactQueued, MakeContact("a", "sales", ContactState::kQueued))});
  clock_.JumpWall(-3'600'000);
  service_.wall_offset_ms = -3'600'000;
  Release({});
  ExpectLine(R"(routerd_oldest_waiting_seconds{domain="default",queue="sales"} 4.5)");
}

TEST_F(MetricsTest, AgentsByState) {
  Release({AgentEvent("ann", Presence::kReady, ShownState::kReady),
           AgentEvent("bob", Presence::kReady, ShownState::kWrapUp)});
  ExpectLine(R"(routerd_agents{domain="default",state="ready"} 1)");
  ExpectLine(R"(routerd_agents{domain="default",state="wrap_up"} 1)");
  ExpectLine(R"(routerd_agents{domain="default",state="not_ready"} 0)");
  ExpectLine(R"(routerd_queue_agents_ready{domain="default",queue="sales"} 2)");
}

TEST_F(MetricsTest, TellsHowRedisIs) {
  redis_.state = RedisState::kDown;
  redis_.lag_ms = 1'500;
  redis_.pending_commands = 7;
  ExpectLine(R"(routerd_redis_up{domain="default"} 0)");
  ExpectLine(R"(routerd_redis_lag_seconds{domain="default"} 1.5)");
  ExpectLine(R"(routerd_redis_pending_commands{domain="default"} 7)");
  redis_.state = RedisState::kUp;
  ExpectLine(R"(routerd_redis_up{domain="default"} 1)");
}

TEST_F(MetricsTest, TellsOfTheProcess) {
  const std::string text = metrics_.Text();
  for (const char* name :
       {"process_cpu_seconds_total ", "process_resident_memory_bytes ", "process_open_fds ",
        "process_max_fds ", "process_threads ", "process_start_time_seconds "}) {
    const std::size_t at = text.find(std::string("\n") + name);
    ASSERT_NE(at, std::string::npos) << name;
    const double value = std::stod(text.substr(at + 1 + std::string(name).size()));
    EXPECT_GE(value, 0) << name;
    if (std::string(name).starts_with("process_start")) {
      EXPECT_GT(value, 1.5e9);
    }
    if (std::string(name).starts_with("process_resident")) {
      EXPECT_GT(value, 1e6);
    }
  }
  EXPECT_NE(text.find(R"(routerd_build_info{version="1.2.3",compiler="test compiler",)"
                      R"(rules_version="1"} 1)"),
            std::string::npos);
}

TEST_F(MetricsTest, NoAgentAndNoContactIsNamed) {
  Release({AgentEvent("agent-name", Presence::kReady, ShownState::kReady)});
  Life("contact-name");
  const std::string text = metrics_.Text();
  for (const char* word : {"agent-name", "contact-name", "secret"}) {
    EXPECT_EQ(text.find(word), std::string::npos) << word;
  }
}

TEST_F(MetricsTest, PromtoolFindsNothingToSay) {
  Life("a");
  Release({AgentEvent("ann", Presence::kReady, ShownState::kReady)});
  FILE* promtool = popen("promtool check metrics 2>&1", "w");
  ASSERT_NE(promtool, nullptr);
  const std::string text = metrics_.Text();
  EXPECT_EQ(fwrite(text.data(), 1, text.size(), promtool), text.size());
  EXPECT_EQ(pclose(promtool), 0);
}

}  // namespace
}  // namespace routerd::publish
