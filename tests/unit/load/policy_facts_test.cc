#include "load-tests/policy_facts.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

PolicyFacts Read(const std::string& text) {
  PolicyFacts facts;
  EXPECT_EQ(ReadPolicy(text, &facts), "");
  return facts;
}

TEST(PolicyFacts, TakeChannelsThatSayNothingAsUsual) {
  const PolicyFacts facts = Read("version: 1\nchannels:\n  voice:\n  chat:\n  email: {}\n  fax:\n");
  EXPECT_EQ(facts.limits.channels.at("voice").most, 1);
  EXPECT_EQ(facts.limits.channels.at("chat").units, 25);
  EXPECT_EQ(facts.limits.channels.at("chat").most, 4);
  EXPECT_EQ(facts.limits.channels.at("email").units, 20);
  EXPECT_EQ(facts.limits.channels.at("fax").units, 100);
  EXPECT_EQ(facts.limits.open_offers, 1);
}

TEST(PolicyFacts, TakeWhatChannelsSay) {
  const PolicyFacts facts = Read(
      "channels:\n"
      "  chat: {units: 50, max_per_agent: 2, wrap_up: {mode: optional}}\n"
      "  voice: {wrap_up: 45s}\n"
      "domain: {max_open_offers: 3}\n");
  EXPECT_EQ(facts.limits.channels.at("chat").units, 50);
  EXPECT_EQ(facts.limits.channels.at("chat").most, 2);
  EXPECT_FALSE(facts.limits.channels.at("chat").wrap_up_holds);
  EXPECT_TRUE(facts.limits.channels.at("voice").wrap_up_holds);
  EXPECT_EQ(facts.limits.open_offers, 3);
}

TEST(PolicyFacts, KnowThatAQueuesWrapUpGoesBeforeTheChannels) {
  const PolicyFacts facts = Read(
      "channels: {voice: , chat: {wrap_up: optional}}\n"
      "queues: {a: , b: {wrap_up: none}, c: {wrap_up: 45s}, d: {priority: 1}}\n");
  EXPECT_TRUE(facts.limits.WrapUpHolds("voice", "a"));
  EXPECT_FALSE(facts.limits.WrapUpHolds("voice", "b"));
  EXPECT_FALSE(facts.limits.WrapUpHolds("chat", "a"));
  EXPECT_TRUE(facts.limits.WrapUpHolds("chat", "c"));
  EXPECT_FALSE(facts.limits.WrapUpHolds("chat", "d"));
}

TEST(PolicyFacts, TakeAPolicyForWorkConservingOnlyIfEveryWordIsKnown) {
  const std::string known =
      "version: 1\n"
      "channels: {voice: {offer_time: 20s, accept_by: phone}, chat: }\n"
      "skills: [french]\n"
      "agents: {ann: {skills: {french: 5}, max: {chat: 2}}, bob: }\n"
      "queues:\n"
      "  a: {require: {all: {french: 3}}, priority: 3, retry_after: 5s}\n";
  EXPECT_TRUE(Read(known).limits.work_conserving);
  EXPECT_FALSE(Read(known + "  b: {reserve: 2}\n").limits.work_conserving);
  EXPECT_FALSE(Read(known + "routing_profiles: {x: }\n").limits.work_conserving);
}

TEST(PolicyFacts, KnowWhichQueuesAskSeveralAgentsAtATime) {
  const PolicyFacts facts =
      Read("queues: {a: , b: {offer: one}, c: {offer: ring_all}, d: {offer: {race: 3}}}\n");
  EXPECT_EQ(facts.limits.several, (std::set<std::string>{"c", "d"}));
}

TEST(PolicyFacts, ListAgentsTheirOwnLimitsAndReasons) {
  const PolicyFacts facts = Read(
      "not_ready_reasons: [lunch, break]\n"
      "agents:\n"
      "  ann: {max: {chat: 3, voice: 0}}\n"
      "  bob:\n");
  EXPECT_EQ(facts.agents, (std::vector<std::string>{"ann", "bob"}));
  EXPECT_EQ(facts.limits.own.at("ann").at("chat"), 3);
  EXPECT_EQ(facts.limits.own.at("ann").at("voice"), 0);
  EXPECT_EQ(facts.not_ready_reasons, (std::vector<std::string>{"lunch", "break"}));
}

TEST(PolicyFacts, SayWhatIsNoPolicy) {
  PolicyFacts facts;
  EXPECT_NE(ReadPolicy("[", &facts), "");
  EXPECT_NE(ReadPolicy("7", &facts), "");
  EXPECT_NE(ReadPolicy("agents: {ann: {max: {chat: many}}}", &facts), "");
}

}  // namespace
}  // namespace routerd::load
