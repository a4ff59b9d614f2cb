// Layout: version (u8), then the fields as `Walk` names them. Texts and lists have their length
// (u32) before them; what may be absent a byte 0 or 1.
#include "routerd/engine/answer_codec.h"

#include <cstdint>
#include <utility>

#include "routerd/engine/walk.h"

namespace routerd::engine {
namespace {

constexpr std::uint8_t kAnswerVersion = 1;

template <typename Io>
void WalkItem(Io& io, Of<Io, ItemView> item) {
  WalkText(io, item.contact);
  WalkText(io, item.channel);
  WalkText(io, item.queue);
  WalkWord(io, item.state, core::ItemState::kParked);
  io.Number(item.units);
  io.Number(item.since_unix_ms);
  io.Number(item.parked_ms);
  WalkFlag(io, item.inactive);
  io.Number(item.inactive_ms);
  WalkOffer(io, item.offer);
  io.Number(item.deadline_unix_ms);
}

template <typename Io>
void WalkOverrideOf(Io& io, Of<Io, AgentView> agent) {
  bool present = agent.skills_override != nullptr;
  WalkFlag(io, present);
  if (!present) return;
  if constexpr (Io::kReads) {
    OverrideView view;
    WalkOverride(io, view);
    agent.skills_override = std::make_shared<const OverrideView>(std::move(view));
  } else {
    WalkOverride(io, *agent.skills_override);
  }
}

template <typename Io>
void WalkAgent(Io& io, Of<Io, AgentView> agent) {
  WalkText(io, agent.id);
  WalkWord(io, agent.presence, core::Presence::kNotResponding);
  WalkWord(io, agent.shown, core::ShownState::kWrapUp);
  WalkText(io, agent.reason);
  WalkFlag(io, agent.pending);
  WalkWord(io, agent.pending_presence, core::Presence::kNotResponding);
  WalkText(io, agent.pending_reason);
  WalkFlag(io, agent.connected);
  WalkText(io, agent.client);
  WalkTexts(io, agent.channels);
  WalkTexts(io, agent.ready_channels);
  WalkSkills(io, agent.skills);
  WalkFlag(io, agent.own_skills);
  WalkOverrideOf(io, agent);
  WalkTexts(io, agent.groups);
  WalkEach(io, agent.items, 60, [&io](auto& item) { WalkItem(io, item); });
  io.Number(agent.units_used);
  io.Number(agent.misses);
  io.Number(agent.shown_since_unix_ms);
  io.Number(agent.presence_since_unix_ms);
  io.Number(agent.idle_since_unix_ms);
}

template <typename Io>
void WalkAgentOf(Io& io, Of<Io, Answer> answer) {
  bool present = answer.agent != nullptr;
  WalkFlag(io, present);
  if (!present) return;
  if constexpr (Io::kReads) {
    AgentView view;
    WalkAgent(io, view);
    answer.agent = std::make_shared<const AgentView>(std::move(view));
  } else {
    WalkAgent(io, *answer.agent);
  }
}

template <typename Io>
void WalkContactOf(Io& io, Of<Io, Answer> answer) {
  bool present = answer.contact.has_value();
  WalkFlag(io, present);
  if (!present) return;
  if constexpr (Io::kReads) {
    auto identity = std::make_shared<ContactIdentity>();
    ContactView view;
    WalkText(io, identity->id);
    WalkWord(io, view.status.state, core::ContactState::kTreated);
    WalkText(io, view.status.queue);
    view.identity = std::move(identity);
    answer.contact = std::move(view);
  } else {
    WalkText(io, answer.contact->identity->id);
    WalkWord(io, answer.contact->status.state, core::ContactState::kTreated);
    WalkText(io, answer.contact->status.queue);
  }
}

template <typename Io>
void WalkStatus(Io& io, Of<Io, Status> status) {
  auto code = static_cast<std::uint8_t>(status.code());
  io.Number(code);
  if (code == 0) return;
  std::string message = status.message();
  std::string reason = status.reason();
  std::vector<FieldViolation> violations = status.violations();
  std::int64_t retry_after_ms = status.retry_after_ms();
  WalkText(io, message);
  WalkText(io, reason);
  io.Number(retry_after_ms);
  WalkEach(io, violations, 8, [&io](auto& violation) {
    WalkText(io, violation.field);
    WalkText(io, violation.description);
  });
  if constexpr (Io::kReads) {
    if (!io.Require(code <= static_cast<std::uint8_t>(Code::kUnavailable))) return;
    status = Status(static_cast<Code>(code), std::move(message));
    status.WithReason(std::move(reason)).WithRetryAfter(retry_after_ms);
    for (FieldViolation& violation : violations) status.Add(std::move(violation));
  }
}

template <typename Io>
void WalkAnswer(Io& io, Of<Io, Answer> answer) {
  WalkStatus(io, answer.status);
  WalkPosition(io, answer.at);
  io.Number(answer.unix_ms);
  WalkContactOf(io, answer);
  WalkMaybe(io, answer.position, [&io](auto& position) { io.Number(position); });
  WalkAgentOf(io, answer);
  WalkMaybe(io, answer.offer_outcome,
            [&io](auto& outcome) { WalkWord(io, outcome, core::OfferOutcome::kRouterDown); });
  WalkText(io, answer.owner);
  io.Number(answer.policy_version);
  WalkWord(io, answer.queue_mode, model::QueueMode::kEmergency);
  WalkMaybe(io, answer.queue_move, [&io](auto& move) {
    WalkText(io, move.to);
    io.Number(move.moved);
    io.Number(move.left);
  });
  WalkWord(io, answer.refused_by, core::EndReason::kLeft);
  WalkTexts(io, answer.unknown);
  WalkTexts(io, answer.attributes_not_kept);
}

}  // namespace

void EncodeAnswer(const Answer& answer, std::string& out) {
  ByteWriter io(out);
  io.Number(kAnswerVersion);
  WalkAnswer(io, answer);
}

Result<Answer> DecodeAnswer(std::string_view bytes) {
  ByteReader io(bytes);
  std::uint8_t version = 0;
  io.Number(version);
  Answer answer;
  if (io.Require(version == kAnswerVersion)) WalkAnswer(io, answer);
  if (!io.ok() || io.left() != 0) return Status(Code::kInvalidArgument, "malformed answer");
  return answer;
}

void EncodeFirstAnswer(const FirstAnswer& answer, std::string& out) {
  ByteWriter io(out);
  WalkWord(io, answer.state, core::ContactState::kTreated);
  io.Number(answer.queue.value);
  io.Number(answer.position);
}

Result<FirstAnswer> DecodeFirstAnswer(std::string_view bytes) {
  ByteReader io(bytes);
  FirstAnswer answer;
  WalkWord(io, answer.state, core::ContactState::kTreated);
  io.Number(answer.queue.value);
  io.Number(answer.position);
  if (!io.ok() || io.left() != 0) return Status(Code::kInvalidArgument, "malformed first answer");
  return answer;
}

}  // namespace routerd::engine
