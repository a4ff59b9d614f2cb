#include "routerd/engine/fan_out.h"

#include <iterator>
#include <utility>

namespace routerd::engine {
namespace {

// An outbox that points into a batch keeps all of it alive. Large batches are under load, when a
// slow session could hold thousands of them: then the event is copied out.
constexpr std::size_t kSharedBatchEvents = 16;

}  // namespace

void FanOut::Add(std::size_t event, SessionKind kind, const std::string& client,
                 std::string endpoint, std::shared_ptr<const Event> own) {
  const std::shared_ptr<Outbox>* outbox = world_.sessions.OutboxOf(kind, client);
  if (outbox == nullptr) return;
  // Usually the last; an event may find one more hearer when later ones have been made already, and
  // a session is told in order.
  auto place = routes_.end();
  while (place != routes_.begin() && std::prev(place)->event > event) --place;
  routes_.insert(place, {event, *outbox, std::move(endpoint), std::move(own)});
}

void FanOut::RouteContact(std::size_t event, const ContactIdentity& identity, AgentNo agent,
                          std::string endpoint) {
  Add(event, SessionKind::kGateway, identity.gateway, std::move(endpoint));
  if (agent.valid()) RouteAgent(event, agent);
}

void FanOut::RouteAgent(std::size_t event, AgentNo agent) {
  RouteDesktop(event, world_.agents.at(agent).client);
}

void FanOut::RouteDesktop(std::size_t event, const std::string& client) {
  if (!client.empty()) Add(event, SessionKind::kDesktop, client, {});
}

void FanOut::RouteGateway(std::size_t event, const std::string& client) {
  Add(event, SessionKind::kGateway, client, {});
}

void FanOut::TellDesktop(std::size_t after, const std::string& client, Event event) {
  Add(after, SessionKind::kDesktop, client, {}, std::make_shared<const Event>(std::move(event)));
}

void FanOut::TellGateway(std::size_t after, const std::string& client, std::string endpoint,
                         Event event) {
  Add(after, SessionKind::kGateway, client, std::move(endpoint),
      std::make_shared<const Event>(std::move(event)));
}

void FanOut::Redirect(const std::shared_ptr<Outbox>& from, const std::shared_ptr<Outbox>& to) {
  for (std::size_t i = next_; i < routes_.size(); ++i) {
    if (routes_[i].outbox == from) routes_[i].outbox = to;
  }
}

void FanOut::Release(const std::shared_ptr<const EventBatch>& batch, std::size_t end) {
  const bool share = batch->events.size() <= kSharedBatchEvents;
  for (; next_ < routes_.size() && routes_[next_].event < end; ++next_) {
    Route& route = routes_[next_];
    if (route.own != nullptr) {
      route.outbox->Push({std::move(route.own), std::move(route.endpoint)});
      continue;
    }
    if (route.event != shared_event_ || shared_ == nullptr) {
      const Event& event = batch->events[route.event];
      shared_event_ = route.event;
      shared_ = share ? std::shared_ptr<const Event>(batch, &event)
                      : std::make_shared<const Event>(event);
    }
    route.outbox->Push({shared_, std::move(route.endpoint)});
  }
  if (next_ < routes_.size()) return;
  routes_.clear();
  next_ = 0;
  shared_.reset();
}

}  // namespace routerd::engine
