// A contact arrives: known already, accepted, or turned away by a limit.
#include <algorithm>
#include <set>
#include <utility>

#include "routerd/base/hash.h"
#include "routerd/base/limits.h"
#include "routerd/engine/command_handler.h"
#include "routerd/engine/contact_attributes.h"
#include "routerd/engine/refusals.h"
#include "routerd/engine/views.h"

namespace routerd::engine {
namespace {

// Of all that the gateway said: a repeated arrival must say the same.
std::uint64_t HashOf(const Arrive& c) {
  Hasher hash;
  hash.AddText(c.channel);
  hash.AddText(c.queue);
  hash.Add(c.priority ? 1 : 0);
  hash.AddSigned(c.priority.value_or(0));
  hash.Add(c.requirements.size());
  for (const SkillNeed& need : c.requirements) {
    hash.AddText(need.skill);
    hash.AddSigned(need.level);
  }
  hash.Add(c.attributes.size());
  for (const auto& [key, value] : c.attributes) {
    hash.AddText(key);
    hash.AddText(value);
  }
  hash.AddText(c.customer_key);
  hash.AddText(c.related_contact);
  hash.Add(c.live ? (*c.live ? 2 : 1) : 0);
  hash.AddSigned(c.not_before_unix_ms);
  hash.AddSigned(c.credit_ms);
  hash.AddText(c.direct_agent);
  hash.AddSigned(c.direct_wait_ms.value_or(-1));
  hash.Add(c.preferred_agents.size());
  for (const auto& [agent, score] : c.preferred_agents) {
    hash.AddText(agent);
    hash.AddSigned(score);
  }
  hash.AddSigned(c.preferred_wait_ms.value_or(-1));
  for (const std::string& queue : c.also) hash.AddText(queue);
  return hash.digest();
}

Status OutOfRange(const char* field, std::int64_t min, std::int64_t max) {
  return Status::InvalidField(field, "must be " + std::to_string(min) + ".." + std::to_string(max))
      .WithReason("invalid_field");
}

Status CheckRanges(const Arrive& c) {
  if (c.contact.empty() || c.contact.size() > limits::kMaxIdBytes) {
    return Status::InvalidField("contact_id",
                                "must have 1.." + std::to_string(limits::kMaxIdBytes) + " bytes")
        .WithReason("invalid_field");
  }
  if (c.priority && (*c.priority < limits::kMinPriority || *c.priority > limits::kMaxPriority)) {
    return OutOfRange("priority", limits::kMinPriority, limits::kMaxPriority);
  }
  if (c.credit_ms < -limits::kMaxSpanMs || c.credit_ms > limits::kMaxSpanMs) {
    return OutOfRange("age_credit_ms", -limits::kMaxSpanMs, limits::kMaxSpanMs);
  }
  if (c.preferred_agents.size() > limits::kMaxPreferredAgents) {
    return Status::InvalidField("preferred_agents",
                                "name at most " + std::to_string(limits::kMaxPreferredAgents))
        .WithReason("invalid_field");
  }
  const std::set<std::string> also(c.also.begin(), c.also.end());
  if (also.size() != c.also.size() || also.size() > limits::kMaxAlsoQueues ||
      also.count(c.queue) != 0) {
    return Status::InvalidField("also_queues", "name at most " +
                                                   std::to_string(limits::kMaxAlsoQueues) +
                                                   ", each once, and not `queue` itself")
        .WithReason("invalid_field");
  }
  return Status::Ok();
}

}  // namespace

void CommandHandler::On(Arrive& c) {
  std::sort(c.attributes.begin(), c.attributes.end());  // a map's order says nothing
  const std::uint64_t content = HashOf(c);
  answer_->attributes_not_kept = TakeNotKept(world_.model(), c.attributes);
  if (KnownArrival(c.contact, content) || Drains()) return;
  core::ContactArrives event;
  if (!ToEvent(c, event)) return;
  ConnectWithoutSession(event.gateway);
  const bool new_gateway = event.gateway == world_.gateways.Next();
  const core::Applied applied = recorder_.Apply(std::move(event));
  if (!applied.ok() && !IsLimitOfArrivals(applied.refusal)) {
    answer_->status = ToStatus(applied);
    return;
  }
  WriteArrival(c, content);
  const std::size_t first_event = recorder_.event_count();
  recorder_.Commit();
  if (applied.ok()) {
    AnswerFirst(applied.contact, c.contact, first_event);
  } else {
    answer_->refused_by = ToEndReason(applied.refusal);
    answer_->contact = recorder_.pending_events().events.back().contact;
  }
  if (!new_gateway) return;
  recorder_.note().Text(NoteTag::kNewGateway, envelope_->client);
  recorder_.Note();
}

// Whether the id is in use, or was a short while ago; the answer is given then.
bool CommandHandler::KnownArrival(const std::string& id, std::uint64_t content) {
  const ContactEntry* held = world_.contacts.Find(id);
  const ContactDirectory::Ended* ended =
      held == nullptr ? world_.contacts.FindEnded(id, world_.clock.now()) : nullptr;
  if (held == nullptr && ended == nullptr) return false;
  const std::string& owner =
      held != nullptr ? held->identity->gateway : world_.gateways.name(ended->gateway);
  const std::uint64_t known = held != nullptr ? held->content : ended->content;
  if (owner != envelope_->client || known != content) {
    answer_->owner = owner;
    Refuse(Code::kAlreadyExists, "contact_exists",
           owner != envelope_->client ? "the contact id belongs to gateway " + owner
                                      : "the contact id is in use with other content");
  } else if (held != nullptr) {
    RepeatAnswer(ViewOf(world_, *held), held->first);
  } else {
    RepeatAnswer(ViewOfEnded(world_, id, *ended), ended->first);
  }
  return true;
}

void CommandHandler::RepeatAnswer(ContactView view, const FirstAnswer& first) {
  view.status.state = first.state;
  view.status.queue = world_.model().queues[first.queue.index()].name;
  answer_->at = first.at;
  answer_->unix_ms = first.unix_ms;
  if (first.position != 0) answer_->position = first.position;
  answer_->contact = std::move(view);
  answer_->refused_by = first.refused_by;
}

bool CommandHandler::ToEvent(const Arrive& c, core::ContactArrives& event) {
  const auto ok = [this](const Status& status) {
    if (!status.ok()) answer_->status = status;
    return status.ok();
  };
  if (!ok(CheckRanges(c))) return false;
  const auto channel = world_.names->GetChannel("channel", c.channel);
  if (!ok(channel.status())) return false;
  const auto queue = world_.names->GetQueue("queue", c.queue);
  if (!ok(queue.status())) return false;
  auto needs = world_.names->GetSkills("skills", c.requirements, limits::kMaxRequirements);
  if (!ok(needs.status())) return false;
  for (const std::string& name : c.also) {
    const auto further = world_.names->GetQueue("also_queues", name);
    if (!ok(further.status())) return false;
    event.also.push_back(further.value());
  }
  const std::optional<SpanMs> delay = DelayUntil(c.not_before_unix_ms);
  if (!delay) return false;
  event.channel = channel.value();
  event.queue = queue.value();
  event.priority = c.priority;
  event.requirements.all = std::move(needs).value();
  event.credit_ms = c.credit_ms;
  event.delay_ms = *delay;
  event.live = c.live.value_or(world_.model().channels[event.channel.index()].live);
  AskForAgents(c, event);
  event.gateway = world_.gateways.Find(envelope_->client);
  if (event.gateway.valid()) return true;
  event.gateway = world_.gateways.Next();
  if (event.gateway.index() < limits::kMaxGateways) return true;
  core::Applied full;
  full.refusal = core::Refusal::kGatewayLimit;
  return ok(ToStatus(full));
}

// Whoever has never logged in cannot come: the contact is as one that does not ask for him.
void CommandHandler::AskForAgents(const Arrive& c, core::ContactArrives& event) const {
  event.direct = world_.agents.Find(c.direct_agent);
  for (const auto& [id, score] : c.preferred_agents) {
    const AgentNo agent = world_.agents.Find(id);
    if (agent.valid()) event.preferred.push_back({agent, score});
  }
  event.agents_wait_ms = event.direct.valid() ? c.direct_wait_ms : c.preferred_wait_ms;
  // Whether he is asked is said by the queue that it comes to wait in.
  event.last_agent = world_.last_agents.Of(c.customer_key);
}

void CommandHandler::WriteArrival(const Arrive& c, std::uint64_t content) {
  world_.contact_attributes_not_kept += answer_->attributes_not_kept.size();
  NoteWriter note = Note();
  note.Text(NoteTag::kContact, c.contact)
      .Number(NoteTag::kContent, content)
      .Text(NoteTag::kGateway, envelope_->client)
      .Text(NoteTag::kCustomerKey, c.customer_key)
      .Text(NoteTag::kRelatedContact, c.related_contact);
  WriteAttributes(c.attributes, note);
}

void CommandHandler::WriteAttributes(const Attributes& attributes, NoteWriter& note) {
  for (const auto& [key, value] : attributes) {
    note.Text(NoteTag::kAttributeKey, key).Text(NoteTag::kAttributeValue, value);
  }
}

// It may have ended in its own record, where nobody may stay who comes.
void CommandHandler::AnswerFirst(ContactNo no, const std::string& id, std::size_t first_event) {
  for (std::size_t i = first_event; i < recorder_.event_count(); ++i) {
    const Event& told = recorder_.pending_events().events[i];
    if (told.contact.identity == nullptr || told.contact.identity->id != id) continue;
    answer_->contact = told.contact;
    if (told.kind == EventKind::kContactQueued && told.position) answer_->position = told.position;
  }
  if (const ContactEntry* contact = world_.contacts.Find(no)) AnswerContact(*contact);
  const ContactStatus& status = answer_->contact->status;
  answer_->at = recorder_.last();
  answer_->unix_ms = world_.clock.ToUnix(world_.clock.now());
  recorder_.FirstAnswered({.at = answer_->at,
                           .unix_ms = answer_->unix_ms,
                           .state = status.state,
                           .refused_by = core::EndReason::kUnspecified,
                           .queue = world_.names->queue(status.queue),
                           .position = answer_->position.value_or(0)});
}

}  // namespace routerd::engine
