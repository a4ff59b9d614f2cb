#include "load-tests/latency_book.h"

namespace routerd::load {

void LatencyBook::Arrived(const std::string& contact, Time intended) {
  open_[contact].intended = intended;
  ++unoffered_;
}

// The two sessions are not in step: the offer may be seen before the answer to the Arrive.
void LatencyBook::Accepted(const std::string& contact, Time when, bool free) {
  const auto found = open_.find(contact);
  if (found == open_.end()) return;
  Entry& entry = found->second;
  entry.is_accepted = true;
  entry.is_free = free;
  if (entry.intended >= from_) latencies_->arrival_to_accepted.Record(when - entry.intended);
  if (entry.is_offered) Finish(found);
}

void LatencyBook::Offered(const std::string& contact, Time when) {
  const auto found = open_.find(contact);
  if (found == open_.end() || found->second.is_offered) return;
  found->second.is_offered = true;
  found->second.offered = when;
  --unoffered_;
  if (found->second.is_accepted) Finish(found);
}

void LatencyBook::Finish(std::unordered_map<std::string, Entry>::iterator entry) {
  const auto& [intended, offered, is_accepted, is_free, is_offered] = entry->second;
  if (intended >= from_) {
    latencies_->arrival_to_offer_all.Record(offered - intended);
    if (is_free) latencies_->arrival_to_offer.Record(offered - intended);
  }
  open_.erase(entry);
}

void LatencyBook::Ended(const std::string& contact) {
  const auto found = open_.find(contact);
  if (found == open_.end()) return;
  if (!found->second.is_offered) {
    --unoffered_;
    ++unserved_;
    if (found->second.intended >= from_) ++latencies_->never_offered;
  }
  open_.erase(found);
}

Histogram LatencyBook::OffersAsOf(Time now) const {
  Histogram offers = latencies_->arrival_to_offer_all;
  for (const auto& [contact, entry] : open_) {
    if (entry.intended < from_) continue;
    offers.Record((entry.is_offered ? entry.offered : now) - entry.intended);
  }
  return offers;
}

void LatencyBook::Written(Time intended, Time when) {
  if (intended >= from_) latencies_->send_lag.Record(when - intended);
}

void LatencyBook::Confirmed(Time accept_intended, Time when) {
  if (accept_intended >= from_) latencies_->accept_to_confirmed.Record(when - accept_intended);
}

}  // namespace routerd::load
