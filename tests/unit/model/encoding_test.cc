#include "routerd/model/encoding.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "routerd/base/hash.h"
#include "routerd/base/limits.h"

namespace routerd::model {
namespace {

Channel Voice() {
  Channel voice;
  voice.name = "voice";
  voice.live = true;
  voice.accept_by = AcceptBy::kPhone;
  voice.connect = true;
  voice.max_misses = 1;
  return voice;
}

Channel Email() {
  Channel email;
  email.name = "email";
  email.units = 20;
  email.max_per_agent = 5;
  email.offer_ms = 300'000;
  email.wrap_up = {WrapUpMode::kTimedForced, 1'500, false, 120'000};
  email.interruptible_by = {ChannelNo(0)};
  email.frees_inactive = true;
  return email;
}

Queue Billing() {
  Queue billing;
  billing.name = "billing";
  billing.groups = {GroupNo(0), GroupNo(1)};
  billing.requirements = {.all = {{SkillNo(0), 3}, {SkillNo(1), 10}},
                          .any = {{SkillNo(2), 1}},
                          .none = {{SkillNo(0), 9}}};
  billing.priority = -1000;
  billing.acceleration_milli = 500;
  billing.cap = 750;
  billing.max_waiting = 200;
  billing.max_wait_ms = 1'800'000;
  billing.offer = {OfferMode::kProgressive, 1, 10'000};
  billing.wrap_up = WrapUp{WrapUpMode::kMandatory, 0};
  billing.labels = {LabelNo(1)};
  billing.mode = QueueMode::kEmergency;
  billing.select = {{SelectBy::kAttribute, AttributeNo(0), true},
                    {SelectBy::kWeightedRandom, AttributeNo(), false}};
  billing.ratio_milli = 250;
  billing.place = 3;
  billing.arrivals_per_hour_milli = limits::kMaxArrivalsPerHourMilli;
  billing.cost_milli = limits::kMaxCostMilli;
  billing.cost_quadratic = true;
  billing.aht_ms = 1;
  billing.aht_stated = true;
  billing.also = {QueueNo(1)};
  billing.reserve = Reserve{2, {QueueNo(0)}, ChannelNo(1)};
  billing.hours = HoursNo(0);
  billing.join_if = Condition{
      {{ConditionOp::kStaffed, 0}, {ConditionOp::kLiteral, 0}, {ConditionOp::kGreater, 0}}};
  billing.leave_if =
      Condition{{{ConditionOp::kStaffed, 0}, {ConditionOp::kLiteral, 0}, {ConditionOp::kEqual, 0}}};
  billing.when_left.overflow = QueueNo(0);
  billing.when_full.treat = TreatmentNo(0);
  return billing;
}

// What version 2 brought.
void Widen(Queue& queue) {
  queue.members = Requirements{.all = {{SkillNo(1), 2}}, .any = {}, .none = {}};
  Step by_time;
  by_time.after_ms = 20'000;
  by_time.groups = {GroupNo(1)};
  by_time.lower = {{SkillNo(0), 2}};
  by_time.drop = {SkillNo(1), SkillNo(2)};
  Step by_condition;
  by_condition.when = Condition{{{ConditionOp::kOldest, 0},
                                 {ConditionOp::kLiteral, -5},
                                 {ConditionOp::kGreater, 0},
                                 {ConditionOp::kNot, 0}}};
  by_condition.skip_if = Condition{
      {{ConditionOp::kFree, 0}, {ConditionOp::kLiteral, 1'000'000'000}, {ConditionOp::kEqual, 0}}};
  by_condition.require = Requirements{.all = {}, .any = {}, .none = {{SkillNo(2), 1}}};
  by_condition.reset_declined = true;
  queue.steps = {by_time, by_condition};
  queue.step_from = StepFrom::kAge;
  queue.retry = Retry::kCooldown;
  queue.cooldown_ms = 60'000;
  queue.sl_clock = SlClock::kContact;
  queue.callback = {limits::kMaxCallbackAttempts, 1};
  queue.when_full.overflow = QueueNo(1);
  queue.when_waited.overflow = QueueNo(0);
}

// Every field differs from its default somewhere, and every optional is there once and absent once.
Model Full() {
  Model model;
  model.version = 0x0102030405060708ULL;
  model.channels = {Voice(), Email()};
  model.skills = {{"billing"}, {"german"}, {""}};
  model.groups = {{"north"}, {"queue:billing"}};
  Queue plain;
  plain.name = "störung";
  plain.offer = {OfferMode::kRace, 64, 0};
  plain.last_agent = {LastAgent::kWait, 1};
  plain.preferred_wait_ms = 0;
  plain.direct_wait_ms = limits::kMaxSpanMs;
  model.queues = {Billing(), plain};
  model.profiles = {{"", {}, true},
                    {"senior", {{QueueNo(0), 1, 0}, {QueueNo(1), 100, 30'000}}, false}};
  model.reasons = {{"rona"}, {"lunch"}};
  model.agents = {{"anna",
                   {.skills = {{SkillNo(0), 5}, {SkillNo(1), 10}},
                    .groups = {GroupNo(1)},
                    .limits = {{ChannelNo(1), 0}},
                    .profile = ProfileNo(1),
                    .primary_queues = {QueueNo(0), QueueNo(1)},
                    .primary_skills = {SkillNo(1)},
                    .listings = {{QueueNo(0), 3, 1'000}},
                    .attributes = {{AttributeNo(0), -7}},
                    .cost = 12,
                    .weight = 1'000,
                    .accepts = {{ChannelNo(0), true}, {ChannelNo(1), false}},
                    .units = {{ChannelNo(0), 1}},
                    .wrap_up = WrapUp{WrapUpMode::kMandatory, 0},
                    .label_limits = {{LabelNo(1), 16}}}},
                  {"ben", {}}};
  model.attributes = {{"seniority"}};
  model.holidays = {{"germany", {{{0, 12, 25}, {}}, {{2026, 1, 6}, {{600, 720}}}}}};
  Hours desk;
  desk.name = "desk";
  desk.zone = "Europe/Berlin";
  desk.week[0] = {{480, 720}, {780, 1'440}};
  desk.holidays = {HolidaysNo(0)};
  model.hours = {desk};
  model.labels = {{"", 1}, {"complaint", 2}};
  model.treatments = {{"sorry", 5'000}, {"", 60'000}};
  model.contact_attributes = {{"account", true}, {"tier", false}};
  model.order = Order::kCost;
  model.idle_since = IdleSince::kReady;
  model.idle_per_channel = true;
  model.max_open_offers = 2;
  model.agent_grace_ms = 1;
  model.gateway_grace_ms = limits::kMaxSpanMs;
  model.rona = ReasonNo(0);
  model.callback = ChannelNo(1);
  return model;
}

// Encode(Full()) as version 1 wrote it.
constexpr char kFullInVersionOne[] =
    "0100000008070605040302010200000005000000766f696365016400000001000000204e0000000000000101102700"
    "00"
    "000000000100000003307500000000000005000000656d61696c001400000005000000e09304000000000000001027"
    "00"
    "00000000000300000004dc05000000000000030000000700000062696c6c696e67060000006765726d616e00000000"
    "02"
    "000000050000006e6f7274680d00000071756575653a62696c6c696e67020000000700000062696c6c696e67020000"
    "00"
    "0000000001000000020000000000000003010000000a01000000020000000101000000000000000918fcfffff40100"
    "00"
    "0000000001ee02000001c80000000140771b0000000000102700000000000030750000000000000102000000000000"
    "00"
    "00204e0000000000005000000002080000007374c3b672756e67000000000000000000000000000000000000000000"
    "00"
    "0000000000000000001027000000000000307500000000000000204e00000000000050000000000200000004000000"
    "72"
    "6f6e61050000006c756e63680200000004000000616e6e61020000000000000005010000000a010000000100000001"
    "00"
    "000001000000000300000062656e00000000000000000000000002000000010000000000000000c0ef0b0800000000"
    "00";

std::string FromHex(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(digit(hex[i]) * 16 + digit(hex[i + 1])));
  }
  return bytes;
}

Model AsOfVersionOne(Model model) {
  model.profiles.clear();
  model.attributes.clear();
  model.holidays.clear();
  model.hours.clear();
  model.labels.clear();
  model.treatments.clear();
  model.contact_attributes.clear();
  model.channels[1].interruptible_by.clear();
  model.channels[1].frees_inactive = false;
  model.order = Order::kPriority;
  model.idle_since = IdleSince::kLastWork;
  model.idle_per_channel = false;
  model.callback = ChannelNo();
  model.channels[1].wrap_up = {WrapUpMode::kTimedForced, 1'500};
  for (Queue& queue : model.queues) {
    queue.offer = {};
    queue.labels.clear();
    queue.last_agent = {};
    queue.preferred_wait_ms = Queue().preferred_wait_ms;
    queue.direct_wait_ms = Queue().direct_wait_ms;
    queue.select = Queue().select;
    queue.ratio_milli.reset();
    queue.place = 0;
    queue.arrivals_per_hour_milli.reset();
    queue.cost_milli = Queue().cost_milli;
    queue.cost_quadratic = false;
    queue.aht_ms = Queue().aht_ms;
    queue.aht_stated = false;
    queue.also.clear();
    queue.reserve.reset();
    queue.hours = HoursNo();
    queue.join_if.reset();
    queue.leave_if.reset();
    queue.when_left = {};
    queue.when_full.treat = TreatmentNo();
  }
  for (PolicyAgent& agent : model.agents) {
    AgentProfile old;
    old.skills = agent.profile.skills;
    old.groups = agent.profile.groups;
    old.limits = agent.profile.limits;
    agent.profile = old;
  }
  return model;
}

TEST(EncodingTest, RoundTripKeepsEveryField) {
  const Model model = Full();
  const auto decoded = Decode(Encode(model));
  ASSERT_TRUE(decoded.ok()) << decoded.status().message();
  EXPECT_EQ(decoded.value(), model);
}

TEST(EncodingTest, RoundTripOfAnEmptyModel) {
  const auto decoded = Decode(Encode(Model()));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value(), Model());
}

TEST(EncodingTest, EqualModelsGiveEqualBytes) { EXPECT_EQ(Encode(Full()), Encode(Full())); }

// The form is a fixture: journals hold it, so a change needs a new version beside this one.
TEST(EncodingTest, TheBytesOfThisVersionNeverChange) {
  Hasher hasher;
  hasher.AddText(Encode(Full()));
  EXPECT_EQ(kEncodingVersion, 2U);
  EXPECT_EQ(hasher.digest(), 8139410342898886848ULL);
}

TEST(EncodingTest, TheBytesOfVersionOneAreStillRead) {
  const auto decoded = Decode(FromHex(kFullInVersionOne));
  ASSERT_TRUE(decoded.ok()) << decoded.status().message();
  EXPECT_EQ(decoded.value(), AsOfVersionOne(Full()));
}

TEST(EncodingTest, RoundTripKeepsEveryFieldOfSteps) {
  Model model = Full();
  Widen(model.queues[0]);
  const auto decoded = Decode(Encode(model));
  ASSERT_TRUE(decoded.ok()) << decoded.status().message();
  EXPECT_EQ(decoded.value(), model);
}

TEST(EncodingTest, AConditionThatCannotBeRunIsRefused) {
  Model model = Full();
  Widen(model.queues[0]);
  model.queues[0].steps[1].when->program.pop_back();
  model.queues[0].steps[1].when->program.pop_back();
  EXPECT_FALSE(Decode(Encode(model)).ok());
}

TEST(EncodingTest, NumbersAreLittleEndianAndTheVersionComesFirst) {
  const std::string bytes = Encode(Full());
  EXPECT_EQ(bytes.substr(0, 4), std::string("\x02\0\0\0", 4));
  EXPECT_EQ(bytes.substr(4, 8), "\x08\x07\x06\x05\x04\x03\x02\x01");
}

TEST(EncodingTest, TruncationAtEveryByteIsRefused) {
  const std::string bytes = Encode(Full());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    // A copy of exactly that size: a sanitizer sees any read beyond it.
    const std::string cut(bytes.data(), size);
    const auto decoded = Decode(cut);
    ASSERT_FALSE(decoded.ok()) << "at " << size;
    EXPECT_EQ(decoded.status().code(), Code::kInvalidArgument);
  }
}

TEST(EncodingTest, TrailingBytesAreRefused) {
  const auto decoded = Decode(Encode(Full()) + '\0');
  ASSERT_FALSE(decoded.ok());
  EXPECT_EQ(decoded.status().code(), Code::kInvalidArgument);
  EXPECT_NE(decoded.status().message().find("after"), std::string::npos);
}

TEST(EncodingTest, AnotherVersionIsRefusedAndNamed) {
  std::string bytes = Encode(Full());
  bytes[0] = 9;
  const auto decoded = Decode(bytes);
  ASSERT_FALSE(decoded.ok());
  EXPECT_NE(decoded.status().message().find("version 9"), std::string::npos);
}

bool IsReadWith(const std::function<void(Model&)>& change) {
  Model model = Full();
  change(model);
  return Decode(Encode(model)).ok();
}

// What breaks the model's own rules is refused even when its layout is right.
TEST(EncodingTest, BrokenRulesAreRefused) {
  const std::vector<std::pair<const char*, std::function<void(Model&)>>> broken = {
      {"no such treatment", [](Model& m) { m.queues[0].when_waited.treat = TreatmentNo(2); }},
      {"overflow to no queue", [](Model& m) { m.queues[1].when_full.overflow = QueueNo(2); }},
      {"units 0", [](Model& m) { m.channels[0].units = 0; }},
      {"units 101", [](Model& m) { m.channels[0].units = 101; }},
      {"max_per_agent 17", [](Model& m) { m.channels[0].max_per_agent = 17; }},
      {"negative span", [](Model& m) { m.channels[0].offer_ms = -1; }},
      {"span beyond the limit", [](Model& m) { m.agent_grace_ms = limits::kMaxSpanMs + 1; }},
      {"wrap-up mode", [](Model& m) { m.channels[0].wrap_up.mode = static_cast<WrapUpMode>(5); }},
      {"accept_by", [](Model& m) { m.channels[0].accept_by = static_cast<AcceptBy>(3); }},
      {"queue mode", [](Model& m) { m.queues[0].mode = static_cast<QueueMode>(3); }},
      {"priority", [](Model& m) { m.queues[0].priority = 1'001; }},
      {"acceleration", [](Model& m) { m.queues[0].acceleration_milli = -1; }},
      {"percent", [](Model& m) { m.queues[0].service_level_percent = 101; }},
      {"unknown group", [](Model& m) { m.queues[0].groups[1] = GroupNo(2); }},
      {"no group", [](Model& m) { m.queues[0].groups[1] = GroupNo(); }},
      {"groups out of order",
       [](Model& m) { std::swap(m.queues[0].groups[0], m.queues[0].groups[1]); }},
      {"unknown skill", [](Model& m) { m.queues[0].requirements.any[0].skill = SkillNo(3); }},
      {"level 0", [](Model& m) { m.queues[0].requirements.any[0].level = 0; }},
      {"level 11", [](Model& m) { m.agents[0].profile.skills[1].level = 11; }},
      {"skill twice",
       [](Model& m) {
         m.agents[0].profile.skills[1] = {SkillNo(0), 5};
       }},
      {"unknown channel", [](Model& m) { m.agents[0].profile.limits[0].channel = ChannelNo(2); }},
      {"last agent for no time", [](Model& m) { m.queues[1].last_agent.wait_ms = 0; }},
      {"race of one", [](Model& m) { m.queues[1].offer.most = 1; }},
      {"race of 65", [](Model& m) { m.queues[1].offer.most = 65; }},
      {"one more at no time", [](Model& m) { m.queues[0].offer.every_ms = 0; }},
      {"rank 0", [](Model& m) { m.profiles[1].queues[0].rank = 0; }},
      {"rank 101", [](Model& m) { m.profiles[1].queues[0].rank = 101; }},
      {"negative delay", [](Model& m) { m.profiles[1].queues[0].delay_ms = -1; }},
      {"unknown queue", [](Model& m) { m.profiles[1].queues[1].queue = QueueNo(2); }},
      {"queue twice in a profile", [](Model& m) { m.profiles[1].queues[1].queue = QueueNo(0); }},
      {"unknown profile", [](Model& m) { m.agents[0].profile.profile = ProfileNo(2); }},
      {"select by a word unknown",
       [](Model& m) { m.queues[0].select[0].by = static_cast<SelectBy>(16); }},
      {"attribute of no attribute key",
       [](Model& m) { m.queues[0].select[0].by = SelectBy::kRandom; }},
      {"unknown attribute", [](Model& m) { m.queues[0].select[0].attribute = AttributeNo(1); }},
      {"too many keys", [](Model& m) { m.queues[0].select.resize(limits::kMaxSelectKeys + 1); }},
      {"primary queue unknown",
       [](Model& m) { m.agents[0].profile.primary_queues[1] = QueueNo(2); }},
      {"primary skill unknown",
       [](Model& m) { m.agents[0].profile.primary_skills[0] = SkillNo(3); }},
      {"tier", [](Model& m) { m.agents[0].profile.listings[0].tier = 1'001; }},
      {"order", [](Model& m) { m.order = static_cast<Order>(4); }},
      {"ratio", [](Model& m) { m.queues[0].ratio_milli = 1'001; }},
      {"place", [](Model& m) { m.queues[0].place = limits::kMaxQueues; }},
      {"arrival rate", [](Model& m) { m.queues[0].arrivals_per_hour_milli = -1; }},
      {"cost of waiting", [](Model& m) { m.queues[0].cost_milli = -1; }},
      {"aht", [](Model& m) { m.queues[0].aht_ms = 0; }},
      {"cost", [](Model& m) { m.agents[0].profile.cost = -1; }},
      {"weight 0", [](Model& m) { m.agents[0].profile.weight = 0; }},
      {"attribute value",
       [](Model& m) { m.agents[0].profile.attributes[0].value = 2'000'000'000; }},
      {"idle_since", [](Model& m) { m.idle_since = static_cast<IdleSince>(3); }},
      {"agents out of order", [](Model& m) { std::swap(m.agents[0], m.agents[1]); }},
      {"agent twice", [](Model& m) { m.agents[1].id = "anna"; }},
      {"unknown rona", [](Model& m) { m.rona = ReasonNo(2); }},
      {"no open offer", [](Model& m) { m.max_open_offers = 0; }},
      {"long name", [](Model& m) { m.queues[0].name.assign(limits::kMaxNameBytes + 1, 'x'); }},
      {"too many channels", [](Model& m) { m.channels.resize(limits::kMaxChannels + 1, Voice()); }},
  };
  for (const auto& [what, breaks] : broken) EXPECT_FALSE(IsReadWith(breaks)) << what;
}

TEST(EncodingTest, ContactAttributesThatCannotBeAreRefused) {
  const std::string long_name(limits::kMaxAttributeKeyBytes + 1, 'x');
  const std::vector<std::vector<ContactAttribute>> broken = {{{"tier", false}, {"account", true}},
                                                             {{"tier", false}, {"tier", true}},
                                                             {{"", false}},
                                                             {{"account number", false}},
                                                             {{long_name, false}}};
  for (const std::vector<ContactAttribute>& attributes : broken) {
    EXPECT_FALSE(IsReadWith([&](Model& m) { m.contact_attributes = attributes; }))
        << attributes.front().name;
  }
  std::vector<ContactAttribute> most;
  for (std::size_t i = 0; i < limits::kMaxContactAttributes; ++i) {
    most.push_back({"a" + std::to_string(1'000 + i)});
  }
  EXPECT_TRUE(IsReadWith([&](Model& m) { m.contact_attributes = most; }));
  most.push_back({"b"});
  EXPECT_FALSE(IsReadWith([&](Model& m) { m.contact_attributes = most; }));
}

TEST(EncodingTest, FurtherQueuesThatCannotBeAreRefused) {
  const std::vector<std::vector<QueueNo>> broken = {
      {QueueNo(2)}, {QueueNo(0)}, {QueueNo(1), QueueNo(1)}};
  for (const std::vector<QueueNo>& also : broken) {
    Model model = Full();
    model.queues[0].also = also;
    EXPECT_FALSE(Decode(Encode(model)).ok()) << also.front().value;
  }
}

TEST(EncodingTest, AnOverLongCountIsRefusedBeforeItIsAllocated) {
  std::string bytes = Encode(Model());
  constexpr std::size_t kChannelCountAt = 4 + 8;
  for (std::size_t i = 0; i < 4; ++i) bytes[kChannelCountAt + i] = '\xff';
  EXPECT_FALSE(Decode(bytes).ok());
}

// Whatever one damaged byte does, the answer is a refusal or a model that says what was read:
// encoding it again gives the damaged bytes.
TEST(EncodingTest, DamagedBytesAreRefusedOrReadAsWritten) {
  const std::string bytes = Encode(Full());
  std::mt19937_64 random(20240611);
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = bytes;
    const int flips = 1 + static_cast<int>(random() % 4);
    for (int i = 0; i < flips; ++i) {
      damaged[random() % damaged.size()] = static_cast<char>(random() & 0xff);
    }
    const auto decoded = Decode(damaged);
    if (decoded.ok()) {
      ASSERT_EQ(Encode(decoded.value()), damaged) << "round " << round;
    }
  }
}

TEST(EncodingTest, RandomBytesAreRefused) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2'000; ++round) {
    std::string bytes(random() % 200, '\0');
    for (char& c : bytes) c = static_cast<char>(random() & 0xff);
    if (bytes.size() >= 4) bytes.replace(0, 4, std::string("\x02\0\0\0", 4));
    EXPECT_FALSE(Decode(bytes).ok());
  }
}

}  // namespace
}  // namespace routerd::model
