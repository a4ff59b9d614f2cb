#include "routerd/daemon/calendar.h"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <string>
#include <utility>

#include "routerd/base/clock.h"
#include "routerd/compiler/calendar.h"
#include "routerd/daemon/reload.h"
#include "routerd/engine/command.h"

namespace routerd::daemon {

std::shared_ptr<const model::Calendar> CalendarOf(const model::Model& model) {
  if (model.hours.empty()) return nullptr;
  return std::make_shared<const model::Calendar>(
      compiler::MakeCalendar(model, SystemClock().WallMs()));
}

void RenewCalendar(engine::Service& service) {
  const auto policy = service.policy();
  auto calendar = CalendarOf(*policy->model);
  if (calendar == nullptr) return;
  const std::string tzdata = calendar->tzdata;
  engine::Envelope envelope;
  envelope.role = engine::Role::kOperations;
  envelope.client = kDaemonActor;
  envelope.command = engine::SetCalendar{policy->model->version, std::move(calendar)};
  envelope.done = [tzdata](const engine::Answer& answer) {
    if (answer.status.ok()) {
      spdlog::info("hours: worked out for the time to come, tzdata {}", tzdata);
    } else {
      spdlog::warn("hours: not worked out anew: {}", answer.status.message());
    }
  };
  service.Submit(std::move(envelope));
}

void CalendarKeeper::Start() {
  timer_.expires_after(every_);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    boost::asio::post(pool_, [&service = service_] { RenewCalendar(service); });
    Start();
  });
}

}  // namespace routerd::daemon
