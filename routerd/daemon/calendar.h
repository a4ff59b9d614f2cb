// Opening hours as instants: worked out with each policy, and again each day, so that there is
// always more than a year of them. The zones' data are those that the machine had when we started.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <memory>

#include "routerd/engine/service.h"
#include "routerd/model/calendar.h"
#include "routerd/model/model.h"

namespace routerd::daemon {

// From now on; null where the policy has no hours.
std::shared_ptr<const model::Calendar> CalendarOf(const model::Model& model);

// Once, for the policy in force: works its calendar out and puts it in force. Any thread; may take
// a while. Where another policy comes in between, that one has brought its own.
void RenewCalendar(engine::Service& service);

inline constexpr std::chrono::milliseconds kRenewCalendarEvery = std::chrono::hours(24);

// Renews each day from Start on: the loop's timer, the pool's work. What is referred to outlives
// it.
class CalendarKeeper {
 public:
  CalendarKeeper(boost::asio::io_context& loop, boost::asio::thread_pool& pool,
                 engine::Service& service, std::chrono::milliseconds every = kRenewCalendarEvery)
      : timer_(loop), pool_(pool), service_(service), every_(every) {}
  void Start();

 private:
  boost::asio::steady_timer timer_;
  boost::asio::thread_pool& pool_;
  engine::Service& service_;
  const std::chrono::milliseconds every_;
};

}  // namespace routerd::daemon
