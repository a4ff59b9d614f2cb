// Work that is parked, and customers who have gone silent: what a gateway and a desktop are told.
#include <gtest/gtest.h>

#include "tests/unit/engine/fixture.h"

namespace routerd::engine {
namespace {

class SilenceTest : public EngineTest {
 protected:
  SilenceTest() {
    model::Model model = TestModel();
    model.channels[1].interruptible_by = {ChannelNo(0)};
    model.channels[1].frees_inactive = true;
    EngineOptions options;
    options.model = std::make_shared<const model::Model>(std::move(model));
    Begin(std::move(options));
  }

  void Accept(const std::string& agent) {
    const std::vector<Event> events = History();
    for (auto e = events.rbegin(); e != events.rend(); ++e) {
      if (e->kind != EventKind::kOfferMade || e->agent != agent) continue;
      ASSERT_TRUE(Desktop(AcceptOffer{e->offer, agent}).status.ok());
      return;
    }
    FAIL() << agent << " was offered nothing";
  }

  ContactStatus Listed() {
    const Session before = Open(SessionKind::kGateway, "pbx");
    EXPECT_FALSE(before.answer.held_contacts.empty());
    return before.answer.held_contacts.empty() ? ContactStatus()
                                               : before.answer.held_contacts[0].contact.status;
  }
};

TEST_F(SilenceTest, WhoIsSilentIsToldAndListed) {
  const Session pbx = Open(SessionKind::kGateway, "pbx");
  const Session desk = Open(SessionKind::kDesktop, "desk");
  Desktop(Ready("ann"));
  Gateway(Chat("c1"));
  Accept("ann");
  Kinds(pbx.outbox);
  Kinds(desk.outbox);
  Advance(5'000);
  const Answer answer = Gateway(SetInactive{"c1", true});
  EXPECT_TRUE(answer.status.ok()) << answer.status.message();
  EXPECT_EQ(answer.contact->status.state, core::ContactState::kAssigned);
  EXPECT_EQ(Kinds(pbx.outbox), (std::vector<EventKind>{EventKind::kContactInactive}));
  EXPECT_EQ(Kinds(desk.outbox),
            (std::vector<EventKind>{EventKind::kContactInactive, EventKind::kAgentChanged}));
  EXPECT_TRUE(Listed().inactive);
  Advance(7'000);
  Gateway(SetInactive{"c1", false});
  EXPECT_EQ(History().end()[-2].kind, EventKind::kContactActive);
  EXPECT_EQ(History().end()[-2].inactive_ms, 7'000);
  EXPECT_EQ(History().back().agent_view->items[0].inactive_ms, 7'000);
  EXPECT_FALSE(History().back().agent_view->items[0].inactive);
  EXPECT_FALSE(Listed().inactive);
}

TEST_F(SilenceTest, WhatIsParkedIsListed) {
  Desktop(Ready("ann"));
  Gateway(Chat("c1"));
  Accept("ann");
  EXPECT_FALSE(Listed().parked);
  Gateway(Call("c2"));
  Accept("ann");
  EXPECT_TRUE(Listed().parked);
  Gateway(Connected{"c2", {}});
  Gateway(EndContact{"c2"});
  EXPECT_TRUE(Listed().parked) << "wrap-up is part of what interrupts";
  Desktop(EndWrapUp{"ann", "c2"});
  EXPECT_FALSE(Listed().parked);
}

TEST_F(SilenceTest, ALiveCustomerIsOnTheLine) {
  Desktop(Ready("ann"));
  Gateway(Call("c1"));
  Accept("ann");
  Gateway(Connected{"c1", {}});
  const Answer answer = Gateway(SetInactive{"c1", true});
  EXPECT_EQ(answer.status.code(), Code::kFailedPrecondition);
  EXPECT_EQ(answer.status.reason(), "live_contact");
}

}  // namespace
}  // namespace routerd::engine
