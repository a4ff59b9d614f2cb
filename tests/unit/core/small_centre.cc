#include "tests/unit/core/small_centre.h"

#include <gtest/gtest.h>

namespace routerd::core {
namespace {

constexpr std::uint8_t kVoice = 0;
constexpr std::uint8_t kChat = 1;
constexpr std::uint8_t kCallback = 2;
constexpr std::uint32_t kSales = 0;
constexpr std::uint32_t kSupport = 1;
constexpr std::uint32_t kChats = 2;
constexpr std::uint32_t kClosed = 3;

model::Condition WaitingMoreThan(std::int64_t n) {
  return {{{model::ConditionOp::kWaiting, 0},
           {model::ConditionOp::kLiteral, n},
           {model::ConditionOp::kGreater, 0}}};
}

model::Channel ChannelOf(const char* name, bool live, int units, int most) {
  model::Channel channel;
  channel.name = name;
  channel.live = live;
  channel.units = units;
  channel.max_per_agent = most;
  channel.connect = live;
  channel.wrap_up = {model::WrapUpMode::kTimed, 45'000, true, 10'000};
  return channel;
}

model::Queue SalesQueue() {
  model::Queue queue;
  queue.name = "sales";
  queue.requirements.all = {{SkillNo(0), 5}};
  queue.acceleration_milli = 500;
  queue.max_wait_ms = 600'000;
  model::Step wider;
  wider.after_ms = 20'000;
  wider.lower = {{SkillNo(0), 1}};
  model::Step full;
  full.when = WaitingMoreThan(50);
  full.groups = {GroupNo(1)};
  queue.steps = {wider, full};
  queue.allocation = model::Allocation{{{GroupNo(0), 60}, {GroupNo(1), 40}}, 900'000, false};
  queue.select = {{model::SelectBy::kFastest}};
  queue.also = {QueueNo(kSupport)};
  return queue;
}

model::Queue SupportQueue() {
  model::Queue queue;
  queue.name = "support";
  queue.priority = 2;
  queue.join_if = model::Condition{{{model::ConditionOp::kOldest, 0},
                                    {model::ConditionOp::kLiteral, 3'600},
                                    {model::ConditionOp::kLess, 0}}};
  queue.reserve = model::Reserve{1, {QueueNo(kSales)}, ChannelNo(kVoice)};
  queue.labels = {LabelNo(0)};
  queue.retry = model::Retry::kCooldown;
  queue.cooldown_ms = 30'000;
  return queue;
}

}  // namespace

std::shared_ptr<const model::Model> SmallCentre::Policy() {
  auto policy = std::make_shared<model::Model>();
  policy->version = 7;
  policy->channels = {ChannelOf("voice", true, 100, 1), ChannelOf("chat", false, 30, 3),
                      ChannelOf("callback", false, 100, 1)};
  policy->channels[kChat].interruptible_by = {ChannelNo(kVoice)};
  policy->channels[kChat].frees_inactive = true;
  policy->channels[kCallback].connect = true;
  policy->callback = ChannelNo(kCallback);
  policy->skills = {{"sales"}, {"spanish"}};
  policy->groups = {{"berlin"}, {"madrid"}};
  policy->reasons = {{"rona"}, {"lunch"}};
  policy->rona = ReasonNo(0);
  policy->labels = {{"hard", 2}};
  policy->treatments = {{"sorry", 30'000}};
  policy->hours = {{"day", "Europe/Berlin"}};
  policy->profiles = {{"patient", {{QueueNo(kSupport), 1, 15'000}}, true}};
  model::Queue chats;
  chats.name = "chats";
  chats.offer = {model::OfferMode::kProgressive, 1, 4'000};
  model::Queue closed;
  closed.name = "closed";
  closed.hours = HoursNo(0);
  closed.when_closed.treat = TreatmentNo(0);
  policy->queues = {SalesQueue(), SupportQueue(), chats, closed};
  policy->order = model::Order::kPriority;
  policy->max_open_offers = 2;
  return policy;
}

std::shared_ptr<const model::Calendar> SmallCentre::Opening() {
  auto calendar = std::make_shared<model::Calendar>();
  calendar->hours = {{false, {1'700'000'900'000, 1'700'010'000'000}}};
  return calendar;
}

SmallCentre::SmallCentre() : model_(Policy()), calendar_(Opening()), core_(model_) {
  OpenUp();
  WorkOnCalls();
  WorkOnChats();
  LetWait();
  EXPECT_EQ(core_.CheckInvariants(now_), "");
}

void SmallCentre::OpenUp() {
  Do(CalendarSet{calendar_});
  Do(WallClockMoved{1'234});
  for (std::uint32_t i = 0; i < 2; ++i) Do(GatewayConnection{GatewayNo(i), true});
  for (const std::uint32_t i : {0U, 1U, 2U, 4U, 7U}) LogIn(i, true);  // with gaps
}

void SmallCentre::LogIn(std::uint32_t no, bool ready) {
  model::AgentProfile profile;
  profile.skills = {{SkillNo(0), static_cast<std::uint8_t>(1 + no)}};
  profile.groups = {GroupNo(no % 2)};
  if (no == 4) profile.profile = ProfileNo(0);
  if (no == 7) profile.wrap_up = model::WrapUp{model::WrapUpMode::kMandatory, 0, false, 0};
  if (no == 7) profile.units = {{ChannelNo(kChat), 50}};
  Do(AgentLogsIn{AgentNo(no), profile, no == 2, 7, ready, ReasonNo()});
  Wait(700);
}

// One chat rings; another is parked for a call that is being connected.
void SmallCentre::ParkOne() {
  for (const std::uint32_t no : {8U, 9U}) {
    LogIn(no, false);
    Do(AgentSetsPresence{AgentNo(no), true, ReasonNo(), 1U << kChat});
  }
  const ContactNo chat = Arrive(kChats, kChat);
  const AgentNo his = core_.lease(core_.FindContact(chat)->first_lease).agent;
  Accept(chat);
  Do(AgentSetsPresence{his, true, ReasonNo(), 1U << kChat | 1U << kVoice});
  Do(OfferAccepted{core_.lease(core_.FindAgent(his)->items.back().lease).id});
}

// A call in a conference with a question about it, one that is written up, one that was
// transferred.
void SmallCentre::WorkOnCalls() {
  const ContactNo first = Arrive(kSales, kVoice);
  Accept(first);
  Do(ContactConnected{first, {}});
  Wait(12'000);
  Do(ConsultStarts{first, QueueNo(kSupport), {}, {}, {}, {}});
  ContactNo question;
  core_.ForEachContact([&](ContactNo no, const Contact& c) {
    if (c.parent != kNil) question = no;
  });
  Accept(question);
  Do(ContactConnected{question, {}});
  Do(ConsultJoins{question});
  Do(ConsultStarts{first, QueueNo(kSupport), {}, {}, {}, {}});  // nobody answers this one
  const ContactNo second = Arrive(kSales, kVoice);
  Accept(second);
  Do(ContactConnected{second, {}});
  Wait(9'000);
  Do(ContactTransferred{second, QueueNo(kSupport), 3, {}, AgentNo(1), 90'000});
  const ContactNo third = Arrive(kSupport, kVoice);
  Reject(third);
}

// Silent, parked and ringing ones.
void SmallCentre::WorkOnChats() {
  const ContactNo silent = Arrive(kChats, kChat);
  Accept(silent);
  Do(ContactInactive{silent, true});
  Wait(3'000);
  const ContactNo parked = Arrive(kChats, kChat);
  Accept(parked);
  Wait(1'000);
  const ContactNo ended = Arrive(kChats, kChat);
  Accept(ended);
  Do(ContactEnds{ended});
  const ContactNo moved = Arrive(kChats, kChat);
  Accept(moved);
  Do(ContactTransferred{moved, QueueNo(kSupport), {}, {}});
  Do(ContactEnds{moved});
  Arrive(kChats, kChat);  // rings
  Wait(4'500);
  Arrive(kSupport, kVoice);
}

void SmallCentre::LetWait() {
  Do(AgentBusyElsewhere{AgentNo(7), ChannelNo(kVoice), true});
  for (int i = 0; i < 4; ++i) Arrive(kSales, kVoice);
  Wait(21'000);  // the next step
  Arrive(kClosed, kVoice);
  ContactArrives later;
  later.queue = QueueNo(kChats);
  later.channel = ChannelNo(kChat);
  later.gateway = GatewayNo(1);
  later.delay_ms = 60'000;
  later.requirements.none = {{SkillNo(1), 1}};
  later.preferred = {{AgentNo(0), 2}, {AgentNo(9), 1}};
  Do(later);
  const ContactNo gone = Arrive(kSupport, kVoice);
  Arrive(kSupport, kVoice);
  Do(CallbackRequested{gone, 30'000});
  Do(ContactEnds{Arrive(kChats, kChat)});  // leaves a free slot
  ParkOne();
  Do(QueueModeSet{QueueNo(kChats), model::QueueMode::kClosed});
  Do(AgentSetsPresence{AgentNo(0), false, ReasonNo(1), 0});  // pends
  Do(AgentConnection{AgentNo(2), false});
  Do(GatewayConnection{GatewayNo(1), false});
  Do(RouterRestarted{});  // quickly: what rings rings on
  Wait(900);
}

ContactNo SmallCentre::Do(const Event& event) {
  Effects effects;
  const Applied applied = core_.Apply({{1, ++sequence_}, now_}, event, effects);
  EXPECT_TRUE(applied.ok()) << "event " << event.index() << ": " << Name(applied.refusal);
  return applied.contact;
}

ContactNo SmallCentre::Arrive(std::uint32_t queue, std::uint8_t channel) {
  ContactArrives e;
  e.queue = QueueNo(queue);
  e.channel = ChannelNo(channel);
  e.gateway = GatewayNo(channel);
  e.live = channel == kVoice;
  return Do(e);
}

OfferId SmallCentre::OfferOf(ContactNo no) const {
  const Contact* c = core_.FindContact(no);
  const bool rings = c != nullptr && c->first_lease != kNil;
  EXPECT_TRUE(rings) << "contact " << no.value;
  return rings ? core_.lease(c->first_lease).id : OfferId();
}

void SmallCentre::Accept(ContactNo no) { Do(OfferAccepted{OfferOf(no)}); }
void SmallCentre::Reject(ContactNo no) { Do(OfferRejected{OfferOf(no)}); }

void SmallCentre::Wait(SpanMs span_ms) {
  now_ += span_ms;
  Effects effects;
  core_.FireTimers({{1, ++sequence_}, now_}, effects);
}

}  // namespace routerd::core
