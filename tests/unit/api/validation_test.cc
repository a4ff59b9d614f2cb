// What is refused before the engine hears of it, and how the client is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <map>

#include "routerd/api/prepare.h"
#include "routerd/api/words.h"
#include "routerd/base/limits.h"

namespace routerd::api {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Scope kUnary{engine::Role::kGateway, "default", {}, {}, {}};
const Scope kSession{engine::Role::kGateway, "default", "pbx", "pbx", "s-1"};

template <typename Request>
Status StatusOf(const Request& request, const Scope& scope = kUnary) {
  return Prepare(request, scope).first;
}

// Paths of the fields that are wrong.
template <typename Request>
std::vector<std::string> Wrong(Request request) {
  request.mutable_header()->set_client("pbx");
  const Status status = StatusOf(request);
  EXPECT_TRUE(status.ok() || status.code() == Code::kInvalidArgument) << status.message();
  EXPECT_EQ(status.reason(), status.ok() ? "" : "invalid_field");
  std::vector<std::string> fields;
  for (const FieldViolation& violation : status.violations()) fields.push_back(violation.field);
  return fields;
}

v1::ArriveRequest GoodArrival() {
  v1::ArriveRequest request;
  request.mutable_header()->set_client("pbx");
  request.set_contact_id("call-1");
  request.set_channel("voice");
  request.set_queue("sales");
  return request;
}

TEST(Validation, EverythingWrongIsNamedAtOnce) {
  v1::ArriveRequest request;
  request.set_priority(1001);
  request.add_skills()->set_min_level(11);
  (*request.mutable_attributes())["no blanks"] = "x";
  request.set_customer_key(std::string(limits::kMaxCustomerKeyBytes + 1, 'k'));
  request.set_not_before_unix_ms(-1);
  request.set_age_credit_ms(limits::kMaxSpanMs + 1);
  EXPECT_THAT(Wrong(request), ElementsAre("contact_id", "channel", "destination", "priority",
                                          "customer_key", "not_before_unix_ms", "age_credit_ms",
                                          "skills[0].skill", "skills[0].min_level", "attributes"));
}

TEST(Validation, AtMostTwentyFieldsAreNamed) {
  v1::ReconcileRequest request;
  for (int i = 0; i < 30; ++i) request.add_kept("");
  EXPECT_EQ(Wrong(request).size(), kMaxViolations);
}

TEST(Validation, LimitsThemselvesArePassed) {
  v1::ArriveRequest request = GoodArrival();
  request.set_contact_id(std::string(limits::kMaxIdBytes, 'c'));
  request.set_priority(limits::kMinPriority);
  for (std::size_t i = 0; i < limits::kMaxRequirements; ++i) {
    auto* skill = request.add_skills();
    skill->set_skill("s" + std::to_string(i));
    skill->set_min_level(limits::kMaxSkillLevel);
  }
  for (std::size_t i = 0; i < limits::kMaxAttributes; ++i) {
    (*request.mutable_attributes())["k" + std::to_string(i)] = "v";
  }
  EXPECT_THAT(Wrong(request), IsEmpty());
  request.add_skills()->set_skill("one too many");
  (*request.mutable_attributes())["one.too-many"] = "v";
  EXPECT_THAT(Wrong(request), ElementsAre("skills", "attributes"));
}

TEST(Validation, AttributesCountInBytesToo) {
  v1::ArriveRequest request = GoodArrival();
  (*request.mutable_attributes())["k"] = std::string(limits::kMaxAttributeBytes - 1, 'v');
  EXPECT_THAT(Wrong(request), IsEmpty());
  (*request.mutable_attributes())["l"] = "v";
  EXPECT_THAT(Wrong(request), ElementsAre("attributes"));
}

Status StatusOfAttributes(const std::map<std::string, std::string>& attributes) {
  v1::ArriveRequest request = GoodArrival();
  request.mutable_attributes()->insert(attributes.begin(), attributes.end());
  return StatusOf(request);
}

TEST(Validation, ACardNumberIsRefusedAndNotRepeated) {
  const Status status =
      StatusOfAttributes({{"note", "pays with 4917 0000 0000 0004"}, {"tier", "gold"}});
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.reason(), "card_number");
  ASSERT_EQ(status.violations().size(), 1U);
  EXPECT_EQ(status.violations()[0].field, "attributes[note]");
  EXPECT_EQ(status.message().find("4917"), std::string::npos);
  EXPECT_EQ(status.violations()[0].description.find("4917"), std::string::npos);
  v1::UpdateContactRequest update;
  update.mutable_header()->set_client("pbx");
  update.set_contact_id("call-1");
  (*update.mutable_attributes()->mutable_attributes())["note"] = "4917000000000004";
  EXPECT_EQ(StatusOf(update).reason(), "card_number");
  EXPECT_EQ(StatusOf(update).violations().at(0).field, "attributes.attributes[note]");
}

