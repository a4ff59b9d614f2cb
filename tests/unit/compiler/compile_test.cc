#include "routerd/compiler/compile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "routerd/base/limits.h"
#include "tests/unit/compiler/support.h"

namespace routerd::compiler {
namespace {

using model::AcceptBy;
using model::Model;
using model::QueueMode;
using model::SkillLevel;
using model::WrapUp;
using model::WrapUpMode;

constexpr char kEverything[] = R"(
version: 1
domain: {agent_grace: 45s, gateway_grace: 2m, max_open_offers: 2}
channels:
  voice:
    live: false
    units: 90
    max_per_agent: 1
    offer_time: 15s
    accept_by: phone
    connect: true
    connect_timeout: 8s
    max_misses: 2
    wrap_up: {mode: timed_forced, duration: 45s}
  chat: {units: 30, max_per_agent: 3, wrap_up: optional}
  email: {wrap_up: none}
skills: [billing, german, trainee]
groups: [north, south]
not_ready_reasons: [lunch, training]
queues:
  billing:
    groups: [south, north]
    agents: [ben]
    require:
      all: {german: 1, billing: 3}
      any: {billing: 5, german: 5}
      none: {trainee: 1}
    priority: -20
    acceleration: 0.125
    cap: 500
    max_waiting: 200
    max_wait: 30m
    when_full: {overflow: spare}
    when_closed: refuse
    when_waited: {overflow: spare}
    service_level: 90% in 1m30s
    retry: after_others
    retry_after: 5s
    others_wait: 0s
    wrap_up: 20s
    mode: closed
  spare: {}
profiles:
  senior: {queues: {spare: {rank: 3, delay: 30s}, billing: }, others: never}
  junior: {}
agents:
  ben: {skills: {billing: 2}, profile: senior}
  anna: {skills: {german: 10, billing: 5}, groups: [north], max: {email: 2, chat: 0}}
)";

TEST(CompileTest, ReadsEveryFieldOfAChannel) {
  const Model model = Good(kEverything);
  ASSERT_EQ(model.channels.size(), 3U);
  const model::Channel& voice = model.channels[0];
  EXPECT_EQ(voice.name, "voice");
  EXPECT_FALSE(voice.live);
  EXPECT_EQ(voice.units, 90);
  EXPECT_EQ(voice.max_per_agent, 1);
  EXPECT_EQ(voice.offer_ms, 15'000);
  EXPECT_EQ(voice.accept_by, AcceptBy::kPhone);
  EXPECT_TRUE(voice.connect);
  EXPECT_EQ(voice.connect_timeout_ms, 8'000);
  EXPECT_EQ(voice.max_misses, 2);
  EXPECT_EQ(voice.wrap_up, (WrapUp{WrapUpMode::kTimedForced, 45'000}));
  EXPECT_EQ(model.channels[1].wrap_up, (WrapUp{WrapUpMode::kOptional, 30'000, false}));
  EXPECT_EQ(model.channels[2].wrap_up, (WrapUp{WrapUpMode::kNone, 0, false}));
}

TEST(CompileTest, ReadsEveryFieldOfAQueue) {
  const Model model = Good(kEverything);
  ASSERT_EQ(model.queues.size(), 2U);
  const model::Queue& queue = model.queues[0];
  EXPECT_EQ(queue.name, "billing");
  EXPECT_EQ(queue.groups, (std::vector{GroupNo(0), GroupNo(1), GroupNo(2)}));
  EXPECT_EQ(queue.requirements.all, (std::vector<SkillLevel>{{SkillNo(0), 3}, {SkillNo(1), 1}}));
  EXPECT_EQ(queue.requirements.any, (std::vector<SkillLevel>{{SkillNo(0), 5}, {SkillNo(1), 5}}));
  EXPECT_EQ(queue.requirements.none, (std::vector<SkillLevel>{{SkillNo(2), 1}}));
  EXPECT_EQ(queue.priority, -20);
  EXPECT_EQ(queue.acceleration_milli, 125);
  EXPECT_EQ(queue.cap, 500);
  EXPECT_EQ(queue.max_waiting, 200U);
  EXPECT_EQ(queue.max_wait_ms, 1'800'000);
  EXPECT_EQ(queue.when_full.overflow, QueueNo(1));
  EXPECT_FALSE(queue.when_closed.overflow.valid());
  EXPECT_EQ(queue.when_waited.overflow, QueueNo(1));
  EXPECT_EQ(queue.service_level_percent, 90);
  EXPECT_EQ(queue.service_level_ms, 90'000);
  EXPECT_EQ(queue.retry_after_ms, 5'000);
  EXPECT_EQ(queue.others_wait_ms, 0);
  EXPECT_EQ(queue.wrap_up, (WrapUp{WrapUpMode::kTimed, 20'000}));
  EXPECT_EQ(queue.mode, QueueMode::kClosed);
}

constexpr char kSteps[] = R"(version: 1
channels: {voice: }
skills: [billing, german, support]
groups: [north, south]
queues:
  main:
    groups: [north]
    members: {any: {billing: 4}}
    require: {billing: 5, german: 3}
    retry: {cooldown: 90s}
    step_from: age
    steps:
      - {after: 20s, lower: {billing: 3}}
      - when: "!(queue.waiting <= 10) || queue.oldest_s - 5 > -2 * 3"
        skip_if: queue.ready == 0
        groups: [south]
        drop: [support, german]
      - {after: 0s, require: {support: 1}, reset_declined: true}
  other: {retry: never}
)";

TEST(CompileTest, ReadsStepsMembersAndRetry) {
  const Model model = Good(kSteps);
  const model::Queue& queue = model.queues[0];
  ASSERT_TRUE(queue.members);
  EXPECT_EQ(queue.members->any, (std::vector<SkillLevel>{{SkillNo(0), 4}}));
  EXPECT_EQ(queue.retry, model::Retry::kCooldown);
  EXPECT_EQ(queue.cooldown_ms, 90'000);
  EXPECT_EQ(queue.step_from, model::StepFrom::kAge);
  ASSERT_EQ(queue.steps.size(), 3U);
  EXPECT_EQ(queue.steps[0].after_ms, 20'000);
  EXPECT_EQ(queue.steps[0].lower, (std::vector<SkillLevel>{{SkillNo(0), 3}}));
  EXPECT_FALSE(queue.steps[1].after_ms);
  EXPECT_EQ(queue.steps[1].groups, std::vector{GroupNo(1)});
  EXPECT_EQ(queue.steps[1].drop, (std::vector{SkillNo(1), SkillNo(2)}));
  EXPECT_EQ(queue.steps[2].after_ms, 0);
  ASSERT_TRUE(queue.steps[2].require);
  EXPECT_TRUE(queue.steps[2].reset_declined);
  EXPECT_EQ(model.queues[1].retry, model::Retry::kNever);
}

TEST(CompileTest, ConditionsMeanWhatTheySay) {
  const Model model = Good(kSteps);
  const auto& when = *model.queues[0].steps[1].when;
  EXPECT_TRUE(when.Holds({.waiting = 11, .free = 0, .ready = 0, .oldest_s = -100}));
  EXPECT_TRUE(when.Holds({.waiting = 0, .free = 0, .ready = 0, .oldest_s = 0}));
  EXPECT_FALSE(when.Holds({.waiting = 10, .free = 0, .ready = 0, .oldest_s = -1}));
  EXPECT_TRUE(when.IsSound());
  EXPECT_TRUE(model.queues[0].steps[1].skip_if->Holds({}));
}

TEST(CompileTest, ConditionsOfAnyLengthAreReadOrRefused) {
  const auto compiled = [](const std::string& condition) {
    return CompileText(
        "version: 1\nchannels: {voice: }\nqueues:\n  main:\n    steps:\n"
        "      - {reset_declined: true, when: \"" +
        condition + "\"}\n");
  };
  std::string wide = "queue.free == 1";
  for (int i = 0; i < 10; ++i) wide += " && queue.free == 1";
  EXPECT_NE(compiled(wide).model, nullptr);
  for (int i = 0; i < 10; ++i) wide += " && queue.free == 1";
  EXPECT_EQ(Places(compiled(wide)), "6:38 too_many\n");
  const std::string deep = std::string(17, '(') + "queue.free == 1" + std::string(17, ')');
  EXPECT_EQ(Places(compiled(deep)), "6:55 bad_condition\n");
}

TEST(CompileTest, ReadsAgentsSortedById) {
  const Model model = Good(kEverything);
  ASSERT_EQ(model.agents.size(), 2U);
  const model::PolicyAgent& anna = model.agents[0];
  EXPECT_EQ(anna.id, "anna");
  EXPECT_EQ(anna.profile.skills, (std::vector<SkillLevel>{{SkillNo(0), 5}, {SkillNo(1), 10}}));
  EXPECT_EQ(anna.profile.groups, std::vector{GroupNo(0)});
  EXPECT_EQ(anna.profile.limits,
            (std::vector<model::ChannelLimit>{{ChannelNo(1), 0}, {ChannelNo(2), 2}}));
  EXPECT_EQ(model.agents[1].id, "ben");
}

TEST(CompileTest, ReadsProfiles) {
  const Model model = Good(kEverything);
  ASSERT_EQ(model.profiles.size(), 2U);
  const model::Profile& senior = model.profiles[0];
  EXPECT_EQ(senior.name, "senior");
  EXPECT_EQ(senior.queues,
            (std::vector<model::ProfileQueue>{{QueueNo(0), 1, 0}, {QueueNo(1), 3, 30'000}}));
  EXPECT_FALSE(senior.serves_others);
  EXPECT_TRUE(model.profiles[1].queues.empty());
  EXPECT_TRUE(model.profiles[1].serves_others);
  EXPECT_FALSE(model.agents[0].profile.profile.valid());
  EXPECT_EQ(model.agents[1].profile.profile, ProfileNo(0));
}

TEST(CompileTest, ReadsWhatSelectCompares) {
  const Model model = Good(R"(
version: 1
domain: {idle_since: ready, idle_per: channel}
channels: {voice: }
skills: [billing]
queues:
  plain: {require: {billing: 1}}
  tiers: {agents: {ben: {tier: 3}, anna: }, select: [tier, "attribute:seniority desc", random]}
  list: {agents: [ben, anna], select: [linear], aht: 90s}
agents:
  anna: {skills: {billing: 1}, primary: {queues: [list, plain], skills: [billing]}, cost: 12}
  ben: {attributes: {seniority: -7}, weight: 3}
)");
  EXPECT_EQ(model.idle_since, model::IdleSince::kReady);
  EXPECT_TRUE(model.idle_per_channel);
  EXPECT_EQ(model.queues[0].select, std::vector<model::SelectKey>{model::SelectKey{}});
  EXPECT_EQ(model.queues[1].select,
            (std::vector<model::SelectKey>{{model::SelectBy::kTier, AttributeNo(), false},
                                           {model::SelectBy::kAttribute, AttributeNo(0), true},
                                           {model::SelectBy::kRandom, AttributeNo(), false}}));
  EXPECT_FALSE(model.queues[1].aht_stated);
  EXPECT_EQ(model.queues[2].aht_ms, 90'000);
  EXPECT_TRUE(model.queues[2].aht_stated);
  const model::AgentProfile& anna = model.agents[0].profile;
  EXPECT_EQ(anna.primary_queues, (std::vector{QueueNo(0), QueueNo(2)}));
  EXPECT_EQ(anna.primary_skills, std::vector{SkillNo(0)});
  EXPECT_EQ(anna.cost, 12);
  EXPECT_EQ(anna.listings, (std::vector<model::Listing>{{QueueNo(1), 0, 1}, {QueueNo(2), 1, 0}}));
  const model::AgentProfile& ben = model.agents[1].profile;
  EXPECT_EQ(ben.attributes, (std::vector<model::AgentAttribute>{{AttributeNo(0), -7}}));
  EXPECT_EQ(ben.weight, 3);
  EXPECT_EQ(ben.listings, (std::vector<model::Listing>{{QueueNo(1), 0, 3}, {QueueNo(2), 0, 0}}));
}

TEST(CompileTest, ReadsTheOrder) {
  const Model model = Good(R"(
version: 1
domain: {order: cost}
channels: {voice: }
queues:
  linear: {cost: {linear: 2}}
  quadratic: {cost: {quadratic: 0.5}}
)");
  EXPECT_EQ(model.order, model::Order::kCost);
  EXPECT_EQ(model.queues[0].cost_milli, 2'000);
  EXPECT_FALSE(model.queues[0].cost_quadratic);
  EXPECT_EQ(model.queues[1].cost_milli, 500);
  EXPECT_TRUE(model.queues[1].cost_quadratic);
  const Model ratio = Good(R"(
version: 1
domain: {order: queue_ratio}
channels: {voice: }
queues: {stated: {ratio: 0.25}, rate: {arrival_rate: 30 per hour}, neither: }
)");
  EXPECT_EQ(ratio.order, model::Order::kQueueRatio);
  EXPECT_EQ(ratio.queues[0].ratio_milli, 250);
  EXPECT_EQ(ratio.queues[1].arrivals_per_hour_milli, 30'000);
  EXPECT_FALSE(ratio.queues[2].ratio_milli || ratio.queues[2].arrivals_per_hour_milli);
}

TEST(CompileTest, AListOfAgentsBecomesAGroupOfItsOwn) {
  const Model model = Good(kEverything);
  const GroupNo listed = model.FindGroup("queue:billing");
  ASSERT_TRUE(listed.valid());
  EXPECT_EQ(model.FindAgent("ben")->profile.groups, std::vector{listed});
  EXPECT_EQ(model.queues[0].groups.back(), listed);
}

TEST(CompileTest, ReadsTheDomainAndTheReasons) {
  const Model model = Good(kEverything);
  EXPECT_EQ(model.version, 1U);
  EXPECT_EQ(model.agent_grace_ms, 45'000);
  EXPECT_EQ(model.gateway_grace_ms, 120'000);
  EXPECT_EQ(model.max_open_offers, 2);
  EXPECT_EQ(model.FindReason("rona"), model.rona);
  EXPECT_TRUE(model.FindReason("lunch").valid());
  EXPECT_EQ(model.reasons.size(), 3U);
}

TEST(CompileTest, DefaultsOfAQueueAndTheDomainAreTheModelsOwn) {
  const Model model = Good("version: 1\nchannels: {voice: }\nqueues: {main: }\n");
  model::Queue expected;
  expected.name = "main";
  EXPECT_EQ(model.queues, std::vector{expected});
  EXPECT_EQ(model.max_open_offers, 1);
  EXPECT_EQ(model.agent_grace_ms, 30'000);
  EXPECT_EQ(model.gateway_grace_ms, 60'000);
  EXPECT_TRUE(model.rona.valid());
}

struct ChannelDefaults {
  const char* name;
  bool live;
  int units;
  int max_per_agent;
  SpanMs offer_ms;
  bool connect;
  SpanMs connect_timeout_ms;
  int max_misses;
};

TEST(CompileTest, DefaultsOfTheKnownChannelsAndOfAnyOther) {
  const ChannelDefaults all[] = {
      {"voice", true, 100, 1, 20'000, true, 10'000, 1},
      {"chat", false, 25, 4, 30'000, false, 10'000, 3},
      {"email", false, 20, 5, 300'000, false, 10'000, 3},
      {"messaging", false, 25, 4, 30'000, false, 10'000, 3},
      {"social", false, 20, 5, 300'000, false, 10'000, 3},
      {"callback", false, 100, 1, 20'000, true, 60'000, 3},
      {"task", false, 20, 5, 300'000, false, 10'000, 3},
      {"fax", false, 100, 1, 20'000, false, 10'000, 3},
  };
  for (const ChannelDefaults& expected : all) {
    const Model model =
        Good("version: 1\nchannels: {" + std::string(expected.name) + ": }\nqueues: {main: }\n");
    ASSERT_EQ(model.channels.size(), 1U);
    const model::Channel& channel = model.channels[0];
    EXPECT_EQ(channel.live, expected.live) << expected.name;
    EXPECT_EQ(channel.units, expected.units) << expected.name;
    EXPECT_EQ(channel.max_per_agent, expected.max_per_agent) << expected.name;
    EXPECT_EQ(channel.offer_ms, expected.offer_ms) << expected.name;
    EXPECT_EQ(channel.connect, expected.connect) << expected.name;
    EXPECT_EQ(channel.connect_timeout_ms, expected.connect_timeout_ms) << expected.name;
    EXPECT_EQ(channel.max_misses, expected.max_misses) << expected.name;
    EXPECT_EQ(channel.accept_by, AcceptBy::kDesktop) << expected.name;
    EXPECT_EQ(channel.wrap_up, (WrapUp{WrapUpMode::kTimed, 30'000})) << expected.name;
  }
}

TEST(CompileTest, TheShortFormOfRequireMeansAll) {
  const std::string head = "version: 1\nchannels: {voice: }\nskills: [a, b]\nqueues:\n  q: ";
  EXPECT_EQ(Good(head + "{require: {b: 2, a: 1}}\n").queues,
            Good(head + "{require: {all: {a: 1, b: 2}}}\n").queues);
}

TEST(CompileTest, OfferHasFourForms) {
  const auto offer = [](const std::string& value) {
    return Good("version: 1\nchannels: {voice: }\nqueues: {q: {offer: " + value + "}}\n")
        .queues[0]
        .offer;
  };
  EXPECT_EQ(offer("one"), model::OfferRule{});
  EXPECT_EQ(offer("ring_all"), (model::OfferRule{.mode = model::OfferMode::kRingAll}));
  EXPECT_EQ(offer("{race: 64}"), (model::OfferRule{.mode = model::OfferMode::kRace, .most = 64}));
  EXPECT_EQ(offer("{progressive: 1m}"),
            (model::OfferRule{.mode = model::OfferMode::kProgressive, .every_ms = 60'000}));
}

TEST(CompileTest, LastAgentHasThreeForms) {
  const auto queue = [](const std::string& fields) {
    return Good("version: 1\nchannels: {voice: }\nqueues: {q: {" + fields + "}}\n").queues[0];
  };
  EXPECT_EQ(queue("last_agent: never").last_agent, model::LastAgentRule{});
  EXPECT_EQ(queue("last_agent: if_ready").last_agent,
            (model::LastAgentRule{model::LastAgent::kIfReady, 0}));
  EXPECT_EQ(queue("last_agent: {wait: 45s}").last_agent,
            (model::LastAgentRule{model::LastAgent::kWait, 45'000}));
  EXPECT_EQ(queue("priority: 0").preferred_wait_ms, 30'000);
  EXPECT_EQ(queue("priority: 0").direct_wait_ms, 60'000);
  EXPECT_EQ(queue("preferred_wait: 0s").preferred_wait_ms, 0);
  EXPECT_EQ(queue("direct_wait: 2h").direct_wait_ms, 7'200'000);
}

TEST(CompileTest, AnAliasStandsForWhatItNames) {
  const Model model =
      Good("version: 1\nchannels: {voice: }\nqueues:\n  one: &one {priority: 7}\n  two: *one\n");
  EXPECT_EQ(model.queues[1].name, "two");
  EXPECT_EQ(model.queues[1].priority, 7);
}

TEST(CompileTest, EverythingWrongIsToldInTheOrderOfTheText) {
  const Compiled compiled = CompileText(
      "version: 2\n"
      "chanels: {voice: }\n"
      "skills: [billing, billing]\n"
      "queues:\n"
      "  main: {priority: high, require: {bling: 3}, cap: 2000}\n"
      "agents:\n"
      "  anna: {skills: {billing: 11}, group: north}\n");
  EXPECT_EQ(compiled.model, nullptr);
  EXPECT_EQ(Places(compiled),
            "1:10 unsupported_version\n"
            "2:1 unknown_key\n"
            "3:19 duplicate_name\n"
            "5:20 wrong_type\n"
            "5:36 unknown_skill\n"
            "5:52 out_of_range\n"
            "7:28 out_of_range\n"
            "7:33 unknown_key\n");
}

// Quotes let a key or a value hold any character.
TEST(CompileTest, AFindingIsOneLineWhateverTheTextHolds) {
  const Compiled compiled = CompileText(
      "version: 1\n"
      "channels: {chat: }\n"
      "queues: {main: {groups: \"a\\nb\"}}\n"
      "agents: {anna: {max: {\"ch\\nat\\u009b31m\": 99}, skills: {\"x\\ny\": 99}}}\n");
  const std::string text = ToText(compiled.findings);
  EXPECT_EQ(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')),
            compiled.findings.size())
      << text;
  EXPECT_NE(text.find("max: ch\\x0aat\\xc2\\x9b31m must be 0 to 16"), std::string::npos) << text;
  EXPECT_NE(text.find("(write [a\\x0ab])"), std::string::npos) << text;
}

TEST(CompileTest, WhatCannotBeSentIsToldBefore) {
  const auto told = [](const std::string& text) {
    return Places({nullptr, CheckSource({"policy.yaml", text}), 0});
  };
  EXPECT_EQ(told("version: 1\nskills: [gr\xc3\xbc\xc3\x9f, st\xf6rung]\n"), "2:18 bad_encoding\n");
  EXPECT_EQ(told("\xef\xbb\xbfqueus: [\n"), "");  // what it means is not looked at
}

TEST(CompileTest, WarningsDoNotRefuse) {
  const Compiled compiled = CompileText("version: 1\nchannels: {voice: }\n");
  EXPECT_NE(compiled.model, nullptr);
  EXPECT_EQ(compiled.findings.size(), 1U);
  EXPECT_FALSE(HasErrors(compiled.findings));
}

TEST(CompileTest, AByteOrderMarkAndCarriageReturnsDoNotMatter) {
  const std::string plain = "version: 1\nchannels: {voice: }\nqueues: {main: {prio: 1}}\n";
  std::string dos = "\xef\xbb\xbf";
  for (const char c : plain) dos += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(Places(CompileText(dos)), "3:17 unknown_key\n");
  EXPECT_EQ(Places(CompileText(plain)), "3:17 unknown_key\n");
}

TEST(CompileTest, ATextThatIsTooLargeIsRefusedUnread) {
  const Compiled compiled = CompileText(std::string(limits::kMaxPolicyBytes + 1, '#'));
  EXPECT_EQ(Places(compiled), "1:1 too_large\n");
  EXPECT_EQ(compiled.model, nullptr);
}

TEST(CompileTest, FindingsAreBoundedAndSaySo) {
  std::string text = "version: 1\nqueues:\n";
  for (int i = 0; i < 3'000; ++i) text += "  q" + std::to_string(i) + ": {priority: x}\n";
  const Compiled compiled = CompileText(text);
  ASSERT_EQ(compiled.findings.size(), limits::kMaxFindings + 1);
  EXPECT_EQ(compiled.findings.back().code, "too_many_findings");
}

TEST(CompileTest, WarningsLeaveRoomForErrors) {
  std::string text = "version: 1\nskills: [";
  for (int i = 0; i < 1'500; ++i) {
    const std::string number = std::to_string(i);
    text.append("s").append(number).append(", S").append(number).append(", ");
  }
  text += "]\nqueues: {main: {priority: high}}\n";
  const Compiled compiled = CompileText(text);
  EXPECT_TRUE(HasErrors(compiled.findings));
  EXPECT_EQ(compiled.model, nullptr);
  const std::string told = Places(compiled);
  EXPECT_NE(told.find("3:27 wrong_type\n"), std::string::npos);
}

TEST(CompileTest, TheHashIsOfTheTextAsItStands) {
  const Compiled one = CompileText("version: 1\n");
  EXPECT_EQ(one.source_hash, HashSource("version: 1\n"));
  EXPECT_NE(one.source_hash, CompileText("version: 1 # why\n").source_hash);
  EXPECT_EQ(HashText(0x0123456789abcdefULL), "0123456789abcdef");
  EXPECT_EQ(HashText(1), "0000000000000001");
}

}  // namespace
}  // namespace routerd::compiler
