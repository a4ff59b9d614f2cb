// One description of the layout (`Layout`), read in both directions: a Writer and a Reader
// (archive.h) walk the same fields in the same order, so that neither can drift from the other.
#include "routerd/model/encoding.h"

#include <algorithm>
#include <concepts>
#include <limits>
#include <type_traits>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/model/archive.h"

namespace routerd::model {
namespace {

constexpr std::int64_t kMaxInt64 = std::numeric_limits<std::int64_t>::max();

// T is the type or its const form: the Writer walks a const model, the Reader fills one.
template <typename T, typename Of>
concept Is = std::same_as<std::remove_const_t<T>, Of>;

template <typename Archive, typename List, typename Each>
void ListOf(Archive& a, List& list, std::size_t max, const Each& each) {
  a.Count(list, max);
  for (auto& element : list) each(element);
}

// For lists that are sets: the order is part of the form.
template <typename Archive, typename List, typename Each>
void SortedListOf(Archive& a, List& list, std::size_t max, const Each& each) {
  ListOf(a, list, max, each);
  if constexpr (Archive::kReads) {
    const auto not_less = [](const auto& x, const auto& y) { return !(x < y); };
    a.Require(std::adjacent_find(list.begin(), list.end(), not_less) == list.end());
  }
}

template <typename Archive, typename Optional, typename Each>
void OptionalOf(Archive& a, Optional& value, const Each& each) {
  bool there = value.has_value();
  a.Bool(there);
  if (!there) return;
  if constexpr (Archive::kReads) value.emplace();
  each(*value);
}

template <typename Archive>
void Span(Archive& a, auto& span_ms) {
  a.Number(span_ms, 0, limits::kMaxSpanMs);
}

template <typename Archive>
void Name(Archive& a, auto& name) {
  a.Text(name, limits::kMaxNameBytes);
}

template <typename Archive>
void Layout(Archive& a, Is<WrapUp> auto& wrap_up) {
  a.Word(wrap_up.mode, WrapUpMode::kTimedForced);
  Span(a, wrap_up.duration_ms);
  if (a.Has(2)) {
    a.Bool(wrap_up.holds_room);
    Span(a, wrap_up.extend_ms);
  } else if constexpr (Archive::kReads) {
    wrap_up.holds_room = HoldsRoom(wrap_up.mode);
  }
}

template <typename Archive>
void Layout(Archive& a, Is<Channel> auto& channel) {
  Name(a, channel.name);
  a.Bool(channel.live);
  a.Number(channel.units, 1, limits::kUnitsPerAgent);
  a.Number(channel.max_per_agent, 1, limits::kMaxItemsPerAgent);
  Span(a, channel.offer_ms);
  a.Word(channel.accept_by, AcceptBy::kAuto);
  a.Bool(channel.connect);
  Span(a, channel.connect_timeout_ms);
  a.Number(channel.max_misses, 1, std::numeric_limits<int>::max());
  Layout(a, channel.wrap_up);
  if (!a.Has(2)) return;
  a.Word(channel.by_hand, AcceptBy::kPhone);
  Span(a, channel.announce_ms);
  SortedListOf(a, channel.interruptible_by, limits::kMaxChannels,
               [&](auto& by) { a.Number(by.value, 0, limits::kMaxChannels - 1); });
  a.Bool(channel.frees_inactive);
}

// How many numbers of each kind there are; a reference must be one of them.
struct Counts {
  std::int64_t channels, skills, groups, queues, profiles, attributes, hours, labels, treatments;
};

template <typename Archive>
void SkillLevels(Archive& a, auto& list, std::size_t max, const Counts& counts) {
  SortedListOf(a, list, max, [&](auto& need) {
    a.Number(need.skill.value, 0, counts.skills - 1);
    a.Number(need.level, 1, limits::kMaxSkillLevel);
  });
}

template <typename Archive>
void Groups(Archive& a, auto& list, const Counts& counts) {
  SortedListOf(a, list, limits::kMaxGroups,
               [&](auto& group) { a.Number(group.value, 0, counts.groups - 1); });
}

// A number, or none.
template <typename Archive>
void Reference(Archive& a, auto& no, std::int64_t count) {
  bool there = no.valid();
  a.Bool(there);
  if (there) a.Number(no.value, 0, count - 1);
}

template <typename Archive>
void Select(Archive& a, auto& select, const Counts& counts) {
  ListOf(a, select, limits::kMaxSelectKeys, [&](auto& key) {
    a.Word(key.by, SelectBy::kWeightedRandom);
    Reference(a, key.attribute, counts.attributes);
    a.Require(key.attribute.valid() == (key.by == SelectBy::kAttribute));
    a.Bool(key.descending);
  });
}

template <typename Archive>
void Needs(Archive& a, auto& needs, const Counts& counts) {
  SkillLevels(a, needs.all, limits::kMaxRequirements, counts);
  SkillLevels(a, needs.any, limits::kMaxRequirements, counts);
  SkillLevels(a, needs.none, limits::kMaxRequirements, counts);
}

template <typename Archive>
void Layout(Archive& a, Is<Condition> auto& condition) {
  ListOf(a, condition.program, limits::kMaxConditionSteps, [&](auto& step) {
    a.Word(step.op, ConditionOp::kStaffed);
    a.Number(step.literal, -limits::kMaxConditionLiteral, limits::kMaxConditionLiteral);
  });
  if constexpr (Archive::kReads) a.Require(condition.IsSound());
}

template <typename Archive>
void Layout(Archive& a, Is<Step> auto& step, const Counts& counts) {
  const auto condition = [&](auto& c) { Layout(a, c); };
  OptionalOf(a, step.after_ms, [&](auto& span_ms) { Span(a, span_ms); });
  OptionalOf(a, step.when, condition);
  OptionalOf(a, step.skip_if, condition);
  Groups(a, step.groups, counts);
  SkillLevels(a, step.lower, limits::kMaxRequirements, counts);
  SortedListOf(a, step.drop, limits::kMaxRequirements,
               [&](auto& skill) { a.Number(skill.value, 0, counts.skills - 1); });
  OptionalOf(a, step.require, [&](auto& needs) { Needs(a, needs, counts); });
  a.Bool(step.reset_declined);
}

template <typename Archive>
void Widening(Archive& a, auto& queue, const Counts& counts) {
  OptionalOf(a, queue.members, [&](auto& needs) { Needs(a, needs, counts); });
  ListOf(a, queue.steps, limits::kMaxSteps, [&](auto& step) { Layout(a, step, counts); });
  a.Word(queue.step_from, StepFrom::kAge);
  a.Word(queue.retry, Retry::kNever);
  Span(a, queue.cooldown_ms);
}

template <typename Archive>
void Layout(Archive& a, Is<OfferRule> auto& offer) {
  a.Word(offer.mode, OfferMode::kProgressive);
  a.Number(offer.most, 1, limits::kMaxOffersPerContact);
  Span(a, offer.every_ms);
  a.Require((offer.mode == OfferMode::kRace) == (offer.most > 1));
  a.Require((offer.mode == OfferMode::kProgressive) == (offer.every_ms > 0));
}

template <typename Archive>
void Layout(Archive& a, Is<Reserve> auto& reserve, const Counts& counts) {
  a.Number(reserve.agents, 1, limits::kMaxReservedAgents);
  SortedListOf(a, reserve.queues, limits::kMaxQueues,
               [&](auto& queue) { a.Number(queue.value, 0, limits::kMaxQueues - 1); });
  if constexpr (Archive::kReads) a.Require(!reserve.queues.empty());
  Reference(a, reserve.channel, counts.channels);
}

template <typename Archive>
void Layout(Archive& a, Is<Allocation> auto& allocation, const Counts& counts) {
  int together = 0;
  ListOf(a, allocation.shares, limits::kMaxShares, [&](auto& share) {
    a.Number(share.group.value, 0, counts.groups - 1);
    a.Number(share.percent, 1, 100);
    together += share.percent;
  });
  if constexpr (Archive::kReads) a.Require(together == 100);
  a.Number(allocation.window_ms, limits::kMinWindowMs, limits::kMaxSpanMs);
  a.Bool(allocation.strict);
}

// What a queue says of other queues, which may come after it.
template <typename Archive>
void RequireKnownQueues(Archive& a, const Model& model) {
  const auto known = [&](QueueNo queue) { return queue.index() < model.queues.size(); };
  for (std::uint32_t no = 0; no < model.queues.size(); ++no) {
    const Queue& queue = model.queues[no];
    for (const AtLimit* at : LimitsOf(queue)) {
      a.Require(!at->overflow.valid() || known(at->overflow));
    }
    const auto& also = queue.also;
    a.Require(std::all_of(also.begin(), also.end(), [&](QueueNo other) {
      return known(other) && other.index() != no &&
             std::count(also.begin(), also.end(), other) == 1;
    }));
    if (!queue.reserve) continue;
    a.Require(std::all_of(queue.reserve->queues.begin(), queue.reserve->queues.end(), known));
  }
}

template <typename Archive>
void Layout(Archive& a, Is<Queue> auto& queue, const Counts& counts) {
  Name(a, queue.name);
  Groups(a, queue.groups, counts);
  Needs(a, queue.requirements, counts);
  a.Number(queue.priority, limits::kMinPriority, limits::kMaxPriority);
  a.Number(queue.acceleration_milli, 0, limits::kMaxAccelerationMilli);
  OptionalOf(a, queue.cap,
             [&](auto& cap) { a.Number(cap, limits::kMinPriority, limits::kMaxPriority); });
  OptionalOf(a, queue.max_waiting, [&](auto& n) { a.Number(n, 0, limits::kMaxContacts); });
  OptionalOf(a, queue.max_wait_ms, [&](auto& span_ms) { Span(a, span_ms); });
  Span(a, queue.retry_after_ms);
  Span(a, queue.others_wait_ms);
  OptionalOf(a, queue.wrap_up, [&](auto& wrap_up) { Layout(a, wrap_up); });
  Span(a, queue.service_level_ms);
  a.Number(queue.service_level_percent, 1, 100);
  a.Word(queue.mode, QueueMode::kEmergency);
  if (!a.Has(2)) return;
  Widening(a, queue, counts);
  for (auto* at : {&queue.when_full, &queue.when_closed, &queue.when_waited}) {
    a.Number(at->overflow.value, 0, QueueNo::kNone);
  }
  Layout(a, queue.offer);
  a.Word(queue.last_agent.mode, LastAgent::kWait);
  Span(a, queue.last_agent.wait_ms);
  a.Require((queue.last_agent.mode == LastAgent::kWait) == (queue.last_agent.wait_ms > 0));
  Span(a, queue.preferred_wait_ms);
  Span(a, queue.direct_wait_ms);
  Select(a, queue.select, counts);
  a.Number(queue.place, 0, limits::kMaxQueues - 1);
  OptionalOf(a, queue.ratio_milli, [&](auto& milli) { a.Number(milli, 0, 1'000); });
  OptionalOf(a, queue.arrivals_per_hour_milli,
             [&](auto& milli) { a.Number(milli, 0, limits::kMaxArrivalsPerHourMilli); });
  a.Number(queue.cost_milli, 0, limits::kMaxCostMilli);
  a.Bool(queue.cost_quadratic);
  a.Number(queue.aht_ms, 1, limits::kMaxHandleMs);
  a.Bool(queue.aht_stated);
  a.Word(queue.sl_clock, SlClock::kContact);
  a.Number(queue.callback.attempts, 1, limits::kMaxCallbackAttempts);
  Span(a, queue.callback.retry_ms);
  OptionalOf(a, queue.reserve, [&](auto& reserve) { Layout(a, reserve, counts); });
  Reference(a, queue.hours, counts.hours);
  OptionalOf(a, queue.join_if, [&](auto& condition) { Layout(a, condition); });
  OptionalOf(a, queue.leave_if, [&](auto& condition) { Layout(a, condition); });
  for (auto* at : {&queue.when_full, &queue.when_closed, &queue.when_waited, &queue.when_not_joined,
                   &queue.when_left}) {
    Reference(a, at->treat, counts.treatments);
  }
  for (auto* at : {&queue.when_not_joined, &queue.when_left}) {
    a.Number(at->overflow.value, 0, QueueNo::kNone);
  }
  OptionalOf(a, queue.allocation, [&](auto& allocation) { Layout(a, allocation, counts); });
  SortedListOf(a, queue.labels, limits::kMaxLabels,
               [&](auto& label) { a.Number(label.value, 0, counts.labels - 1); });
  ListOf(a, queue.also, limits::kMaxAlsoQueues,
         [&](auto& other) { a.Number(other.value, 0, limits::kMaxQueues - 1); });
}

template <typename Archive>
void Ranges(Archive& a, auto& ranges) {
  SortedListOf(a, ranges, limits::kMaxRangesPerDay, [&](auto& range) {
    a.Number(range.from, 0, 24 * 60 - 1);
    a.Number(range.to, 1, 24 * 60);
  });
}

template <typename Archive>
void Layout(Archive& a, Is<HolidayList> auto& list) {
  Name(a, list.name);
  SortedListOf(a, list.days, limits::kMaxHolidays, [&](auto& holiday) {
    a.Number(holiday.date.year, 0, limits::kMaxYear);
    a.Number(holiday.date.month, 1, 12);
    a.Number(holiday.date.day, 1, 31);
    Ranges(a, holiday.open);
  });
}

template <typename Archive>
void Layout(Archive& a, Is<Hours> auto& hours, std::int64_t holidays) {
  Name(a, hours.name);
  a.Text(hours.zone, limits::kMaxZoneBytes);
  for (auto& day : hours.week) Ranges(a, day);
  ListOf(a, hours.holidays, limits::kMaxHolidayLists,
         [&](auto& list) { a.Number(list.value, 0, holidays - 1); });
}

template <typename Archive>
void Layout(Archive& a, Is<Profile> auto& profile, const Counts& counts) {
  Name(a, profile.name);
  SortedListOf(a, profile.queues, limits::kMaxQueues, [&](auto& entry) {
    a.Number(entry.queue.value, 0, counts.queues - 1);
    a.Number(entry.rank, 1, limits::kMaxRank);
    Span(a, entry.delay_ms);
  });
  if constexpr (Archive::kReads) {
    const auto same = [](const auto& x, const auto& y) { return x.queue == y.queue; };
    a.Require(std::adjacent_find(profile.queues.begin(), profile.queues.end(), same) ==
              profile.queues.end());
  }
  a.Bool(profile.serves_others);
}

template <typename Archive>
void Layout(Archive& a, Is<PolicyAgent> auto& agent, const Counts& counts) {
  a.Text(agent.id, limits::kMaxIdBytes);
  SkillLevels(a, agent.profile.skills, limits::kMaxSkillsPerAgent, counts);
  Groups(a, agent.profile.groups, counts);
  SortedListOf(a, agent.profile.limits, limits::kMaxChannels, [&](auto& limit) {
    a.Number(limit.channel.value, 0, counts.channels - 1);
    a.Number(limit.max_per_agent, 0, limits::kMaxItemsPerAgent);
  });
  if (!a.Has(2)) return;
  Reference(a, agent.profile.profile, counts.profiles);
  const auto number = [&](auto& no, std::int64_t count) { a.Number(no.value, 0, count - 1); };
  SortedListOf(a, agent.profile.primary_queues, limits::kMaxQueues,
               [&](auto& queue) { number(queue, counts.queues); });
  SortedListOf(a, agent.profile.primary_skills, limits::kMaxSkills,
               [&](auto& skill) { number(skill, counts.skills); });
  SortedListOf(a, agent.profile.listings, limits::kMaxQueues, [&](auto& listing) {
    number(listing.queue, counts.queues);
    a.Number(listing.position, 0, limits::kMaxPolicyAgents);
    a.Number(listing.tier, 0, limits::kMaxTier);
  });
  SortedListOf(a, agent.profile.attributes, limits::kMaxAttributesPerAgent, [&](auto& own) {
    number(own.attribute, counts.attributes);
    a.Number(own.value, -limits::kMaxAttribute, limits::kMaxAttribute);
  });
  OptionalOf(a, agent.profile.cost, [&](auto& cost) { a.Number(cost, 0, limits::kMaxCost); });
  a.Number(agent.profile.weight, 1, limits::kMaxWeight);
  SortedListOf(a, agent.profile.accepts, limits::kMaxChannels, [&](auto& own) {
    a.Number(own.channel.value, 0, counts.channels - 1);
    a.Bool(own.automatic);
  });
  SortedListOf(a, agent.profile.units, limits::kMaxChannels, [&](auto& own) {
    number(own.channel, counts.channels);
    a.Number(own.units, 1, limits::kUnitsPerAgent);
  });
  OptionalOf(a, agent.profile.wrap_up, [&](auto& wrap_up) { Layout(a, wrap_up); });
  SortedListOf(a, agent.profile.label_limits, limits::kMaxLabels, [&](auto& own) {
    number(own.label, counts.labels);
    a.Number(own.max_per_agent, 1, limits::kMaxItemsPerAgent);
  });
}

template <typename Archive>
void Agents(Archive& a, auto& agents, const Counts& counts) {
  ListOf(a, agents, limits::kMaxPolicyAgents, [&](auto& agent) { Layout(a, agent, counts); });
  if constexpr (Archive::kReads) {
    const auto not_less = [](const auto& x, const auto& y) { return !(x.id < y.id); };
    a.Require(std::adjacent_find(agents.begin(), agents.end(), not_less) == agents.end());
  }
}

template <typename Archive>
void ContactAttributes(Archive& a, auto& attributes) {
  ListOf(a, attributes, limits::kMaxContactAttributes, [&](auto& attribute) {
    a.Text(attribute.name, limits::kMaxAttributeKeyBytes);
    a.Require(IsAttributeKey(attribute.name));
    a.Bool(attribute.sensitive);
  });
  if constexpr (Archive::kReads) {
    const auto not_less = [](const auto& x, const auto& y) { return !(x.name < y.name); };
    a.Require(std::adjacent_find(attributes.begin(), attributes.end(), not_less) ==
              attributes.end());
  }
}

template <typename Archive>
void Layout(Archive& a, Is<Model> auto& model) {
  const auto named = [&](auto& entry) { Name(a, entry.name); };
  a.Number(model.version, 0, kMaxInt64);
  ListOf(a, model.channels, limits::kMaxChannels, [&](auto& channel) { Layout(a, channel); });
  ListOf(a, model.skills, limits::kMaxSkills, named);
  ListOf(a, model.groups, limits::kMaxGroups, named);
  Counts counts{static_cast<std::int64_t>(model.channels.size()),
                static_cast<std::int64_t>(model.skills.size()),
                static_cast<std::int64_t>(model.groups.size()),
                0,
                0,
                0,
                0,
                0,
                0};
  for (const Channel& channel : model.channels) {
    for (const ChannelNo by : channel.interruptible_by) a.Require(by.value < counts.channels);
  }
  if (a.Has(2)) ListOf(a, model.attributes, limits::kMaxAgentAttributes, named);
  counts.attributes = static_cast<std::int64_t>(model.attributes.size());
  if (a.Has(2)) {
    ListOf(a, model.holidays, limits::kMaxHolidayLists, [&](auto& list) { Layout(a, list); });
    const auto lists = static_cast<std::int64_t>(model.holidays.size());
    ListOf(a, model.hours, limits::kMaxHours, [&](auto& hours) { Layout(a, hours, lists); });
    ListOf(a, model.labels, limits::kMaxLabels, [&](auto& label) {
      Name(a, label.name);
      a.Number(label.max_per_agent, 1, limits::kMaxItemsPerAgent);
    });
  }
  counts.hours = static_cast<std::int64_t>(model.hours.size());
  if (a.Has(2)) {
    ListOf(a, model.treatments, limits::kMaxTreatments, [&](auto& treatment) {
      Name(a, treatment.name);
      a.Number(treatment.time_ms, 1, limits::kMaxSpanMs);
    });
  }
  counts.labels = static_cast<std::int64_t>(model.labels.size());
  counts.treatments = static_cast<std::int64_t>(model.treatments.size());
  ListOf(a, model.queues, limits::kMaxQueues, [&](auto& queue) { Layout(a, queue, counts); });
  RequireKnownQueues(a, model);
  counts.queues = static_cast<std::int64_t>(model.queues.size());
  if (a.Has(2)) {
    ListOf(a, model.profiles, limits::kMaxProfiles,
           [&](auto& profile) { Layout(a, profile, counts); });
  }
  counts.profiles = static_cast<std::int64_t>(model.profiles.size());
  ListOf(a, model.reasons, limits::kMaxReasons, named);
  Agents(a, model.agents, counts);
  a.Number(model.max_open_offers, 1, limits::kMaxItemsPerAgent);
  Span(a, model.agent_grace_ms);
  Span(a, model.gateway_grace_ms);
  // "None" is allowed: a model without reasons has no rona either.
  a.Number(model.rona.value, 0, ReasonNo::kNone);
  a.Require(!model.rona.valid() || model.rona.index() < model.reasons.size());
  if (!a.Has(2)) return;
  a.Word(model.order, Order::kCost);
  a.Word(model.idle_since, IdleSince::kReady);
  a.Bool(model.idle_per_channel);
  Reference(a, model.callback, counts.channels);
  ContactAttributes(a, model.contact_attributes);
}

}  // namespace

std::string Encode(const Model& model) {
  Writer writer;
  writer.Number(kEncodingVersion, 0, kMaxInt64);
  Layout(writer, model);
  return writer.Take();
}

Result<Model> Decode(std::string_view bytes) {
  Reader reader(bytes);
  std::uint32_t version = 0;
  reader.Number(version, 0, kMaxInt64);
  if (reader.ok() && (version < kOldestEncodingVersion || version > kEncodingVersion)) {
    return Status(Code::kInvalidArgument, "policy encoding version " + std::to_string(version) +
                                              ", this build reads " +
                                              std::to_string(kOldestEncodingVersion) + " to " +
                                              std::to_string(kEncodingVersion));
  }
  reader.SetVersion(version);
  Model model;
  Layout(reader, model);
  if (!reader.ok()) return Status(Code::kInvalidArgument, "damaged policy encoding");
  if (!reader.AtEnd()) return Status(Code::kInvalidArgument, "bytes after the policy encoding");
  return model;
}

}  // namespace routerd::model