TEST(Validation, ACardNumberIsNamedBeforeWhatElseIsWrong) {
  std::map<std::string, std::string> attributes = {{"no blanks", "4917000000000004"},
                                                   {"z", "\xff"}};
  const Status two = StatusOfAttributes(attributes);
  EXPECT_EQ(two.reason(), "card_number");
  ASSERT_EQ(two.violations().size(), 3U);
  EXPECT_EQ(two.violations()[0].field, "attributes") << "what is no key is not repeated either";
  EXPECT_EQ(two.violations()[2].field, "attributes[z]");
  for (int i = 0; i < 30; ++i) attributes["k" + std::to_string(i)] = "4917000000000004";
  const Status many = StatusOfAttributes(attributes);
  EXPECT_EQ(many.reason(), "card_number");
  EXPECT_EQ(many.violations().size(), kMaxViolations);
}

// Customer numbers of 16 digits are common, and an id is not free to be another.
TEST(Validation, AnIdOrACustomerKeyMayLookLikeACardNumber) {
  v1::ArriveRequest request = GoodArrival();
  request.set_contact_id("4917000000000004");
  request.set_customer_key("4917000000000004");
  request.set_related_contact("4917000000000004");
  EXPECT_THAT(Wrong(request), IsEmpty());
}

TEST(Validation, ContactIdsArePrintableAscii) {
  v1::ArriveRequest request = GoodArrival();
  for (const char* id : {"caf\xc3\xa9", "a\tb", " a", "a "}) {
    request.set_contact_id(id);
    EXPECT_THAT(Wrong(request), ElementsAre("contact_id")) << id;
  }
  request.set_contact_id("a b/c:d@e");
  EXPECT_THAT(Wrong(request), IsEmpty());
}

TEST(Validation, NamesAreUtf8WithoutControlCharacters) {
  v1::ArriveRequest request = GoodArrival();
  request.set_queue("\xc3\xbc\x62ung");
  EXPECT_THAT(Wrong(request), IsEmpty());
  request.set_queue("a\nb");
  EXPECT_THAT(Wrong(request), ElementsAre("queue"));
}

TEST(Validation, Utf8IsCheckedByTheLetter) {
  EXPECT_TRUE(IsUtf8("plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"));
  EXPECT_FALSE(IsUtf8("\xc3"));              // cut short
  EXPECT_FALSE(IsUtf8("\xc0\xaf"));          // overlong
  EXPECT_FALSE(IsUtf8("\xed\xa0\x80"));      // surrogate
  EXPECT_FALSE(IsUtf8("\xf4\x90\x80\x80"));  // beyond Unicode
  EXPECT_FALSE(IsUtf8("\xff"));
  EXPECT_FALSE(IsUtf8("\x80"));
}

TEST(Validation, ASkillIsNamedOnce) {
  v1::ArriveRequest request = GoodArrival();
  request.add_skills()->set_skill("english");
  request.add_skills()->set_skill("english");
  EXPECT_THAT(Wrong(request), ElementsAre("skills[1].skill"));
}

TEST(Validation, AnAgentsSkillNeedsALevel) {
  v1::LogInRequest request;
  request.set_agent_id("ann");
  request.add_channels()->set_channel("voice");
  request.mutable_skills()->add_skills()->set_skill("english");
  EXPECT_THAT(Wrong(request), ElementsAre("skills.skills[0].level"));
}

TEST(Validation, LogInNeedsChannelsEachOnce) {
  v1::LogInRequest request;
  request.set_agent_id("ann");
  EXPECT_THAT(Wrong(request), ElementsAre("channels"));
  request.add_channels()->set_channel("voice");
  request.add_channels()->set_channel("voice");
  request.mutable_channels(1)->set_endpoint(std::string(limits::kMaxEndpointBytes + 1, 'e'));
  EXPECT_THAT(Wrong(request), ElementsAre("channels[1].endpoint", "channels[1].channel"));
}

