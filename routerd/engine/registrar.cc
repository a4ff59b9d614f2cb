#include "routerd/engine/registrar.h"

#include <utility>
#include <variant>

#include "routerd/base/hash.h"
#include "routerd/engine/answer_codec.h"
#include "routerd/engine/refusals.h"
#include "routerd/engine/views.h"

namespace routerd::engine {
namespace {

Attributes AttributesIn(const RecordNote& note) {
  Attributes attributes;
  attributes.reserve(note.attributes.size());
  for (const auto& [key, value] : note.attributes) attributes.emplace_back(key, value);
  return attributes;
}

std::vector<SkillNeed> NamesOf(const model::Model& model,
                               const std::vector<model::SkillLevel>& levels) {
  std::vector<SkillNeed> skills;
  skills.reserve(levels.size());
  for (const model::SkillLevel& level : levels) {
    skills.push_back({model.skills[level.skill.index()].name, level.level});
  }
  return skills;
}

// Stands for a name that was blanked. Nobody may ask for it: ids have no leading space.
std::string MadeUp(std::uint64_t number) { return " " + std::to_string(number); }

}  // namespace

void Registrar::Enter(const core::Event& event, const core::Applied& applied,
                      const RecordNote& note, Position at) {
  note_ = &note;
  applied_ = &applied;
  at_ = at;
  std::visit([this](const auto& e) { On(e); }, event);
}

void Registrar::Tell(const core::Event& event, const RecordNote& note, EventBatch& batch,
                     std::size_t first) {
  note_ = &note;
  batch_ = &batch;
  first_ = first;
  std::visit([this](const auto& e) { TellOf(e); }, event);
}

void Registrar::EnterNote(const RecordNote& note, Position at) {
  note_ = &note;
  at_ = at;
  if (note.session_kind != 0) OpenSession();
  if (!note.session_resumed.empty()) {
    Sessions::Session* session = world_.sessions.Find(std::string(note.session_resumed));
    if (session != nullptr) world_.sessions.Connect(*session);
  }
  if (!note.session_dropped.empty()) DropSession(std::string(note.session_dropped));
  if (!note.session_ended.empty()) EndSession(std::string(note.session_ended), "expired");
  if (!note.new_gateway.empty()) world_.gateways.NameLast(std::string(note.new_gateway));
  SetSkills(false);
}

void Registrar::TellNote(const RecordNote& note) {
  const std::string_view agent = note.skills_of.empty() ? note.skills_cleared : note.skills_of;
  if (!agent.empty()) maker_.AgentChanged(world_.agents.Find(std::string(agent)));
}

// ---- Contacts ----------------------------------------------------------------------------------

std::string Registrar::ContactId() const {
  return note_->contact.empty() ? MadeUp(at_.sequence) : std::string(note_->contact);
}

void Registrar::AddGateway(GatewayNo no) {
  if (no == world_.gateways.Next()) world_.gateways.Add(std::string(note_->gateway));
}

void Registrar::AddContact(ContactNo no, std::shared_ptr<const ContactIdentity> identity,
                           ChannelNo channel) {
  added_ = identity->id;
  ContactDirectory::Contact& contact = world_.contacts.Add(no, std::move(identity));
  contact.content = note_->content;
  contact.channel = channel;
}

std::shared_ptr<const ContactIdentity> Registrar::IdentityOf(const core::ContactArrives& e) const {
  const model::Model& model = world_.model();
  auto identity = std::make_shared<ContactIdentity>();
  identity->id = ContactId();
  identity->gateway = world_.gateways.name(e.gateway);
  identity->channel = model.channels[e.channel.index()].name;
  identity->customer_key = note_->customer_key;
  identity->related_contact = note_->related_contact;
  identity->live = e.live;
  identity->requirements = NamesOf(model, e.requirements.all);
  identity->attributes = AttributesIn(*note_);
  return identity;
}

void Registrar::On(const core::ContactArrives& e) {
  AddGateway(e.gateway);
  if (applied_->ok()) return AddContact(applied_->contact, IdentityOf(e), e.channel);
  TurnAway(e);
}

// The refusal is a record of its own: the contact has been, and is counted; replay refuses it
// again.
void Registrar::TurnAway(const core::ContactArrives& e) {
  const TimeMs unix_ms = world_.clock.ToUnix(world_.clock.now());
  ContactDirectory::Ended ended;
  ended.gateway = e.gateway;
  ended.content = note_->content;
  ended.state = core::ContactState::kRefused;
  ended.first = {.at = at_,
                 .unix_ms = unix_ms,
                 .state = core::ContactState::kRefused,
                 .refused_by = ToEndReason(applied_->refusal),
                 .queue = e.queue,
                 .position = 0};
  ContactView view;
  view.identity = IdentityOf(e);
  world_.contacts.AddRefused(view.identity->id, ended, world_.clock.now());
  const model::Queue& queue = world_.model().queues[e.queue.index()];
  view.status.state = core::ContactState::kRefused;
  view.status.queue = queue.name;
  view.status.priority = e.priority.value_or(queue.priority);
  view.status.arrived_unix_ms = view.status.visit_since_unix_ms = unix_ms;
  view.status.age_since_unix_ms = unix_ms - e.credit_ms;
  turned_away_ = std::move(view);
}

void Registrar::TellOf(const core::ContactArrives& /*e*/) {
  if (!turned_away_) return;
  maker_.ContactRefused(*std::exchange(turned_away_, std::nullopt), ToEndReason(applied_->refusal));
}

// Whoever is asked sees what was told of the contact; he has not served its customer yet.
void Registrar::On(const core::ConsultStarts& e) {
  const ContactDirectory::Contact& entry = *world_.contacts.Find(e.contact);
  const ContactIdentity& about = *entry.identity;
  auto identity = std::make_shared<ContactIdentity>();
  identity->id = ContactId();
  identity->gateway = about.gateway;
  identity->channel = about.channel;
  identity->related_contact = about.id;
  identity->consult_of = about.id;
  identity->live = about.live;
  identity->requirements = NamesOf(world_.model(), e.requirements.all);
  identity->attributes = about.attributes;
  AddContact(applied_->contact, std::move(identity), entry.channel);
}

void Registrar::Change(ContactNo no, const std::optional<model::Requirements>& requirements) {
  if (!requirements && !note_->new_attributes) return;
  ContactDirectory::Contact& contact = *world_.contacts.Find(no);
  auto identity = std::make_shared<ContactIdentity>(*contact.identity);
  if (requirements) identity->requirements = NamesOf(world_.model(), requirements->all);
  if (note_->new_attributes) identity->attributes = AttributesIn(*note_);
  contact.identity = std::move(identity);
}

void Registrar::On(const core::ContactUpdated& e) { Change(e.contact, e.requirements); }

void Registrar::On(const core::ContactTransferred& e) { Change(e.contact, e.requirements); }

// It goes to another gateway, which is told how it stood.
void Registrar::On(const core::ContactEnds& e) {
  if (note_->to_gateway.empty()) return;
  handed_over_ = ViewOf(world_, *world_.contacts.Find(e.contact));
}

void Registrar::TellOf(const core::ContactEnds& /*e*/) {
  if (!handed_over_) return;
  maker_.ContactHandedOver(*std::exchange(handed_over_, std::nullopt),
                           std::string(note_->to_gateway));
}

void Registrar::FirstAnswered(const RecordNote& note, Position at) {
  Result<FirstAnswer> first = DecodeFirstAnswer(note.first_answer);
  if (!first.ok() || applied_ == nullptr || !applied_->ok()) return;
  first.value().at = at;
  first.value().unix_ms = world_.clock.ToUnix(world_.clock.now());
  world_.contacts.Answered(applied_->contact, added_, first.value());
}

// ---- Agents ------------------------------------------------------------------------------------

AgentNo Registrar::Agent(std::string_view id) {
  return world_.agents.FindOrAdd(id.empty() ? MadeUp(at_.sequence) : std::string(id));
}

void Registrar::On(const core::AgentLogsIn& e) {
  if (e.agent.index() == world_.agents.size()) Agent(note_->agent);
  AgentDirectory::Agent& agent = world_.agents.at(e.agent);
  client_before_ = agent.client;
  endpoints_before_.assign(world_.model().channels.size(), {});
  std::swap(agent.endpoints, endpoints_before_);
  for (const auto& [channel, endpoint] : note_->endpoints) {
    const ChannelNo no = world_.names->channel(std::string(channel));
    if (no.valid()) agent.endpoints[no.index()] = endpoint;
  }
  agent.brought_skills = note_->brought_skills;
  world_.agents.SetClient(e.agent, std::string(note_->client));
}

// The desktop that had him until now learns from the same event that it has him no longer; the one
// that has him now must hear of what is offered to him, or the offer would be lost, and so must a
// gateway that rings where he sits no longer.
void Registrar::TellOf(const core::AgentLogsIn& e) {
  const std::string& id = world_.agents.at(e.agent).id;
  bool told = false;
  for (std::size_t i = first_; i < batch_->events.size(); ++i) {
    const Event& event = batch_->events[i];
    told = told || (event.kind == EventKind::kAgentChanged && event.agent == id);
  }
  if (!told) maker_.AgentChanged(e.agent);
  const bool moved = client_before_ != world_.agents.at(e.agent).client;
  maker_.TellOpenOffers(e.agent, moved, endpoints_before_);
  if (client_before_.empty() || !moved) return;
  for (std::size_t i = first_; i < batch_->events.size(); ++i) {
    const Event& event = batch_->events[i];
    if (event.kind != EventKind::kAgentChanged || event.agent != id) continue;
    fan_out_.RouteDesktop(i, client_before_);
  }
}

void Registrar::TellOf(const core::AgentLogsOut& e) {
  TellWhy(EventKind::kAgentChanged, world_.agents.at(e.agent).id);
}

void Registrar::TellOf(const core::OfferRejected& e) {
  const OfferNames::Offer* offer = world_.offers.Find(e.offer);
  if (offer != nullptr) TellWhy(EventKind::kOfferEnded, world_.agents.at(offer->agent).id);
}

void Registrar::TellWhy(EventKind kind, const std::string& agent) {
  if (note_->why.empty()) return;
  for (std::size_t i = first_; i < batch_->events.size(); ++i) {
    Event& event = batch_->events[i];
    if (event.kind == kind && event.agent == agent) event.why = note_->why;
  }
}

void Registrar::On(const core::GatewayConnection& e) { AddGateway(e.gateway); }

void Registrar::TellOf(const core::GatewayConnection& e) {
  maker_.GatewayChanged(world_.gateways.name(e.gateway), e.connected);
}

// ---- Policy and overrides ----------------------------------------------------------------------

OverrideView Registrar::MadeOverride() const {
  const auto ends = static_cast<TimeMs>(note_->override_ends);
  OverrideView view;
  view.actor = note_->on_behalf_of();
  view.set_unix_ms = world_.clock.ToUnix(world_.clock.now());
  view.ends_unix_ms = world_.clock.ToUnixOrZero(ends);
  return view;
}

// Before the record's events are made: they tell it.
void Registrar::On(const core::QueueModeSet& e) {
  if (!e.mode) return world_.overrides.Clear({e.queue, {}});
  OverrideView view = MadeOverride();
  view.mode = e.mode;
  world_.overrides.Set({e.queue, {}}, std::make_shared<const OverrideView>(std::move(view)),
                       static_cast<TimeMs>(note_->override_ends));
}

void Registrar::On(const core::AgentSkillsSet& /*e*/) { SetSkills(true); }

// `applied`: they are in force now, and not kept for a later log-in only.
void Registrar::SetSkills(bool applied) {
  if (note_->skills_of.empty() && note_->skills_cleared.empty()) return;
  const bool kept = !note_->skills_of.empty();
  const AgentNo no = Agent(kept ? note_->skills_of : note_->skills_cleared);
  AgentDirectory::Agent& agent = world_.agents.at(no);
  if (applied) agent.brought_skills = false;
  if (!kept) {
    agent.kept_skills.reset();
    return world_.overrides.Clear({{}, no});
  }
  OverrideView view = MadeOverride();
  for (const auto& [skill, level] : note_->skills) {
    view.skills.push_back({std::string(skill), static_cast<int>(level)});
  }
  agent.kept_skills = view.skills;
  world_.overrides.Set({{}, no}, std::make_shared<const OverrideView>(std::move(view)),
                       static_cast<TimeMs>(note_->override_ends));
}

void Registrar::On(const core::CalendarSet& e) { world_.calendar = e.calendar; }

void Registrar::On(const core::PolicySwapped& e) {
  if (e.calendar != nullptr) world_.calendar = e.calendar;
  auto policy = std::make_shared<PolicyInForce>();
  policy->model = e.model;
  policy->source = note_->policy_source;
  policy->comment = note_->policy_comment;
  policy->actor = note_->on_behalf_of();
  policy->applied_unix_ms = world_.clock.ToUnix(world_.clock.now());
  policy->file_hash = note_->from_file ? HashOfSource(policy->source) : world_.policy->file_hash;
  world_.names = std::make_unique<PolicyNames>(policy->model);
  const std::shared_ptr<const PolicyInForce> before =
      std::exchange(world_.policy, std::move(policy));
  DropOverridesOfGoneQueues(*before->model);
}

std::uint64_t HashOfSource(std::string_view source) {
  Hasher hash;
  hash.AddText(source);
  return hash.digest();
}

// Queues that a new policy has no longer have nothing that could be set, also should one of that
// name come back.
void Registrar::DropOverridesOfGoneQueues(const model::Model& before) {
  for (std::uint32_t i = 0; i < before.queues.size(); ++i) {
    const bool gone = !before.queues[i].name.empty() && world_.model().queues[i].name.empty();
    if (gone) world_.overrides.Clear({QueueNo(i), {}});
  }
}

// ---- Sessions and answers ----------------------------------------------------------------------

// A client has one of each kind; the next takes the place of the one before.
void Registrar::OpenSession() {
  if (note_->session_kind > static_cast<std::uint64_t>(SessionKind::kDesktop) + 1) return;
  const auto kind = static_cast<SessionKind>(note_->session_kind - 1);
  const std::string client(note_->client);
  if (const Sessions::Session* older = world_.sessions.OfClient(kind, client)) {
    EndSession(std::string(older->id), "superseded");
  }
  world_.sessions.Open(kind, client, at_);
}

// No connection has outlived the router: each session waits for its client, at full length.
void Registrar::On(const core::RouterRestarted& /*e*/) {
  const model::Model& model = world_.model();
  world_.sessions.ForEach([this, &model](Sessions::Session& session) {
    const bool gateway = session.kind == SessionKind::kGateway;
    world_.sessions.Connect(session);
    world_.sessions.Drop(
        session, world_.clock.now() + (gateway ? model.gateway_grace_ms : model.agent_grace_ms));
  });
}

void Registrar::EndSession(const std::string& id, const char* reason) {
  world_.answers.EndSession(id, world_.clock.now());
  world_.sessions.End(id, reason);
}

void Registrar::DropSession(const std::string& id) {
  Sessions::Session* session = world_.sessions.Find(id);
  if (session == nullptr) return;
  const model::Model& model = world_.model();
  const SpanMs grace_ms =
      session->kind == SessionKind::kGateway ? model.gateway_grace_ms : model.agent_grace_ms;
  world_.sessions.Drop(*session, world_.clock.now() + grace_ms);
}

std::uint64_t Registrar::Answered(const RecordNote& note, std::shared_ptr<const Answer> answer) {
  if (note.acked != 0) world_.answers.Ack(std::string(note.session), note.acked);
  if (note.answer.empty()) return 0;
  return world_.answers.Remember({note.client, note.request_id, note.session}, note.body_hash,
                                 std::move(answer), note.answer, world_.clock.now());
}

void Registrar::Age() {
  world_.answers.ForgetOld(world_.clock.now());
  world_.contacts.ForgetEnded(world_.clock.now());
}

}  // namespace routerd::engine
