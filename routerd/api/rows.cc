#include "routerd/api/rows.h"

#include "routerd/api/views.h"
#include "routerd/api/words.h"

namespace routerd::api {
namespace {

template <typename Array, typename Enum>
auto At(const Array& counts, Enum word) {
  return counts[static_cast<std::size_t>(word)];
}

// One entry for each word that has a count.
template <typename Word, typename Array, typename Add>
void FillCounts(const Array& counts, Add add) {
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    auto* entry = add();
    if constexpr (std::is_same_v<Word, core::OfferOutcome>) {
      entry->set_outcome(ToProto(static_cast<Word>(i)));
    } else {
      entry->set_state(ToProto(static_cast<Word>(i)));
    }
    entry->set_count(static_cast<std::int64_t>(counts[i]));
  }
}

void Fill(const engine::ItemView& from, v1::AgentWork* to) {
  to->set_contact_id(from.contact);
  to->set_channel(from.channel);
  to->set_queue(from.queue);
  to->set_state(ToProto(from.state));
  FillTime(from.since_unix_ms, to->mutable_state_time());
  to->set_customer_inactive(from.inactive);
}

}  // namespace

void FillTime(TimeMs unix_ms, google::protobuf::Timestamp* to) {
  to->set_seconds(unix_ms / 1000);
  to->set_nanos(static_cast<int>(unix_ms % 1000) * 1'000'000);
}

void FillSpan(SpanMs span_ms, google::protobuf::Duration* to) {
  to->set_seconds(span_ms / 1000);
  to->set_nanos(static_cast<int>(span_ms % 1000) * 1'000'000);
}

void Fill(const QueueRow& from, v1::Queue* to) {
  const auto now = [&from](core::ContactState state) { return At(from.contacts, state); };
  const auto ended = [&from](core::VisitOutcome outcome) {
    return static_cast<std::int64_t>(At(from.outcomes, outcome));
  };
  to->set_id(from.id);
  to->set_mode(ToProto(from.mode));
  to->set_mode_overridden(from.mode_override != nullptr);
  to->set_waiting(now(core::ContactState::kQueued) + now(core::ContactState::kOffered));
  if (from.oldest_unix_ms) FillTime(*from.oldest_unix_ms, to->mutable_oldest_time());
  to->set_offered(now(core::ContactState::kOffered));
  to->set_connecting(now(core::ContactState::kConnecting));
  to->set_assigned(now(core::ContactState::kAssigned));
  to->set_wrap_up(now(core::ContactState::kWrapUp));
  to->set_scheduled(now(core::ContactState::kScheduled));
  to->set_treated(now(core::ContactState::kTreated));
  to->set_agents_staffed(from.agents_staffed);
  to->set_agents_ready(from.agents_ready);
  to->set_entered(static_cast<std::int64_t>(from.entered));
  to->set_answered(ended(core::VisitOutcome::kAnswered));
  to->set_answered_in_target(static_cast<std::int64_t>(from.answered_in_target));
  to->set_abandoned(ended(core::VisitOutcome::kAbandoned));
  to->set_abandoned_in_target(static_cast<std::int64_t>(from.abandoned_in_target));
  to->set_transferred(ended(core::VisitOutcome::kTransferred));
  to->set_withdrawn(ended(core::VisitOutcome::kWithdrawn));
  to->set_expired(ended(core::VisitOutcome::kExpired));
  to->set_refused(ended(core::VisitOutcome::kRefused));
  to->set_overflowed(ended(core::VisitOutcome::kOverflowed));
  to->set_to_callback(ended(core::VisitOutcome::kToCallback));
  if (from.move) Fill(*from.move, to->mutable_move());
  if (from.hours_change) {
    FillTime(from.hours_change->unix_ms, to->mutable_hours_change()->mutable_change_time());
    to->mutable_hours_change()->set_mode(ToProto(from.hours_change->to));
  }
  to->set_also_waiting(from.also_waiting);
  FillSpan(from.target_ms, to->mutable_target());
  to->set_target_percent(from.target_percent);
  if (from.service_level) to->set_service_level(*from.service_level);
}

