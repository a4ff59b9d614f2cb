// Room: who may take one more, and the indexes that know it without looking.
#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {

int Core::LimitOf(const Agent& a, ChannelNo channel) const {
  for (const model::ChannelLimit& own : a.profile.limits) {
    if (own.channel == channel) return own.max_per_agent;
  }
  return model_->channels[channel.index()].max_per_agent;
}

bool Core::HasRoom(const Agent& a, ChannelNo channel) const {
  const model::Channel& policy = model_->channels[channel.index()];
  if (a.units_used + policy.units > limits::kUnitsPerAgent) return false;
  if (a.items.size() >= limits::kMaxItemsPerAgent) return false;
  int count = 0;
  for (const Item& item : a.items) {
    if (item.channel == channel && item.counts) ++count;
  }
  return count < LimitOf(a, channel);
}

bool Core::TakesOffers(const Agent& a) const {
  return a.presence == Presence::kReady && a.connected && !a.pending &&
         a.open_offers < model_->max_open_offers;
}

// One whose own limit is 0 never takes any: he is nobody that a contact might wait for.
bool Core::IsReadyFor(const Agent& a, ChannelNo channel) const {
  return a.presence == Presence::kReady && a.connected && !a.pending &&
         (a.ready >> channel.value & 1) != 0 && !model_->channels[channel.index()].name.empty() &&
         LimitOf(a, channel) > 0;
}

// Keeps his class's count of those ready, busy or not, by channel.
void Core::Recount(AgentNo no) {
  Agent& a = agents_[no.index()];
  AgentClass& cls = classes_[a.cls.index()];
  std::uint32_t flags = 0;
  for (std::size_t ch = 0; ch < model_->channels.size(); ++ch) {
    if (IsReadyFor(a, ChannelNo(static_cast<std::uint8_t>(ch)))) flags |= 1U << ch;
  }
  if (flags == a.counted_flags) return;
  bool fewer = false;
  bool more = false;
  for (std::size_t ch = 0; ch < model_->channels.size(); ++ch) {
    const bool was = (a.counted_flags >> ch & 1) != 0;
    const bool is = (flags >> ch & 1) != 0;
    if (was && !is) {
      --cls.ready_count[ch];
      fewer = true;
    } else if (!was && is) {
      ++cls.ready_count[ch];
      more = true;
    }
  }
  a.counted_flags = flags;
  if (fewer) ReviewBarsOfClass(a.cls);
  if (more) ReviewStuckOfClass(a.cls);
}

// Puts him where he belongs among the free of his class: on each channel he could take an offer of.
void Core::RefreshPlaces(AgentNo no) {
  Agent& a = agents_[no.index()];
  AgentClass& cls = classes_[a.cls.index()];
  const bool takes = TakesOffers(a);
  for (std::size_t ch = 0; ch < a.places.size(); ++ch) {
    const ChannelNo channel(static_cast<std::uint8_t>(ch));
    const bool want = takes && IsReadyFor(a, channel) && HasRoom(a, channel);
    FreePlace& place = a.places[ch];
    const bool has_work = !a.items.empty();
    if (place.in && want && place.has_work == has_work && place.idle_since == a.idle_since) {
      continue;
    }
    FreeNodes nodes{agents_, ch};
    if (place.in) {
      Treap<FreeNodes>::Erase(nodes, cls.free[ch], no.value);
      place.in = false;
    }
    if (want) {
      place.in = true;
      place.has_work = has_work;
      place.idle_since = a.idle_since;
      Treap<FreeNodes>::Insert(nodes, cls.free[ch], no.value);
    }
    free_by_channel_[ch].Assign(a.cls.index(), cls.free[ch] != kNil);
  }
}

}  // namespace routerd::core
