#include "routerd/engine/views.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace routerd::engine {
namespace {

const std::string kNoName;

const std::string& QueueName(const World& world, QueueNo no) {
  return no.valid() ? world.model().queues[no.index()].name : kNoName;
}

const std::string& TreatmentName(const World& world, TreatmentNo no) {
  return no.valid() ? world.model().treatments[no.index()].name : kNoName;
}

const std::string& ChannelName(const World& world, ChannelNo no) {
  return no.valid() ? world.model().channels[no.index()].name : kNoName;
}

const std::string& ReasonName(const World& world, ReasonNo no) {
  return no.valid() && no.index() < world.model().reasons.size()
             ? world.model().reasons[no.index()].name
             : kNoName;
}

std::vector<std::string> ChannelNames(const World& world, std::uint32_t channels) {
  std::vector<std::string> names;
  names.reserve(static_cast<std::size_t>(std::popcount(channels)));
  for (std::uint32_t bits = channels; bits != 0; bits &= bits - 1) {
    const auto no = static_cast<std::uint8_t>(std::countr_zero(bits));
    if (no < world.model().channels.size()) names.push_back(ChannelName(world, ChannelNo(no)));
  }
  return names;
}

void FillProfile(const World& world, const model::AgentProfile& profile, AgentView& view) {
  const model::Model& model = world.model();
  view.skills.reserve(profile.skills.size());
  for (const model::SkillLevel& skill : profile.skills) {
    const std::string& name = model.skills[skill.skill.index()].name;
    if (!name.empty()) view.skills.push_back({name, skill.level});
  }
  view.groups.reserve(profile.groups.size());
  for (const GroupNo group : profile.groups) {
    const std::string& name = model.groups[group.index()].name;
    if (!name.empty()) view.groups.push_back(name);
  }
}

ItemView ViewOfItem(const World& world, AgentNo agent, const core::Item& item) {
  ItemView view;
  view.channel = ChannelName(world, item.channel);
  view.queue = QueueName(world, item.queue);
  view.state = item.state;
  view.units = item.units;
  view.parked_ms = item.parked_ms;
  view.since_unix_ms = world.clock.ToUnix(item.since);
  const ContactDirectory::Contact* contact = world.contacts.Find(item.contact);
  if (contact == nullptr) return view;
  view.contact = contact->identity->id;
  if (item.state == core::ItemState::kWrapUp) {
    view.deadline_unix_ms = world.clock.ToUnixOrZero(world.core.DeadlineOf(item));
  } else if (item.state == core::ItemState::kOffered) {
    const core::Lease& lease = world.core.lease(item.lease);
    view.offer = lease.id;
    view.deadline_unix_ms = world.clock.ToUnixOrZero(world.core.DeadlineOf(lease));
  } else if (const core::Contact* held = world.core.FindContact(item.contact)) {
    if (held->agent == agent) view.offer = held->offer;
    view.inactive = held->silent_since != 0;
    view.inactive_ms = held->silent_ms;
    view.deadline_unix_ms = world.clock.ToUnixOrZero(world.core.DeadlineOf(*held));
  }
  return view;
}

bool IsParked(const World& world, ContactNo contact, AgentNo agent) {
  const core::Agent* his = world.core.FindAgent(agent);
  if (his == nullptr) return false;
  return std::any_of(his->items.begin(), his->items.end(), [contact](const core::Item& item) {
    return item.contact == contact && item.state == core::ItemState::kParked;
  });
}

using RingingAgents = std::shared_ptr<const std::vector<RingingAgent>>;

// All but the first whom the contact is offered to. Of one record all events show the same, and
// share it.
RingingAgents MoreOffers(const World& world, const core::Contact& held,
                         const RingingAgents& before) {
  if (held.lease_count < 2) return nullptr;
  std::uint32_t at = held.first_lease;
  const auto is_next = [&](const RingingAgent& ringing) {
    at = world.core.lease(at).next;
    return ringing.offer == world.core.lease(at).id;
  };
  const bool same = before != nullptr && before->size() == held.lease_count - 1 &&
                    std::all_of(before->begin(), before->end(), is_next);
  if (same) return before;
  auto more = std::make_shared<std::vector<RingingAgent>>();
  more->reserve(held.lease_count - 1);
  const std::uint32_t second = world.core.lease(held.first_lease).next;
  for (std::uint32_t i = second; i != core::kNil; i = world.core.lease(i).next) {
    const core::Lease& lease = world.core.lease(i);
    more->push_back({world.agents.at(lease.agent).id, lease.id});
  }
  return more;
}

// One who never logged in.
void FillAbsent(const World& world, const AgentDirectory::Agent& agent, AgentView& view) {
  const model::PolicyAgent* policy = world.model().FindAgent(agent.id);
  if (policy != nullptr) FillProfile(world, policy->profile, view);
  if (!agent.kept_skills) return;
  view.skills = *agent.kept_skills;
  view.own_skills = true;
}

// Where it waits besides.
std::vector<QueueNo> AlsoOf(const World& world, const core::Contact& held) {
  std::vector<QueueNo> also;
  if (held.state != core::ContactState::kQueued) return also;
  for (const core::Contact* in = world.core.AlsoIn(held); in != nullptr;
       in = world.core.AlsoIn(*in)) {
    also.push_back(in->queue);
  }
  return also;
}

std::vector<std::string> QueueNames(const World& world, const std::vector<QueueNo>& queues) {
  std::vector<std::string> names;
  names.reserve(queues.size());
  for (const QueueNo queue : queues) names.push_back(QueueName(world, queue));
  return names;
}

}  // namespace

