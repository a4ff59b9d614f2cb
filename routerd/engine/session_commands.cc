// Sessions open, are taken up again, lose their connection and end; gateways and agents follow.
//
// Who has no session has no connection to lose: a gateway that only makes unary calls counts as
// connected from its first contact on, agents that are logged in by unary calls likewise. While a
// client has a session, its contacts and agents follow the session's connection. When that was away
// longer than its grace the session has ended, and what the client then asks by unary calls is
// asked without a session again: it counts as connected, so that nothing waits for a connection
// that nobody misses.
#include <algorithm>
#include <utility>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/engine/command_handler.h"
#include "routerd/engine/views.h"

namespace routerd::engine {

void CommandHandler::On(OpenSession& c) {
  if (c.kind == SessionKind::kGateway && !world_.gateways.Find(envelope_->client).valid() &&
      world_.gateways.Next().index() >= limits::kMaxGateways) {
    return Refuse(Code::kResourceExhausted, "gateway_limit",
                  "there are as many gateways as may be");
  }
  Sessions::Session* session = OpenOrResume(c);
  if (session == nullptr) return;
  if (session->kind == SessionKind::kGateway) {
    GatewayNo gateway = world_.gateways.Find(session->client);
    if (!gateway.valid()) gateway = world_.gateways.Next();
    SetGatewayConnected(gateway, session->client, true);
  } else {
    SetAgentsConnected(session->client, true);
  }
  answer_->session = session->id;
  if (answer_->resumed) return;
  AnswerHeld(*session);
  // Only now: the list shows what the connection has made happen, which is told once.
  session->outbox = std::move(c.outbox);
}

Sessions::Session* CommandHandler::OpenOrResume(OpenSession& c) {
  Sessions::Session* known = c.resume.empty() ? nullptr : world_.sessions.Find(c.resume);
  if (known != nullptr && known->kind == c.kind && known->client == envelope_->client) {
    const std::shared_ptr<Outbox> before = known->outbox;
    const bool happened = !c.told || world_.Happened(c.told->at);
    if (happened && Sessions::Resume(*known, c.outbox, c.told)) {
      recorder_.fan_out().Redirect(before, known->outbox);
      answer_->resumed = true;
      Note().Text(NoteTag::kSessionResumed, known->id);
      recorder_.Note();
      return known;
    }
  }
  const bool another = world_.sessions.OfClient(c.kind, envelope_->client) == nullptr;
  if (another && world_.sessions.size() >= limits::kMaxSessions) {
    answer_->status = Status(Code::kResourceExhausted, "there are as many sessions as may be")
                          .WithReason("session_limit")
                          .WithRetryAfter(limits::kOverloadRetryMs);
    return nullptr;
  }
  Note().Number(NoteTag::kSessionKind, static_cast<std::uint64_t>(c.kind) + 1);
  recorder_.Note();
  return world_.sessions.OfClient(c.kind, envelope_->client);
}

void CommandHandler::SetGatewayConnected(GatewayNo gateway, const std::string& name,
                                         bool connected) {
  const core::Gateway* known = world_.core.FindGateway(gateway);
  if (known != nullptr && known->connected == connected) return;
  if (!recorder_.Apply(core::GatewayConnection{gateway, connected}).ok()) return;
  recorder_.note().Text(NoteTag::kActor, name).Text(NoteTag::kGateway, name);
  recorder_.Commit();
}

void CommandHandler::SetAgentsConnected(const std::string& client, bool connected) {
  // A record may end an agent's stay, and with it his place in the list.
  const std::vector<AgentNo> agents = world_.agents.OfClient(client);
  for (const AgentNo no : agents) {
    const core::Agent* agent = world_.core.FindAgent(no);
    if (agent != nullptr && agent->connected != connected) SetAgentConnected(no, client, connected);
  }
}

void CommandHandler::SetAgentConnected(AgentNo agent, const std::string& client, bool connected) {
  if (!recorder_.Apply(core::AgentConnection{agent, connected}).ok()) return;
  recorder_.note().Text(NoteTag::kActor, client).Text(NoteTag::kAgent, world_.agents.at(agent).id);
  recorder_.Commit();
}

void CommandHandler::ConnectWithoutSession(GatewayNo gateway) {
  if (world_.sessions.OfClient(SessionKind::kGateway, envelope_->client) != nullptr) return;
  const core::Gateway* known = world_.core.FindGateway(gateway);
  // Others may act on its contacts; that does not bring it back.
  if (known == nullptr || world_.gateways.name(gateway) != envelope_->client) return;
  SetGatewayConnected(gateway, envelope_->client, true);
}

void CommandHandler::ConnectWithoutSession(AgentNo agent) {
  const std::string& client = world_.agents.at(agent).client;
  if (world_.core.FindAgent(agent)->connected) return;
  if (world_.sessions.OfClient(SessionKind::kDesktop, client) != nullptr) return;
  SetAgentConnected(agent, client, true);
}

void CommandHandler::On(DropSession& c) { Drop(c); }

void CommandHandler::Drop(const DropSession& drop) {
  Sessions::Session* session = world_.sessions.Find(drop.session);
  if (session == nullptr || !session->connected) return;
  // Another connection has taken it up already.
  if (drop.outbox != nullptr && session->outbox != drop.outbox) return;
  Disconnect(*session);
}

void CommandHandler::Disconnect(const Sessions::Session& session) {
  recorder_.note().Text(NoteTag::kActor, session.client).Text(NoteTag::kSessionDropped, session.id);
  recorder_.Note();
  LoseConnection(session);
}

void CommandHandler::LoseConnections() {
  std::vector<const Sessions::Session*> connected;
  world_.sessions.ForEach([&connected](const Sessions::Session& session) {
    if (session.connected) connected.push_back(&session);
  });
  std::sort(connected.begin(), connected.end(),
            [](const auto* a, const auto* b) { return a->id < b->id; });
  for (const Sessions::Session* session : connected) LoseConnection(*session);
}

void CommandHandler::LoseConnection(const Sessions::Session& session) {
  if (session.kind == SessionKind::kGateway) {
    SetGatewayConnected(world_.gateways.Find(session.client), session.client, false);
  } else {
    SetAgentsConnected(session.client, false);
  }
}

void CommandHandler::ExpireSessions() {
  for (const std::string& id : world_.sessions.Expired(world_.clock.now())) {
    recorder_.note().Text(NoteTag::kSessionEnded, id);
    recorder_.Note();
  }
}

void CommandHandler::On(AckAnswers& c) { world_.answers.Ack(c.session, c.upto); }

void CommandHandler::AddHeld(const ContactEntry& contact) {
  answer_->held_contacts.push_back(ViewOfHeld(world_, contact));
}

void CommandHandler::AddMoreOffers(const ContactEntry& contact, const core::Contact& held) {
  const std::uint32_t second = world_.core.lease(held.first_lease).next;
  for (std::uint32_t i = second; i != core::kNil; i = world_.core.lease(i).next) {
    answer_->more_offers.push_back(ViewOfOffer(world_, contact, world_.core.lease(i)));
  }
}

void CommandHandler::AnswerHeld(const Sessions::Session& session) {
  if (session.kind == SessionKind::kGateway) {
    const core::Gateway* gateway = world_.core.FindGateway(world_.gateways.Find(session.client));
    if (gateway == nullptr) return;
    for (std::uint32_t slot = gateway->first; slot != core::kNil;) {
      const ContactEntry* contact = world_.contacts.FindSlot(slot);
      AddHeld(*contact);
      const core::Contact* held = world_.core.FindContact(contact->no);
      if (held->lease_count > 1) AddMoreOffers(*contact, *held);
      slot = held->gateway_next;
    }
    return;
  }
  for (const AgentNo no : world_.agents.OfClient(session.client)) {
    answer_->held_agents.push_back(ViewOf(world_, no));
    for (const core::Item& item : world_.core.FindAgent(no)->items) {
      const ContactEntry* contact = world_.contacts.Find(item.contact);
      if (contact == nullptr) continue;
      if (item.state == core::ItemState::kOffered) {
        answer_->held_contacts.push_back(
            ViewOfOffer(world_, *contact, world_.core.lease(item.lease)));
      } else {
        AddHeld(*contact);
      }
    }
  }
}

}  // namespace routerd::engine
