#include "tests/unit/core/random_world.h"

#include <algorithm>
#include <string>
#include <vector>

#include "tests/unit/core/random_consults.h"
#include "tests/unit/core/random_limits.h"
#include "tests/unit/core/random_steps.h"

namespace routerd::core {
namespace {

template <typename No>
No Pick(Random& random, std::size_t n) {
  return No(static_cast<decltype(No::value)>(Below(random, static_cast<int>(n))));
}

}  // namespace

model::Requirements RandomNeeds(Random& random, std::size_t skills, int percent) {
  model::Requirements needs;
  const auto add = [&](std::vector<model::SkillLevel>& list, int chance) {
    if (!Chance(random, chance)) return;
    list.push_back(
        {Pick<SkillNo>(random, skills), static_cast<std::uint8_t>(1 + Below(random, 5))});
  };
  add(needs.all, percent);
  add(needs.all, percent / 3);
  add(needs.any, percent / 4);
  add(needs.any, percent / 4);
  add(needs.none, percent / 6);
  needs.Normalize();
  return needs;
}

namespace {

model::WrapUp RandomWrapUp(Random& random) {
  const auto mode = static_cast<model::WrapUpMode>(Below(random, 5));
  return {mode, 1000 * (1 + Below(random, 40)),
          Chance(random, 30) ? Chance(random, 50) : model::HoldsRoom(mode),
          Chance(random, 40) ? 1000 * (1 + Below(random, 30)) : 0};
}

model::Channel RandomChannel(Random& random, const std::string& name, bool live, int channels) {
  model::Channel c;
  c.name = name;
  c.live = live;
  c.units = live ? 100 : 20 + Below(random, 30);
  c.max_per_agent = live ? 1 : 1 + Below(random, 5);
  c.offer_ms = 5'000 + Below(random, 20'000);
  c.accept_by = static_cast<model::AcceptBy>(Below(random, 3));
  c.by_hand = static_cast<model::AcceptBy>(Below(random, 2));
  c.announce_ms = Below(random, 2) * 1'500;
  c.connect = Chance(random, 50);
  c.connect_timeout_ms = 2'000 + Below(random, 10'000);
  c.max_misses = 1 + Below(random, 3);
  // Of up to three there may be.
  for (int by = 0; by < channels; ++by) {
    if (Chance(random, 25)) c.interruptible_by.emplace_back(static_cast<std::uint8_t>(by));
  }
  c.frees_inactive = Chance(random, 60);
  c.wrap_up = RandomWrapUp(random);
  return c;
}

