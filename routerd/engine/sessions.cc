#include "routerd/engine/sessions.h"

namespace routerd::engine {
namespace {

std::string IdOf(SessionKind kind, Position at) {
  return (kind == SessionKind::kGateway ? "g-" : "d-") + std::to_string(at.epoch) + "-" +
         std::to_string(at.sequence);
}

}  // namespace

Sessions::Session* Sessions::Find(const std::string& id) {
  const auto it = sessions_.find(id);
  return it == sessions_.end() ? nullptr : &it->second;
}

Sessions::Session* Sessions::OfClient(SessionKind kind, const std::string& client) const {
  const auto& clients = by_client_[static_cast<int>(kind)];
  const auto it = clients.find(client);
  return it == clients.end() ? nullptr : it->second;
}

const std::shared_ptr<Outbox>* Sessions::OutboxOf(SessionKind kind,
                                                  const std::string& client) const {
  const Session* session = OfClient(kind, client);
  return session == nullptr || session->outbox == nullptr ? nullptr : &session->outbox;
}

Sessions::Session& Sessions::Open(SessionKind kind, const std::string& client, Position at) {
  std::string id = IdOf(kind, at);
  Session& session = sessions_[id];
  session = {.id = std::move(id),
             .kind = kind,
             .client = client,
             .outbox = nullptr,
             .connected = true,
             .expires = 0};
  by_client_[static_cast<int>(kind)][client] = &session;
  if (on_open_) on_open_(session);
  return session;
}

// The router was down since: the client says what it was told.
bool Sessions::ResumeKept(Session& session, const std::shared_ptr<Outbox>& outbox,
                          const std::optional<EventCursor>& told) {
  // Of the record that it was kept from only later ones are there, and not the rest of its own.
  const bool missed = !told || told->at.sequence < *session.kept_from ||
                      (told->at.sequence == *session.kept_from && told->index != kWholeRecord);
  if (missed || outbox == nullptr) return false;
  Outbox::Drained kept = session.outbox->Drain();
  if (kept.overflowed) return false;
  for (OutboxItem& item : kept.items) {
    const std::uint64_t sequence = item.event->at.sequence;
    const bool known = sequence < told->at.sequence ||
                       (sequence == told->at.sequence && item.event->index <= told->index);
    if (!known) outbox->Push(std::move(item));
  }
  return true;
}

bool Sessions::Resume(Session& session, std::shared_ptr<Outbox> outbox,
                      const std::optional<EventCursor>& told) {
  if (session.kept_from) {
    if (!ResumeKept(session, outbox, told)) return false;
    session.kept_from.reset();
    session.outbox = std::move(outbox);
    return true;
  }
  // Since the router is up another connection had it: what that was told is not known here.
  if (told) return false;
  if (session.outbox == outbox) return outbox == nullptr || !outbox->overflowed();
  if (session.outbox != nullptr) {
    // What its batch still holds for it is redirected by the caller, and comes after this.
    session.outbox->Close("superseded");
    Outbox::Drained rest = session.outbox->Drain();
    if (rest.overflowed || outbox == nullptr) return false;
    for (OutboxItem& item : rest.items) outbox->Push(std::move(item));
  }
  session.outbox = std::move(outbox);
  return true;
}

void Sessions::Connect(Session& session) {
  if (session.connected) return;
  expiring_.erase({session.expires, session.id});
  session.connected = true;
  session.expires = 0;
}

void Sessions::Drop(Session& session, TimeMs expires) {
  if (!session.connected) return;
  session.connected = false;
  session.expires = expires;
  expiring_.emplace(expires, session.id);
}

void Sessions::End(const std::string& id, const char* reason) {
  const auto it = sessions_.find(id);
  if (it == sessions_.end()) return;
  Session& session = it->second;
  if (session.outbox != nullptr) session.outbox->Close(reason);
  if (!session.connected) expiring_.erase({session.expires, session.id});
  auto& clients = by_client_[static_cast<int>(session.kind)];
  const auto mine = clients.find(session.client);
  if (mine != clients.end() && mine->second == &session) clients.erase(mine);
  sessions_.erase(it);
}

void Sessions::ForEach(const std::function<void(Session&)>& f) {
  for (auto& [id, session] : sessions_) f(session);
}

std::vector<std::string> Sessions::Expired(TimeMs now) const {
  std::vector<std::string> ids;
  for (auto it = expiring_.begin(); it != expiring_.end() && it->first <= now; ++it) {
    ids.push_back(it->second);
  }
  return ids;
}

}  // namespace routerd::engine
