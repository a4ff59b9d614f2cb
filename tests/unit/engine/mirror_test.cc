// Whoever starts from a snapshot and follows the events knows, at any time, what a new snapshot
// says: nothing that is shown changes without an event.
#include <map>

#include "tests/unit/engine/traffic.h"

namespace routerd::engine {
namespace {

// What a projection would keep.
struct Mirror {
  std::map<std::string, ContactView> contacts;
  std::map<std::string, std::shared_ptr<const AgentView>> agents;

  void Start(const Snapshot& snapshot) {
    for (const ContactView& contact : snapshot.contacts) contacts[contact.identity->id] = contact;
    for (const auto& agent : snapshot.agents) agents[agent->id] = agent;
  }
  void Follow(const Event& event) {
    if (event.agent_view != nullptr) agents[event.agent] = event.agent_view;
    if (event.contact.identity == nullptr) return;
    const std::string& id = event.contact.identity->id;
    if (core::IsTerminal(event.contact.status.state)) {
      contacts.erase(id);
    } else {
      contacts[id] = event.contact;
    }
  }
};

void ExpectSame(const ContactView& mirrored, const ContactView& now) {
  const ContactStatus& a = mirrored.status;
  const ContactStatus& b = now.status;
  EXPECT_EQ(mirrored.identity, now.identity);
  EXPECT_EQ(a.state, b.state) << core::Name(a.state) << " is " << core::Name(b.state);
  EXPECT_EQ(a.queue, b.queue);
  EXPECT_EQ(a.agent, b.agent);
  EXPECT_EQ(a.offer, b.offer);
  EXPECT_EQ(a.priority, b.priority);
  EXPECT_EQ(a.held, b.held);
}

void ExpectSame(const AgentView& a, const AgentView& b) {
  EXPECT_EQ(a.presence, b.presence);
  EXPECT_EQ(a.shown, b.shown);
  EXPECT_EQ(a.reason, b.reason);
  EXPECT_EQ(a.pending, b.pending);
  EXPECT_EQ(a.connected, b.connected);
  EXPECT_EQ(a.client, b.client);
  EXPECT_EQ(a.channels, b.channels);
  EXPECT_EQ(a.ready_channels, b.ready_channels);
  EXPECT_EQ(a.skills, b.skills);
  EXPECT_EQ(a.own_skills, b.own_skills);
  EXPECT_EQ(a.units_used, b.units_used);
  EXPECT_EQ(a.misses, b.misses);
  ASSERT_EQ(a.items.size(), b.items.size());
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    EXPECT_EQ(a.items[i].contact, b.items[i].contact);
    EXPECT_EQ(a.items[i].state, b.items[i].state);
    EXPECT_EQ(a.items[i].offer, b.items[i].offer);
  }
}

class MirrorTest : public TrafficTest {
 protected:
  void Drain(Feed& feed, Mirror& mirror) {
    Feed::Drained drained = feed.Drain();
    EXPECT_FALSE(drained.lost);
    for (const auto& batch : drained.batches) {
      Position last;
      for (const Event& event : batch->events) {
        EXPECT_GE(event.at, last);
        last = event.at;
        mirror.Follow(event);
      }
      EXPECT_LE(last, batch->last);
    }
  }

  void ExpectSameAsNow(const Mirror& mirror) {
    service_->TakeSnapshot([&mirror](const std::shared_ptr<const Snapshot>& now) {
      ASSERT_EQ(mirror.contacts.size(), now->contacts.size());
      for (const ContactView& contact : now->contacts) {
        SCOPED_TRACE(contact.identity->id);
        const auto it = mirror.contacts.find(contact.identity->id);
        ASSERT_NE(it, mirror.contacts.end());
        ExpectSame(it->second, contact);
      }
      ASSERT_EQ(mirror.agents.size(), now->agents.size());
      for (const auto& agent : now->agents) {
        SCOPED_TRACE(agent->id);
        ExpectSame(*mirror.agents.at(agent->id), *agent);
      }
    });
  }
};

TEST_F(MirrorTest, FollowingTheEventsGivesTheStateAtAnyTime) {
  Traffic(100, 50);
  auto feed = std::make_shared<Feed>(1'000'000);
  Mirror mirror;
  service_->AddFeed(feed, [&mirror](const auto& snapshot) { mirror.Start(*snapshot); });
  for (unsigned seed = 0; seed < 60 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Traffic(seed, 60);
    Drain(*feed, mirror);
    ExpectSameAsNow(mirror);
  }
  EXPECT_GT(offers(), 100U);
  Operations(SetAgentSkills{"ann", {{"french", 3}}});
  Operations(ApplyPolicy{SharedTestModel(2), "", "", {}});
  Drain(*feed, mirror);
  ExpectSameAsNow(mirror);
}

}  // namespace
}  // namespace routerd::engine