model::OfferRule RandomOffer(Random& random) {
  const auto mode = static_cast<model::OfferMode>(1 + Below(random, 3));
  return {mode, mode == model::OfferMode::kRace ? 2 + Below(random, 3) : 1,
          mode == model::OfferMode::kProgressive ? 500 + Below(random, 8'000) : 0};
}

// Up to three keys, of all there are; chance only comes last.
std::vector<model::SelectKey> RandomSelect(Random& random) {
  std::vector<model::SelectKey> select;
  for (int i = 0; i < 3; ++i) {
    model::SelectKey key;
    key.by = static_cast<model::SelectBy>(Below(random, 16));
    if (key.by == model::SelectBy::kAttribute) {
      key.attribute = Pick<AttributeNo>(random, 2);
      key.descending = Chance(random, 50);
    }
    select.push_back(key);
    if (key.by >= model::SelectBy::kRandom || Chance(random, 40)) break;
  }
  return select;
}

model::Queue RandomQueue(Random& random, const model::Model& model, const std::string& name) {
  model::Queue q;
  q.name = name;
  if (Chance(random, 40)) q.groups.push_back(Pick<GroupNo>(random, model.groups.size()));
  q.requirements = RandomNeeds(random, model.skills.size(), 50);
  q.priority = Below(random, 4) - 1;
  if (Chance(random, 50)) q.acceleration_milli = Below(random, 5'000);
  if (Chance(random, 30)) q.cap = 1 + Below(random, 5);
  if (Chance(random, 20)) q.max_waiting = 3 + Below(random, 10);
  if (Chance(random, 30)) q.max_wait_ms = 20'000 + Below(random, 200'000);
  if (Chance(random, 5)) q.mode = static_cast<model::QueueMode>(1 + Below(random, 2));
  if (Chance(random, 50)) AddSteps(random, model, q);
  RandomJoining(random, q);
  RandomAllocation(random, model, q);
  if (Chance(random, 60)) q.select = RandomSelect(random);
  q.service_level_ms = 1'000 * (1 + Below(random, 3));
  q.callback = {1 + Below(random, 3), 1'000 * (1 + Below(random, 20))};
  q.sl_clock = static_cast<model::SlClock>(Below(random, 2));
  if (Chance(random, 15)) q.ratio_milli = 200;
  if (Chance(random, 30)) q.arrivals_per_hour_milli = 1'000 * Below(random, 5);
  q.cost_milli = 500 * Below(random, 4);
  q.cost_quadratic = Chance(random, 50);
  q.aht_ms = 5'000 + Below(random, 10'000);
  q.aht_stated = Chance(random, 20);
  q.retry_after_ms = Below(random, 15'000);
  q.others_wait_ms = Below(random, 40'000);
  if (Chance(random, 30)) q.wrap_up = RandomWrapUp(random);
  for (std::size_t label = 0; label < model.labels.size(); ++label) {
    if (Chance(random, 30)) q.labels.emplace_back(static_cast<std::uint16_t>(label));
  }
  if (Chance(random, 50)) q.offer = RandomOffer(random);
  if (Chance(random, 30)) q.last_agent.mode = model::LastAgent::kIfReady;
  if (Chance(random, 40)) q.last_agent = {model::LastAgent::kWait, 1 + Below(random, 30'000)};
  q.preferred_wait_ms = Below(random, 20'000);
  q.direct_wait_ms = Below(random, 3) * 10'000;
  if (Chance(random, 10)) q.hours = HoursNo(static_cast<std::uint32_t>(Below(random, 3)));
  return q;
}

// Only onward, so that no way comes back.
void RandomOverflow(Random& random, model::Model& model) {
  const auto n = static_cast<int>(model.queues.size());
  for (int i = 0; i < n; ++i) {
    model::Queue& q = model.queues[static_cast<std::size_t>(i)];
    for (model::AtLimit* at :
         {&q.when_full, &q.when_closed, &q.when_waited, &q.when_not_joined, &q.when_left}) {
      at->overflow = QueueNo();
      at->treat = TreatmentNo();
      if (Chance(random, 30)) at->treat = Pick<TreatmentNo>(random, model.treatments.size());
      if (i + 1 == n || Chance(random, 60)) continue;
      at->overflow = QueueNo(static_cast<std::uint32_t>(i + 1 + Below(random, n - i - 1)));
    }
  }
}

// Few ranks and few delays, so that they meet.
model::Profile RandomRouting(Random& random, const model::Model& model, const std::string& name) {
  model::Profile profile;
  profile.name = name;
  profile.serves_others = Chance(random, 70);
  for (std::uint32_t q = 0; q < model.queues.size(); ++q) {
    if (Chance(random, 40)) continue;
    const SpanMs delay_ms = Chance(random, 40) ? 3'000 * (1 + Below(random, 3)) : 0;
    profile.queues.push_back({QueueNo(q), 1 + Below(random, 3), delay_ms});
  }
  return profile;
}

ContactNo RandomContact(Random& random, const Core& core) {
  std::vector<ContactNo> held;
  core.ForEachContact([&](ContactNo no, const Contact&) { held.push_back(no); });
  if (held.empty()) return ContactNo();
  return held[static_cast<std::size_t>(Below(random, static_cast<int>(held.size())))];
}

Event OfferStep(Random& random, const Core& core, ContactNo no, const Contact& c) {
  int skip = Below(random, static_cast<int>(c.lease_count));
  std::uint32_t lease = c.first_lease;
  while (skip-- > 0) lease = core.lease(lease).next;
  const OfferId offer = core.lease(lease).id;
  if (Chance(random, 1)) return OfferAccepted{{offer.at, offer.index + 1'000}};  // never made
  if (Chance(random, c.lease_count > 1 ? 30 : 60)) return OfferAccepted{offer};
  if (Chance(random, 50)) return OfferRejected{offer};
  return ContactConnectFailed{no, static_cast<ConnectFailure>(Below(random, 7)),
                              Chance(random, 10) ? OfferId() : offer};
}

// Now and then with a wrap-up of its own.
Event RandomEnd(Random& random, ContactNo no) {
  ContactEnds e{no, ContactState::kAbandoned, EndReason::kCustomerLeft};
  if (Chance(random, 20)) e.wrap_up = RandomWrapUp(random);
  return e;
}

// The offers' and contacts' natural next steps, so that traffic flows.
Event NextStep(Random& random, const Core& core, ContactNo no, const Contact& c) {
  switch (c.state) {
    case ContactState::kOffered:
      return OfferStep(random, core, no, c);
    case ContactState::kConnecting:
      if (Chance(random, 70)) return ContactConnected{no, c.offer};
      return ContactConnectFailed{no, static_cast<ConnectFailure>(Below(random, 7)), OfferId()};
    case ContactState::kAssigned:
      if (Chance(random, 45)) return RandomConsult(random, core, no);
      if (Chance(random, c.live ? 2 : 30)) return ContactInactive{no, c.silent_since == 0};
      if (Chance(random, 30)) return ContactHeld{no, !c.held};
      return RandomEnd(random, no);
    case ContactState::kTreated:
      if (Chance(random, 70)) return TreatmentDone{no, c.offer};
      if (Chance(random, 30)) return TreatmentDone{no, {c.offer.at, c.offer.index + 1'000}};
      if (Chance(random, 30)) return CallbackRequested{no, Below(random, 2) * 5'000};
      return ContactEnds{no, ContactState::kAbandoned, EndReason::kCustomerLeft};
    case ContactState::kWrapUp:
      for (std::uint32_t i = 0; i < core.agent_count(); ++i) {
        const Agent* a = core.FindAgent(AgentNo(i));
        if (a == nullptr) continue;
        for (const Item& item : a->items) {
          if (item.contact != no) continue;
          if (Chance(random, 30))
            return AgentExtendsWrapUp{AgentNo(i), no, 1 + Below(random, 9'999)};
          return AgentEndsWrapUp{AgentNo(i), no};
        }
      }
      [[fallthrough]];
    default:
      return ContactEnds{no, ContactState::kAbandoned, EndReason::kCustomerLeft};
  }
}

// Some ask for agents, also for such as have never logged in.
void AddWish(Random& random, int agents, ContactArrives& e) {
  const auto any = [&] { return Pick<AgentNo>(random, static_cast<std::size_t>(agents)); };
  if (Chance(random, 10)) e.direct = any();
  if (Chance(random, 15)) {
    for (int i = Below(random, 3); i >= 0; --i) {
      const AgentNo agent = any();
      const bool known = std::any_of(e.preferred.begin(), e.preferred.end(),
                                     [&](const WantedAgent& w) { return w.agent == agent; });
      if (!known) e.preferred.push_back({agent, Below(random, 3)});
    }
  }
  if (Chance(random, 30)) e.last_agent = any();
  if (Chance(random, 50)) e.agents_wait_ms = Below(random, 4) * 10'000;
}

Event ArrivalEvent(Random& random, const model::Model& model, int agents, int gateways) {
  ContactArrives e;
  e.queue = Pick<QueueNo>(random, model.queues.size());
  e.channel = Pick<ChannelNo>(random, model.channels.size());
  e.gateway = Pick<GatewayNo>(random, static_cast<std::size_t>(gateways));
  e.live = model.channels[e.channel.index()].live != Chance(random, 5);
  if (Chance(random, 30)) e.priority = Below(random, 3);
  e.requirements = RandomNeeds(random, model.skills.size(), 25);
  if (Chance(random, 10)) e.credit_ms = Below(random, 60'000) - 10'000;
  if (Chance(random, 5)) e.delay_ms = Below(random, 60'000);
  AddWish(random, agents, e);
  if (model.queues.size() > 1 && Chance(random, 8)) {
    const auto further = Pick<QueueNo>(random, model.queues.size());
    if (further != e.queue) e.also.push_back(further);
  }
  return e;
}

Event ContactEvent(Random& random, const Core& core, int agents, int gateways) {
  const ContactNo no = RandomContact(random, core);
  if (!no.valid()) return ArrivalEvent(random, core.model(), agents, gateways);
  const Contact& c = *core.FindContact(no);
  const int dice = Below(random, 100);
  if (dice < 67) return NextStep(random, core, no, c);
  if (dice < 70) return CallbackRequested{no, Chance(random, 50) ? 0 : Below(random, 30'000)};
  if (dice < 80) return ContactEnds{no, ContactState::kWithdrawn, EndReason::kGatewayWithdrew};
  if (dice < 90) {
    ContactTransferred e{no, Pick<QueueNo>(random, core.queue_count()), {}, {}};
    if (Chance(random, 30)) e.priority = Below(random, 3);
    if (Chance(random, 30)) e.requirements = RandomNeeds(random, core.model().skills.size(), 25);
    if (Chance(random, 25)) e.direct = Pick<AgentNo>(random, static_cast<std::size_t>(agents));
    if (Chance(random, 50)) e.agents_wait_ms = Below(random, 4) * 10'000;
    return e;
  }
  ContactUpdated e{no, {}, {}, {}};
  if (Chance(random, 50)) e.priority = Below(random, 4);
  if (Chance(random, 50)) e.requirements = RandomNeeds(random, core.model().skills.size(), 25);
  if (Chance(random, 50)) e.credit_ms = Below(random, 60'000) - 20'000;
  return e;
}

Event AgentEvent(Random& random, const Core& core, int agents) {
  const model::Model& model = core.model();
  const auto no = Pick<AgentNo>(random, static_cast<std::size_t>(agents));
  const Agent* a = core.FindAgent(no);
  const auto all = static_cast<std::uint32_t>((1U << model.channels.size()) - 1);
  const auto some = static_cast<std::uint32_t>(random()) & all;
  const int dice = Below(random, 100);
  if (a == nullptr || a->presence == Presence::kLoggedOut || dice < 10) {
    return AgentLogsIn{no,
                       RandomProfile(random, model),
                       Chance(random, 50),
                       Chance(random, 80) ? all : some,
                       Chance(random, 85),
                       ReasonNo()};
  }
  if (dice < 50) return AgentSetsPresence{no, true, ReasonNo(), Chance(random, 80) ? all : some};
  if (dice < 60) return AgentSetsPresence{no, false, ReasonNo(1), 0};
  if (dice < 70) {
    return AgentBusyElsewhere{no, Pick<ChannelNo>(random, model.channels.size()),
                              Chance(random, 40)};
  }
  if (dice < 78) return AgentLogsOut{no};
  if (dice < 84) return AgentSkillsSet{no, RandomProfile(random, model), Chance(random, 80)};
  return AgentConnection{no, Chance(random, 60)};
}

}  // namespace

std::shared_ptr<model::Model> RandomModel(Random& random) {
  auto model = std::make_shared<model::Model>();
  const int skills = 2 + Below(random, 5);
  for (int i = 0; i < skills; ++i) model->skills.push_back({"s" + std::to_string(i)});
  for (int i = 0; i < 3; ++i) model->groups.push_back({"g" + std::to_string(i)});
  model->attributes = {{"seniority"}, {"site"}};
  if (Chance(random, 50)) model->labels = {{"l0", 1 + Below(random, 3)}, {"l1", 1}};
  if (Chance(random, 40)) model->order = static_cast<model::Order>(Below(random, 4));
  model->idle_since = static_cast<model::IdleSince>(Below(random, 3));
  model->idle_per_channel = Chance(random, 30);
  model->reasons = {{"rona"}, {"lunch"}};
  model->rona = ReasonNo(0);
  model->treatments = {{"t0", 1'000}, {"t1", 1 + Below(random, 20'000)}};
  const int channels = 1 + Below(random, 3);
  for (int i = 0; i < channels; ++i) {
    model->channels.push_back(
        RandomChannel(random, "c" + std::to_string(i), Chance(random, 50), channels));
  }
  const int queues = 1 + Below(random, 5);
  for (int i = 0; i < queues; ++i) {
    model->queues.push_back(RandomQueue(random, *model, "q" + std::to_string(i)));
    model->queues.back().place = static_cast<std::uint32_t>(7 - i % 3);  // some are equal
  }
  RandomOverflow(random, *model);
  if (Chance(random, 60)) model->callback = Pick<ChannelNo>(random, model->channels.size());
  RandomReserves(random, *model);
  RandomAlso(random, *model);
  const int profiles = Below(random, 4);
  for (int i = 0; i < profiles; ++i) {
    model->profiles.push_back(RandomRouting(random, *model, "p" + std::to_string(i)));
  }
  for (int i = 0; i < 3; ++i) model->hours.push_back({.name = "h" + std::to_string(i)});
  model->max_open_offers = 1 + Below(random, 2);
  model->agent_grace_ms = 1 + Below(random, 30'000);
  model->gateway_grace_ms = 1 + Below(random, 60'000);
  return model;
}

std::shared_ptr<model::Model> ChangedModel(Random& random, const model::Model& before) {
  auto model = std::make_shared<model::Model>(before);
  ++model->version;
  if (Chance(random, 20)) model->order = static_cast<model::Order>(Below(random, 4));
  if (Chance(random, 20)) model->gateway_grace_ms = 1 + Below(random, 60'000);
  for (model::Queue& q : model->queues) {
    if (Chance(random, 40)) q = RandomQueue(random, *model, q.name);
  }
  RandomOverflow(random, *model);
  RandomReserves(random, *model);
  RandomAlso(random, *model);
  for (model::Channel& c : model->channels) {
    if (Chance(random, 20))
      c = RandomChannel(random, c.name, c.live, static_cast<int>(model->channels.size()));
  }
  for (model::Profile& p : model->profiles) {
    if (Chance(random, 40)) p = RandomRouting(random, *model, p.name);
  }
  model->agents.clear();
  for (int i = 0; i < 4; ++i) {
    model->agents.push_back({"a" + std::to_string(i), RandomProfile(random, *model)});
  }
  return model;
}

namespace {

// What `select` compares; few values, so that many are equal.
void AddSelectValues(Random& random, const model::Model& model, model::AgentProfile& profile) {
  for (std::uint32_t q = 0; q < model.queues.size(); ++q) {
    if (Chance(random, 20)) profile.primary_queues.push_back(QueueNo(q));
    if (!Chance(random, 50)) continue;
    profile.listings.push_back(
        {QueueNo(q), static_cast<std::uint32_t>(Below(random, 8)), Below(random, 2)});
  }
  if (Chance(random, 30)) profile.primary_skills.push_back(SkillNo(0));
  for (std::uint16_t a = 0; a < 2; ++a) {
    if (Chance(random, 70)) profile.attributes.push_back({AttributeNo(a), Below(random, 3) - 1});
  }
  if (Chance(random, 70)) profile.cost = Below(random, 3);
  profile.weight = 1 + Below(random, 3);
}

}  // namespace

model::AgentProfile RandomProfile(Random& random, const model::Model& model) {
  model::AgentProfile profile;
  for (std::uint32_t s = 0; s < model.skills.size(); ++s) {
    if (!Chance(random, 60)) continue;
    profile.skills.push_back({SkillNo(s), static_cast<std::uint8_t>(1 + Below(random, 10))});
  }
  for (std::uint32_t g = 0; g < model.groups.size(); ++g) {
    if (Chance(random, 50)) profile.groups.push_back(GroupNo(g));
  }
  if (!model.profiles.empty() && Chance(random, 60)) {
    profile.profile = Pick<ProfileNo>(random, model.profiles.size());
  }
  AddSelectValues(random, model, profile);
  if (Chance(random, 25)) {
    profile.accepts.push_back({Pick<ChannelNo>(random, model.channels.size()), Chance(random, 50)});
  }
  if (Chance(random, 30)) profile.wrap_up = RandomWrapUp(random);
  if (!model.labels.empty() && Chance(random, 30)) {
    profile.label_limits.push_back({LabelNo(0), 1 + Below(random, 3)});
  }
  if (Chance(random, 30)) {
    profile.units.push_back(
        {Pick<ChannelNo>(random, model.channels.size()), 10 + Below(random, 91)});
  }
  if (Chance(random, 20)) {
    profile.limits.push_back({Pick<ChannelNo>(random, model.channels.size()), Below(random, 4)});
  }
  return profile;
}

Event RandomEvent(Random& random, const Core& core, TimeMs now, int agents, int gateways) {
  const int dice = Below(random, 1000);
  if (dice < 300) return ArrivalEvent(random, core.model(), agents, gateways);
  if (dice < 750) return ContactEvent(random, core, agents, gateways);
  if (dice < 970) return AgentEvent(random, core, agents);
  if (dice < 985) {
    return GatewayConnection{Pick<GatewayNo>(random, static_cast<std::size_t>(gateways)),
                             Chance(random, 60)};
  }
  if (dice < 993) {
    QueueModeSet e{Pick<QueueNo>(random, core.queue_count()), std::nullopt};
    if (Chance(random, 80)) e.mode = static_cast<model::QueueMode>(Below(random, 3));
    return e;
  }
  if (dice < 994 && core.queue_count() > 1) {
    return QueueMoved{Pick<QueueNo>(random, core.queue_count()),
                      Chance(random, 10) ? QueueNo() : Pick<QueueNo>(random, core.queue_count())};
  }
  if (dice < 996) return CalendarSet{RandomCalendar(random, now)};
  if (dice < 997) return WallClockMoved{Below(random, 120'000) - 60'000};
  PolicySwapped e{ChangedModel(random, core.model()), {}};
  if (Chance(random, 50)) e.calendar = RandomCalendar(random, now);
  for (std::uint32_t i = 0; i < e.model->agents.size(); ++i) {
    const bool known = core.FindAgent(AgentNo(i)) != nullptr;
    e.agents.push_back(known ? AgentNo(i) : AgentNo());
  }
  return e;
}

}  // namespace routerd::core
