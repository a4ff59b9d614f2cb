// Which agent, the obvious way: all who may serve the contact are compared with one another.
#include <algorithm>
#include <array>
#include <limits>

#include "routerd/base/hash.h"
#include "tests/unit/core/oracle.h"

namespace routerd::core {
namespace {

using model::SelectBy;

constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();

bool ByChance(const model::SelectKey& key) {
  return key.by == SelectBy::kRandom || key.by == SelectBy::kWeightedRandom;
}

// The skills that are asked for, each once.
std::vector<SkillNo> Asked(const model::Requirements& queue, const model::Requirements& own) {
  std::vector<SkillNo> skills;
  for (const auto* list : {&queue.all, &queue.any, &own.all, &own.any}) {
    for (const auto& need : *list) {
      if (std::count(skills.begin(), skills.end(), need.skill) == 0) skills.push_back(need.skill);
    }
  }
  return skills;
}

bool Primary(const model::AgentProfile& profile, std::uint32_t queue,
             const std::vector<SkillNo>& asked) {
  for (const QueueNo q : profile.primary_queues) {
    if (q.value == queue) return true;
  }
  return std::any_of(profile.primary_skills.begin(), profile.primary_skills.end(),
                     [&](SkillNo s) { return std::count(asked.begin(), asked.end(), s) != 0; });
}

// Two agents of whom this is the same cannot be told apart but by what they did.
auto KindOf(const model::AgentProfile& p) {
  std::vector<std::pair<QueueNo, int>> tiers;
  for (const auto& l : p.listings) tiers.emplace_back(l.queue, l.tier);
  return std::tuple(p.skills, p.groups, p.profile, p.primary_queues, p.primary_skills, tiers);
}

}  // namespace

std::pair<bool, TimeMs> Oracle::Idle(const OracleAgent& a, std::uint8_t channel) const {
  const bool per_channel = model_->idle_per_channel;
  const bool works = std::any_of(a.items.begin(), a.items.end(), [&](const OracleItem& item) {
    return !per_channel || item.channel == channel;
  });
  const auto own = a.clocks.count(channel) != 0
                       ? a.clocks.at(channel)
                       : std::pair<TimeMs, TimeMs>(a.idle_since, a.offered_since);
  const TimeMs worked = per_channel ? own.first : a.idle_since;
  switch (model_->idle_since) {
    case model::IdleSince::kLastOffer:
      return {works, per_channel ? own.second : a.offered_since};
    case model::IdleSince::kReady:
      return {works, std::max(worked, a.ready_since)};
    default:
      return {works, worked};
  }
}

std::int64_t Oracle::Value(const model::SelectKey& key, const OracleContact& c,
                           const OracleAgent& a) const {
  const auto asked = Asked(model_->queues[c.queue].requirements, c.own);
  std::int64_t levels = 0;
  for (const auto& s : a.profile.skills) {
    if (std::count(asked.begin(), asked.end(), s.skill) != 0) levels += s.level;
  }
  const model::Listing* listing = nullptr;
  for (const auto& l : a.profile.listings) {
    if (l.queue.value == c.queue) listing = &l;
  }
  switch (key.by) {
    case SelectBy::kMostSkilled:
      return -levels;
    case SelectBy::kLeastSkilled:
      return levels;
    case SelectBy::kFewestSkills:
      return static_cast<std::int64_t>(a.profile.skills.size());
    case SelectBy::kPrimaryFirst:
      return Primary(a.profile, c.queue, asked) ? 0 : 1;
    case SelectBy::kFastest:
      return HandleTime(a, c.queue);
    case SelectBy::kMostRoom: {
      std::int64_t used = 0;
      for (const OracleItem& item : a.items) used += item.units;
      return used;
    }
    case SelectBy::kFewestContacts:
      return static_cast<std::int64_t>(a.items.size());
    case SelectBy::kLeastTalkTime:
      return a.talk_ms;
    case SelectBy::kRoundRobin:
      return static_cast<std::int64_t>(a.offered);
    case SelectBy::kLinear:
      return listing != nullptr ? listing->position : kNone;
    case SelectBy::kLowestCost:
      return a.profile.cost ? *a.profile.cost : kNone;
    case SelectBy::kTier:
      return listing != nullptr ? listing->tier : kNone;
    case SelectBy::kAttribute:
      for (const auto& own : a.profile.attributes) {
        if (own.attribute == key.attribute) return key.descending ? -own.value : own.value;
      }
      return kNone;
    default:
      return 0;
  }
}

std::uint32_t Oracle::Choose(const OracleContact& c, std::vector<std::uint32_t> agents) const {
  bool chance = false;
  bool weighted = false;
  const auto keep_least = [&](const auto& value) {
    auto least = value(agents.front());
    for (const std::uint32_t n : agents) least = std::min(least, value(n));
    std::erase_if(agents, [&](std::uint32_t n) { return value(n) != least; });
  };
  if (c.personal) {
    keep_least([&](std::uint32_t n) {
      int score = 0;
      for (const auto& w : c.wanted) {
        if (w.agent.value == n) score = -w.score;
      }
      return score;
    });
  }
  keep_least([&](std::uint32_t n) {  // who interrupts nothing goes first
    return RoomFor(agents_.at(n), c.channel, model_->queues[c.queue].labels) == Has::kRoom ? 0 : 1;
  });
  if (model_->queues[c.queue].allocation) {
    keep_least([&](std::uint32_t n) {
      const int share = ShareOf(c.queue, agents_.at(n));
      return std::pair(-(Deficit(c.queue, share) + 1), share);
    });
  }
  for (const model::SelectKey& key : model_->queues[c.queue].select) {
    if (ByChance(key)) {
      chance = true;
      weighted = key.by == SelectBy::kWeightedRandom;
      break;
    }
    if (key.by == SelectBy::kLongestIdle) {
      keep_least([&](std::uint32_t n) { return Idle(agents_.at(n), c.channel); });
    } else {
      keep_least([&](std::uint32_t n) { return Value(key, c, agents_.at(n)); });
    }
  }
  if (!chance) {
    keep_least([&](std::uint32_t n) { return Idle(agents_.at(n), c.channel); });
    return *std::min_element(agents.begin(), agents.end());
  }
  std::sort(agents.begin(), agents.end(), [&](std::uint32_t x, std::uint32_t y) {
    return std::tuple(KindOf(agents_.at(x).profile), x) <
           std::tuple(KindOf(agents_.at(y).profile), y);
  });
  std::vector<std::uint32_t> lots;
  for (const std::uint32_t n : agents) {
    lots.insert(lots.end(), weighted ? static_cast<std::size_t>(agents_.at(n).profile.weight) : 1,
                n);
  }
  Hasher h;
  h.Add(record_.epoch);
  h.Add(record_.sequence);
  h.Add(offer_index_);
  return lots[h.digest() % lots.size()];
}

// ---- How long contacts take
// ----------------------------------------------------------------------

bool Oracle::AsksHandling(std::uint32_t queue) const {
  const model::Queue& policy = model_->queues[queue];
  return !policy.aht_stated &&
         (model_->order == model::Order::kCost ||
          std::any_of(policy.select.begin(), policy.select.end(),
                      [](const auto& key) { return key.by == SelectBy::kFastest; }));
}

SpanMs Oracle::HandleTime(const OracleAgent& a, std::uint32_t queue) const {
  const auto mean = means_.find(queue);
  const SpanMs mean_ms =
      mean != means_.end() ? mean->second.taken_ms : model_->queues[queue].aht_ms;
  const auto own = a.handled.find(queue);
  if (own == a.handled.end()) return mean_ms;
  return (20 * mean_ms + own->second.sum_ms) / (20 + own->second.count);
}

void Oracle::Handled(std::uint32_t agent, std::uint32_t queue, SpanMs took_ms) {
  if (!AsksHandling(queue)) return;
  took_ms = std::clamp<SpanMs>(took_ms, 1, 24LL * 3'600'000);
  const auto see = [took_ms](OracleMean& mean) {
    if (mean.count >= 1'000) {
      mean.count /= 2;
      mean.sum_ms /= 2;
    }
    ++mean.count;
    mean.sum_ms += took_ms;
  };
  see(agents_[agent].handled[queue]);
  OracleMean& mean =
      means_.try_emplace(queue, OracleMean{0, 0, model_->queues[queue].aht_ms}).first->second;
  see(mean);
  const SpanMs now = mean.sum_ms / mean.count;
  const SpanMs moved = now < mean.taken_ms ? mean.taken_ms - now : now - mean.taken_ms;
  if (8 * moved >= mean.taken_ms) mean.taken_ms = now;
}

void Oracle::ForgetHandling() {
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    if (AsksHandling(q)) continue;
    means_.erase(q);
    for (auto& [number, a] : agents_) a.handled.erase(q);
  }
}

