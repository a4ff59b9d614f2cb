// Agents and offers through the engine: log-in, owners, who may accept what.
#include "tests/unit/engine/fixture.h"

namespace routerd::engine {
namespace {

using core::Presence;

class AgentTest : public EngineTest {};

TEST_F(AgentTest, ALogInBringsThePolicysSkillsOrItsOwn) {
  const Answer ann = Desktop(Ready("ann"));
  ASSERT_TRUE(ann.status.ok()) << ann.status.message();
  EXPECT_EQ(ann.agent->skills, (std::vector<SkillNeed>{{"german", 8}}));
  EXPECT_FALSE(ann.agent->own_skills);
  EXPECT_EQ(ann.agent->client, "desk");
  EXPECT_TRUE(ann.agent->connected);
  EXPECT_EQ(ann.agent->channels, (std::vector<std::string>{"voice", "chat", "phone"}));
  LogIn own = Ready("bob");
  own.skills = {{"french", 9}};
  const Answer bob = Desktop(own);
  EXPECT_EQ(bob.agent->skills, (std::vector<SkillNeed>{{"french", 9}}));
  EXPECT_TRUE(bob.agent->own_skills);
}

TEST_F(AgentTest, OnlyWhoBringsSkillsNeedNotBeInThePolicy) {
  const Answer unknown = Desktop(Ready("anm"));
  EXPECT_EQ(unknown.status.code(), Code::kNotFound);
  EXPECT_EQ(unknown.status.reason(), "unknown_agent");
  EXPECT_NE(unknown.status.message().find("did you mean `ann`?"), std::string::npos);
  LogIn own = Ready("zoe");
  own.skills = {{"german", 9}};
  EXPECT_TRUE(Desktop(own).status.ok());
}

TEST_F(AgentTest, WithoutAListAllChannelsAreHis) {
  LogIn c;
  c.agent = "ann";
  EXPECT_EQ(Desktop(c).agent->channels.size(), 3U);
}

TEST_F(AgentTest, PresenceAndReasonsAreNames) {
  Desktop(Ready("ann"));
  SetPresence lunch{"ann", false, "lunch", {}};
  const Answer away = Desktop(lunch);
  EXPECT_EQ(away.agent->presence, Presence::kNotReady);
  EXPECT_EQ(away.agent->reason, "lunch");
  lunch.reason = "lanch";
  EXPECT_NE(Desktop(lunch).status.message().find("`lunch`"), std::string::npos);
  SetPresence chat_only{"ann", true, "", std::vector<std::string>{"chat"}};
  EXPECT_EQ(Desktop(chat_only).agent->ready_channels, std::vector<std::string>{"chat"});
  EXPECT_EQ(Gateway(Call("c1")).contact->status.state, core::ContactState::kQueued);
  EXPECT_EQ(Gateway(Chat("c2")).contact->status.state, core::ContactState::kOffered);
}

TEST_F(AgentTest, AnAgentBelongsToTheDesktopThatLoggedHimInLast) {
  Desktop(Ready("ann"), "desk-1");
  const Answer stranger = Desktop(SetPresence{"ann", false, "", {}}, "desk-2");
  EXPECT_EQ(stranger.status.code(), Code::kPermissionDenied);
  EXPECT_EQ(stranger.owner, "desk-1");
  EXPECT_TRUE(Desktop(Ready("ann"), "desk-2").status.ok());
  EXPECT_EQ(Desktop(SetPresence{"ann", false, "", {}}, "desk-1").owner, "desk-2");
  EXPECT_TRUE(Operations(SetPresence{"ann", true, "", {}}).status.ok());
}

TEST_F(AgentTest, LoggedOutHeIsNobodys) {
  Desktop(Ready("ann"), "desk-1");
  const Answer out = Desktop(LogOut{"ann"}, "desk-1");
  EXPECT_EQ(out.agent->presence, Presence::kLoggedOut);
  EXPECT_TRUE(Desktop(LogOut{"ann"}, "desk-2").status.ok()) << "twice is once";
  const Answer ready = Desktop(SetPresence{"ann", true, "", {}}, "desk-1");
  EXPECT_EQ(ready.status.reason(), "agent_logged_out");
  EXPECT_EQ(Desktop(LogOut{"bob"}).status.reason(), "agent_logged_out") << "never logged in";
  EXPECT_EQ(Desktop(LogOut{"zoe"}).status.reason(), "unknown_agent");
}

TEST_F(AgentTest, BusyElsewhereTakesHisRoom) {
  Desktop(Ready("ann"));
  const Answer busy = Desktop(BusyElsewhere{"ann", "voice", true});
  ASSERT_EQ(busy.agent->items.size(), 1U);
  EXPECT_EQ(busy.agent->items[0].contact, "");
  EXPECT_EQ(busy.agent->items[0].channel, "voice");
  EXPECT_EQ(Gateway(Call("c1")).contact->status.state, core::ContactState::kQueued);
  Desktop(BusyElsewhere{"ann", "voice", false});
  EXPECT_EQ(Gateway(UpdateContact{"c1", {}, {}, {}, {}}).contact->status.state,
            core::ContactState::kOffered);
}

TEST_F(AgentTest, AnAcceptIsIdempotentAndALateOneLearnsTheOutcome) {
  Desktop(Ready("ann"));
  const OfferId first = Gateway(Chat("c1")).contact->status.offer;
  EXPECT_TRUE(Desktop(AcceptOffer{first, "ann"}).status.ok());
  const Answer again = Desktop(AcceptOffer{first, "ann"});
  EXPECT_TRUE(again.status.ok());
  EXPECT_EQ(again.contact->status.state, core::ContactState::kAssigned);
  const OfferId second = Gateway(Chat("c2")).contact->status.offer;
  Gateway(EndContact{"c2"});
  const Answer late = Desktop(AcceptOffer{second, "ann"});
  EXPECT_EQ(late.status.code(), Code::kFailedPrecondition);
  EXPECT_EQ(late.status.reason(), "offer_ended");
  EXPECT_EQ(late.offer_outcome, core::OfferOutcome::kContactGone);
  EXPECT_EQ(Desktop(AcceptOffer{OfferId{{1, 999}, 0}, "ann"}).status.reason(), "unknown_offer");
}

// He has been here before; without skills nobody could say what he may be offered.
TEST_F(AgentTest, WhoIsNoLongerInThePolicyMustBringHisSkills) {
  Desktop(Ready("ann"));
  Desktop(LogOut{"ann"});
  model::Model next = TestModel(2);
  next.agents.erase(next.agents.begin());
  Operations(ApplyPolicy{std::make_shared<const model::Model>(next), "", "", {}});
  const Answer refused = Desktop(Ready("ann"));
  EXPECT_EQ(refused.status.code(), Code::kNotFound);
  EXPECT_EQ(refused.status.reason(), "unknown_agent");
  LogIn own = Ready("ann");
  own.skills = {{"french", 1}};
  EXPECT_TRUE(Desktop(own).status.ok());
  Desktop(LogOut{"ann"});
  Operations(SetAgentSkills{"ann", {{"german", 2}}});
  EXPECT_EQ(Desktop(Ready("ann")).agent->skills, (std::vector<SkillNeed>{{"german", 2}}))
      << "operations have given him some";
}

TEST_F(AgentTest, AnOfferIsItsAgentsAlone) {
  Desktop(Ready("ann"));
  const OfferId offer = Gateway(Chat("c1")).contact->status.offer;
  Desktop(Ready("bob"), "desk-2");
  EXPECT_EQ(Desktop(AcceptOffer{offer, {}}, "desk-2").status.reason(), "not_owner");
  EXPECT_EQ(Desktop(AcceptOffer{offer, "bob"}).status.code(), Code::kPermissionDenied);
  const Answer rejected = Desktop(RejectOffer{offer, "ann", "wrong language"});
  ASSERT_TRUE(rejected.status.ok());
  EXPECT_EQ(rejected.contact->status.agent, "bob") << "the next one gets it in the same step";
}

// The texts that History tells with events of this kind, in order; an event without one has none.
std::vector<std::string> Whys(const std::vector<Event>& history, EventKind kind) {
  std::vector<std::string> whys;
  for (const Event& event : history) {
    if (event.kind == kind && !event.why.empty()) whys.push_back(event.agent + ": " + event.why);
  }
  return whys;
}

TEST_F(AgentTest, WhyAnOfferWasRejectedAndAnAgentLeftIsToldInTheirEvents) {
  Desktop(Ready("ann"));
  Desktop(Ready("bob"));
  const OfferId offer = Gateway(Chat("c1")).contact->status.offer;
  Desktop(RejectOffer{offer, "ann", "wrong language"});
  EXPECT_EQ(Whys(History(), EventKind::kOfferEnded),
            std::vector<std::string>{"ann: wrong language"});
  Desktop(LogOut{"ann", "end of shift"});
  EXPECT_EQ(Whys(History(), EventKind::kAgentChanged),
            std::vector<std::string>{"ann: end of shift"});
  EXPECT_EQ(Whys(History(), EventKind::kOfferEnded).size(), 1U);
}

TEST_F(AgentTest, APhoneOfferIsAcceptedAtThePhone) {
  Desktop(Ready("ann"));
  Arrive call = Call("c1");
  call.channel = "phone";
  const OfferId offer = Gateway(call).contact->status.offer;
  EXPECT_EQ(Desktop(AcceptOffer{offer, "ann"}).status.code(), Code::kFailedPrecondition);
  EXPECT_EQ(Gateway(AgentAnswered{offer}, "pbx-2").status.reason(), "not_owner");
  EXPECT_EQ(Gateway(AgentAnswered{offer, "c9"}).status.code(), Code::kInvalidArgument);
  const Answer answered = Gateway(AgentAnswered{offer, "c1"});
  ASSERT_TRUE(answered.status.ok()) << answered.status.message();
  EXPECT_EQ(answered.contact->status.state, core::ContactState::kConnecting);
  Gateway(EndContact{"c1"});
  const OfferId at_desktop = Gateway(Chat("c2")).contact->status.offer;
  EXPECT_EQ(Gateway(AgentAnswered{at_desktop}).status.code(), Code::kFailedPrecondition);
}

TEST_F(AgentTest, SkillsGivenByOperationsStayUntilTheyAreGivenBack) {
  const Answer before = Operations(SetAgentSkills{"ann", {{"french", 4}}});
  ASSERT_TRUE(before.status.ok()) << before.status.message();
  EXPECT_EQ(before.agent->skills, (std::vector<SkillNeed>{{"french", 4}}));
  EXPECT_EQ(Desktop(Ready("ann")).agent->skills, (std::vector<SkillNeed>{{"french", 4}}));
  Operations(SetAgentSkills{"ann", {{"french", 2}}});
  Desktop(LogOut{"ann"});
  EXPECT_EQ(Desktop(Ready("ann")).agent->skills, (std::vector<SkillNeed>{{"french", 2}}));
  Operations(ApplyPolicy{SharedTestModel(2), "", "", {}});
  EXPECT_EQ(Desktop(SetPresence{"ann", true, "", {}}).agent->skills,
            (std::vector<SkillNeed>{{"french", 2}}));
  const Answer back = Operations(SetAgentSkills{"ann", {}, true});
  EXPECT_EQ(back.agent->skills, (std::vector<SkillNeed>{{"german", 8}}));
  EXPECT_FALSE(back.agent->own_skills);
  EXPECT_EQ(Operations(SetAgentSkills{"zoe", {}}).status.reason(), "unknown_agent");
}

}  // namespace
}  // namespace routerd::engine
