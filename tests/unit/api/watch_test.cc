// WatchState over a real connection: the snapshot, changes, the pace, the bounds.
#include <gtest/gtest.h>

#include <set>

#include "routerd/base/limits.h"
#include "routerd/v1/operations.grpc.pb.h"
#include "tests/unit/api/server_fixture.h"

namespace routerd::api {
namespace {

class WatchTest : public ServerTest {
 public:
  ~WatchTest() override { context_->TryCancel(); }

 protected:
  using Reader = grpc::ClientReader<v1::WatchStateResponse>;

  WatchTest() : operations_(v1::OperationsService::NewStub(channel_)), context_(Context()) {}

  void Watch(const v1::WatchStateRequest& request = {}) {
    reader_ = operations_->WatchState(context_.get(), request);
  }
  v1::WatchStateResponse Read() {
    v1::WatchStateResponse response;
    EXPECT_TRUE(reader_->Read(&response));
    return response;
  }
  // Reads to the end of the snapshot and gives the queues and agents in it.
  std::pair<std::set<std::string>, std::set<std::string>> ReadSnapshot() {
    std::pair<std::set<std::string>, std::set<std::string>> ids;
    while (true) {
      const v1::WatchStateResponse response = Read();
      EXPECT_TRUE(response.snapshot());
      for (const auto& queue : response.queues()) ids.first.insert(queue.id());
      for (const auto& agent : response.agents()) ids.second.insert(agent.id());
      if (response.snapshot_last() || !response.snapshot()) return ids;
    }
  }
  void PutQueue(const std::string& id, std::uint32_t queued) {
    QueueRow row;
    row.id = id;
    row.contacts[static_cast<std::size_t>(core::ContactState::kQueued)] = queued;
    reads_.PutQueue(row);
  }
  // Until the watch has looked once more after its interval, whatever its task's place in time.
  void PassInterval() { time_.Advance(limits::kWatchMs); }

  std::unique_ptr<v1::OperationsService::Stub> operations_;
  std::unique_ptr<grpc::ClientContext> context_;
  std::unique_ptr<Reader> reader_;
};

TEST_F(WatchTest, FirstComesEverything) {
  for (int i = 0; i < 450; ++i) PutQueue("q" + std::to_string(i), 1);
  engine::AgentView ann;
  ann.id = "ann";
  reads_.PutAgent(ann);
  Watch();
  const auto [queues, agents] = ReadSnapshot();
  EXPECT_EQ(queues.size(), 450U);
  EXPECT_EQ(agents, (std::set<std::string>{"ann"}));
}

TEST_F(WatchTest, OnlyWhatIsAskedForIsTold) {
  PutQueue("sales", 1);
  engine::AgentView ann;
  ann.id = "ann";
  reads_.PutAgent(ann);
  v1::WatchStateRequest request;
  request.set_domain(true);
  Watch(request);
  const v1::WatchStateResponse response = Read();
  EXPECT_TRUE(response.snapshot_last());
  EXPECT_EQ(response.queues_size() + response.agents_size(), 0);
  EXPECT_TRUE(response.has_domain());
  EXPECT_EQ(response.position().epoch(), 7U);
}

TEST_F(WatchTest, ChangesComeWholeAndCoalesced) {
  PutQueue("sales", 1);
  PutQueue("billing", 1);
  Watch();
  ReadSnapshot();
  for (std::uint32_t n = 2; n <= 9; ++n) {
    PutQueue("sales", n);
    reads_.Notify({{"sales"}, {}, true, false});
  }
  PassInterval();
  const v1::WatchStateResponse response = Read();
  EXPECT_FALSE(response.snapshot());
  ASSERT_EQ(response.queues_size(), 1);
  EXPECT_EQ(response.queues(0).waiting(), 9);
  EXPECT_TRUE(response.has_domain());
}

TEST_F(WatchTest, WhatIsGoneIsNamed) {
  PutQueue("sales", 1);
  Watch();
  ReadSnapshot();
  reads_.RemoveQueue("sales");
  reads_.Notify({{"sales"}, {"bob"}, false, false});
  PassInterval();
  const v1::WatchStateResponse response = Read();
  EXPECT_EQ(response.removed_queues(0), "sales");
  EXPECT_EQ(response.removed_agents(0), "bob");
  EXPECT_FALSE(response.has_domain());
}

TEST_F(WatchTest, AfterALossTheSnapshotComesAgain) {
  PutQueue("sales", 1);
  Watch();
  ReadSnapshot();
  PutQueue("billing", 1);
  reads_.Notify({{}, {}, false, true});
  PassInterval();
  EXPECT_EQ(ReadSnapshot().first, (std::set<std::string>{"billing", "sales"}));
}

TEST_F(WatchTest, TheIntervalIsKept) {
  PutQueue("sales", 1);
  v1::WatchStateRequest request;
  request.mutable_min_interval()->set_seconds(2);
  Watch(request);
  ReadSnapshot();
  PutQueue("sales", 2);
  reads_.Notify({{"sales"}, {}, false, false});
  time_.Advance(1999);
  PutQueue("sales", 3);
  reads_.Notify({{"sales"}, {}, false, false});
  time_.Advance(1);
  EXPECT_EQ(Read().queues(0).waiting(), 3);
}

TEST_F(WatchTest, AWrongIntervalIsRefused) {
  for (const int ms : {19, 60'001}) {
    const auto context = Context();
    v1::WatchStateRequest request;
    request.mutable_min_interval()->set_seconds(ms / 1000);
    request.mutable_min_interval()->set_nanos(ms % 1000 * 1'000'000);
    const auto reader = operations_->WatchState(context.get(), request);
    EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(DetailOf(*context).field_violations(0).field(), "min_interval");
  }
}

TEST_F(WatchTest, TooManyWatchesAreRefused) {
  reads_.SetMaxWatches(1);
  Watch();
  ReadSnapshot();
  const auto context = Context();
  const auto reader = operations_->WatchState(context.get(), {});
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(WatchTest, StopEndsTheWatch) {
  Watch();
  ReadSnapshot();
  server_->Stop(5000);
  v1::WatchStateResponse response;
  while (reader_->Read(&response)) {
  }
  EXPECT_EQ(reader_->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace routerd::api
