// A publisher between a fake engine and a real Redis. The test is the writer and turns the loop, so
// it waits for nothing but for what it asks for.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "routerd/publish/projection.h"
#include "routerd/publish/redis_publisher.h"
#include "tests/unit/publish/centre.h"
#include "tests/unit/publish/fake_service.h"
#include "tests/unit/publish/redis_server.h"

namespace routerd::publish {

class RedisTest : public ::testing::Test {
 protected:
  RedisTest() { std::signal(SIGPIPE, SIG_IGN); }  // as the daemon does for the whole process
  static constexpr const char* kDomain = "routerd:{default}:domain";
  static constexpr const char* kMeta = "routerd:{default}:meta";
  static constexpr const char* kEvents = "routerd:{default}:events";

  RedisOptions Options(const RedisServer& server) const {
    RedisOptions options;
    options.address.path = server.path();
    return options;
  }
  void Start(RedisOptions options) {
    projection_ = Projection::Create(
        *service_, [this](auto function) { boost::asio::post(loop_, std::move(function)); });
    projection_->Start([] {});
    TurnUntil([&] { return projection_->ready(); });
    StartPublisher(std::move(options));
  }
  void StartPublisher(RedisOptions options) {
    publisher_ = RedisPublisher::Create(loop_, *service_, *projection_, clock_, std::move(options));
    publisher_->Start();
  }
  void Stop() {
    bool stopped = false;
    publisher_->Stop([&] { stopped = true; });
    TurnUntil([&] { return stopped; });
  }
  // Turns the loop, one handler at a time, until `reached`. A publisher that tries again and again
  // keeps the loop busy, so there is an end to that, too.
  void TurnUntil(const std::function<bool()>& reached) {
    constexpr SpanMs kPatienceMs = 60'000;
    const TimeMs deadline = clock_.BootMs() + kPatienceMs;
    while (!reached()) {
      const SpanMs left = deadline - clock_.BootMs();
      loop_.restart();
      if (left <= 0 || loop_.run_one_for(std::chrono::milliseconds(left)) == 0) {
        const RedisStatus status = publisher_ ? publisher_->status() : RedisStatus();
        FAIL() << "not reached within " << kPatienceMs << " ms: state "
               << static_cast<int>(status.state) << ", failures " << status.failures
               << ", last error: " << status.last_error;
      }
    }
  }
  void TurnUntilUp() {
    TurnUntil([&] { return publisher_->status().state == RedisState::kUp; });
  }
  // Until Redis has confirmed all that has been released.
  void TurnUntilCurrent() {
    TurnUntil([&] {
      const RedisStatus status = publisher_->status();
      return status.state == RedisState::kUp && status.lag_ms == 0 &&
             status.pending_commands == 0 && status.backlog_records == 0 &&
             projection_->position() == service_->figures().head;
    });
  }
  void TurnUntilProjected() {
    TurnUntil([&] { return projection_->position() == service_->figures().head; });
  }

  void Queued(const std::string& id, const std::string& queue = "sales") {
    service_->Release({MakeEvent(engine::EventKind::kContactQueued,
                                 MakeContact(id, queue, core::ContactState::kQueued))});
  }
  void Agent(const std::string& id, core::ShownState shown = core::ShownState::kReady) {
    service_->Release({AgentEvent(id, core::Presence::kReady, shown)});
  }
  static std::string QueueKey(const std::string& id) { return "routerd:{default}:queue:" + id; }
  static std::string AgentKey(const std::string& id) { return "routerd:{default}:agent:" + id; }
  // Ids of the stream's entries, oldest first.
  static std::vector<std::string> StreamIds(RedisClient& redis) {
    std::vector<std::string> ids;
    for (const RedisValue& entry : redis.Do({"XRANGE", kEvents, "-", "+"}).elements) {
      ids.push_back(entry.elements.at(0).text);
    }
    return ids;
  }
  static std::map<std::string, std::string> Fields(const RedisValue& entry) {
    std::map<std::string, std::string> fields;
    const auto& words = entry.elements.at(1).elements;
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) fields[words[i].text] = words[i + 1].text;
    return fields;
  }

  boost::asio::io_context loop_;
  SystemClock clock_;
  std::unique_ptr<FakeService> service_ = std::make_unique<FakeService>();
  std::shared_ptr<Projection> projection_;
  std::shared_ptr<RedisPublisher> publisher_;
};

}  // namespace routerd::publish
