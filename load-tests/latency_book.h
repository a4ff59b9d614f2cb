// Joins what two sessions see of one contact, the gateway's arrival and the desktop's offer, to
// the latencies between them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "load-tests/span.h"
#include "load-tests/statistics.h"

namespace routerd::load {

class LatencyBook {
 public:
  explicit LatencyBook(Latencies* latencies) : latencies_(latencies) {}

  // Only arrivals intended at or after this are measured: before it the run settles.
  void MeasureFrom(Time time) { from_ = time; }

  void Arrived(const std::string& contact, Time intended);
  // The router has answered the Arrive. free: an agent was free for it, so that the time until the
  // offer is the router's own.
  void Accepted(const std::string& contact, Time when, bool free);
  // Offered for the first time; later offers of the same contact are ignored.
  void Offered(const std::string& contact, Time when);
  void Ended(const std::string& contact);

  void Confirmed(Time accept_intended, Time when);
  // The Arrive was handed to gRPC.
  void Written(Time intended, Time when);

  // Contacts that arrived and were neither offered nor ended yet: the backlog.
  [[nodiscard]] std::size_t Unoffered() const { return unoffered_; }
  // Contacts that ended without an offer, since the beginning.
  [[nodiscard]] std::uint64_t Unserved() const { return unserved_; }
  // arrival_to_offer_all as if now every contact that still waits were offered: those that wait
  // longest are not left out.
  [[nodiscard]] Histogram OffersAsOf(Time now) const;

 private:
  struct Entry {
    Time intended;
    Time offered;
    bool is_accepted = false;
    bool is_free = false;
    bool is_offered = false;
  };

  void Finish(std::unordered_map<std::string, Entry>::iterator entry);

  Latencies* latencies_;
  Time from_;
  std::unordered_map<std::string, Entry> open_;
  std::size_t unoffered_ = 0;
  std::uint64_t unserved_ = 0;
};

}  // namespace routerd::load
