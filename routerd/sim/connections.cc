#include "routerd/sim/connections.h"

#include "routerd/base/limits.h"

namespace routerd::sim {

engine::Answer Connections::Ensure(engine::SessionKind kind, const std::string& client) {
  return clients_.contains({kind, client}) ? engine::Answer{} : Set(kind, client, true);
}

engine::Answer Connections::Set(engine::SessionKind kind, const std::string& client, bool up) {
  Client& c = clients_[{kind, client}];
  engine::Envelope envelope;
  envelope.role =
      kind == engine::SessionKind::kGateway ? engine::Role::kGateway : engine::Role::kDesktop;
  envelope.client = client;
  if (!up) {
    envelope.command = engine::DropSession{c.session, c.outbox};
    return engine_.Run(std::move(envelope));
  }
  c.outbox = std::make_shared<engine::Outbox>(limits::kSessionOutbox);
  envelope.command = engine::OpenSession{kind, c.session, c.outbox};
  engine::Answer answer = engine_.Run(std::move(envelope));
  if (answer.status.ok()) c.session = answer.session;
  return answer;
}

void Connections::Drain() {
  for (auto& [key, client] : clients_) {
    if (client.outbox != nullptr) (void)client.outbox->Drain();
  }
}

}  // namespace routerd::sim