TEST(Validation, WordsThatAreNotAllowedHereAreRefused) {
  v1::WithdrawContactRequest withdraw;
  withdraw.set_contact_id("c");
  EXPECT_THAT(Wrong(withdraw), ElementsAre("reason"));
  withdraw.set_reason(v1::END_REASON_GATEWAY_LOST);
  EXPECT_THAT(Wrong(withdraw), ElementsAre("reason"));
  v1::ReportConnectFailedRequest failed;
  failed.set_contact_id("c");
  failed.set_offer_id("1-2-3");
  EXPECT_THAT(Wrong(failed), ElementsAre("cause"));
  failed.set_cause(v1::CONNECT_FAILED_CAUSE_TIMEOUT);
  EXPECT_THAT(Wrong(failed), ElementsAre("cause"));
  failed.set_cause(static_cast<v1::ConnectFailedCause>(99));
  EXPECT_THAT(Wrong(failed), ElementsAre("cause"));
  v1::SetQueueModeRequest mode;
  mode.set_queue("sales");
  EXPECT_THAT(Wrong(mode), ElementsAre("mode"));
  mode.set_mode(v1::QUEUE_MODE_OPEN);
  mode.set_from_policy(true);
  EXPECT_THAT(Wrong(mode), ElementsAre("mode"));
  v1::SetAgentSkillsRequest skills;
  skills.set_agent_id("ann");
  skills.set_from_policy(true);
  auto* english = skills.add_skills();
  english->set_skill("english");
  english->set_level(2);
  EXPECT_THAT(Wrong(skills), ElementsAre("skills"));
  skills.clear_skills();
  skills.mutable_duration()->set_seconds(60);
  EXPECT_THAT(Wrong(skills), ElementsAre("duration")) << "what is cleared does not last";
  skills.clear_from_policy();
  skills.mutable_duration()->set_seconds(0);
  EXPECT_THAT(Wrong(skills), ElementsAre("duration"));
  skills.mutable_duration()->set_seconds(400LL * 24 * 3600 + 1);
  EXPECT_THAT(Wrong(skills), ElementsAre("duration"));
  skills.mutable_duration()->set_seconds(std::numeric_limits<std::int64_t>::max());
  EXPECT_THAT(Wrong(skills), ElementsAre("duration"));
  skills.mutable_duration()->set_seconds(400LL * 24 * 3600);
  EXPECT_THAT(Wrong(skills), testing::IsEmpty());
  v1::SetPresenceRequest presence;
  presence.set_agent_id("ann");
  presence.set_presence(v1::AGENT_PRESENCE_NOT_RESPONDING);
  EXPECT_THAT(Wrong(presence), ElementsAre("presence"));
  presence.set_presence(v1::AGENT_PRESENCE_READY);
  presence.set_reason("lunch");
  EXPECT_THAT(Wrong(presence), ElementsAre("reason"));
}

