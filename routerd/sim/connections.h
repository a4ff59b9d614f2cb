// The gateways and desktops of a scenario, and their sessions.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "routerd/engine/command.h"
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
  // Takes what the sessions were told, so that none falls behind.
  void Drain();

 private:
  struct Client {
    std::string session;
    std::shared_ptr<engine::Outbox> outbox;
  };
  VirtualEngine& engine_;
  std::map<std::pair<engine::SessionKind, std::string>, Client> clients_;
};

}  // namespace routerd::sim