void Fill(const engine::AgentView& from, v1::Agent* to) {
  to->set_id(from.id);
  to->mutable_groups()->Add(from.groups.begin(), from.groups.end());
  for (const engine::SkillNeed& skill : from.skills) Fill(skill, to->add_skills());
  to->set_presence(ToProto(from.presence));
  to->set_reason(from.reason);
  to->set_shown_state(ToProto(from.shown));
  if (from.shown_since_unix_ms != 0) {
    FillTime(from.shown_since_unix_ms, to->mutable_shown_state_time());
  }
  if (from.pending) {
    to->set_pending_presence(ToProto(from.pending_presence));
    to->set_pending_reason(from.pending_reason);
  }
  to->mutable_ready_channels()->Add(from.ready_channels.begin(), from.ready_channels.end());
  for (const engine::ItemView& item : from.items) Fill(item, to->add_work());
  to->set_units_used(from.units_used);
  to->set_misses(from.misses);
  to->set_client(from.client);
  to->set_connected(from.connected);
  to->set_skills_overridden(from.skills_override != nullptr);
}

void Fill(const OverrideRow& from, v1::Override* to) {
  if (from.queue.empty()) {
    to->set_agent_id(from.agent);
  } else {
    to->set_queue(from.queue);
  }
  if (from.is->mode) to->set_mode(ToProto(*from.is->mode));
  for (const engine::SkillNeed& skill : from.is->skills) Fill(skill, to->add_skills());
  to->set_actor(from.is->actor);
  FillTime(from.is->set_unix_ms, to->mutable_set_time());
  if (from.is->ends_unix_ms != 0) FillTime(from.is->ends_unix_ms, to->mutable_end_time());
}

void Fill(const engine::ContactView& from, v1::Contact* to) {
  const engine::ContactStatus& status = from.status;
  if (from.identity) {
    to->set_id(from.identity->id);
    to->set_channel(from.identity->channel);
    to->set_live(from.identity->live);
    to->set_client(from.identity->gateway);
    for (const engine::SkillNeed& need : from.identity->requirements) {
      Fill(need, to->add_skills());
    }
  }
  to->set_queue(status.queue);
  to->set_state(ToProto(status.state));
  FillTime(status.arrived_unix_ms, to->mutable_arrive_time());
  if (status.state != core::ContactState::kScheduled && status.visit_since_unix_ms != 0) {
    FillTime(status.visit_since_unix_ms, to->mutable_queue_time());
  }
  if (status.answered_unix_ms != 0) FillTime(status.answered_unix_ms, to->mutable_answer_time());
  to->set_priority(status.priority);
  to->set_agent_id(status.agent);
  to->set_offer_id(OfferText(status.offer));
  to->set_held(status.held);
  to->set_step(static_cast<std::int32_t>(status.step));
  to->set_stuck(status.stuck);
  to->set_parked(status.parked);
  to->set_second_parked(status.second_parked);
  to->set_customer_inactive(status.inactive);
  to->set_treatment(status.treatment);
  to->set_second_agent_id(status.second_agent);
  to->mutable_also_queues()->Add(status.also.begin(), status.also.end());
  to->set_through_queue(status.through);
  if (from.identity) to->set_consult_of(from.identity->consult_of);
  if (status.more_offers == nullptr) return;
  for (const engine::RingingAgent& ringing : *status.more_offers) {
    v1::ContactOffer* offer = to->add_more_offers();
    offer->set_agent_id(ringing.agent);
    offer->set_offer_id(OfferText(ringing.offer));
  }
}

void Fill(const DomainRow& from, v1::DomainState* to) {
  FillCounts<core::ContactState>(from.contacts, [to] { return to->add_contacts(); });
  FillCounts<core::ShownState>(from.agents, [to] { return to->add_agents(); });
  FillCounts<core::ContactState>(from.ended, [to] { return to->add_ended(); });
  FillCounts<core::OfferOutcome>(from.offers, [to] { return to->add_offers(); });
  to->set_arrived(static_cast<std::int64_t>(from.arrived));
  to->set_answered(static_cast<std::int64_t>(from.answered));
  if (from.oldest_unix_ms) FillTime(*from.oldest_unix_ms, to->mutable_oldest_time());
}

void Fill(const PolicyRemark& from, v1::PolicyFinding* to) {
  to->set_severity(from.error ? v1::FINDING_SEVERITY_ERROR : v1::FINDING_SEVERITY_WARNING);
  to->set_file(from.file);
  to->set_line(from.line);
  to->set_column(from.column);
  to->set_message(from.message);
  to->set_hint(from.hint);
  to->set_code(from.code);
}

}  // namespace routerd::api