TEST(Validation, OfferIdsHaveOneForm) {
  for (const char* text : {"", "7", "7-1", "7-1-", "-1-2-3", "7-1-0x", "7-1-0-1", "0-1-0", " 7-1-0",
                           "99999999999-1-0"}) {
    EXPECT_FALSE(ParseOffer(text)) << text;
  }
  const OfferId offer{{4'294'967'295, 18'446'744'073'709'551'615ULL}, 12};
  EXPECT_EQ(ParseOffer(OfferText(offer)), offer);
  EXPECT_EQ(CursorText({{3, 12}, ~0U}), "3-12-4294967295");
  const std::optional<engine::EventCursor> cursor = ParseCursor("3-12-4294967295");
  ASSERT_TRUE(cursor);
  EXPECT_EQ(cursor->at, (Position{3, 12}));
  EXPECT_EQ(cursor->index, ~0U);
  EXPECT_FALSE(ParseCursor("3-12-4294967296"));
  EXPECT_FALSE(ParseCursor("3-12"));
  EXPECT_EQ(OfferText({}), "");
}

TEST(Validation, AgentsWhomAContactAsksForAreNamedOnceAndWithinLimits) {
  v1::ArriveRequest arrive = GoodArrival();
  arrive.set_direct_agent("ann");
  arrive.set_direct_wait_ms(0);
  for (int i = 0; i < 8; ++i) {
    v1::PreferredAgent* agent = arrive.add_preferred_agents();
    agent->set_agent_id("a" + std::to_string(i));
    agent->set_score(100);
  }
  arrive.set_preferred_wait_ms(30'000);
  EXPECT_TRUE(StatusOf(arrive).ok()) << StatusOf(arrive).message();
  arrive.mutable_preferred_agents(3)->set_agent_id("a1");
  EXPECT_FALSE(StatusOf(arrive).ok());
  arrive.mutable_preferred_agents(3)->set_agent_id("a3");
  arrive.mutable_preferred_agents(3)->set_score(101);
  EXPECT_FALSE(StatusOf(arrive).ok());
  arrive.mutable_preferred_agents(3)->set_score(1);
  arrive.set_preferred_wait_ms(-1);
  EXPECT_FALSE(StatusOf(arrive).ok());
  arrive.clear_preferred_wait_ms();
  arrive.add_preferred_agents()->set_agent_id("one too many");
  EXPECT_FALSE(StatusOf(arrive).ok());
}

TEST(Validation, FurtherQueuesAreNamedOnceAndWithinLimits) {
  v1::ArriveRequest arrive = GoodArrival();
  for (const char* queue : {"b", "c", "d", "e"}) arrive.add_also_queues(queue);
  EXPECT_TRUE(StatusOf(arrive).ok()) << StatusOf(arrive).message();
  arrive.set_also_queues(3, "b");
  EXPECT_FALSE(StatusOf(arrive).ok());
  arrive.set_also_queues(3, arrive.queue());
  EXPECT_FALSE(StatusOf(arrive).ok());
  arrive.set_also_queues(3, "");
  EXPECT_FALSE(StatusOf(arrive).ok());
  arrive.set_also_queues(3, "e");
  arrive.add_also_queues("one too many");
  EXPECT_FALSE(StatusOf(arrive).ok());
}

TEST(Validation, WhatIsNotDoneYetIsSaidSo) {
  v1::ArriveRequest arrive = GoodArrival();
  arrive.set_entry_point("main");
  EXPECT_EQ(StatusOf(arrive).code(), Code::kUnimplemented);
  EXPECT_EQ(StatusOf(arrive).reason(), "not_implemented");
  v1::TransferContactRequest transfer;
  transfer.mutable_header()->set_client("pbx");
  transfer.set_contact_id("c");
  transfer.mutable_target()->set_agent_id("ann");
  EXPECT_TRUE(StatusOf(transfer).ok());
  transfer.clear_target();
  EXPECT_EQ(StatusOf(transfer).code(), Code::kInvalidArgument);
}

TEST(Validation, AConsultIsWithAQueueOrAnAgent) {
  v1::StartConsultRequest start;
  start.mutable_header()->set_client("pbx");
  start.set_contact_id("c");
  start.mutable_target()->set_queue("help");
  EXPECT_EQ(StatusOf(start).code(), Code::kInvalidArgument) << "without an id of its own";
  start.set_consult_contact_id("d");
  EXPECT_TRUE(StatusOf(start).ok());
  start.set_asking_agent_id(std::string(300, 'a'));
  EXPECT_EQ(StatusOf(start).violations().at(0).field, "asking_agent_id");
  start.set_asking_agent_id("anna");
  EXPECT_TRUE(StatusOf(start).ok());
  start.mutable_target()->set_gateway("pbx-2");
  EXPECT_EQ(StatusOf(start).code(), Code::kInvalidArgument);
}

TEST(Validation, ATreatmentIsNamedByItsId) {
  v1::ReportTreatmentDoneRequest done;
  done.mutable_header()->set_client("pbx");
  done.set_contact_id("c");
  EXPECT_EQ(StatusOf(done).violations().at(0).field, "treatment_id");
  done.set_treatment_id("sorry");
  EXPECT_EQ(StatusOf(done).code(), Code::kInvalidArgument);
  done.set_treatment_id("7-12-0");
  EXPECT_TRUE(StatusOf(done).ok());
}

TEST(Header, AUnaryCommandNamesItsClient) {
  v1::ArriveRequest request = GoodArrival();
  request.clear_header();
  const Status status = StatusOf(request);
  EXPECT_EQ(status.violations().at(0).field, "header.client");
}

TEST(Header, TheDomainIsTheRoutersOwn) {
  v1::ArriveRequest request = GoodArrival();
  request.mutable_header()->set_domain("elsewhere");
  EXPECT_EQ(StatusOf(request).code(), Code::kNotFound);
  EXPECT_EQ(StatusOf(request).reason(), "unknown_domain");
  request.mutable_header()->set_domain("default");
  EXPECT_TRUE(StatusOf(request).ok());
  EXPECT_FALSE(CheckDomain("", "berlin").ok());
  EXPECT_TRUE(CheckDomain("berlin", "berlin").ok());
}

TEST(Header, InASessionHelloHasSaidItAll) {
  v1::ArriveRequest request = GoodArrival();
  request.clear_header();
  EXPECT_EQ(StatusOf(request, kSession).violations().at(0).field, "header.request_id");
  request.mutable_header()->set_request_id("r");
  EXPECT_TRUE(StatusOf(request, kSession).ok());
  request.mutable_header()->set_client("another");
  EXPECT_EQ(StatusOf(request, kSession).violations().at(0).field, "header.client");
  request.mutable_header()->set_client("pbx");
  EXPECT_TRUE(StatusOf(request, kSession).ok());
  request.mutable_header()->set_domain("elsewhere");
  EXPECT_EQ(StatusOf(request, kSession).reason(), "unknown_domain");
}

TEST(Header, RequestIdAndActorHaveLimits) {
  v1::ArriveRequest request = GoodArrival();
  request.mutable_header()->set_request_id(std::string(limits::kMaxRequestIdBytes + 1, 'r'));
  request.mutable_header()->set_actor(std::string(limits::kMaxIdBytes + 1, 'a'));
  EXPECT_THAT(Wrong(request), ElementsAre("header.request_id", "header.actor"));
}

}  // namespace
}  // namespace routerd::api
