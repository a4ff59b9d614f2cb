// The gateways and desktops of a scenario, and their sessions.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "routerd/engine/command.h"
#include "routerd/engine/event.h"
#include "routerd/engine/outbox.h"
#include "routerd/sim/virtual_engine.h"

namespace routerd::sim {

class Connections {
 public:
  explicit Connections(VirtualEngine& engine) : engine_(engine) {}

  // Connects it unless it has been connected before.
  engine::Answer Ensure(engine::SessionKind kind, const std::string& client);
  // Up: takes its session up again, or opens one. Down: the connection is gone, the session lives
  // on.
  engine::Answer Set(engine::SessionKind kind, const std::string& client, bool up);
  // Takes what the sessions were told, so that none falls behind, and keeps it for CheckTold.
  void Drain();
  // Whether those who had to hear of these events have heard of them since the last call, in order:
  // of an offer, its end and its confirmation the contact's gateway and the agent's desktop (agent
  // → desktop in `desktop_of`), of a contact's end its gateway. Those without connection are let
  // off. What is wrong, in words; empty: nothing.
  [[nodiscard]] std::string CheckTold(const std::vector<engine::Event>& events,
                                      const std::map<std::string, std::string>& desktop_of);

 private:
  struct Client {
    std::string session;
    std::shared_ptr<engine::Outbox> outbox;
    bool connected = false;
    Position listed;  // a session that could not be resumed starts with a list of the state here
    std::vector<engine::OutboxItem> told;
    std::string wrong;
  };
  // Why this client has not heard of the event as it must; empty: it has.
  [[nodiscard]] std::string CheckHeard(engine::SessionKind kind, const std::string& client,
                                       const engine::Event& event) const;
  VirtualEngine& engine_;
  std::map<std::pair<engine::SessionKind, std::string>, Client> clients_;
};

}  // namespace routerd::sim
