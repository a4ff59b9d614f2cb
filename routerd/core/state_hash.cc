// The hash of everything that decisions depend on. Indexes and caches (lanes, classes, free places)
// follow from it and are left out.
#include "routerd/base/hash.h"
#include "routerd/core/core.h"

namespace routerd::core {
namespace {

void AddOffer(Hasher& h, const OfferId& offer) {
  h.Add(offer.at.epoch);
  h.Add(offer.at.sequence);
  h.Add(offer.index);
}

void AddNeeds(Hasher& h, const std::vector<model::SkillLevel>& list) {
  h.Add(list.size());
  for (const model::SkillLevel& s : list) h.Add(std::uint64_t{s.skill.value} << 8 | s.level);
}

void AddTerms(Hasher& h, const OfferTerms& terms) {
  h.Add(static_cast<std::uint64_t>(terms.accept_by) << 1 | std::uint64_t{terms.connect});
  h.AddSigned(terms.max_misses);
  h.AddSigned(terms.connect_timeout_ms);
  h.AddSigned(terms.announce_ms);
}

void AddContact(Hasher& h, const Contact& c, const TimerWheel& timers) {
  h.Add(static_cast<std::uint64_t>(c.state));
  h.Add(std::uint64_t{c.stuck} << 3 | std::uint64_t{c.own_priority} << 2 |
        std::uint64_t{c.live} << 1 | std::uint64_t{c.held});
  AddTerms(h, c.terms);
  h.Add(c.channel.value);
  h.Add(c.queue.value);
  h.Add(c.gateway.value);
  h.AddSigned(c.priority);
  h.Add(c.arrival);
  for (const TimeMs t :
       {c.arrived, c.age_since, c.visit_since, c.answered, c.served_ms, c.waited_before_ms,
        c.state_since, timers.DeadlineOf(c.timer), timers.DeadlineOf(c.personal_timer),
        timers.DeadlineOf(c.max_wait_timer), timers.DeadlineOf(c.bars_timer), c.step_since,
        timers.DeadlineOf(c.step_timer), timers.DeadlineOf(c.delay_timer),
        timers.DeadlineOf(c.also_timer)}) {
    h.AddSigned(t);
  }
  h.Add(std::uint64_t{c.steps} << 1 | std::uint64_t{c.overdue});
  if (c.treating.valid())
    h.Add(std::uint64_t{c.treating.value} << 8 | static_cast<std::uint64_t>(c.limit));
  if (c.silent_since != 0 || c.silent_ms != 0) {
    h.AddSigned(c.silent_since);
    h.AddSigned(c.silent_ms);
  }
  h.Add(c.attempts);
  h.Add(c.second.value);
  if (c.second_asks) h.Add(1);
  h.Add(std::uint64_t{c.parent} << 32 | c.child);
  h.Add(std::uint64_t{c.stands_for} << 32 | c.also);
  h.Add(c.via.value);
  h.Add(c.own_also.size());
  for (const QueueNo queue : c.own_also) h.Add(queue.value);
  AddOffer(h, c.offer);
  h.Add(c.agent.value);
  h.Add(c.wrap_ups);
  h.Add(static_cast<std::uint64_t>(c.wish) << 1 | std::uint64_t{c.personal});
  h.AddSigned(c.wish_wait_ms.value_or(-1));
  h.Add(c.wanted.size());
  for (const WantedAgent& wanted : c.wanted) {
    h.Add(wanted.agent.value);
    h.AddSigned(wanted.score);
  }
  h.Add(c.bars.size());
  for (const Bar& bar : c.bars) {
    h.Add(bar.agent.value);
    h.AddSigned(bar.since);
  }
}

// The counts themselves follow from agents and contacts; what was last read of them does not.
void AddFigures(Hasher& h, const Queue& q, const TimerWheel& timers) {
  h.AddSigned(q.oldest_s);
  for (const std::int64_t n :
       {q.seen.waiting, q.seen.free, q.seen.ready, q.seen.oldest_s, q.seen.staffed}) {
    h.AddSigned(n);
  }
  h.Add(q.opening);
  h.AddSigned(timers.DeadlineOf(q.opening_timer));
}

void AddClocks(Hasher& h, const Agent& a) {
  for (const TimeMs t : {a.offered_since, a.ready_since, a.talk_ms}) h.AddSigned(t);
  h.Add(a.offered);
  for (const IdleClock& clock : a.clocks) {
    h.AddSigned(clock.worked);
    h.AddSigned(clock.offered);
  }
  for (const Handled& handled : a.handled) {
    h.Add(handled.queue.value);
    h.Add(handled.count);
    h.AddSigned(handled.sum_ms);
  }
}

void AddArrivals(Hasher& h, const Arrivals& arrivals) {
  h.Add(static_cast<std::uint64_t>(arrivals.level()));
  h.Add(static_cast<std::uint64_t>(arrivals.level() >> 64));
  h.AddSigned(arrivals.added_at());
}

void AddWrapUp(Hasher& h, const model::WrapUp& wrap_up) {
  h.Add(static_cast<std::uint64_t>(wrap_up.mode) << 1 | std::uint64_t{wrap_up.holds_room});
  h.AddSigned(wrap_up.duration_ms);
  h.AddSigned(wrap_up.extend_ms);
}

void AddAgent(Hasher& h, const Agent& a, const TimerWheel& timers) {
  h.Add(static_cast<std::uint64_t>(a.presence));
  h.Add(a.reason.value);
  h.Add(std::uint64_t{a.pending} << 2 | std::uint64_t{a.connected} << 1 |
        std::uint64_t{a.own_skills});
  h.Add(static_cast<std::uint64_t>(a.pending_presence));
  h.Add(a.pending_reason.value);
  AddNeeds(h, a.profile.skills);
  h.Add(a.profile.groups.size());
  for (const GroupNo g : a.profile.groups) h.Add(g.value);
  h.Add(a.profile.profile.value);
  for (const model::ChannelLimit& l : a.profile.limits) {
    h.Add(l.channel.value);
    h.AddSigned(l.max_per_agent);
  }
  for (const model::ChannelAccept& own : a.profile.accepts) {
    h.Add(std::uint64_t{own.channel.value} << 1 | std::uint64_t{own.automatic});
  }
  for (const model::ChannelUnits& own : a.profile.units) {
    h.Add(own.channel.value);
    h.AddSigned(own.units);
  }
  for (const model::LabelLimit& own : a.profile.label_limits) {
    h.Add(own.label.value);
    h.AddSigned(own.max_per_agent);
  }
  if (a.profile.wrap_up) AddWrapUp(h, *a.profile.wrap_up);
  for (const QueueNo q : a.profile.primary_queues) h.Add(q.value);
  for (const SkillNo s : a.profile.primary_skills) h.Add(s.value);
  for (const model::Listing& l : a.profile.listings) {
    h.Add(l.queue.value);
    h.Add(l.position);
    h.AddSigned(l.tier);
  }
  for (const model::AgentAttribute& own : a.profile.attributes) {
    h.Add(own.attribute.value);
    h.AddSigned(own.value);
  }
  h.AddSigned(a.profile.cost.value_or(-1));
  h.AddSigned(a.profile.weight);
  AddClocks(h, a);
  h.Add(a.channels);
  h.Add(a.ready);
  h.AddSigned(a.misses);
  h.AddSigned(a.idle_since);
  h.AddSigned(timers.DeadlineOf(a.grace));
  h.Add(a.items.size());
  for (const Item& item : a.items) {
    h.Add(item.contact.value);
    h.Add(item.queue.value);
    h.Add(item.channel.value);
    h.Add(static_cast<std::uint64_t>(item.state));
    h.Add(static_cast<std::uint64_t>(item.wrap_up));
    h.AddSigned(item.units);
    h.Add(std::uint64_t{item.away} << 1 | std::uint64_t{item.counts});
    h.AddSigned(item.since);
    h.AddSigned(item.answered);
    h.AddSigned(item.talked_ms);
    h.AddSigned(item.extend_ms);
    h.Add(item.serial);
    h.Add(item.lent_to);
    h.AddSigned(item.lent_units);
    h.AddSigned(item.parked_ms);
    h.AddSigned(timers.DeadlineOf(item.timer));
  }
}

}  // namespace

std::uint64_t Core::StateHash() const {
  Hasher h;
  h.Add(kRulesVersion);
  h.Add(model_->version);
  h.Add(next_arrival_);
  h.Add(offers_made_);
  AddArrivals(h, weight_of_all_);
  for (std::uint32_t slot = 0; slot < contacts_.size(); ++slot) {
    const Contact& c = contacts_[slot];
    h.Add(std::uint64_t{c.generation} << 1 | std::uint64_t{c.used});
    if (!c.used) continue;
    AddContact(h, c, timers_);
    h.Add(c.lease_count);
    for (std::uint32_t i = c.first_lease; i != kNil; i = leases_[i].next) {
      AddOffer(h, leases_[i].id);
      h.Add(std::uint64_t{leases_[i].share} << 32 | leases_[i].agent.value);
      AddTerms(h, leases_[i].terms);
      h.AddSigned(timers_.DeadlineOf(leases_[i].deadline));
    }
    if (!c.lane.valid()) continue;
    h.Add(std::uint64_t{NeedsOf(c).opened} << 8 | NeedsOf(c).step);
    const model::Requirements& own = NeedsOf(c).own;
    h.AddSigned(NeedsOf(c).delay_ms);
    for (const auto* list : {&own.all, &own.any, &own.none}) AddNeeds(h, *list);
  }
  for (const std::uint32_t slot : free_contacts_) h.Add(slot);
  for (std::uint32_t i = 0; i < agents_.size(); ++i) {
    if (!agents_[i].known) continue;
    h.Add(i);
    AddAgent(h, agents_[i], timers_);
  }
  for (const Queue& q : queues_) {
    h.Add(q.mode_set ? 1 + static_cast<std::uint64_t>(q.mode) : 0);
    AddFigures(h, q, timers_);
    if (q.allocation != nullptr) {
      h.Add(q.allocation->part);
      h.AddSigned(timers_.DeadlineOf(q.allocation->timer));
      for (const Allocated& group : q.allocation->groups) {
        for (const int part : group.parts) h.AddSigned(part);
      }
    }
    h.Add(q.move.to.value);
    h.Add(q.move.moved);
    h.Add(q.move.left);
    h.AddSigned(timers_.DeadlineOf(q.move.timer));
    h.Add(q.handling.count);
    h.AddSigned(q.handling.sum_ms);
    h.AddSigned(q.handling.taken_ms);
    AddArrivals(h, q.arrivals);
  }
  h.AddSigned(timers_.DeadlineOf(tick_));
  if (down_until_ != 0) {
    h.AddSigned(down_until_);
    h.AddSigned(timers_.DeadlineOf(restart_grace_));
  }
  h.Add(calendar_hash_);
  h.AddSigned(wall_offset_ms_);
  for (const Hours& hours : hours_) {
    h.AddSigned(timers_.DeadlineOf(hours.timer));
    h.Add(hours.open ? 1 : 0);
  }
  for (const Gateway& g : gateways_) {
    h.Add(std::uint64_t{g.known} << 1 | std::uint64_t{g.connected});
    h.AddSigned(timers_.DeadlineOf(g.grace));
  }
  return h.digest();
}

}  // namespace routerd::core