// ---- Shares of all who wait
// ----------------------------------------------------------------------

bool Oracle::EstimatesRate(std::uint32_t queue) const {
  const model::Queue& policy = model_->queues[queue];
  return model_->order == model::Order::kQueueRatio && !policy.ratio_milli &&
         !policy.arrivals_per_hour_milli;
}

void Oracle::PlanRatios() {
  all_arrivals_ = Arrivals();
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    const auto target = static_cast<Arrivals::Level>(model_->queues[q].service_level_ms);
    if (!EstimatesRate(q)) {
      arrivals_.erase(q);
    } else {
      all_arrivals_.Add(now_, arrivals_[q].At(now_) * target);
    }
  }
}

// Length less share of all, times the whole of the shares.
__int128 Oracle::Excess(std::uint32_t queue) const {
  using Int = __int128;
  Int length = 0;
  Int all = 0;
  for (const auto& [no, c] : contacts_) {
    if (c.state != ContactState::kQueued) continue;
    ++all;
    if (c.queue == queue) ++length;
  }
  const auto level = [this](std::uint32_t q) {
    const model::Queue& policy = model_->queues[q];
    if (policy.arrivals_per_hour_milli) {
      return static_cast<Int>(Arrivals::kOne) * *policy.arrivals_per_hour_milli / 4'000;
    }
    const auto it = arrivals_.find(q);
    return it == arrivals_.end() ? Int{0} : static_cast<Int>(it->second.At(now_));
  };
  Int stated = 0;
  Int whole = static_cast<Int>(all_arrivals_.At(now_));
  Int sharing = 0;
  for (std::uint32_t q = 0; q < model_->queues.size(); ++q) {
    const model::Queue& policy = model_->queues[q];
    stated += policy.ratio_milli.value_or(0);
    if (policy.ratio_milli) continue;
    ++sharing;
    if (policy.arrivals_per_hour_milli) whole += level(q) * policy.service_level_ms;
  }
  const bool alike = whole == 0;
  if (alike) whole = sharing;
  const model::Queue& policy = model_->queues[queue];
  if (policy.ratio_milli) {
    return (1'000 * length - *policy.ratio_milli * all) * (whole == 0 ? 1 : whole);
  }
  const Int weight = alike ? 1 : level(queue) * policy.service_level_ms;
  return 1'000 * length * whole - (1'000 - stated) * weight * all;
}

}  // namespace routerd::core
