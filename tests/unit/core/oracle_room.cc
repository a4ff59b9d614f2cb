// Who has room, by counting everything that he has; and whose work is parked for other work.
#include <algorithm>

#include "tests/unit/core/oracle.h"

namespace routerd::core {

int Oracle::Limit(const OracleAgent& a, std::uint8_t channel) const {
  for (const auto& own : a.profile.limits) {
    if (own.channel.value == channel) return own.max_per_agent;
  }
  return model_->channels[channel].max_per_agent;
}

int Oracle::Units(const OracleAgent& a, std::uint8_t channel) const {
  const auto own = std::find_if(a.profile.units.begin(), a.profile.units.end(),
                                [&](const auto& units) { return units.channel.value == channel; });
  return own != a.profile.units.end() ? own->units : model_->channels[channel].units;
}

int Oracle::MostOf(const OracleAgent& a, LabelNo label) const {
  for (const auto& own : a.profile.label_limits) {
    if (own.label == label) return own.max_per_agent;
  }
  return model_->labels[label.value].max_per_agent;
}

int Oracle::Labelled(const OracleAgent& a, LabelNo label) const {
  int count = 0;
  for (const OracleItem& item : a.items) {
    if (item.contact == kExternal || !item.counts) continue;
    for (const LabelNo carried : model_->queues[item.queue].labels) count += carried == label;
  }
  return count;
}

bool Oracle::MayPark(const OracleItem& item, std::uint8_t channel) const {
  if (item.contact == kExternal || item.lent_to != 0 || item.waits) return false;
  if (item.state != ItemState::kOnContact && item.state != ItemState::kHeld) return false;
  const auto& by = model_->channels[item.channel].interruptible_by;
  return std::count(by.begin(), by.end(), ChannelNo(channel)) > 0;
}

Oracle::Has Oracle::RoomFor(const OracleAgent& a, std::uint8_t channel,
                            const std::vector<LabelNo>& labels) const {
  int used = 0;
  int may_lend = 0;
  int count = 0;
  int open_offers = 0;
  for (const OracleItem& item : a.items) {
    used += item.units;
    if (MayPark(item, channel)) may_lend += item.units;
    if (item.channel == channel && item.counts) ++count;
    if (item.state == ItemState::kOffered) ++open_offers;
  }
  bool allowed =
      count < Limit(a, channel) && open_offers < model_->max_open_offers && a.items.size() < 16;
  for (const LabelNo label : labels) allowed = allowed && Labelled(a, label) < MostOf(a, label);
  const int needed = used + Units(a, channel);
  if (!allowed || needed - may_lend > 100) return Has::kNothing;
  return needed <= 100 ? Has::kRoom : Has::kRoomByParking;
}

// For the item that he has just been given.
void Oracle::Park(std::uint32_t agent) {
  OracleAgent& a = agents_[agent];
  OracleItem& given = a.items.back();
  int lent = 0;
  for (;;) {
    int used = 0;
    for (const OracleItem& item : a.items) used += item.units;
    if (used <= 100) break;
    OracleItem* newest = nullptr;
    for (OracleItem& item : a.items) {
      if (!MayPark(item, given.channel)) continue;
      if (newest == nullptr || item.number > newest->number) newest = &item;
    }
    if (newest == nullptr) break;  // work from elsewhere came on top
    lent += newest->units;
    newest->lent_to = given.number;
    newest->lent_units = newest->units;
    newest->units = 0;
    newest->state = ItemState::kParked;
    newest->parked_at = now_;
    if (newest->silent) newest->silent_ms += now_ - newest->silent_at;
    Fact("parked " + N(newest->contact) + " of " + N(agent));
  }
  given.units = std::max(given.units, lent);
}

// Of the contact in his hands, the time that it was parked or silent aside.
SpanMs Oracle::Talked(std::uint32_t agent, std::uint64_t no) {
  for (const OracleItem& item : agents_[agent].items) {
    if (item.contact != no || item.state == ItemState::kWrapUp) continue;
    const SpanMs parked = item.state == ItemState::kParked ? now_ - item.parked_at : 0;
    const bool silent = item.silent && item.state != ItemState::kParked;
    const SpanMs silence = silent ? now_ - item.silent_at : 0;
    return now_ - item.answered - item.parked_ms - parked - item.silent_ms - silence;
  }
  return 0;
}

void Oracle::Unpark(std::uint32_t agent, std::uint64_t number) {
  if (number == 0) return;
  for (OracleItem& item : agents_[agent].items) {
    if (item.lent_to != number) continue;
    item.lent_to = 0;
    if (!item.waits) item.units = item.lent_units;
    if (item.state != ItemState::kParked) continue;
    item.parked_ms += now_ - item.parked_at;
    item.silent_at = now_;
    item.state = contacts_[item.contact].held ? ItemState::kHeld : ItemState::kOnContact;
    Fact("parked no more " + N(item.contact) + " of " + N(agent) + " after " +
         N(static_cast<std::uint64_t>(item.parked_ms)));
  }
}

// ---- Silent customers --------------------------------------------------------------------------

void Oracle::FallsSilent(std::uint32_t agent, OracleItem& item) {
  item.silent = true;
  item.silent_at = now_;
  bool interrupts = false;
  for (const OracleItem& other : agents_[agent].items) {
    interrupts = interrupts || (other.lent_to != 0 && other.lent_to == item.number);
  }
  Fact("silent " + N(item.contact) + " of " + N(agent));
  if (!model_->channels[item.channel].frees_inactive || interrupts) return;
  // A parked one has its units lent, and takes them when it is back and parked no more.
  item.waits = item.lent_to != 0 ? item.lent_units : item.units;
  item.units = 0;
  item.counts = false;
}

void Oracle::SpeaksAgain(OracleItem& item) const {
  if (item.state != ItemState::kParked) item.silent_ms += now_ - item.silent_at;
  item.silent = false;
  if (!item.waits) return;
  item.counts = true;
  if (item.lent_to == 0) item.units = *item.waits;
  item.waits.reset();
}

void Oracle::On(const ContactInactive& e) {
  OracleContact& c = contacts_[e.contact.value];
  if (c.silent == e.inactive) return;
  c.silent = e.inactive;
  if (e.inactive) c.silent_at = now_;
  if (!e.inactive) c.silent_ms += now_ - c.silent_at;
  for (auto& [agent, a] : agents_) {
    for (OracleItem& item : a.items) {
      if (item.contact != e.contact.value || item.state == ItemState::kWrapUp) continue;
      if (e.inactive) {
        FallsSilent(agent, item);
        continue;
      }
      SpeaksAgain(item);
      Fact("silent no more " + N(item.contact) + " of " + N(agent) + " after " +
           N(static_cast<std::uint64_t>(c.silent_ms)));
    }
  }
}

}  // namespace routerd::core
