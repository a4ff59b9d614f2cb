// Sessions: what they hear, how they are lost, taken up and taken over.
#include "tests/unit/engine/fixture.h"

namespace routerd::engine {
namespace {

class SessionTest : public EngineTest {};

TEST_F(SessionTest, GatewayAndDesktopHearTheirSides) {
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  const Session desk = Open(SessionKind::kDesktop, "desk");
  EXPECT_EQ(gateway.id.substr(0, 2), "g-");
  EXPECT_EQ(desk.id.substr(0, 2), "d-");
  Desktop(Ready("ann"));
  EXPECT_EQ(Kinds(desk.outbox), std::vector<EventKind>{EventKind::kAgentChanged});
  const OfferId offer = Gateway(Call("c1")).contact->status.offer;
  Outbox::Drained told = gateway.outbox->Drain();
  ASSERT_EQ(told.items.size(), 2U);
  EXPECT_EQ(told.items[0].event->kind, EventKind::kContactQueued);
  EXPECT_EQ(told.items[1].event->kind, EventKind::kOfferMade);
  EXPECT_EQ(told.items[1].endpoint, "sip:ann");
  EXPECT_EQ(told.items[1].event->ttl_ms, 20'000);
  EXPECT_EQ(told.items[1].event->deadline_unix_ms, kWall + 20'000);
  told = desk.outbox->Drain();
  ASSERT_EQ(told.items.size(), 2U);
  EXPECT_EQ(told.items[0].event->kind, EventKind::kOfferMade);
  EXPECT_EQ(told.items[0].endpoint, "") << "not the desktop's business";
  EXPECT_EQ(told.items[1].event->kind, EventKind::kAgentChanged);
  Desktop(AcceptOffer{offer, "ann"});
  Gateway(Connected{"c1", offer});
  Kinds(gateway.outbox);
  Kinds(desk.outbox);
  Gateway(EndContact{"c1"});
  EXPECT_EQ(Kinds(desk.outbox),
            (std::vector<EventKind>{EventKind::kWrapUpStarted, EventKind::kContactReleased,
                                    EventKind::kAgentChanged}));
  Advance(30'000);
  EXPECT_EQ(Kinds(desk.outbox),
            (std::vector<EventKind>{EventKind::kWrapUpEnded, EventKind::kContactEnded,
                                    EventKind::kAgentChanged}));
}

TEST_F(SessionTest, AnAnswerComesBeforeTheEventsOfItsCommand) {
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  std::vector<std::string> order;
  gateway.outbox->SetWaker([&order] { order.emplace_back("event"); });
  for (const char* id : {"c1", "c2"}) {
    Envelope e = From(Role::kGateway, "pbx", Call(id));
    e.done = [&, id](const Answer&) {
      order.emplace_back(id);
      Kinds(gateway.outbox);
    };
    service_->Submit(std::move(e));
  }
  ASSERT_TRUE(service_->RunPending().ok());
  EXPECT_EQ(order, (std::vector<std::string>{"c1", "event", "c2", "event"}));
}

TEST_F(SessionTest, WhileAGatewayIsAwayItsLiveContactsAreNotOffered) {
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  Gateway(Call("c1"));
  Drop(SessionKind::kGateway, "pbx", gateway);
  Desktop(Ready("ann"));
  EXPECT_EQ(engine().core().queue(QueueNo(0)).waiting, 1U);
  Open(SessionKind::kGateway, "pbx", gateway.id);
  EXPECT_EQ(engine().core().queue(QueueNo(0)).offered, 1U);
}

TEST_F(SessionTest, AGatewayWithoutASessionHasNoConnectionToLose) {
  Gateway(Call("c1"));
  const Answer ann = Desktop(Ready("ann"));
  EXPECT_TRUE(ann.agent->connected);
  EXPECT_EQ(engine().core().queue(QueueNo(0)).offered, 1U);
}

TEST_F(SessionTest, AfterTheGraceLiveContactsEndAndTheSessionIsGone) {
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  Gateway(Call("c1"));
  Gateway(Chat("c2"));
  Drop(SessionKind::kGateway, "pbx", gateway);
  Advance(60'000);
  EXPECT_EQ(Gateway(Hold{"c1", true}).contact->status.state, core::ContactState::kAbandoned);
  const Session again = Open(SessionKind::kGateway, "pbx", gateway.id);
  EXPECT_FALSE(again.answer.resumed);
  EXPECT_NE(again.id, gateway.id);
  ASSERT_EQ(again.answer.held_contacts.size(), 1U);
  EXPECT_EQ(again.answer.held_contacts[0].contact.identity->id, "c2");
}

// Its session has ended: what it brings by unary calls must not wait for that session's connection.
TEST_F(SessionTest, AfterTheGraceAGatewayIsOneWithoutASessionAgain) {
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  Desktop(Ready("ann"));
  Drop(SessionKind::kGateway, "pbx", gateway);
  EXPECT_EQ(Gateway(Call("c1")).contact->status.state, core::ContactState::kQueued);
  Arrive later = Call("c2");
  later.not_before_unix_ms = kWall + 70'000;
  Gateway(later);
  Advance(60'000);
  EXPECT_EQ(Gateway(Hold{"c1", true}).contact->status.state, core::ContactState::kAbandoned)
      << "what waited for the connection has ended with the grace";
  EXPECT_EQ(Gateway(Call("c3")).contact->status.state, core::ContactState::kOffered);
  EXPECT_EQ(Gateway(EndContact{"c3"}).contact->status.state, core::ContactState::kAbandoned);
  Advance(10'000);
  EXPECT_EQ(Gateway(UpdateContact{"c2", {}, {}, {}, {}}).contact->status.state,
            core::ContactState::kOffered);
  std::vector<EventKind> connections;
  for (const Event& event : History()) {
    if (!event.gateway.empty()) connections.push_back(event.kind);
  }
  EXPECT_EQ(connections,
            (std::vector<EventKind>{EventKind::kGatewayConnected, EventKind::kGatewayDisconnected,
                                    EventKind::kGatewayConnected}));
}

TEST_F(SessionTest, AfterTheGraceAgentsMayBeLoggedInWithoutASession) {
  const Session desk = Open(SessionKind::kDesktop, "desk");
  Desktop(Ready("ann"));
  const OfferId offer = Gateway(Call("c1")).contact->status.offer;
  Desktop(AcceptOffer{offer, "ann"});
  Gateway(Connected{"c1", offer});
  Drop(SessionKind::kDesktop, "desk", desk);
  EXPECT_EQ(Desktop(Ready("bob")).status.reason(), "no_session");
  Advance(30'000);
  EXPECT_TRUE(Desktop(Ready("bob")).agent->connected);
  // Ann is lost in the middle of a call: she leaves with it, unless her desktop says otherwise.
  EXPECT_TRUE(engine().core().FindAgent(AgentNo(0))->pending);
  const Answer back = Desktop(SetPresence{"ann", true, "", {}});
  EXPECT_TRUE(back.agent->connected);
  EXPECT_FALSE(back.agent->pending);
  Gateway(EndContact{"c1"});
  Desktop(EndWrapUp{"ann", "c1"});
  Desktop(LogOut{"bob"});
  EXPECT_EQ(Gateway(Call("c2")).contact->status.agent, "ann");
}

TEST_F(SessionTest, AResumedSessionGetsWhatItHadNotTakenYet) {
  const Session desk = Open(SessionKind::kDesktop, "desk");
  Desktop(Ready("ann"));
  Kinds(desk.outbox);
  const OfferId offer = Gateway(Chat("c1")).contact->status.offer;
  Drop(SessionKind::kDesktop, "desk", desk);
  const Session again = Open(SessionKind::kDesktop, "desk", desk.id);
  EXPECT_TRUE(again.answer.resumed);
  EXPECT_EQ(again.id, desk.id);
  EXPECT_TRUE(again.answer.held_agents.empty());
  const Outbox::Drained told = again.outbox->Drain();
  ASSERT_GE(told.items.size(), 2U);
  EXPECT_EQ(told.items[0].event->kind, EventKind::kOfferMade);
  EXPECT_EQ(told.items[0].event->offer, offer);
  EXPECT_TRUE(told.items.back().event->agent_view->connected);
}

// Commands that come together are one batch, and nothing of a batch is told before all of it is
// durable: what one of them made happen is still held when a later one moves the session.
TEST_F(SessionTest, AResumeTakesAlongWhatItsBatchHasStillToTell) {
  const Session first = Open(SessionKind::kGateway, "pbx");
  Desktop(Ready("ann"));
  Gateway(Chat("c0"));
  std::vector<std::shared_ptr<Outbox>> later;
  const auto resume = [&] {
    later.push_back(std::make_shared<Outbox>(100));
    service_->Submit(
        From(Role::kGateway, "pbx", OpenSession{SessionKind::kGateway, first.id, later.back()}));
  };
  service_->Submit(From(Role::kGateway, "pbx", Call("c1", "support")));
  resume();
  service_->Submit(From(Role::kGateway, "pbx", Call("c2", "support")));
  resume();
  service_->Submit(From(Role::kGateway, "pbx", Call("c3", "support")));
  ASSERT_TRUE(service_->RunPending().ok());
  EXPECT_TRUE(later[0]->Drain().items.empty());
  std::vector<std::string> told;
  for (const OutboxItem& item : later[1]->Drain().items) {
    if (item.event->kind == EventKind::kContactQueued) {
      told.push_back(item.event->contact.identity->id);
    }
  }
  EXPECT_EQ(told, (std::vector<std::string>{"c0", "c1", "c2", "c3"}));
}

TEST_F(SessionTest, ADisconnectedAgentGetsNothingNewAndIsLostAfterTheGrace) {
  const Session desk = Open(SessionKind::kDesktop, "desk");
  Desktop(Ready("ann"));
  Drop(SessionKind::kDesktop, "desk", desk);
  EXPECT_EQ(Gateway(Chat("c1")).contact->status.state, core::ContactState::kQueued);
  const Answer refused = Desktop(Ready("bob"));
  EXPECT_EQ(refused.status.reason(), "no_session") << "its session has no connection";
  Advance(30'000);
  EXPECT_EQ(engine().core().FindAgent(AgentNo(0))->presence, core::Presence::kLoggedOut);
  const Session anew = Open(SessionKind::kDesktop, "desk", desk.id);
  EXPECT_FALSE(anew.answer.resumed);
  EXPECT_TRUE(anew.answer.held_agents.empty());
}

TEST_F(SessionTest, ANewerSessionOfTheClientTakesOver) {
  const Session first = Open(SessionKind::kDesktop, "desk");
  Desktop(Ready("ann"));
  const OfferId offer = Gateway(Chat("c1")).contact->status.offer;
  const Session second = Open(SessionKind::kDesktop, "desk");
  Outbox::Drained closed = first.outbox->Drain();
  EXPECT_TRUE(closed.closed);
  EXPECT_EQ(closed.close_reason, "superseded");
  ASSERT_EQ(second.answer.held_agents.size(), 1U);
  EXPECT_EQ(second.answer.held_agents[0]->id, "ann");
  ASSERT_EQ(second.answer.held_agents[0]->items.size(), 1U);
  EXPECT_EQ(second.answer.held_agents[0]->items[0].offer, offer);
  EXPECT_EQ(second.answer.held_agents[0]->items[0].deadline_unix_ms, kWall + 30'000);
  ASSERT_EQ(second.answer.held_contacts.size(), 1U);
  EXPECT_EQ(second.answer.held_contacts[0].endpoint, "@ann");
  // The connection of the older is gone at last; that is nobody's loss.
  Drop(SessionKind::kDesktop, "desk", first);
  EXPECT_TRUE(Desktop(AcceptOffer{offer, "ann"}).status.ok());
  EXPECT_TRUE(engine().core().FindAgent(AgentNo(0))->connected);
  EXPECT_FALSE(Kinds(second.outbox).empty());
}

TEST_F(SessionTest, AResumeTakesTheSessionFromAConnectionThatHangs) {
  const Session first = Open(SessionKind::kDesktop, "desk");
  Desktop(Ready("ann"));
  const Session second = Open(SessionKind::kDesktop, "desk", first.id);
  EXPECT_TRUE(second.answer.resumed);
  EXPECT_TRUE(first.outbox->Drain().closed);
  EXPECT_EQ(Kinds(second.outbox), std::vector<EventKind>{EventKind::kAgentChanged})
      << "what the first had not taken";
  Drop(SessionKind::kDesktop, "desk", first);
  EXPECT_TRUE(Desktop(SetPresence{"ann", true, "", {}}).agent->connected);
}

TEST_F(SessionTest, TheDesktopThatLosesAnAgentIsTold) {
  const Session first = Open(SessionKind::kDesktop, "desk-1");
  const Session second = Open(SessionKind::kDesktop, "desk-2");
  Desktop(Ready("ann"), "desk-1");
  Kinds(first.outbox);
  Desktop(Ready("ann"), "desk-2");
  const Outbox::Drained lost = first.outbox->Drain();
  ASSERT_EQ(lost.items.size(), 1U);
  EXPECT_EQ(lost.items[0].event->agent_view->client, "desk-2");
  EXPECT_EQ(Kinds(second.outbox), std::vector<EventKind>{EventKind::kAgentChanged});
  Desktop(SetPresence{"ann", false, "lunch", {}}, "desk-2");
  EXPECT_TRUE(Kinds(first.outbox).empty());
  // The loser's connection is no business of the agent any more.
  Drop(SessionKind::kDesktop, "desk-1", first);
  EXPECT_TRUE(engine().core().FindAgent(AgentNo(0))->connected);
}

// The connection itself makes offers possible. The list has them; a second telling would ring the
// agent's phone twice.
TEST_F(SessionTest, WhatANewSessionIsListedIsNotToldOnceMore) {
  const Session before = Open(SessionKind::kGateway, "pbx");
  Desktop(Ready("ann"));
  Drop(SessionKind::kGateway, "pbx", before);
  Arrive call = Call("c1");
  call.channel = "phone";
  Gateway(call);
  const Session anew = Open(SessionKind::kGateway, "pbx");
  ASSERT_EQ(anew.answer.held_contacts.size(), 1U);
  EXPECT_EQ(anew.answer.held_contacts[0].contact.status.state, core::ContactState::kOffered);
  EXPECT_EQ(anew.answer.held_contacts[0].endpoint, "tel:1");
  EXPECT_EQ(anew.answer.held_contacts[0].accept_by, model::AcceptBy::kPhone);
  EXPECT_TRUE(Kinds(anew.outbox).empty());
  Gateway(EndContact{"c1"});
  EXPECT_EQ(Kinds(anew.outbox),
            (std::vector<EventKind>{EventKind::kOfferEnded, EventKind::kContactEnded}));
}

// Hello makes it connected. What it has lost meanwhile may be offered until it says so.
TEST_F(SessionTest, AGatewayIsConnectedBeforeItHasReconciled) {
  const Session before = Open(SessionKind::kGateway, "pbx");
  for (const char* id : {"c1", "c2"}) Gateway(Call(id));
  Drop(SessionKind::kGateway, "pbx", before);
  Desktop(Ready("ann"));
  EXPECT_EQ(engine().core().queue(QueueNo(0)).offered, 0U);
  const Session anew = Open(SessionKind::kGateway, "pbx");
  ASSERT_EQ(anew.answer.held_contacts.size(), 2U);
  EXPECT_EQ(anew.answer.held_contacts[0].contact.status.agent, "ann");
  Gateway(Reconcile{{"c2"}, {"c1"}});
  EXPECT_EQ(Kinds(anew.outbox),
            (std::vector<EventKind>{EventKind::kOfferEnded, EventKind::kContactEnded,
                                    EventKind::kOfferMade}));
  const Answer next = Gateway(UpdateContact{"c2", {}, {}, {}, {}});
  EXPECT_EQ(next.contact->status.agent, "ann") << "it was no miss of hers";
}

TEST_F(SessionTest, WhatADesktopIsListedIsNotToldOnceMore) {
  const Session before = Open(SessionKind::kDesktop, "desk");
  Desktop(Ready("ann"));
  Drop(SessionKind::kDesktop, "desk", before);
  Gateway(Chat("c1"));
  const Session anew = Open(SessionKind::kDesktop, "desk");
  ASSERT_EQ(anew.answer.held_agents.size(), 1U);
  ASSERT_EQ(anew.answer.held_agents[0]->items.size(), 1U);
  EXPECT_TRUE(Kinds(anew.outbox).empty());
}

// He changes his seat while the phone rings: the offer goes with him, and is no second offer.
TEST_F(SessionTest, TheDesktopThatTakesAnAgentOverHearsOfHisOpenOffers) {
  Open(SessionKind::kDesktop, "desk-1");
  const Session second = Open(SessionKind::kDesktop, "desk-2");
  Desktop(Ready("ann"), "desk-1");
  const OfferId offer = Gateway(Chat("c1")).contact->status.offer;
  Advance(5'000);
  Desktop(Ready("ann"), "desk-2");
  const Outbox::Drained told = second.outbox->Drain();
  ASSERT_EQ(told.items.size(), 2U);
  EXPECT_EQ(told.items[0].event->kind, EventKind::kAgentChanged);
  const Event& again = *told.items[1].event;
  EXPECT_EQ(again.kind, EventKind::kOfferMade);
  EXPECT_EQ(again.offer, offer);
  EXPECT_EQ(again.agent, "ann");
  EXPECT_EQ(again.contact.identity->id, "c1");
  EXPECT_EQ(again.ttl_ms, 25'000) << "the deadline is the same";
  EXPECT_EQ(again.waited_ms, 5'000);
  int offers = 0;
  for (const Event& event : History()) offers += event.kind == EventKind::kOfferMade ? 1 : 0;
  EXPECT_EQ(offers, 1);
  EXPECT_TRUE(Desktop(AcceptOffer{offer, "ann"}, "desk-2").status.ok());
  Desktop(Ready("ann"), "desk-2");
  EXPECT_EQ(Kinds(second.outbox).back(), EventKind::kAgentChanged) << "it had him already";
}

// Else his old phone would ring where he sits no longer, until the offer ends as his miss.
TEST_F(SessionTest, TheGatewayHearsOfAnOpenOffersNewEndpoint) {
  const Session pbx = Open(SessionKind::kGateway, "pbx");
  Open(SessionKind::kDesktop, "desk-1");
  Open(SessionKind::kDesktop, "desk-2");
  const auto log_in = [&](const std::string& endpoint, const std::string& desk) {
    LogIn log_in = Ready("ann");
    log_in.endpoints = {{"chat", endpoint}};
    ASSERT_TRUE(Desktop(std::move(log_in), desk).status.ok());
  };
  log_in("sip:old@pbx", "desk-1");
  const OfferId offer = Gateway(Chat("c1")).contact->status.offer;
  (void)Kinds(pbx.outbox);
  log_in("sip:old@pbx", "desk-2");
  EXPECT_TRUE(Kinds(pbx.outbox).empty()) << "it rings the right one";
  log_in("sip:new@pbx", "desk-2");
  const Outbox::Drained told = pbx.outbox->Drain();
  ASSERT_EQ(told.items.size(), 1U);
  EXPECT_EQ(told.items[0].event->kind, EventKind::kOfferMade);
  EXPECT_EQ(told.items[0].event->offer, offer);
  EXPECT_EQ(told.items[0].endpoint, "sip:new@pbx");
  int offers = 0;
  for (const Event& event : History()) offers += event.kind == EventKind::kOfferMade ? 1 : 0;
  EXPECT_EQ(offers, 1);
}

TEST_F(SessionTest, AnOverflowedSessionCannotBeResumed) {
  const Session gateway = Open(SessionKind::kGateway, "pbx", {}, std::make_shared<Outbox>(2));
  for (const char* id : {"a", "b", "c"}) Gateway(Call(id));
  EXPECT_TRUE(gateway.outbox->overflowed());
  Drop(SessionKind::kGateway, "pbx", gateway);
  const Session again = Open(SessionKind::kGateway, "pbx", gateway.id);
  EXPECT_FALSE(again.answer.resumed);
  EXPECT_NE(again.id, gateway.id);
  EXPECT_EQ(again.answer.held_contacts.size(), 3U);
}

TEST_F(SessionTest, NobodyResumesAnothersSession) {
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  const Session thief = Open(SessionKind::kGateway, "pbx-2", gateway.id);
  EXPECT_FALSE(thief.answer.resumed);
  EXPECT_NE(thief.id, gateway.id);
  EXPECT_FALSE(gateway.outbox->Drain().closed);
}

TEST_F(SessionTest, GatewaysComingAndGoingAreEvents) {
  const Session gateway = Open(SessionKind::kGateway, "pbx");
  Drop(SessionKind::kGateway, "pbx", gateway);
  const std::vector<Event> events = History();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind, EventKind::kGatewayConnected);
  EXPECT_EQ(events[1].kind, EventKind::kGatewayDisconnected);
  EXPECT_EQ(events[1].gateway, "pbx");
}

}  // namespace
}  // namespace routerd::engine
