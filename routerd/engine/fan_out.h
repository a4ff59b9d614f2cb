// Which session hears of which event. Decided when the event is made, done when it is released.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "routerd/engine/event.h"
#include "routerd/engine/outbox.h"
#include "routerd/engine/world.h"

namespace routerd::engine {

class FanOut {
 public:
  explicit FanOut(const World& world) : world_(world) {}

  // Event number `event` of the batch. Contacts' events go to the contact's gateway, and, if an
  // agent is concerned, to his desktop.
  void RouteContact(std::size_t event, const ContactIdentity& identity, AgentNo agent,
                    std::string endpoint);
  void RouteAgent(std::size_t event, AgentNo agent);
  // To the client's desktop; used for one who has lost the agent.
  void RouteDesktop(std::size_t event, const std::string& client);
  // To another gateway than the contact's.
  void RouteGateway(std::size_t event, const std::string& client);
  // An event of its own for the client's desktop, told after number `after` and to nobody else.
  void TellDesktop(std::size_t after, const std::string& client, Event event);
  // Likewise for the gateway.
  void TellGateway(std::size_t after, const std::string& client, std::string endpoint, Event event);
  // The session of `from` goes on at `to`: what is not released yet goes there, in its order.
  void Redirect(const std::shared_ptr<Outbox>& from, const std::shared_ptr<Outbox>& to);

  // Pushes what goes out for events before number `end`, in order, from where the last call ended.
  void Release(const std::shared_ptr<const EventBatch>& batch, std::size_t end);

 private:
  struct Route {
    std::size_t event;
    std::shared_ptr<Outbox> outbox;
    std::string endpoint;
    std::shared_ptr<const Event> own;  // told instead of the batch's event
  };
  void Add(std::size_t event, SessionKind kind, const std::string& client, std::string endpoint,
           std::shared_ptr<const Event> own = nullptr);

  const World& world_;
  std::vector<Route> routes_;  // by event
  std::size_t next_ = 0;       // first that is not released
  std::size_t shared_event_ = ~std::size_t{0};
  std::shared_ptr<const Event> shared_;
};

}  // namespace routerd::engine
