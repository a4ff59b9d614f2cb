// How the names' books are saved in a snapshot of the world, and read from one. Orders that matter
// later are kept; what can be made anew from the rest is not written.
#include <algorithm>
#include <utility>

#include "routerd/engine/agent_directory.h"
#include "routerd/engine/answer_codec.h"
#include "routerd/engine/answers.h"
#include "routerd/engine/contact_directory.h"
#include "routerd/engine/last_agents.h"
#include "routerd/engine/offer_names.h"
#include "routerd/engine/overrides.h"
#include "routerd/engine/sessions.h"
#include "routerd/engine/walk.h"

namespace routerd::engine {
namespace {

void SaveText(ByteWriter& io, std::string_view text) { io.Text(text); }

std::string LoadText(ByteReader& io) {
  std::string_view text;
  io.Text(text);
  return std::string(text);
}

std::uint32_t LoadCount(ByteReader& io, std::size_t min_bytes) {
  std::uint32_t count = 0;
  io.Number(count);
  return io.Require(count <= io.left() / min_bytes) ? count : 0;
}

void SaveCount(ByteWriter& io, std::size_t count) { io.Number(static_cast<std::uint32_t>(count)); }

template <typename Io>
void WalkIdentity(Io& io, Of<Io, ContactIdentity> identity) {
  WalkText(io, identity.id);
  WalkText(io, identity.gateway);
  WalkText(io, identity.channel);
  WalkText(io, identity.customer_key);
  WalkText(io, identity.related_contact);
  WalkText(io, identity.consult_of);
  WalkFlag(io, identity.live);
  WalkSkills(io, identity.requirements);
  WalkEach(io, identity.attributes, 8, [&io](auto& attribute) {
    WalkText(io, attribute.first);
    WalkText(io, attribute.second);
  });
}

template <typename Io>
void WalkFirst(Io& io, Of<Io, FirstAnswer> first) {
  WalkPosition(io, first.at);
  io.Number(first.unix_ms);
  WalkWord(io, first.state, core::ContactState::kTreated);
  WalkWord(io, first.refused_by, core::EndReason::kLeft);
  io.Number(first.queue.value);
  io.Number(first.position);
}

// Of a contact that the core holds it is read from there.
template <typename Io>
void WalkLast(Io& io, Of<Io, LastStatus> last) {
  WalkWord(io, last.state, core::ContactState::kTreated);
  io.Number(last.queue.value);
  io.Number(last.priority);
  io.Number(last.step);
  io.Number(last.arrived);
  io.Number(last.age_since);
  io.Number(last.visit_since);
  io.Number(last.answered);
}

template <typename Io>
void WalkContact(Io& io, Of<Io, ContactDirectory::Contact> contact) {
  io.Number(contact.no.value);
  io.Number(contact.content);
  WalkFirst(io, contact.first);
  io.Number(contact.channel.value);
  io.Number(contact.holder.value);
  io.Number(contact.second.value);
  io.Number(contact.left.value);
  WalkFlag(io, contact.ended);
  if (contact.ended) WalkLast(io, contact.last);
}

template <typename Io>
void WalkEnded(Io& io, Of<Io, ContactDirectory::Ended> ended) {
  io.Number(ended.no.value);
  io.Number(ended.gateway.value);
  io.Number(ended.content);
  WalkFirst(io, ended.first);
  WalkWord(io, ended.state, core::ContactState::kTreated);
  io.Number(ended.since);
}

}  // namespace

// ---- Contacts ----------------------------------------------------------------------------------

void ContactDirectory::Save(ByteWriter& io) const {
  const auto known = [](const Contact& contact) { return contact.no.valid(); };
  SaveCount(io, static_cast<std::size_t>(std::count_if(contacts_.begin(), contacts_.end(), known)));
  for (const Contact& contact : contacts_) {
    if (!known(contact)) continue;
    WalkContact(io, contact);
    WalkIdentity(io, *contact.identity);
  }
  // By age; of an id that ended twice only the later place counts.
  SaveCount(io, ended_.size());
  for (const Order& order : ended_order_) {
    const Ended& ended = ended_.find(*order.id)->second;
    if (ended.since != order.time) continue;
    SaveText(io, *order.id);
    WalkEnded(io, ended);
  }
}

void ContactDirectory::Load(ByteReader& io) {
  std::uint32_t count = LoadCount(io, 60);
  by_id_.reserve(count);
  for (; count > 0 && io.ok(); --count) {
    Contact read;
    WalkContact(io, read);
    auto identity = std::make_shared<ContactIdentity>();
    WalkIdentity(io, *identity);
    if (!io.Require(read.no.valid() &&
                    static_cast<std::uint32_t>(read.no.value) < 2 * limits::kMaxContacts)) {
      return;
    }
    const std::uint32_t slot = static_cast<std::uint32_t>(read.no.value);
    if (slot >= contacts_.size()) contacts_.resize(slot + 1);
    if (!read.ended) by_id_.emplace(identity->id, slot);
    read.identity = std::move(identity);
    contacts_[slot] = std::move(read);
  }
  count = LoadCount(io, 40);
  ended_.reserve(count);
  for (; count > 0 && io.ok(); --count) {
    std::string id = LoadText(io);
    Ended ended;
    WalkEnded(io, ended);
    if (io.ok()) AddRefused(id, ended, ended.since);
  }
}

// ---- Agents and gateways -----------------------------------------------------------------------

void AgentDirectory::Save(ByteWriter& io) const {
  SaveCount(io, agents_.size());
  for (const Agent& agent : agents_) {
    SaveText(io, agent.id);
    WalkTexts(io, agent.endpoints);
    WalkMaybe(io, agent.kept_skills, [&io](auto& skills) { WalkSkills(io, skills); });
    WalkFlag(io, agent.brought_skills);
  }
  // Each client's in their order.
  SaveCount(io, by_client_.size());
  std::vector<const std::string*> clients;
  for (const auto& [client, agents] : by_client_) clients.push_back(&client);
  std::sort(clients.begin(), clients.end(), [](const auto* a, const auto* b) { return *a < *b; });
  for (const std::string* client : clients) {
    SaveText(io, *client);
    WalkEach(io, by_client_.find(*client)->second, 4, [&io](auto& no) { io.Number(no.value); });
  }
}

void AgentDirectory::Load(ByteReader& io) {
  std::uint32_t count = LoadCount(io, 10);
  by_id_.reserve(count);
  for (std::uint32_t i = 0; i < count && io.ok(); ++i) {
    const AgentNo no = FindOrAdd(LoadText(io));
    if (!io.Require(no.value == i)) return;
    Agent& agent = at(no);
    WalkTexts(io, agent.endpoints);
    WalkMaybe(io, agent.kept_skills, [&io](auto& skills) { WalkSkills(io, skills); });
    WalkFlag(io, agent.brought_skills);
  }
  for (count = LoadCount(io, 8); count > 0 && io.ok(); --count) {
    const std::string client = LoadText(io);
    std::vector<AgentNo> agents;
    WalkEach(io, agents, 4, [&io](auto& no) { io.Number(no.value); });
    for (const AgentNo no : agents) {
      if (!io.Require(no.valid() && no.index() < agents_.size())) return;
      SetClient(no, client);
    }
  }
}

void GatewayDirectory::Save(ByteWriter& io) const { WalkTexts(io, names_); }

void GatewayDirectory::Load(ByteReader& io) {
  std::vector<std::string> names;
  WalkTexts(io, names);
  for (const std::string& name : names) Add(name);
}

void LastAgents::Save(ByteWriter& io) const {
  SaveCount(io, order_.size());
  for (const std::string* key : order_) {
    SaveText(io, *key);
    io.Number(by_key_.find(*key)->second.agent.value);
  }
}

void LastAgents::Load(ByteReader& io) {
  std::uint32_t count = LoadCount(io, 8);
  by_key_.reserve(count);
  for (; count > 0 && io.ok(); --count) {
    const std::string key = LoadText(io);
    AgentNo agent;
    io.Number(agent.value);
    Served(key, agent);
  }
}

// ---- Offers ------------------------------------------------------------------------------------

void OfferNames::Save(ByteWriter& io) const {
  std::vector<OfferId> open;
  for (const auto& [id, offer] : offers_) {
    if (offer.open) open.push_back(id);
  }
  std::sort(open.begin(), open.end());
  for (const auto& ids : {std::vector<OfferId>(ended_.begin(), ended_.end()), open}) {
    SaveCount(io, ids.size());
    for (const OfferId& id : ids) {
      const Offer& offer = offers_.find(id)->second;
      WalkOffer(io, id);
      io.Number(offer.contact.value);
      io.Number(offer.agent.value);
    }
  }
}

void OfferNames::Load(ByteReader& io) {
  for (const bool over : {true, false}) {
    for (std::uint32_t count = LoadCount(io, 28); count > 0 && io.ok(); --count) {
      OfferId id;
      Offer offer;
      WalkOffer(io, id);
      io.Number(offer.contact.value);
      io.Number(offer.agent.value);
      Made(id, offer.contact, offer.agent);
      if (over) Ended(id);
    }
  }
}

// ---- Overrides and sessions --------------------------------------------------------------------

void Overrides::Save(ByteWriter& io) const {
  SaveCount(io, all_.size());
  for (const auto& [target, entry] : all_) {
    io.Number(target.queue.value);
    io.Number(target.agent.value);
    io.Number(entry.ends);
    WalkMaybe(io, entry.view->mode,
              [&io](auto& mode) { WalkWord(io, mode, model::QueueMode::kEmergency); });
    WalkOverride(io, *entry.view);
  }
}

void Overrides::Load(ByteReader& io) {
  for (std::uint32_t count = LoadCount(io, 20); count > 0 && io.ok(); --count) {
    OverrideTarget target;
    TimeMs ends = 0;
    OverrideView view;
    io.Number(target.queue.value);
    io.Number(target.agent.value);
    io.Number(ends);
    WalkMaybe(io, view.mode,
              [&io](auto& mode) { WalkWord(io, mode, model::QueueMode::kEmergency); });
    WalkOverride(io, view);
    if (io.ok()) Set(target, std::make_shared<const OverrideView>(std::move(view)), ends);
  }
}

void Sessions::Save(ByteWriter& io) const {
  std::vector<const Session*> sessions;
  for (const auto& [id, session] : sessions_) sessions.push_back(&session);
  std::sort(sessions.begin(), sessions.end(),
            [](const Session* a, const Session* b) { return a->id < b->id; });
  SaveCount(io, sessions.size());
  for (const Session* session : sessions) {
    SaveText(io, session->id);
    io.Number(static_cast<std::uint8_t>(session->kind));
    SaveText(io, session->client);
    WalkFlag(io, session->connected);
    io.Number(session->expires);
  }
}

void Sessions::Load(ByteReader& io) {
  for (std::uint32_t count = LoadCount(io, 18); count > 0 && io.ok(); --count) {
    Session read;
    std::uint8_t kind = 0;
    read.id = LoadText(io);
    io.Number(kind);
    io.Require(kind <= static_cast<std::uint8_t>(SessionKind::kDesktop));
    read.client = LoadText(io);
    WalkFlag(io, read.connected);
    io.Number(read.expires);
    if (!io.ok()) return;
    read.kind = static_cast<SessionKind>(kind);
    Session& session = sessions_[read.id];
    session = std::move(read);
    by_client_[kind][session.client] = &session;
    if (!session.connected) expiring_.emplace(session.expires, session.id);
  }
}

// ---- Answers -----------------------------------------------------------------------------------

void Answers::Save(ByteWriter& io) const {
  const auto save = [&io](const std::string& key, const Entry& entry) {
    SaveText(io, key);
    io.Number(entry.body_hash);
    io.Number(entry.number);
    io.Number(entry.forget_at);
    std::string bytes = entry.bytes;
    if (entry.answer != nullptr) EncodeAnswer(*entry.answer, bytes);
    SaveText(io, bytes);
  };
  std::vector<const std::string*> ids;
  for (const auto& [id, session] : sessions_) ids.push_back(&id);
  std::sort(ids.begin(), ids.end(), [](const auto* a, const auto* b) { return *a < *b; });
  SaveCount(io, ids.size());
  for (const std::string* id : ids) {
    const OfSession& session = sessions_.find(*id)->second;
    SaveText(io, *id);
    io.Number(session.last);
    io.Number(session.acked);
    std::vector<const Entries::value_type*> unacked;
    for (const Numbered& numbered : session.unacked) {
      const auto& entry = *entries_.find(*numbered.key);
      if (IsOf(entry.second, *id, numbered.number)) unacked.push_back(&entry);
    }
    SaveCount(io, unacked.size());
    for (const auto* entry : unacked) save(entry->first, entry->second);
  }
  // Those that are kept by time; an id that was used again is there once, for its later answer.
  std::vector<const Entries::value_type*> dated;
  for (const Dated& date : dated_) {
    const auto& entry = *entries_.find(*date.key);
    if (entry.second.remembered() && entry.second.forget_at == date.forget_at) {
      dated.push_back(&entry);
    }
  }
  SaveCount(io, dated.size());
  for (const auto* entry : dated) save(entry->first, entry->second);
}

void Answers::Load(ByteReader& io) {
  const auto load = [this, &io](const std::string& session) -> Entries::value_type* {
    const std::string key = LoadText(io);
    Entries::value_type& place = *entries_.try_emplace(key).first;
    io.Number(place.second.body_hash);
    io.Number(place.second.number);
    io.Number(place.second.forget_at);
    place.second.bytes = LoadText(io);
    place.second.session = session;
    io.Require(!place.second.bytes.empty());
    return &place;
  };
  for (std::uint32_t count = LoadCount(io, 24); count > 0 && io.ok(); --count) {
    const std::string id = LoadText(io);
    OfSession& session = sessions_[id];
    io.Number(session.last);
    io.Number(session.acked);
    session.acked_taken = session.acked;
    for (std::uint32_t n = LoadCount(io, 32); n > 0 && io.ok(); --n) {
      Entries::value_type* place = load(id);
      ++place->second.places;
      session.unacked.push_back({place->second.number, &place->first});
    }
  }
  for (std::uint32_t count = LoadCount(io, 32); count > 0 && io.ok(); --count) {
    Entries::value_type* place = load({});
    ++place->second.places;
    dated_.push_back({place->second.forget_at, &place->first});
  }
}

}  // namespace routerd::engine
