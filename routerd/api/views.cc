#include "routerd/api/views.h"

#include <array>
#include <cstdio>

#include "routerd/api/rows.h"
#include "routerd/api/words.h"
#include "routerd/base/hash.h"

namespace routerd::api {
namespace {

void Fill(const engine::ItemView& from, v1::AgentItem* to) {
  to->set_contact_id(from.contact);
  to->set_channel(from.channel);
  to->set_queue(from.queue);
  to->set_state(ToProto(from.state));
  to->set_since_unix_ms(from.since_unix_ms);
  to->set_parked_ms(from.parked_ms);
  to->set_customer_inactive(from.inactive);
  to->set_inactive_ms(from.inactive_ms);
  to->set_offer_id(OfferText(from.offer));
  if (from.deadline_unix_ms != 0) to->set_deadline_unix_ms(from.deadline_unix_ms);
}

}  // namespace

void Fill(const engine::AgentView& from, v1::AgentStatus* to) {
  to->set_agent_id(from.id);
  to->set_presence(ToProto(from.presence));
  to->set_reason(from.reason);
  to->set_presence_since_unix_ms(from.presence_since_unix_ms);
  to->set_shown_state(ToProto(from.shown));
  if (from.pending) {
    to->set_pending_presence(ToProto(from.pending_presence));
    to->set_pending_reason(from.pending_reason);
  }
  to->mutable_channels()->Add(from.channels.begin(), from.channels.end());
  to->mutable_ready_channels()->Add(from.ready_channels.begin(), from.ready_channels.end());
  for (const engine::ItemView& item : from.items) Fill(item, to->add_items());
}

void Fill(const engine::HeldContact& from, v1::HeldContact* to) {
  const engine::ContactStatus& status = from.contact.status;
  to->set_contact_id(IdOf(from.contact));
  to->set_state(ToProto(status.state));
  if (from.contact.identity) to->set_channel(from.contact.identity->channel);
  to->set_queue(status.queue);
  to->set_agent_id(status.agent);
  to->set_offer_id(OfferText(status.offer));
  to->set_held(status.held);
  if (from.contact.identity) to->set_consult_of(from.contact.identity->consult_of);
  to->set_second_agent_id(status.second_agent);
  to->set_parked(status.parked);
  to->set_second_parked(status.second_parked);
  to->set_customer_inactive(status.inactive);
  to->set_treatment(status.treatment);
  to->set_treatment_id(OfferText(status.treatment_id));
  const bool in_hand = status.state == core::ContactState::kOffered ||
                       status.state == core::ContactState::kConnecting ||
                       status.state == core::ContactState::kAssigned;
  const bool treated = status.state == core::ContactState::kTreated;
  if (treated) to->set_deadline_unix_ms(status.deadline_unix_ms);
  if (!in_hand) return;
  to->set_endpoint(from.endpoint);
  to->set_accept_by(ToProto(from.accept_by));
  if (status.deadline_unix_ms != 0) to->set_deadline_unix_ms(status.deadline_unix_ms);
}

void Fill(const engine::SkillNeed& from, v1::SkillRequirement* to) {
  to->set_skill(from.skill);
  to->set_min_level(from.level);
}

void Fill(const engine::SkillNeed& from, v1::AgentSkill* to) {
  to->set_skill(from.skill);
  to->set_level(from.level);
}

void Fill(const engine::QueueMoveView& from, v1::QueueMove* to) {
  to->set_to_queue(from.to);
  to->set_moved(from.moved);
  to->set_left(from.left);
}

void Fill(const engine::PolicyInForce& from, v1::PolicyInfo* to) {
  if (from.model) to->set_version(from.model->version);
  to->set_hash(TextHash(from.source));
  FillTime(from.applied_unix_ms, to->mutable_apply_time());
  to->set_actor(from.actor);
  to->set_comment(from.comment);
}

std::string TextHash(const std::string& text) {
  Hasher hasher;
  hasher.AddText(text);
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx",
                static_cast<unsigned long long>(hasher.digest()));
  return digits.data();
}

const std::string& IdOf(const engine::ContactView& contact) {
  static const std::string kNone;
  return contact.identity ? contact.identity->id : kNone;
}

}  // namespace routerd::api
