// Fixed queue ratio (Gurvich and Whitt, "Queue-and-idleness-ratio controls in many-server service
// systems", 2009): the queue goes first that is longest beyond its share of all who wait.
#include <algorithm>

#include "routerd/core/core.h"

namespace routerd::core {
namespace {

bool EstimatesRate(const model::Queue& policy) {
  return !policy.name.empty() && !policy.ratio_milli && !policy.arrivals_per_hour_milli;
}

using Int = __int128;

constexpr Int kWhole = 1'000;  // of a stated ratio

Int StatedLevel(std::int64_t per_hour_milli) {
  return static_cast<Int>(Arrivals::kOne) * per_hour_milli / (1'000 * Arrivals::kWindowsPerHour);
}

}  // namespace

// Every arrival weighs as long as its queue's target is.
void Core::CountArrival(QueueNo no) {
  const model::Queue& policy = model_->queues[no.index()];
  if (model_->order != model::Order::kQueueRatio || !EstimatesRate(policy)) return;
  queues_[no.index()].arrivals.Add(stamp_.now, Arrivals::kOne);
  weight_of_all_.Add(stamp_.now,
                     Arrivals::kOne * static_cast<Arrivals::Level>(policy.service_level_ms));
}

// Where the policy does not ask, or states a value, what was seen is void.
void Core::PlanRatios() {
  ratios_ = Ratios{};
  weight_of_all_ = Arrivals();
  const bool asked = model_->order == model::Order::kQueueRatio;
  for (std::size_t q = 0; q < model_->queues.size(); ++q) {
    const model::Queue& policy = model_->queues[q];
    if (!asked || !EstimatesRate(policy)) queues_[q].arrivals = Arrivals();
    if (policy.name.empty()) continue;
    if (policy.ratio_milli) {
      ratios_.stated_milli += *policy.ratio_milli;
      continue;
    }
    ++ratios_.shared;
    if (policy.arrivals_per_hour_milli) {
      ratios_.stated_weight +=
          StatedLevel(*policy.arrivals_per_hour_milli) * policy.service_level_ms;
    } else if (asked) {
      weight_of_all_.Add(stamp_.now, queues_[q].arrivals.At(stamp_.now) *
                                         static_cast<Arrivals::Level>(policy.service_level_ms));
    }
  }
}

// Length less share × sum of lengths, times what makes it a whole number. Lengths to 2^22, weights
// and their sum to 2^88, the whole 2^10: below 2^127.
__int128 Core::Excess(QueueNo no) const {
  const model::Queue& policy = model_->queues[no.index()];
  const Int length = queues_[no.index()].waiting;
  const Int all = waiting_count_;
  const Int sum = static_cast<Int>(weight_of_all_.At(stamp_.now)) + ratios_.stated_weight;
  const bool alike = sum == 0;  // nothing has arrived yet
  const Int whole = alike ? ratios_.shared : sum;
  if (policy.ratio_milli) {
    return (length * kWhole - *policy.ratio_milli * all) * std::max<Int>(whole, 1);
  }
  Int weight = 1;
  if (!alike) {
    weight = policy.arrivals_per_hour_milli
                 ? StatedLevel(*policy.arrivals_per_hour_milli)
                 : static_cast<Int>(queues_[no.index()].arrivals.At(stamp_.now));
    weight *= policy.service_level_ms;
  }
  return length * kWhole * whole - (kWhole - ratios_.stated_milli) * weight * all;
}

}  // namespace routerd::core
