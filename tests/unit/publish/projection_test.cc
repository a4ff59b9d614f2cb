#include "routerd/publish/projection.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <set>
#include <thread>

#include "routerd/base/limits.h"
#include "tests/unit/publish/fake_service.h"

namespace routerd::publish {
namespace {

using core::ContactState;
using core::Presence;
using core::ShownState;
using engine::EventKind;

ContactFilter InQueue(const std::string& queue) {
  ContactFilter filter;
  filter.queue = queue;
  return filter;
}

ContactFilter InState(ContactState state) {
  ContactFilter filter;
  filter.states = {state};
  return filter;
}

class ProjectionTest : public ::testing::Test {
 protected:
  void Start() {
    projection_ = Projection::Create(
        service_, [this](auto function) { boost::asio::post(loop_, std::move(function)); });
    projection_->Start([this] { ready_ = true; });
    Turn();
  }
  // Runs what is posted, and what that posts.
  void Turn() {
    loop_.restart();
    loop_.poll();
  }
  void Queued(const std::string& id, TimeMs arrived = kStart) {
    service_.Release({MakeEvent(EventKind::kContactQueued,
                                MakeContact(id, "sales", ContactState::kQueued, arrived))});
  }

  boost::asio::io_context loop_;
  FakeService service_;
  std::shared_ptr<Projection> projection_;
  bool ready_ = false;
};

TEST_F(ProjectionTest, StartsFromASnapshotAndFollows) {
  Queued("a");
  Start();
  EXPECT_TRUE(ready_);
  EXPECT_TRUE(projection_->ready());
  EXPECT_EQ(projection_->GetQueue("sales").value->waiting(), 1U);
  Queued("b");
  Turn();
  const auto sales = projection_->GetQueue("sales");
  EXPECT_EQ(sales.value->waiting(), 2U);
  EXPECT_EQ(sales.at, (Position{1, 2}));
  EXPECT_FALSE(projection_->GetQueue("none").value.has_value());
}

TEST_F(ProjectionTest, ReadsOnFromHistoryWhenTheFeedOverflowed) {
  Start();
  for (std::size_t i = 0; i < limits::kFeedBatches + 100; ++i) Queued("c" + std::to_string(i));
  Turn();
  EXPECT_EQ(projection_->Domain().value.arrived, limits::kFeedBatches + 100);
  EXPECT_EQ(projection_->figures().catch_ups, 1U);
  EXPECT_EQ(projection_->figures().resyncs, 0U);
  EXPECT_EQ(projection_->position(), service_.figures().head);
  Queued("last");
  Turn();
  EXPECT_NE(projection_->GetContact("last").value, std::nullopt);
}

TEST_F(ProjectionTest, ReadsOnFromHistoryWhenTheFeedOverflowedByEvents) {
  Start();
  constexpr std::size_t kEvents = 1'000;
  for (std::size_t released = 0; released <= limits::kFeedEvents; released += kEvents) {
    std::vector<engine::Event> events;
    for (std::size_t i = 0; i < kEvents; ++i) {
      events.push_back(MakeEvent(
          EventKind::kContactQueued,
          MakeContact("c" + std::to_string(released + i), "sales", ContactState::kQueued)));
    }
    service_.Release(std::move(events));
  }
  Turn();
  EXPECT_EQ(projection_->Domain().value.arrived, limits::kFeedEvents + kEvents);
  EXPECT_EQ(projection_->figures().catch_ups, 1U);
  EXPECT_EQ(projection_->figures().resyncs, 0U);
}

TEST_F(ProjectionTest, StartsAgainFromASnapshotWhenHistoryIsTooShort) {
  service_.history_limit = 10;
  Start();
  for (std::size_t i = 0; i < limits::kFeedBatches + 100; ++i) Queued("c" + std::to_string(i));
  Turn();
  EXPECT_EQ(projection_->figures().resyncs, 1U);
  EXPECT_EQ(service_.snapshots, 1);
  EXPECT_EQ(projection_->GetQueue("sales").value->waiting(), limits::kFeedBatches + 100);
  EXPECT_EQ(projection_->position(), service_.figures().head);
}

TEST_F(ProjectionTest, ItIsDoneWhenTheEngineEndedBeforeItCaughtUp) {
  service_.history_limit = 10;
  Start();
  service_.ended = true;
  for (std::size_t i = 0; i < limits::kFeedBatches + 100; ++i) Queued("c" + std::to_string(i));
  EXPECT_FALSE(projection_->caught_up());
  Turn();
  EXPECT_EQ(service_.snapshots, 1);
  EXPECT_TRUE(projection_->caught_up()) << "there is nothing more to wait for";
}

TEST_F(ProjectionTest, PagesOfQueuesAndAgentsGoById) {
  Start();
  service_.Release({AgentEvent("bob", Presence::kReady, ShownState::kReady),
                    AgentEvent("ann", Presence::kReady, ShownState::kReady),
                    AgentEvent("cid", Presence::kNotReady, ShownState::kNotReady)});
  Turn();
  auto queues = projection_->ListQueues("", 1);
  ASSERT_EQ(queues.items.size(), 1U);
  EXPECT_EQ(queues.items[0].id, "sales");
  queues = projection_->ListQueues(queues.next, 1);
  EXPECT_EQ(queues.items.at(0).id, "support");
  EXPECT_EQ(queues.next, "");

  auto agents = projection_->ListAgents({}, "", 2);
  ASSERT_EQ(agents.items.size(), 2U);
  EXPECT_EQ(agents.items[0]->id, "ann");
  agents = projection_->ListAgents({}, agents.next, 2);
  ASSERT_EQ(agents.items.size(), 1U);
  EXPECT_EQ(agents.items[0]->id, "cid");
  EXPECT_EQ(projection_->ListAgents({"", {ShownState::kReady}}, "", 10).items.size(), 2U);
  EXPECT_TRUE(projection_->ListAgents({"nobody", {}}, "", 10).items.empty());
}

TEST_F(ProjectionTest, PagesOfContactsGoByArrival) {
  Start();
  Queued("z", kStart);
  Queued("b", kStart + 10);
  Queued("a", kStart + 10);
  Turn();
  std::vector<std::string> ids;
  std::string after;
  do {
    const auto page = projection_->ListContacts({}, after, 1);
    ASSERT_TRUE(page.ok());
    for (const auto& contact : page.value().items) ids.push_back(contact.identity->id);
    after = page.value().next;
  } while (!after.empty());
  EXPECT_EQ(ids, (std::vector<std::string>{"z", "a", "b"}));
  EXPECT_EQ(projection_->ListContacts(InQueue("support"), "", 10).value().items.size(), 0U);
  EXPECT_EQ(projection_->ListContacts(InState(ContactState::kQueued), "", 10).value().items.size(),
            3U);
}

TEST_F(ProjectionTest, PagesGoOnWhereTheyWereWhenTheWallClockIsPutBack) {
  Start();
  Queued("a", kStart);
  Queued("b", kStart + 10);
  Turn();
  const auto first = projection_->ListContacts({}, "", 1).value();
  EXPECT_EQ(first.items.at(0).identity->id, "a");
  constexpr SpanMs kBack = -3'600'000;
  service_.wall_offset_ms = kBack;
  Queued("c", kStart + 20 + kBack);
  Turn();
  const auto rest = projection_->ListContacts({}, first.next, 10).value();
  ASSERT_EQ(rest.items.size(), 2U);
  EXPECT_EQ(rest.items[0].identity->id, "b");
  EXPECT_EQ(rest.items[0].status.arrived_unix_ms, kStart + 10 + kBack);
  EXPECT_EQ(rest.items[1].identity->id, "c");
}

TEST_F(ProjectionTest, RefusesAPageTokenThatNoPageGave) {
  Start();
  for (const char* token : {"x", "12", "12x/a", "/"}) {
    EXPECT_EQ(projection_->ListContacts({}, token, 10).status().code(), Code::kInvalidArgument)
        << token;
  }
}

TEST_F(ProjectionTest, AFilterThatNobodyMeetsStillEndsAPageEarly) {
  Start();
  for (std::size_t i = 0; i < kMaxPageScan + 5; ++i) {
    Queued("c" + std::to_string(i), kStart + static_cast<TimeMs>(i));
    if (i % 1'000 == 0) Turn();
  }
  Turn();
  auto page = projection_->ListContacts(InQueue("support"), "", 10).value();
  EXPECT_TRUE(page.items.empty());
  ASSERT_NE(page.next, "");
  page = projection_->ListContacts(InQueue("support"), page.next, 10).value();
  EXPECT_EQ(page.next, "");
}

TEST_F(ProjectionTest, TheObserverSeesEveryBatch) {
  projection_ = Projection::Create(
      service_, [this](auto function) { boost::asio::post(loop_, std::move(function)); });
  std::vector<SpanMs> seen;
  projection_->SetObserver([&](const engine::EventBatch& batch, const std::vector<SpanMs>& waits) {
    EXPECT_EQ(batch.commands, 1U);
    seen.insert(seen.end(), waits.begin(), waits.end());
  });
  projection_->Start([] {});
  Turn();
  Queued("a");
  service_.Release(
      {MakeEvent(EventKind::kOfferMade, MakeContact("a", "sales", ContactState::kOffered), 250)});
  Turn();
  EXPECT_EQ(seen, std::vector<SpanMs>{250});
}

TEST_F(ProjectionTest, AWatcherIsToldEachIdOnceAndWokenOnce) {
  Start();
  int woken = 0;
  const auto watcher = projection_->Watch([&] { ++woken; });
  Queued("a");
  Queued("b");
  service_.Release({AgentEvent("ann", Presence::kReady, ShownState::kReady)});
  Turn();
  EXPECT_EQ(woken, 1);
  const auto taken = watcher->Take();
  EXPECT_EQ(taken.queues, std::set<std::string>{"sales"});
  EXPECT_EQ(taken.agents, std::set<std::string>{"ann"});
  EXPECT_TRUE(taken.domain);
  EXPECT_FALSE(taken.all);
  EXPECT_FALSE(watcher->Take().domain);
  Queued("c");
  Turn();
  EXPECT_EQ(woken, 2);
  watcher->Stop();
  (void)watcher->Take();
  Queued("d");
  Turn();
  EXPECT_EQ(woken, 2);
}

TEST_F(ProjectionTest, AWatcherWhoNeverComesIsBoundedAndHurtsNobody) {
  Start();
  const auto slow = projection_->Watch([] {});
  const auto quick = projection_->Watch([] {});
  for (std::size_t i = 0; i < kWatchedIds + 10; ++i) {
    service_.Release({AgentEvent("a" + std::to_string(i), Presence::kReady, ShownState::kReady)});
    if (i % 4'096 == 0) {
      Turn();
      (void)quick->Take();
    }
  }
  Turn();
  EXPECT_TRUE(slow->Take().all);
  EXPECT_FALSE(quick->Take().all);
}

TEST_F(ProjectionTest, WatchersAreLimited) {
  Start();
  std::vector<std::shared_ptr<Watcher>> watchers;
  for (std::size_t i = 0; i < kMaxWatchers; ++i) watchers.push_back(projection_->Watch([] {}));
  EXPECT_EQ(projection_->Watch([] {}), nullptr);
  watchers.pop_back();
  EXPECT_NE(projection_->Watch([] {}), nullptr);
}

TEST_F(ProjectionTest, ReadsFromOtherThreadsSeeWholeBatches) {
  Start();
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) {
      const auto domain = projection_->Domain();
      // Each batch brings one contact and one agent.
      EXPECT_EQ(domain.value.arrived, domain.value.agents[Slot(ShownState::kReady)]);
      EXPECT_EQ(domain.value.arrived, domain.at.sequence);
    }
  });
  for (int i = 0; i < 2'000; ++i) {
    const std::string id = std::to_string(i);
    service_.Release(
        {MakeEvent(EventKind::kContactQueued, MakeContact(id, "sales", ContactState::kQueued)),
         AgentEvent(id, Presence::kReady, ShownState::kReady)});
    Turn();
  }
  done = true;
  reader.join();
  EXPECT_EQ(projection_->Domain().value.arrived, 2'000U);
}

TEST_F(ProjectionTest, AStoppedProjectionStandsStill) {
  Start();
  projection_->Stop();
  Queued("a");
  Turn();
  EXPECT_EQ(projection_->Domain().value.arrived, 0U);
}

// Sets, or with none clears, what operators set over the policy.
engine::Event ModeEvent(const std::string& queue, const std::string& actor) {
  auto view = std::make_shared<engine::QueueView>();
  view->id = queue;
  if (!actor.empty()) {
    engine::OverrideView is;
    is.mode = model::QueueMode::kClosed;
    is.actor = actor;
    view->mode_override = std::make_shared<const engine::OverrideView>(is);
  }
  engine::Event event;
  event.kind = EventKind::kQueueModeChanged;
  event.queue_view = std::move(view);
  return event;
}

engine::Event SkillsEvent(const std::string& agent, const std::string& actor) {
  engine::Event event = AgentEvent(agent, Presence::kReady, ShownState::kReady);
  if (actor.empty()) return event;
  auto view = std::make_shared<engine::AgentView>(*event.agent_view);
  engine::OverrideView is;
  is.actor = actor;
  view->skills_override = std::make_shared<const engine::OverrideView>(is);
  event.agent_view = std::move(view);
  return event;
}

TEST_F(ProjectionTest, OverridesAreListedPageByPageUntilTheyEnd) {
  Start();
  service_.Release({SkillsEvent("bob", "b"), ModeEvent("support", "s"), SkillsEvent("ann", "a"),
                    ModeEvent("sales", "m"), SkillsEvent("cid", "")});
  Turn();
  const auto actors = [this](std::size_t limit) {
    std::string all;
    std::string next;
    do {
      const auto page = projection_->ListOverrides(next, limit).value();
      for (const OverrideRow& row : page.items) all += row.is->actor;
      next = page.next;
    } while (!next.empty());
    return all;
  };
  for (const std::size_t limit : {1, 2, 3, 4, 5}) EXPECT_EQ(actors(limit), "msab") << limit;
  service_.Release({ModeEvent("sales", ""), SkillsEvent("bob", "")});
  Turn();
  EXPECT_EQ(actors(1), "sa");
  EXPECT_EQ(projection_->ListOverrides("x/ann", 1).status().code(), Code::kInvalidArgument);
}

}  // namespace
}  // namespace routerd::publish
