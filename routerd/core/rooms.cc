// Kinds of room. Whether an agent has room for a contact hangs on its channel and on the labels of
// its queue; and where he has none, other work may be parked for it. Each of these is a kind of its
// own with its own trees of the free, so that whoever stands in one may take what it is for, and
// nobody has to be looked at in vain.
#include <algorithm>

#include "routerd/base/limits.h"
#include "routerd/core/core.h"

namespace routerd::core {

// Kinds for every channel and every set of labels that a queue has; the plain ones first, each then
// once more with parking, if the policy knows that.
void Core::PlanRooms() {
  label_sets_.assign(1, {});
  label_set_of_.clear();
  for (const model::Queue& queue : model_->queues) {
    const auto it = std::find(label_sets_.begin(), label_sets_.end(), queue.labels);
    label_set_of_.push_back(static_cast<std::uint32_t>(it - label_sets_.begin()));
    if (it == label_sets_.end()) label_sets_.push_back(queue.labels);
  }
  const bool parks =
      std::any_of(model_->channels.begin(), model_->channels.end(),
                  [](const model::Channel& channel) { return !channel.interruptible_by.empty(); });
  plain_rooms_ = label_sets_.size() * model_->channels.size();
  rooms_ = plain_rooms_ * (parks ? 2 : 1);
  plain_kinds_.clear();
  for (std::uint32_t labels = 0; labels < label_sets_.size(); ++labels) {
    for (std::size_t channel = 0; channel < model_->channels.size(); ++channel) {
      plain_kinds_.push_back({ChannelNo(static_cast<std::uint8_t>(channel)), labels});
    }
  }
}

std::size_t Core::RoomFor(QueueNo queue, ChannelNo channel) const {
  return label_set_of_[queue.index()] * model_->channels.size() + channel.index();
}

int CoreState::LabelLimitOf(const Agent& a, LabelNo label) const {
  for (const model::LabelLimit& own : a.profile.label_limits) {
    if (own.label == label) return own.max_per_agent;
  }
  return model_->labels[label.index()].max_per_agent;
}

// How many of his contacts carry the label.
int CoreState::CountOfLabel(const Agent& a, LabelNo label) const {
  return static_cast<int>(std::count_if(a.items.begin(), a.items.end(), [&](const Item& item) {
    if (!item.counts || !item.queue.valid()) return false;
    const auto& labels = model_->queues[item.queue.index()].labels;
    return std::binary_search(labels.begin(), labels.end(), label);
  }));
}

// What is in hand for the channel, and may be parked for it.
bool Core::Lends(const Item& item, ChannelNo to) const {
  if (item.state != ItemState::kOnContact && item.state != ItemState::kHeld) return false;
  if (!item.contact.valid() || item.lent_to != 0 || item.away) return false;
  const auto& by = model_->channels[item.channel.index()].interruptible_by;
  return std::binary_search(by.begin(), by.end(), to);
}

// Numbers first: of the channel, then of each label; then units, without parking and with.
Room Core::RoomIn(const Agent& a, std::size_t room) const {
  const RoomKind& kind = plain_kinds_[room];
  const ChannelNo channel = kind.channel;
  if (a.items.size() >= limits::kMaxItemsPerAgent) return Room::kNone;
  int count = 0;
  for (const Item& item : a.items) count += item.channel == channel && item.counts ? 1 : 0;
  if (count >= LimitOf(a, channel)) return Room::kNone;
  for (const LabelNo label : label_sets_[kind.labels]) {
    if (CountOfLabel(a, label) >= LabelLimitOf(a, label)) return Room::kNone;
  }
  const int needed = a.units_used + UnitsOf(a, channel);
  if (needed <= limits::kUnitsPerAgent) return Room::kFree;
  if (rooms_ == plain_rooms_) return Room::kNone;
  int lendable = 0;
  for (const Item& item : a.items) lendable += Lends(item, channel) ? item.units : 0;
  return needed - lendable <= limits::kUnitsPerAgent ? Room::kByParking : Room::kNone;
}

// The place where he may take such contacts; kNoPlace: in none.
std::size_t Core::PlaceFor(const Agent& a, std::size_t room) const {
  if (a.places[room].in) return room;
  const std::size_t parking = room + plain_rooms_;
  return parking < a.places.size() && a.places[parking].in ? parking : kNoPlace;
}

}  // namespace routerd::core