bool Refresh(const World& world, ContactDirectory::Contact& contact) {
  const core::Contact* held = world.core.FindContact(contact.no);
  if (held == nullptr) return false;
  const core::Lease* lease =
      held->first_lease == core::kNil ? nullptr : &world.core.lease(held->first_lease);
  const bool treated = held->state == core::ContactState::kTreated;
  const bool accepted = held->agent.valid();
  contact.last = {.state = held->state,
                  .held = held->held,
                  .parked = IsParked(world, contact.no, held->agent),
                  .second_parked = IsParked(world, contact.no, held->second),
                  .inactive = held->silent_since != 0,
                  .treating = treated ? held->treating : TreatmentNo(),
                  .treatment = treated ? held->offer : OfferId(),
                  .queue = held->queue,
                  .through = held->via,
                  .also = AlsoOf(world, *held),
                  .agent = lease != nullptr ? lease->agent : held->agent,
                  .second = held->second,
                  .offer = lease != nullptr ? lease->id
                           : accepted       ? held->offer
                                            : OfferId(),
                  .more_offers = MoreOffers(world, *held, contact.last.more_offers),
                  .priority = held->priority,
                  .step = world.core.StepOf(*held),
                  .stuck = held->stuck,
                  .arrived = held->arrived,
                  .age_since = held->age_since,
                  .visit_since = held->visit_since,
                  .answered = held->answered,
                  .deadline = world.core.DeadlineOf(*held)};
  return true;
}

ContactView ViewOf(const World& world, const ContactDirectory::Contact& contact) {
  const LastStatus& last = contact.last;
  ContactView view;
  view.identity = contact.identity;
  view.status = {.state = last.state,
                 .queue = QueueName(world, last.queue),
                 .through = QueueName(world, last.through),
                 .also = QueueNames(world, last.also),
                 .agent = last.agent.valid() ? world.agents.at(last.agent).id : kNoName,
                 .second_agent = last.second.valid() ? world.agents.at(last.second).id : kNoName,
                 .offer = last.offer,
                 .more_offers = last.more_offers,
                 .priority = last.priority,
                 .step = last.step,
                 .stuck = last.stuck,
                 .held = last.held,
                 .parked = last.parked,
                 .second_parked = last.second_parked,
                 .inactive = last.inactive,
                 .treatment = TreatmentName(world, last.treating),
                 .treatment_id = last.treatment,
                 .arrived_unix_ms = world.clock.ToUnix(last.arrived),
                 .age_since_unix_ms = world.clock.ToUnix(last.age_since),
                 .visit_since_unix_ms = world.clock.ToUnix(last.visit_since),
                 .answered_unix_ms = world.clock.ToUnixOrZero(last.answered),
                 .deadline_unix_ms = world.clock.ToUnixOrZero(last.deadline)};
  return view;
}

HeldContact ViewOfHeld(const World& world, const ContactDirectory::Contact& contact) {
  const core::Contact* held = world.core.FindContact(contact.no);
  if (held != nullptr && held->first_lease != core::kNil) {
    return ViewOfOffer(world, contact, world.core.lease(held->first_lease));
  }
  const bool accepted = held != nullptr && held->agent.valid();
  return {
      ViewOf(world, contact), EndpointOf(world, contact.last.agent, contact.channel),
      accepted ? held->terms.accept_by : world.model().channels[contact.channel.index()].accept_by};
}

HeldContact ViewOfOffer(const World& world, const ContactDirectory::Contact& contact,
                        const core::Lease& lease) {
  HeldContact held{ViewOf(world, contact), EndpointOf(world, lease.agent, contact.channel),
                   lease.terms.accept_by};
  ContactStatus& status = held.contact.status;
  status.agent = world.agents.at(lease.agent).id;
  status.offer = lease.id;
  status.deadline_unix_ms = world.clock.ToUnixOrZero(world.core.DeadlineOf(lease));
  return held;
}

