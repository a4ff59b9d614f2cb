// A contact that is offered to several agents at a time, as gateways and desktops see it.
#include <algorithm>

#include "tests/unit/engine/fixture.h"

namespace routerd::engine {
namespace {

class RaceTest : public EngineTest {
 protected:
  RaceTest() {
    auto model = std::make_shared<model::Model>(TestModel());
    model->queues[0].offer = {.mode = model::OfferMode::kRingAll};
    model->queues[0].last_agent = {.mode = model::LastAgent::kIfReady, .wait_ms = 0};
    EngineOptions options;
    options.model = std::move(model);
    Begin(std::move(options));
  }

  // Of the offer made to this agent, by the history.
  OfferId OfferTo(const std::string& agent) {
    OfferId offer;
    for (const Event& event : History()) {
      if (event.kind == EventKind::kOfferMade && event.agent == agent) offer = event.offer;
    }
    return offer;
  }
};

TEST_F(RaceTest, TheFirstAcceptEndsTheOthersAndEverybodyIsToldInOrder) {
  const Session pbx = Open(SessionKind::kGateway, "pbx");
  const Session left = Open(SessionKind::kDesktop, "left");
  const Session right = Open(SessionKind::kDesktop, "right");
  Desktop(Ready("ann"), "left");
  Desktop(Ready("bob"), "right");
  const Answer arrived = Gateway(Chat("c1"));
  EXPECT_EQ(arrived.contact->status.state, core::ContactState::kOffered);
  EXPECT_EQ(arrived.contact->status.agent, "ann");
  ASSERT_NE(arrived.contact->status.more_offers, nullptr);
  EXPECT_EQ(*arrived.contact->status.more_offers,
            (std::vector<RingingAgent>{{"bob", OfferTo("bob")}}));
  (void)Kinds(left.outbox);
  (void)Kinds(right.outbox);
  (void)Kinds(pbx.outbox);

  const Answer accepted = Desktop(AcceptOffer{OfferTo("bob"), "bob"}, "right");
  EXPECT_TRUE(accepted.status.ok()) << accepted.status.message();
  EXPECT_EQ(accepted.contact->status.agent, "bob");
  EXPECT_EQ(accepted.contact->status.more_offers, nullptr);
  const Outbox::Drained told = pbx.outbox->Drain();
  ASSERT_GE(told.items.size(), 3U);
  EXPECT_EQ(told.items[0].event->kind, EventKind::kOfferEnded);
  EXPECT_EQ(told.items[0].event->agent, "ann");
  EXPECT_EQ(told.items[0].event->outcome, core::OfferOutcome::kRescinded);
  EXPECT_EQ(told.items[1].event->outcome, core::OfferOutcome::kAccepted);
  EXPECT_EQ(told.items[2].event->kind, EventKind::kContactConfirmed);
  EXPECT_EQ(Kinds(left.outbox),
            (std::vector<EventKind>{EventKind::kOfferEnded, EventKind::kAgentChanged}));

  const Answer late = Desktop(AcceptOffer{OfferTo("ann"), "ann"}, "left");
  EXPECT_EQ(late.status.code(), Code::kFailedPrecondition);
  EXPECT_EQ(late.offer_outcome, core::OfferOutcome::kRescinded);
}

TEST_F(RaceTest, AGatewayThatComesBackHearsOfEveryOpenOffer) {
  const Session before = Open(SessionKind::kGateway, "pbx");
  Desktop(Ready("ann"));
  Desktop(Ready("bob"));
  Desktop(Ready("cid"));
  Gateway(Chat("c1"));
  Drop(SessionKind::kGateway, "pbx", before);
  const Session anew = Open(SessionKind::kGateway, "pbx");
  ASSERT_EQ(anew.answer.held_contacts.size(), 1U) << "one contact, whoever rings";
  EXPECT_EQ(anew.answer.held_contacts[0].contact.status.agent, "ann");
  ASSERT_EQ(anew.answer.more_offers.size(), 2U);
  EXPECT_EQ(anew.answer.more_offers[0].contact.status.agent, "bob");
  EXPECT_EQ(anew.answer.more_offers[0].contact.status.offer, OfferTo("bob"));
  EXPECT_EQ(anew.answer.more_offers[0].endpoint, "@bob");
  EXPECT_EQ(anew.answer.more_offers[1].contact.status.agent, "cid");
}

TEST_F(RaceTest, ADesktopThatComesBackHearsOfItsOwnAgentsOffers) {
  Open(SessionKind::kDesktop, "left");
  const Session before = Open(SessionKind::kDesktop, "right");
  Desktop(Ready("ann"), "left");
  Desktop(Ready("bob"), "right");
  Gateway(Chat("c1"));
  Drop(SessionKind::kDesktop, "right", before);
  const Session anew = Open(SessionKind::kDesktop, "right");
  ASSERT_EQ(anew.answer.held_contacts.size(), 1U);
  EXPECT_EQ(anew.answer.held_contacts[0].contact.status.agent, "bob");
  EXPECT_EQ(anew.answer.held_contacts[0].contact.status.offer, OfferTo("bob"));
  ASSERT_EQ(anew.answer.held_agents.size(), 1U);
  EXPECT_EQ(anew.answer.held_agents[0]->items[0].offer, OfferTo("bob"));
}

TEST_F(RaceTest, ADeclineLeavesTheOthersRinging) {
  Desktop(Ready("ann"));
  Desktop(Ready("bob"));
  Gateway(Chat("c1"));
  const Answer declined = Desktop(RejectOffer{OfferTo("ann"), "ann"});
  EXPECT_TRUE(declined.status.ok());
  EXPECT_EQ(declined.contact->status.state, core::ContactState::kOffered);
  EXPECT_EQ(declined.contact->status.agent, "bob");
  const auto events = History();
  EXPECT_EQ(std::count_if(events.begin(), events.end(),
                          [](const Event& e) { return e.kind == EventKind::kContactReturned; }),
            0);
}

TEST_F(RaceTest, TheLastAgentOfACustomerIsAskedAlone) {
  Desktop(Ready("ann"));
  Arrive first = Chat("c1");
  first.customer_key = "k1";
  Gateway(first);
  Desktop(AcceptOffer{OfferTo("ann"), "ann"});
  Gateway(EndContact{"c1"});
  Desktop(Ready("bob"));
  Arrive again = Chat("c2");
  again.customer_key = "k1";
  const Answer arrived = Gateway(again);
  EXPECT_EQ(arrived.contact->status.agent, "ann");
  EXPECT_EQ(arrived.contact->status.more_offers, nullptr);
  EXPECT_EQ(OfferTo("bob"), OfferId());
}

TEST_F(RaceTest, WhoHasNeverLoggedInIsNotWaitedFor) {
  Desktop(Ready("cid"));
  Arrive direct = Chat("c1", "small");
  direct.direct_agent = "ann";
  EXPECT_EQ(Gateway(direct).contact->status.agent, "cid");
  Arrive other = direct;
  other.direct_agent = "bob";
  EXPECT_EQ(Gateway(other).status.code(), Code::kAlreadyExists) << "it says something else";
}

}  // namespace
}  // namespace routerd::engine
