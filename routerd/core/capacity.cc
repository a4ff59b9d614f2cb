// Room: who may take one more, and the indexes that know it without looking.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"
#include "routerd/core/nodes.h"

namespace routerd::core {

int CoreState::LimitOf(const Agent& a, ChannelNo channel) const {
  for (const model::ChannelLimit& own : a.profile.limits) {
    if (own.channel == channel) return own.max_per_agent;
  }
  return model_->channels[channel.index()].max_per_agent;
}

int CoreState::UnitsOf(const Agent& a, ChannelNo channel) const {
  for (const model::ChannelUnits& own : a.profile.units) {
    if (own.channel == channel) return own.units;
  }
  return model_->channels[channel.index()].units;
}

bool CoreState::TakesOffers(const Agent& a) const {
  return a.presence == Presence::kReady && a.connected && !a.pending &&
         a.open_offers < model_->max_open_offers;
}

// One whose own limit is 0 never takes any: he is nobody that a contact might wait for.
std::uint32_t CoreState::UsableChannels(const Agent& a) const {
  std::uint32_t usable = 0;
  for (std::size_t ch = 0; ch < model_->channels.size(); ++ch) {
    const bool there = !model_->channels[ch].name.empty() &&
                       LimitOf(a, ChannelNo(static_cast<std::uint8_t>(ch))) > 0;
    usable |= static_cast<std::uint32_t>(there) << ch;
  }
  return usable;
}

std::uint32_t CoreState::ReadyChannels(const Agent& a) {
  const bool ready = a.presence == Presence::kReady && a.connected && !a.pending;
  return ready ? a.ready & a.usable : 0;
}

bool CoreState::IsReadyFor(const Agent& a, ChannelNo channel) {
  return (ReadyChannels(a) >> channel.value & 1) != 0;
}

void Core::CountReady(ClassNo no, std::size_t channel, int change) {
  std::uint32_t& count = classes_[no.index()].ready_count[channel];
  count += static_cast<std::uint32_t>(change);
  ready_by_channel_[channel].Assign(no.index(), count != 0);
}

// Keeps his class's count of those ready, busy or not, by channel.
void Core::Recount(AgentNo no) {
  Agent& a = agents_[no.index()];
  const std::uint32_t flags = ReadyChannels(a);
  if (flags == a.counted_flags) return;
  bool fewer = false;
  bool more = false;
  for (std::size_t ch = 0; ch < model_->channels.size(); ++ch) {
    const bool was = (a.counted_flags >> ch & 1) != 0;
    const bool is = (flags >> ch & 1) != 0;
    if (was && !is) {
      CountReady(a.cls, ch, -1);
      fewer = true;
    } else if (!was && is) {
      CountReady(a.cls, ch, 1);
      more = true;
    }
  }
  a.counted_flags = flags;
  if (fewer) ReviewBarsOfClass(a.cls);
  if (more) ReviewStuckOfClass(a.cls);
}

// On this channel, where each has a clock of its own.
bool Core::HasWork(const Agent& a, std::size_t channel) const {
  if (!model_->idle_per_channel) return !a.items.empty();
  return std::any_of(a.items.begin(), a.items.end(),
                     [channel](const Item& item) { return item.channel.index() == channel; });
}

TimeMs Core::IdleSince(const Agent& a, std::size_t channel) const {
  const bool own = model_->idle_per_channel;
  const TimeMs worked = own ? a.clocks[channel].worked : a.idle_since;
  switch (model_->idle_since) {
    case model::IdleSince::kLastWork:
      return worked;
    case model::IdleSince::kLastOffer:
      return own ? a.clocks[channel].offered : a.offered_since;
    case model::IdleSince::kReady:
      return std::max(worked, a.ready_since);
  }
  return worked;
}

// Puts him where he belongs among the free of his class: into each room he could take an offer in.
void Core::RefreshPlaces(AgentNo no) {
  Agent& a = agents_[no.index()];
  const PlaceKeys keys{static_cast<std::uint32_t>(a.items.size()), a.units_used, a.talk_ms,
                       a.offered};
  if (keys != a.placed) {
    if (orders_.size() > 1) LeavePlaces(no);
    a.placed = keys;
  }
  const std::uint32_t asks = TakesOffers(a) ? ReadyChannels(a) : 0;
  for (std::size_t room = 0; room < plain_rooms_ && (asks != 0 || a.free_in != 0); ++room) {
    const bool may = (asks >> plain_kinds_[room].channel.value & 1) != 0;
    const Room has = may ? RoomIn(a, room) : Room::kNone;
    RefreshPlace(no, room, has == Room::kFree);
    if (rooms_ != plain_rooms_) RefreshPlace(no, room + plain_rooms_, has == Room::kByParking);
  }
  CountForReserves(no);
}

void Core::RefreshPlace(AgentNo no, std::size_t room, bool want) {
  Agent& a = agents_[no.index()];
  FreePlace& place = a.places[room];
  if (!place.in && !want) return;
  const std::size_t plain = room < plain_rooms_ ? room : room - plain_rooms_;
  const std::size_t channel = plain_kinds_[plain].channel.index();
  const bool has_work = HasWork(a, channel);
  const TimeMs idle_since = IdleSince(a, channel);
  if (place.in && want && place.has_work == has_work && place.idle_since == idle_since) return;
  if (place.in) LeavePlace(no, room);
  if (want) {
    place.has_work = has_work;
    place.idle_since = idle_since;
    TakePlace(no, room);
  }
  NoteFree(room, a.cls);
}

}  // namespace routerd::core
