#include "routerd/engine/record_codec.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>
#include <vector>

#include "routerd/engine/record_note.h"
#include "tests/unit/engine/test_model.h"

namespace routerd::engine {
namespace {

std::string Encoded(const core::Event& event) {
  std::string out;
  EncodeEvent(event, out);
  return out;
}

std::shared_ptr<const model::Calendar> TestCalendar() {
  auto calendar = std::make_shared<model::Calendar>();
  calendar->tzdata = "2025b";
  calendar->until_unix_ms = 1'800'000'000'000;
  calendar->hours = {{true, {1'767'600'000'000, 1'767'632'400'000}}, {false, {}}};
  return calendar;
}

model::AgentProfile FullProfile() {
  return {{{SkillNo(0), 8}},
          {GroupNo(4)},
          {{ChannelNo(1), 0}},
          ProfileNo(3),
          {QueueNo(2)},
          {SkillNo(5)},
          {{QueueNo(7), 4, 2}},
          {{AttributeNo(1), -9}},
          12,
          3,
          {{ChannelNo(1), true}},
          {{ChannelNo(1), 30}},
          model::WrapUp{model::WrapUpMode::kTimed, 9'000, false, 60'000},
          {{LabelNo(3), 2}}};
}

// One of each kind, with every optional there and not.
std::vector<core::Event> Events() {
  const OfferId offer{{3, 1ULL << 40}, 2};
  const ContactNo contact(0x1234'5678'9abc'def0ULL);
  model::Requirements needs;
  needs.all = {{SkillNo(1), 5}, {SkillNo(70'000), 10}};
  needs.none = {{SkillNo(2), 1}};
  const model::AgentProfile profile = FullProfile();
  return {
      core::ContactArrives{QueueNo(7),
                           ChannelNo(1),
                           GatewayNo(2),
                           true,
                           -5,
                           needs,
                           -1'000,
                           60'000,
                           AgentNo(4),
                           {{AgentNo(5), 100}, {AgentNo(6), 0}},
                           AgentNo(7),
                           30'000,
                           {QueueNo(3), QueueNo(1)}},
      core::ContactArrives{
          QueueNo(7), ChannelNo(1), GatewayNo(2), false, {}, {}, 0, 0, {}, {}, {}, {}},
      core::ContactUpdated{contact, 3, needs, 9},
      core::ContactUpdated{contact, {}, {}, {}},
      core::ContactTransferred{contact, QueueNo(1), 4, needs},
      core::ContactTransferred{contact, QueueNo(1), {}, {}},
      core::ContactTransferred{contact, QueueNo(1), {}, {}, AgentNo(3), 5'000},
      core::CallbackRequested{contact, 60'000},
      core::ConsultStarts{contact, QueueNo(1), -3, needs, AgentNo(3), 0, AgentNo(2)},
      core::ConsultCompletes{contact},
      core::ConsultJoins{contact},
      core::ConsultCanceled{contact},
      core::HolderLeaves{contact, AgentNo(3)},
      core::ContactInactive{contact, false},
      core::TreatmentDone{contact, offer},
      core::ContactEnds{contact, core::ContactState::kWithdrawn, core::EndReason::kGatewayWithdrew},
      core::ContactEnds{contact, core::ContactState::kAbandoned, core::EndReason::kCustomerLeft,
                        model::WrapUp{model::WrapUpMode::kTimed, 7'000}},
      core::ContactConnected{contact, offer},
      core::ContactConnectFailed{contact, core::ConnectFailure::kBusy, offer},
      core::ContactHeld{contact, false},
      core::OfferAccepted{offer},
      core::OfferRejected{offer},
      core::AgentLogsIn{AgentNo(9), profile, true, 5, true, ReasonNo(1)},
      core::AgentSetsPresence{AgentNo(9), false, ReasonNo(), 3},
      core::AgentBusyElsewhere{AgentNo(9), ChannelNo(0), true},
      core::AgentEndsWrapUp{AgentNo(9), contact},
      core::AgentLogsOut{AgentNo(9)},
      core::AgentSkillsSet{AgentNo(9), profile, false},
      core::AgentConnection{AgentNo(9), true},
      core::GatewayConnection{GatewayNo(1), true},
      core::QueueModeSet{QueueNo(2), model::QueueMode::kEmergency},
      core::QueueModeSet{QueueNo(2), std::nullopt},
      core::AgentExtendsWrapUp{AgentNo(9), contact, 15'000},
      core::PolicySwapped{SharedTestModel(2), {}, TestCalendar()},
      core::CalendarSet{TestCalendar()},
      core::WallClockMoved{-3'600'000},
      core::QueueMoved{QueueNo(1), QueueNo(2)},
      core::RouterRestarted{},
      core::PolicySwapped{SharedTestModel(2), {AgentNo(0), AgentNo(), AgentNo(5)}},
  };
}

TEST(RecordCodecTest, EveryKindOfEventComesBackAsItWas) {
  std::vector<bool> seen(std::variant_size_v<core::Event>);
  for (const core::Event& event : Events()) {
    seen[event.index()] = true;
    const std::string bytes = Encoded(event);
    const Result<core::Event> decoded = DecodeEvent(bytes);
    ASSERT_TRUE(decoded.ok()) << event.index();
    EXPECT_EQ(decoded.value().index(), event.index());
    EXPECT_EQ(Encoded(decoded.value()), bytes) << event.index();
  }
  for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_TRUE(seen[i]) << "no event of kind " << i;
}

TEST(RecordCodecTest, FieldsComeBackAsTheyWere) {
  const auto arrives = std::get<core::ContactArrives>(DecodeEvent(Encoded(Events()[0])).value());
  EXPECT_EQ(arrives.queue, QueueNo(7));
  EXPECT_EQ(arrives.priority, -5);
  EXPECT_EQ(arrives.requirements.all[1], (model::SkillLevel{SkillNo(70'000), 10}));
  EXPECT_EQ(arrives.credit_ms, -1'000);
  const auto swapped = std::get<core::PolicySwapped>(DecodeEvent(Encoded(Events().back())).value());
  EXPECT_EQ(*swapped.model, TestModel(2));
  EXPECT_EQ(swapped.agents[2], AgentNo(5));
}

// The bytes are a contract with journals that exist: they change only with a new version.
TEST(RecordCodecTest, TheBytesAreWrittenDown) {
  const std::string bytes = Encoded(core::OfferAccepted{{{3, 258}, 2}});
  EXPECT_EQ(bytes, std::string("\x02\x08"
                               "\x03\x00\x00\x00"
                               "\x02\x01\x00\x00\x00\x00\x00\x00"
                               "\x02\x00\x00\x00",
                               18));
  EXPECT_EQ(Encoded(core::RouterRestarted{}), "\x02\x20");
}

// A journal written before contacts could ask for agents.
TEST(RecordCodecTest, ReadsAnArrivalOfTheFirstVersion) {
  const core::ContactArrives arrival{QueueNo(7), ChannelNo(1), GatewayNo(2), true, -5, {},
                                     -1'000,     60'000,       {},           {},   {}, {}};
  std::string bytes = Encoded(arrival);
  bytes[0] = 1;
  bytes.resize(bytes.size() - 4 - 4 - 4 - 1 - 4);
  const Result<core::Event> decoded = DecodeEvent(bytes);
  ASSERT_TRUE(decoded.ok());
  const auto& read = std::get<core::ContactArrives>(decoded.value());
  EXPECT_EQ(read.priority, -5);
  EXPECT_EQ(read.delay_ms, 60'000);
  EXPECT_FALSE(read.direct.valid());
  EXPECT_FALSE(read.last_agent.valid());
}

// A journal written before there were routing profiles is read as one without.
TEST(RecordCodecTest, ReadsTheFirstVersion) {
  std::string bytes = Encoded(core::AgentSkillsSet{AgentNo(9), {}, true});
  bytes[0] = 1;
  bytes.erase(2 + 4 + 12, 4 + 4 * 4 + 1 + 4 + 4 + 4 + 1 + 4);
  const Result<core::Event> decoded = DecodeEvent(bytes);
  ASSERT_TRUE(decoded.ok());
  const auto& set = std::get<core::AgentSkillsSet>(decoded.value());
  EXPECT_EQ(set.agent, AgentNo(9));
  EXPECT_EQ(set.profile, model::AgentProfile());
  EXPECT_TRUE(set.own_skills);
}

// A journal written before wrap-ups said whether they hold room.
TEST(RecordCodecTest, ReadsAWrapUpOfTheFirstVersion) {
  std::string bytes = Encoded(core::ContactEnds{
      ContactNo(7), core::ContactState::kAbandoned, core::EndReason::kCustomerLeft,
      model::WrapUp{model::WrapUpMode::kOptional, 7'000}});
  bytes[0] = 1;
  bytes.resize(bytes.size() - 1 - 8);
  const Result<core::Event> decoded = DecodeEvent(bytes);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(std::get<core::ContactEnds>(decoded.value()).wrap_up,
            (model::WrapUp{model::WrapUpMode::kOptional, 7'000, false}));
}

TEST(RecordCodecTest, RefusesWhatItDidNotWrite) {
  for (const core::Event& event : Events()) {
    const std::string bytes = Encoded(event);
    for (std::size_t n = 0; n < bytes.size(); ++n) {
      EXPECT_FALSE(DecodeEvent(std::string_view(bytes).substr(0, n)).ok());
    }
    EXPECT_FALSE(DecodeEvent(bytes + '\0').ok());
  }
  EXPECT_FALSE(DecodeEvent("\x03\x08").ok()) << "another version";
  EXPECT_FALSE(DecodeEvent(std::string("\x02\x00", 2)).ok()) << "no such kind";
  EXPECT_FALSE(DecodeEvent("\x02\x7f").ok()) << "no such kind";
}

// Whatever the bytes are, reading ends, within them, and gives an event or a refusal.
TEST(RecordCodecTest, SurvivesEveryChangedByte) {
  for (const core::Event& event : Events()) {
    const std::string bytes = Encoded(event);
    if (bytes.size() > 200) continue;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      for (const int bit : {0x01, 0x80, 0xff}) {
        std::string changed = bytes;
        changed[i] = static_cast<char>(changed[i] ^ bit);
        const Result<core::Event> decoded = DecodeEvent(changed);
        if (decoded.ok()) {
          EXPECT_EQ(Encoded(decoded.value()), changed);
        }
      }
    }
  }
}

TEST(RecordCodecTest, ClockAndStartComeBackAsTheyWere) {
  std::string clock;
  EncodeClock(-3'600'000, clock);
  EXPECT_EQ(DecodeClock(clock).value(), -3'600'000);
  EXPECT_FALSE(DecodeClock("").ok());
  std::string start;
  EncodeStart({7, SharedTestModel()}, start);
  const Result<StartRecord> decoded = DecodeStart(start);
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded.value().rules_version, 7U);
  EXPECT_EQ(*decoded.value().model, TestModel());
  EXPECT_FALSE(DecodeStart(start + "x").ok());
}

TEST(RecordNoteTest, FieldsComeBackAndBlankedOnesAreNone) {
  std::string bytes;
  NoteWriter(bytes)
      .Text(NoteTag::kClient, "pbx")
      .Text(NoteTag::kActor, "")
      .Number(NoteTag::kBodyHash, 1ULL << 63)
      .Text(NoteTag::kContact, "c1");
  const auto fields = ReadNote(bytes);
  ASSERT_TRUE(fields.ok());
  ASSERT_EQ(fields.value().size(), 3U);
  EXPECT_EQ(fields.value()[0].tag, NoteTag::kClient);
  EXPECT_EQ(fields.value()[0].value, "pbx");
  EXPECT_EQ(NumberOf(fields.value()[1]), 1ULL << 63);
  EXPECT_EQ(fields.value()[2].value, "c1");
  EXPECT_TRUE(ReadNote(std::string(bytes.size(), '\0')).value().empty());
  for (std::size_t n = 1; n < bytes.size(); ++n) {
    const auto part = ReadNote(std::string_view(bytes).substr(0, n));
    if (part.ok()) {
      EXPECT_LT(part.value().size(), 3U);
    }
  }
}

}  // namespace
}  // namespace routerd::engine