ContactView ViewOfEnded(const World& world, const std::string& id,
                        const ContactDirectory::Ended& ended) {
  auto identity = std::make_shared<ContactIdentity>();
  identity->id = id;
  if (ended.gateway.valid()) identity->gateway = world.gateways.name(ended.gateway);
  ContactView view;
  view.identity = std::move(identity);
  view.status.state = ended.state;
  view.status.queue = QueueName(world, ended.first.queue);
  return view;
}

std::shared_ptr<const AgentView> ViewOf(const World& world, AgentNo no) {
  auto view = std::make_shared<AgentView>();
  const AgentDirectory::Agent& names = world.agents.at(no);
  view->id = names.id;
  view->skills_override = world.overrides.Of({{}, no});
  const core::Agent* agent = world.core.FindAgent(no);
  if (agent == nullptr) {
    FillAbsent(world, names, *view);
    return view;
  }
  view->presence = agent->presence;
  view->shown = agent->shown;
  view->reason = ReasonName(world, agent->reason);
  view->pending = agent->pending;
  view->pending_presence = agent->pending_presence;
  view->pending_reason = ReasonName(world, agent->pending_reason);
  view->connected = agent->connected;
  view->client = names.client;
  view->channels = ChannelNames(world, agent->channels);
  view->ready_channels = ChannelNames(world, agent->ready);
  view->own_skills = agent->own_skills;
  FillProfile(world, agent->profile, *view);
  view->items.reserve(agent->items.size());
  for (const core::Item& item : agent->items) view->items.push_back(ViewOfItem(world, no, item));
  view->units_used = agent->units_used;
  view->misses = agent->misses;
  view->shown_since_unix_ms = world.clock.ToUnix(agent->shown_since);
  view->presence_since_unix_ms = world.clock.ToUnix(agent->presence_since);
  view->idle_since_unix_ms = world.clock.ToUnix(agent->idle_since);
  return view;
}

std::optional<QueueMoveView> MoveOf(const World& world, QueueNo no) {
  const core::QueueMove& move = world.core.queue(no).move;
  if (!move.to.valid()) return std::nullopt;
  return QueueMoveView{world.model().queues[move.to.index()].name, move.moved, move.left};
}

std::optional<HoursChangeView> HoursChangeOf(const World& world, QueueNo no) {
  const core::HoursNow hours = world.core.HoursOf(no);
  if (hours.next_change == 0) return std::nullopt;
  return HoursChangeView{world.clock.ToUnix(hours.next_change),
                         hours.open ? model::QueueMode::kClosed : model::QueueMode::kOpen};
}

QueueView ViewOf(const World& world, QueueNo no) {
  const model::Queue& policy = world.model().queues[no.index()];
  const core::Queue& queue = world.core.queue(no);
  return {.id = policy.name,
          .mode = world.core.ModeOf(no),
          .mode_override = world.overrides.Of({no, {}}),
          .waiting = queue.waiting,
          .also_waiting = queue.also_waiting,
          .offered = queue.offered,
          .assigned = queue.assigned,
          .service_level_ms = policy.service_level_ms,
          .service_level_percent = policy.service_level_percent,
          .move = MoveOf(world, no),
          .hours_change = HoursChangeOf(world, no)};
}

const std::string& EndpointOf(const World& world, AgentNo agent, ChannelNo channel) {
  if (!agent.valid() || !channel.valid()) return kNoName;
  const std::vector<std::string>& endpoints = world.agents.at(agent).endpoints;
  return channel.index() < endpoints.size() ? endpoints[channel.index()] : kNoName;
}

Snapshot SnapshotOf(const World& world, Position at) {
  Snapshot snapshot;
  snapshot.at = at;
  snapshot.boot_ms = world.clock.now();
  snapshot.unix_ms = world.clock.ToUnix(world.clock.now());
  snapshot.wall_offset_ms = world.clock.offset();
  snapshot.policy_version = world.model().version;
  for (std::uint32_t i = 0; i < world.model().queues.size(); ++i) {
    if (!world.model().queues[i].name.empty()) {
      snapshot.queues.push_back(ViewOf(world, QueueNo(i)));
    }
  }
  for (std::uint32_t i = 0; i < world.agents.size(); ++i) {
    snapshot.agents.push_back(ViewOf(world, AgentNo(i)));
  }
  snapshot.contacts.reserve(world.core.contact_count());
  world.core.ForEachContact([&](ContactNo no, const core::Contact&) {
    const ContactDirectory::Contact* contact = world.contacts.Find(no);
    if (contact != nullptr) snapshot.contacts.push_back(ViewOf(world, *contact));
  });
  return snapshot;
}

}  // namespace routerd::engine
