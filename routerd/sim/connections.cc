#include "routerd/sim/connections.h"

#include <algorithm>
#include <tuple>

#include "routerd/base/limits.h"
#include "routerd/sim/story.h"

namespace routerd::sim {
namespace {

using engine::EventKind;

bool Before(const engine::OutboxItem& a, const engine::Event& b) {
  return std::tie(a.event->at, a.event->index) < std::tie(b.at, b.index);
}

bool IsOfAnOffer(EventKind kind) {
  return kind == EventKind::kOfferMade || kind == EventKind::kOfferEnded ||
         kind == EventKind::kContactConfirmed;
}

}  // namespace

engine::Answer Connections::Ensure(engine::SessionKind kind, const std::string& client) {
  return clients_.contains({kind, client}) ? engine::Answer{} : Set(kind, client, true);
}

engine::Answer Connections::Set(engine::SessionKind kind, const std::string& client, bool up) {
  Client& c = clients_[{kind, client}];
  engine::Envelope envelope;
  envelope.role =
      kind == engine::SessionKind::kGateway ? engine::Role::kGateway : engine::Role::kDesktop;
  envelope.client = client;
  c.connected = up;
  if (!up) {
    envelope.command = engine::DropSession{c.session, c.outbox};
    return engine_.Run(std::move(envelope));
  }
  c.outbox = std::make_shared<engine::Outbox>(limits::kSessionOutbox);
  envelope.command = engine::OpenSession{kind, c.session, c.outbox};
  engine::Answer answer = engine_.Run(std::move(envelope));
  if (!answer.status.ok()) return answer;
  c.session = answer.session;
  if (!answer.resumed) c.listed = answer.at;
  return answer;
}

void Connections::Drain() {
  for (auto& [key, client] : clients_) {
    if (client.outbox == nullptr) continue;
    engine::Outbox::Drained drained = client.outbox->Drain();
    if (drained.overflowed) client.wrong = key.second + " was told more than it could take";
    for (engine::OutboxItem& item : drained.items) {
      if (!client.told.empty() && !Before(client.told.back(), *item.event)) {
        client.wrong = key.second + " was told out of order";
      }
      client.told.push_back(std::move(item));
    }
  }
}

std::string Connections::CheckHeard(engine::SessionKind kind, const std::string& client,
                                    const engine::Event& event) const {
  const auto it = clients_.find({kind, client});
  if (it == clients_.end() || !it->second.connected || event.at <= it->second.listed) return "";
  const auto& told = it->second.told;
  const auto item = std::lower_bound(told.begin(), told.end(), event, Before);
  const bool heard = item != told.end() && item->event->at == event.at &&
                     item->event->index == event.index && item->event->kind == event.kind;
  if (!heard) {
    return client + " was not told of: " + Story::Describe(0, event);
  }
  // The gateway must know where to ring.
  const std::string endpoint = event.contact.identity->channel + ":" + event.agent;
  if (kind == engine::SessionKind::kGateway && event.kind == EventKind::kOfferMade &&
      item->endpoint != endpoint) {
    return client + " was told the endpoint '" + item->endpoint + "', not '" + endpoint + "'";
  }
  return "";
}

std::string Connections::CheckTold(const std::vector<engine::Event>& events,
                                   const std::map<std::string, std::string>& desktop_of) {
  std::string wrong;
  for (const engine::Event& event : events) {
    const bool offer = IsOfAnOffer(event.kind);
    if (!wrong.empty() || (!offer && event.kind != EventKind::kContactEnded)) continue;
    wrong = CheckHeard(engine::SessionKind::kGateway, event.contact.identity->gateway, event);
    const auto desktop = desktop_of.find(event.agent);
    if (wrong.empty() && offer && desktop != desktop_of.end()) {
      wrong = CheckHeard(engine::SessionKind::kDesktop, desktop->second, event);
    }
  }
  for (auto& [key, client] : clients_) {
    if (wrong.empty()) wrong = client.wrong;
    client.told.clear();
  }
  return wrong;
}

}  // namespace routerd::sim
