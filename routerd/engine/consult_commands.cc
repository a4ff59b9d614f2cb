// Consultations and conferences: an agent asks another about a contact that he has.
#include <utility>

#include "routerd/base/hash.h"
#include "routerd/base/limits.h"
#include "routerd/engine/command_handler.h"
#include "routerd/engine/refusals.h"
#include "routerd/engine/views.h"

namespace routerd::engine {
namespace {

std::uint64_t HashOf(const StartConsult& c) {
  Hasher hash;
  hash.AddText("consult");
  hash.AddText(c.contact);
  hash.AddText(c.queue);
  hash.AddText(c.agent);
  hash.AddText(c.asking);
  hash.AddSigned(c.direct_wait_ms.value_or(-1));
  hash.Add(c.priority ? 1 : 0);
  hash.AddSigned(c.priority.value_or(0));
  for (const SkillNeed& need : c.requirements) {
    hash.AddText(need.skill);
    hash.AddSigned(need.level);
  }
  return hash.digest();
}

}  // namespace

// Who asks, if it is said; of two who have the contact it must be.
bool CommandHandler::FindAsking(const StartConsult& c, core::ConsultStarts& event) {
  if (c.asking.empty()) {
    const core::Contact* about = world_.core.FindContact(event.contact);
    if (about == nullptr || !about->second.valid()) return true;
    Refuse(Status::InvalidField("asking_agent_id",
                                "is required: two agents have the contact, and one of them asks")
               .WithReason("invalid_field"));
    return false;
  }
  if (!FindWanted(c.asking, event.asking)) return false;
  if (event.asking.valid()) return true;
  Refuse(ToStatus({core::Refusal::kNotHolder}));  // he has never logged in
  return false;
}

bool CommandHandler::ToEvent(const StartConsult& c, core::ConsultStarts& event) {
  if (!FindTarget(c.queue, c.agent, event.queue, event.direct)) return false;
  if (!FindAsking(c, event)) return false;
  auto needs = world_.names->GetSkills("skills", c.requirements, limits::kMaxRequirements);
  if (!needs.ok()) {
    Refuse(needs.status());
    return false;
  }
  event.requirements.all = std::move(needs).value();
  event.priority = c.priority;
  event.agents_wait_ms = c.direct_wait_ms;
  return true;
}

void CommandHandler::On(StartConsult& c) {
  const std::uint64_t content = HashOf(c);
  const ContactEntry* about = Own(c.contact);
  if (about == nullptr) return;
  if (KnownArrival(c.consult_contact, content)) return;
  core::ConsultStarts event;
  event.contact = about->no;
  event.queue = about->last.queue;
  if (!ToEvent(c, event)) return;
  ConnectWithoutSession(world_.gateways.Find(about->identity->gateway));
  const core::Applied applied = recorder_.Apply(std::move(event));
  if (!Ok(applied)) return AnswerContact(*about);
  Note()
      .Text(NoteTag::kContact, c.consult_contact)
      .Number(NoteTag::kContent, content)
      .Text(NoteTag::kGateway, about->identity->gateway)
      .Text(NoteTag::kRelatedContact, about->identity->id);
  const std::size_t first_event = recorder_.event_count();
  recorder_.Commit();
  AnswerFirst(applied.contact, c.consult_contact, first_event);
}

// The answer tells of the contact that the agent was asked about.
void CommandHandler::On(EndConsult& c) {
  ContactEntry* contact = Own(c.consult_contact);
  if (contact == nullptr) return;
  const std::string about = contact->identity->consult_of;
  const ContactNo no = contact->no;
  bool ok = false;
  switch (c.how) {
    case ConsultEnd::kComplete:
      ok = ApplyToContact(*contact, core::ConsultCompletes{no});
      break;
    case ConsultEnd::kJoin:
      ok = ApplyToContact(*contact, core::ConsultJoins{no});
      break;
    case ConsultEnd::kCancel:
      ok = ApplyToContact(*contact, core::ConsultCanceled{no});
      break;
  }
  if (!ok) return;
  if (const ContactEntry* held = world_.contacts.Find(about)) AnswerContact(*held);
}

void CommandHandler::On(LeaveConference& c) {
  ContactEntry* contact = Own(c.contact);
  if (contact == nullptr) return;
  AgentNo agent;
  if (!FindWanted(c.agent, agent)) return;
  ApplyToContact(*contact, core::HolderLeaves{contact->no, agent});
}

}  // namespace routerd::engine
