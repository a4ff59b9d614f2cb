// What the engine tells, as gateways and desktops hear it.
#include <gtest/gtest.h>

#include "routerd/api/frames.h"
#include "routerd/api/views.h"
#include "routerd/base/limits.h"

namespace routerd::api {
namespace {

using engine::EventKind;

engine::Event About(EventKind kind) {
  engine::Event event;
  event.at = {7, 12};
  event.unix_ms = 1000;
  event.kind = kind;
  auto identity = std::make_shared<engine::ContactIdentity>();
  identity->id = "c";
  identity->channel = "voice";
  identity->attributes = {{"lang", "de"}};
  event.contact.identity = std::move(identity);
  event.contact.status.priority = 4;
  event.queue = "sales";
  event.agent = "ann";
  event.offer = {{7, 12}, 1};
  return event;
}

template <typename Event>
std::vector<Event> Told(engine::Event event, std::string endpoint = {}) {
  std::vector<Event> events;
  AppendEvents({std::make_shared<const engine::Event>(std::move(event)), std::move(endpoint)},
               "desk", &events);
  return events;
}

v1::GatewayEvent ToGateway(engine::Event event, std::string endpoint = {}) {
  const auto events = Told<v1::GatewayEvent>(std::move(event), std::move(endpoint));
  EXPECT_EQ(events.size(), 1U);
  return events.empty() ? v1::GatewayEvent() : events[0];
}

v1::DesktopEvent ToDesktop(engine::Event event) {
  const auto events = Told<v1::DesktopEvent>(std::move(event));
  EXPECT_EQ(events.size(), 1U);
  return events.empty() ? v1::DesktopEvent() : events[0];
}

TEST(GatewayFrames, AnOfferSaysWhomToRingAndUntilWhen) {
  engine::Event event = About(EventKind::kOfferMade);
  event.deadline_unix_ms = 21'000;
  event.ttl_ms = 20'000;
  event.accept_by = model::AcceptBy::kPhone;
  event.through = "general";
  const v1::GatewayEvent told = ToGateway(event, "sip:100@pbx");
  EXPECT_EQ(told.sequence(), 12U);
  EXPECT_EQ(told.at_unix_ms(), 1000);
  EXPECT_EQ(told.offer().offer_id(), "7-12-1");
  EXPECT_EQ(told.offer().contact_id(), "c");
  EXPECT_EQ(told.offer().agent_id(), "ann");
  EXPECT_EQ(told.offer().endpoint(), "sip:100@pbx");
  EXPECT_EQ(told.offer().accept_by(), v1::ACCEPT_BY_PHONE);
  EXPECT_EQ(told.offer().deadline_unix_ms(), 21'000);
  EXPECT_EQ(told.offer().ttl_ms(), 20'000);
  EXPECT_EQ(told.offer().queue(), "sales");
  EXPECT_EQ(told.offer().through_queue(), "general");
}

TEST(GatewayFrames, QueuedAndReturnedDiffer) {
  engine::Event event = About(EventKind::kContactQueued);
  event.position = 2;
  EXPECT_EQ(ToGateway(event).queued().queue_position(), 2);
  EXPECT_FALSE(ToGateway(event).queued().returned());
  event.kind = EventKind::kContactReturned;
  EXPECT_TRUE(ToGateway(event).queued().returned());
}

TEST(GatewayFrames, AnAcceptIsToldByConfirmedAlone) {
  engine::Event ended = About(EventKind::kOfferEnded);
  ended.outcome = core::OfferOutcome::kAccepted;
  EXPECT_TRUE(Told<v1::GatewayEvent>(ended).empty());
  EXPECT_TRUE(Told<v1::DesktopEvent>(ended).empty());
  ended.outcome = core::OfferOutcome::kTimedOut;
  EXPECT_EQ(ToGateway(ended).offer_ended().outcome(), v1::OFFER_OUTCOME_TIMED_OUT);
  EXPECT_EQ(ToDesktop(ended).offer_cancelled().outcome(), v1::OFFER_OUTCOME_TIMED_OUT);
  engine::Event confirmed = About(EventKind::kContactConfirmed);
  EXPECT_EQ(ToGateway(confirmed).confirmed().state(), v1::CONTACT_STATE_ASSIGNED);
  confirmed.deadline_unix_ms = 11'000;
  EXPECT_EQ(ToGateway(confirmed).confirmed().state(), v1::CONTACT_STATE_CONNECTING);
  EXPECT_EQ(ToGateway(confirmed).confirmed().connect_deadline_unix_ms(), 11'000);
  EXPECT_EQ(ToDesktop(confirmed).confirmed().offer_id(), "7-12-1");
}

TEST(GatewayFrames, EndsMovesRefusalsAndLossesAreTold) {
  engine::Event ended = About(EventKind::kContactEnded);
  ended.contact.status.state = core::ContactState::kExpired;
  ended.reason = core::EndReason::kMaxWait;
  EXPECT_EQ(ToGateway(ended).ended().state(), v1::CONTACT_STATE_EXPIRED);
  EXPECT_EQ(ToGateway(ended).ended().reason(), v1::END_REASON_MAX_WAIT);
  EXPECT_EQ(ToGateway(About(EventKind::kContactReleased)).ended().state(),
            v1::CONTACT_STATE_WRAP_UP);
  engine::Event moved = About(EventKind::kContactMoved);
  moved.from_queue = "billing";
  EXPECT_EQ(ToGateway(moved).moved().from_queue(), "billing");
  EXPECT_EQ(ToGateway(moved).moved().to_queue(), "sales");
  EXPECT_EQ(ToGateway(moved).moved().outcome(), v1::VISIT_OUTCOME_TRANSFERRED);
  moved.visit_outcome = core::VisitOutcome::kOverflowed;
  EXPECT_EQ(ToGateway(moved).moved().outcome(), v1::VISIT_OUTCOME_OVERFLOWED);
  engine::Event refused = About(EventKind::kContactRefused);
  refused.reason = core::EndReason::kQueueFull;
  EXPECT_EQ(ToGateway(refused).refused().reason(), v1::END_REASON_QUEUE_FULL);
  EXPECT_EQ(ToGateway(About(EventKind::kAgentLost)).agent_lost().agent_id(), "ann");
  EXPECT_TRUE(Told<v1::GatewayEvent>(About(EventKind::kAgentChanged)).empty());
}

TEST(Frames, BothSidesAreToldWhoIsParkedAndWhoIsSilent) {
  EXPECT_EQ(ToGateway(About(EventKind::kContactParked)).park().agent_id(), "ann");
  EXPECT_EQ(ToGateway(About(EventKind::kContactUnparked)).resume().contact_id(), "c");
  EXPECT_EQ(ToDesktop(About(EventKind::kContactParked)).park().contact_id(), "c");
  EXPECT_EQ(ToDesktop(About(EventKind::kContactUnparked)).resume().contact_id(), "c");
  const engine::Event silent = About(EventKind::kContactInactive);
  EXPECT_EQ(ToGateway(silent).customer_inactive().contact_id(), "c");
  EXPECT_EQ(ToGateway(silent).customer_inactive().agent_id(), "ann");
  EXPECT_EQ(ToDesktop(silent).customer_inactive().contact_id(), "c");
  const engine::Event back = About(EventKind::kContactActive);
  EXPECT_EQ(ToGateway(back).customer_active().contact_id(), "c");
  EXPECT_EQ(ToDesktop(back).customer_active().contact_id(), "c");
  EXPECT_EQ(ToDesktop(back).agent_id(), "ann");
}

TEST(GatewayFrames, ATreatmentSaysWhatAndUntilWhen) {
  engine::Event event = About(EventKind::kContactTreated);
  event.treatment = "sorry";
  event.offer = {{7, 12}, 3};
  event.deadline_unix_ms = 9'000;
  event.ttl_ms = 5'000;
  const v1::ContactTreatEvent told = ToGateway(event).treat();
  EXPECT_EQ(told.contact_id(), "c");
  EXPECT_EQ(told.treatment(), "sorry");
  EXPECT_EQ(told.treatment_id(), "7-12-3");
  EXPECT_EQ(told.queue(), "sales");
  EXPECT_EQ(told.deadline_unix_ms(), 9'000);
  EXPECT_EQ(told.ttl_ms(), 5'000);
  EXPECT_TRUE(Told<v1::DesktopEvent>(event).empty());
}

TEST(DesktopFrames, AnOfferCarriesWhatTheAgentNeedsToDecide) {
  engine::Event event = About(EventKind::kOfferMade);
  event.waited_ms = 5000;
  event.through = "general";
  const v1::DesktopEvent told = ToDesktop(event);
  EXPECT_EQ(told.agent_id(), "ann");
  EXPECT_EQ(told.offer().attributes().at("lang"), "de");
  EXPECT_EQ(told.offer().channel(), "voice");
  EXPECT_EQ(told.offer().waited_ms(), 5000);
  EXPECT_EQ(told.offer().through_queue(), "general");
  EXPECT_EQ(told.offer().priority(), 4);
}

TEST(DesktopFrames, TheWayOfAContactInHand) {
  EXPECT_EQ(ToDesktop(About(EventKind::kContactAnswered)).assigned().contact_id(), "c");
  engine::Event wrap_up = About(EventKind::kWrapUpStarted);
  EXPECT_FALSE(ToDesktop(wrap_up).wrap_up_started().has_deadline_unix_ms());
  wrap_up.deadline_unix_ms = 31'000;
  EXPECT_EQ(ToDesktop(wrap_up).wrap_up_started().deadline_unix_ms(), 31'000);
  wrap_up.kind = EventKind::kWrapUpExtended;
  EXPECT_EQ(ToDesktop(wrap_up).wrap_up_extended().deadline_unix_ms(), 31'000);
  engine::Event ended = About(EventKind::kContactEnded);
  ended.contact.status.state = core::ContactState::kCompleted;
  EXPECT_EQ(ToDesktop(ended).ended().state(), v1::CONTACT_STATE_COMPLETED);
  EXPECT_TRUE(Told<v1::DesktopEvent>(About(EventKind::kContactReturned)).empty());
}

TEST(DesktopFrames, AContactThatIsOverWithItsConversationEndsOnce) {
  engine::Event released = About(EventKind::kContactReleased);
  released.contact.status.state = core::ContactState::kWrapUp;
  EXPECT_EQ(ToDesktop(released).ended().state(), v1::CONTACT_STATE_WRAP_UP);
  released.contact.status.state = core::ContactState::kCompleted;  // no wrap-up: its end follows
  EXPECT_TRUE(Told<v1::DesktopEvent>(released).empty());
}

TEST(DesktopFrames, AnAgentOfAnotherClientIsSuperseded) {
  engine::Event changed = About(EventKind::kAgentChanged);
  auto view = std::make_shared<engine::AgentView>();
  view->id = "ann";
  view->client = "desk";
  changed.agent_view = view;
  EXPECT_EQ(ToDesktop(changed).state_changed().status().agent_id(), "ann");
  view = std::make_shared<engine::AgentView>(*view);
  view->client = "another desk";
  changed.agent_view = view;
  EXPECT_TRUE(ToDesktop(changed).has_superseded());
  EXPECT_EQ(ToDesktop(changed).agent_id(), "ann");
}

engine::HeldContact Waiting() { return {About(EventKind::kContactQueued).contact, {}, {}}; }

engine::HeldContact Offered(std::uint32_t number) {
  engine::ContactView view = About(EventKind::kOfferMade).contact;
  view.status.state = core::ContactState::kOffered;
  view.status.agent = "ann";
  view.status.queue = "sales";
  view.status.offer = {{7, 5}, number};
  view.status.deadline_unix_ms = 9000;
  view.status.visit_since_unix_ms = 1000;
  return {view, "sip:100@pbx", model::AcceptBy::kPhone};
}

TEST(Held, ListsAreCutAndOpenOffersFollow) {
  engine::Answer opened;
  opened.unix_ms = 4000;
  opened.held_contacts.assign(static_cast<std::size_t>(limits::kHeldPerEvent) + 1, Waiting());
  opened.held_contacts.push_back(Offered(3));
  std::vector<v1::GatewayEvent> events;
  AppendHeld(opened, false, &events);
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].reconcile().contacts_size(), limits::kHeldPerEvent);
  EXPECT_FALSE(events[0].reconcile().last());
  EXPECT_EQ(events[1].reconcile().contacts_size(), 2);
  EXPECT_TRUE(events[1].reconcile().last());
  EXPECT_EQ(events[2].offer().offer_id(), "7-5-3");
  EXPECT_EQ(events[2].offer().endpoint(), "sip:100@pbx");
  EXPECT_EQ(events[2].offer().ttl_ms(), 5000);
  EXPECT_EQ(events[2].offer().accept_by(), v1::ACCEPT_BY_PHONE);
}

TEST(Held, AContactThatRingsForSeveralIsListedOnceAndEachOfferFollows) {
  engine::Answer opened;
  opened.unix_ms = 4000;
  opened.held_contacts.push_back(Offered(0));
  opened.more_offers.push_back(Offered(1));
  opened.more_offers.back().contact.status.agent = "bob";
  std::vector<v1::GatewayEvent> events;
  AppendHeld(opened, true, &events);
  ASSERT_EQ(events.size(), 3U);
  ASSERT_EQ(events[0].resync().contacts_size(), 1);
  EXPECT_EQ(events[0].resync().contacts(0).agent_id(), "ann");
  EXPECT_EQ(events[1].offer().offer_id(), "7-5-0");
  EXPECT_EQ(events[2].offer().offer_id(), "7-5-1");
  EXPECT_EQ(events[2].offer().agent_id(), "bob");
}

TEST(Held, LongEntriesMakeShortLists) {
  engine::Answer opened;
  engine::HeldContact held = Offered(1);
  held.endpoint = std::string(limits::kMaxEndpointBytes, 'e');
  opened.held_contacts.assign(200, held);
  std::vector<v1::GatewayEvent> events;
  AppendHeld(opened, true, &events);
  int listed = 0;
  int lists = 0;
  for (const v1::GatewayEvent& event : events) {
    if (!event.has_resync()) continue;
    ++lists;
    listed += event.resync().contacts_size();
    EXPECT_LT(event.ByteSizeLong(), limits::kFrameBytes + 2 * limits::kMaxEndpointBytes);
    EXPECT_EQ(event.resync().last(), listed == 200);
  }
  EXPECT_EQ(listed, 200);
  EXPECT_GT(lists, 1);
}

// Whoever has forgotten everything must still be able to dial.
TEST(Held, AListedContactSaysHowToReachItsAgentAndUntilWhen) {
  engine::HeldContact held = Offered(1);
  const auto listed = [&held](core::ContactState state) {
    held.contact.status.state = state;
    v1::HeldContact to;
    Fill(held, &to);
    return to;
  };
  for (const auto state : {core::ContactState::kOffered, core::ContactState::kConnecting}) {
    const v1::HeldContact contact = listed(state);
    EXPECT_EQ(contact.endpoint(), "sip:100@pbx");
    EXPECT_EQ(contact.accept_by(), v1::ACCEPT_BY_PHONE);
    EXPECT_EQ(contact.deadline_unix_ms(), 9000);
    EXPECT_EQ(contact.offer_id(), "7-5-1");
  }
  held.contact.status.deadline_unix_ms = 0;
  EXPECT_EQ(listed(core::ContactState::kAssigned).endpoint(), "sip:100@pbx");
  EXPECT_FALSE(listed(core::ContactState::kAssigned).has_deadline_unix_ms());
  held.contact.status.deadline_unix_ms = 9000;
  const v1::HeldContact scheduled = listed(core::ContactState::kScheduled);
  EXPECT_FALSE(scheduled.has_deadline_unix_ms());
  EXPECT_EQ(scheduled.accept_by(), v1::ACCEPT_BY_UNSPECIFIED);
}

TEST(Held, AListedContactSaysWhoHasItParkedOrSilentAndWhatItIsAbout) {
  engine::HeldContact held = Offered(1);
  auto identity = std::make_shared<engine::ContactIdentity>(*held.contact.identity);
  identity->consult_of = "parent";
  held.contact.identity = identity;
  held.contact.status.state = core::ContactState::kAssigned;
  held.contact.status.second_agent = "bob";
  const auto listed = [&held] {
    v1::HeldContact to;
    Fill(held, &to);
    return to;
  };
  EXPECT_EQ(listed().consult_of(), "parent");
  EXPECT_EQ(listed().second_agent_id(), "bob");
  EXPECT_FALSE(listed().parked() || listed().second_parked() || listed().customer_inactive());
  held.contact.status.parked = true;
  EXPECT_TRUE(listed().parked());
  EXPECT_FALSE(listed().second_parked());
  held.contact.status.second_parked = held.contact.status.inactive = true;
  EXPECT_TRUE(listed().second_parked());
  EXPECT_TRUE(listed().customer_inactive());
}

TEST(Held, ATreatedContactSaysWhatIsToBePlayed) {
  engine::HeldContact held = Waiting();
  held.contact.status.state = core::ContactState::kTreated;
  held.contact.status.treatment = "sorry";
  held.contact.status.treatment_id = {{7, 12}, 3};
  held.contact.status.deadline_unix_ms = 9'000;
  v1::HeldContact to;
  Fill(held, &to);
  EXPECT_EQ(to.state(), v1::CONTACT_STATE_TREATED);
  EXPECT_EQ(to.treatment(), "sorry");
  EXPECT_EQ(to.treatment_id(), "7-12-3");
  EXPECT_EQ(to.deadline_unix_ms(), 9'000);
}

TEST(Held, WhoLostASessionIsToldEvenOfNothing) {
  std::vector<v1::GatewayEvent> gateway;
  AppendHeld({}, false, &gateway);
  EXPECT_TRUE(gateway.empty());
  AppendHeld({}, true, &gateway);
  ASSERT_EQ(gateway.size(), 1U);
  EXPECT_TRUE(gateway[0].resync().last());
  std::vector<v1::DesktopEvent> desktop;
  AppendHeld({}, false, &desktop);
  EXPECT_TRUE(desktop.empty());
  AppendHeld({}, true, &desktop);
  ASSERT_EQ(desktop.size(), 1U);
  EXPECT_TRUE(desktop[0].resync().last());
}

TEST(Held, ADesktopGetsItsAgentsAndTheirOffers) {
  engine::Answer opened;
  opened.unix_ms = 4000;
  auto ann = std::make_shared<engine::AgentView>();
  ann->id = "ann";
  opened.held_agents = {ann};
  opened.held_contacts = {Offered(1), Waiting()};
  std::vector<v1::DesktopEvent> events;
  AppendHeld(opened, false, &events);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].resync().agents(0).agent_id(), "ann");
  EXPECT_EQ(events[1].agent_id(), "ann");
  EXPECT_EQ(events[1].offer().waited_ms(), 3000);
}

}  // namespace
}  // namespace routerd::api
