// Each event's layout (`Walk`), for writer and reader: version (u8), kind (u8), fields as below. An
// optional: a byte 0 or 1 and, for 1, the value; a list: its count (u32) and its elements.
#include "routerd/engine/record_codec.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "routerd/engine/bytes.h"
#include "routerd/engine/record_values.h"
#include "routerd/engine/record_version.h"
#include "routerd/model/encoding.h"

namespace routerd::engine {
namespace {

using values::Each;
using values::Flag;
using values::Maybe;
using values::MaybeNeeds;
using values::MaybeNumber;
using values::Ref;
using values::Walk;
using values::Word;

// ---- Events ------------------------------------------------------------------------------------

template <typename Io>
void Walk(Io& io, Ref<Io, core::ContactArrives> e) {
  io.Number(e.queue.value);
  io.Number(e.channel.value);
  io.Number(e.gateway.value);
  Flag(io, e.live);
  MaybeNumber(io, e.priority);
  Walk(io, e.requirements);
  io.Number(e.credit_ms);
  io.Number(e.delay_ms);
  if (io.version() < 2) return;
  io.Number(e.direct.value);
  Each(io, e.preferred, 8, [&io](auto& wanted) {
    io.Number(wanted.agent.value);
    io.Number(wanted.score);
  });
  io.Number(e.last_agent.value);
  MaybeNumber(io, e.agents_wait_ms);
  Each(io, e.also, 4, [&io](auto& queue) { io.Number(queue.value); });
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::ContactUpdated> e) {
  io.Number(e.contact.value);
  MaybeNumber(io, e.priority);
  MaybeNeeds(io, e.requirements);
  MaybeNumber(io, e.credit_ms);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::ContactTransferred> e) {
  io.Number(e.contact.value);
  io.Number(e.queue.value);
  MaybeNumber(io, e.priority);
  MaybeNeeds(io, e.requirements);
  if (io.version() < 2) return;
  io.Number(e.direct.value);
  MaybeNumber(io, e.agents_wait_ms);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::ContactEnds> e) {
  io.Number(e.contact.value);
  Word(io, e.unanswered, core::ContactState::kRefused);
  Word(io, e.reason, core::EndReason::kLeft);
  Maybe(io, e.wrap_up, [&io](auto& wrap_up) { Walk(io, wrap_up); });
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::ContactConnected> e) {
  io.Number(e.contact.value);
  Walk(io, e.offer);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::ContactConnectFailed> e) {
  io.Number(e.contact.value);
  Word(io, e.cause, core::ConnectFailure::kTimeout);
  Walk(io, e.offer);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::ContactHeld> e) {
  io.Number(e.contact.value);
  Flag(io, e.held);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::CallbackRequested> e) {
  io.Number(e.contact.value);
  io.Number(e.delay_ms);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::ConsultStarts> e) {
  io.Number(e.contact.value);
  io.Number(e.queue.value);
  MaybeNumber(io, e.priority);
  Walk(io, e.requirements);
  io.Number(e.direct.value);
  MaybeNumber(io, e.agents_wait_ms);
  io.Number(e.asking.value);
}

template <typename T, typename... Ts>
concept AnyOf = (std::is_same_v<std::remove_const_t<T>, Ts> || ...);

// What says no more than which contact, or which offer.
template <typename Io, AnyOf<core::ConsultCompletes, core::ConsultJoins, core::ConsultCanceled> E>
void Walk(Io& io, E& e) {
  io.Number(e.contact.value);
}

template <typename Io, AnyOf<core::OfferAccepted, core::OfferRejected> E>
void Walk(Io& io, E& e) {
  Walk(io, e.offer);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::TreatmentDone> e) {
  io.Number(e.contact.value);
  Walk(io, e.treatment);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::ContactInactive> e) {
  io.Number(e.contact.value);
  Flag(io, e.inactive);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::HolderLeaves> e) {
  io.Number(e.contact.value);
  io.Number(e.agent.value);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::AgentLogsIn> e) {
  io.Number(e.agent.value);
  Walk(io, e.profile);
  Flag(io, e.own_skills);
  io.Number(e.channels);
  Flag(io, e.ready);
  io.Number(e.reason.value);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::AgentSetsPresence> e) {
  io.Number(e.agent.value);
  Flag(io, e.ready);
  io.Number(e.reason.value);
  io.Number(e.channels);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::AgentBusyElsewhere> e) {
  io.Number(e.agent.value);
  io.Number(e.channel.value);
  Flag(io, e.on);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::AgentEndsWrapUp> e) {
  io.Number(e.agent.value);
  io.Number(e.contact.value);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::AgentExtendsWrapUp> e) {
  io.Number(e.agent.value);
  io.Number(e.contact.value);
  io.Number(e.by_ms);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::AgentLogsOut> e) {
  io.Number(e.agent.value);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::AgentSkillsSet> e) {
  io.Number(e.agent.value);
  Walk(io, e.profile);
  Flag(io, e.own_skills);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::AgentConnection> e) {
  io.Number(e.agent.value);
  Flag(io, e.connected);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::GatewayConnection> e) {
  io.Number(e.gateway.value);
  Flag(io, e.connected);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::QueueModeSet> e) {
  io.Number(e.queue.value);
  Maybe(io, e.mode, [&io](auto& mode) { Word(io, mode, model::QueueMode::kEmergency); });
}

void WalkModel(ByteWriter& io, const std::shared_ptr<const model::Model>& model) {
  io.Text(model::Encode(*model));
}

void WalkModel(ByteReader& io, std::shared_ptr<const model::Model>& model) {
  std::string_view bytes;
  io.Text(bytes);
  if (!io.ok()) return;
  Result<model::Model> decoded = model::Decode(bytes);
  if (!io.Require(decoded.ok())) return;
  model = std::make_shared<const model::Model>(std::move(decoded).value());
}

template <typename Io>
void Walk(Io& io, Ref<Io, model::Calendar> calendar) {
  if constexpr (Io::kReads) {
    std::string_view tzdata;
    io.Text(tzdata);
    calendar.tzdata = tzdata;
  } else {
    io.Text(calendar.tzdata);
  }
  io.Number(calendar.until_unix_ms);
  Each(io, calendar.hours, 5, [&io](auto& times) {
    Flag(io, times.open);
    Each(io, times.changes, 8, [&io](auto& change) { io.Number(change); });
    if constexpr (Io::kReads) {
      io.Require(std::is_sorted(times.changes.begin(), times.changes.end()));
    }
  });
}

void WalkCalendar(ByteWriter& io, const std::shared_ptr<const model::Calendar>& calendar) {
  Walk(io, *calendar);
}

void WalkCalendar(ByteReader& io, std::shared_ptr<const model::Calendar>& calendar) {
  auto read = std::make_shared<model::Calendar>();
  Walk(io, *read);
  calendar = std::move(read);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::PolicySwapped> e) {
  WalkModel(io, e.model);
  Each(io, e.agents, 4, [&io](auto& agent) { io.Number(agent.value); });
  if (io.version() < 2) return;
  bool there = e.calendar != nullptr;
  Flag(io, there);
  if (there) WalkCalendar(io, e.calendar);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::CalendarSet> e) {
  WalkCalendar(io, e.calendar);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::QueueMoved> e) {
  io.Number(e.queue.value);
  io.Number(e.to.value);
}

template <typename Io>
void Walk(Io& io, Ref<Io, core::WallClockMoved> e) {
  io.Number(e.offset_ms);
}

// That it was told is all there is to it.
template <typename Io>
void Walk(Io&, Ref<Io, core::RouterRestarted>) {}

// ---- Kinds -------------------------------------------------------------------------------------

template <typename... Types>
struct Kinds {};

// An event's kind is its place here, from 1. Part of the format: append, never renumber.
using Known =
    Kinds<core::ContactArrives, core::ContactUpdated, core::ContactTransferred, core::ContactEnds,
          core::ContactConnected, core::ContactConnectFailed, core::ContactHeld,
          core::OfferAccepted, core::OfferRejected, core::AgentLogsIn, core::AgentSetsPresence,
          core::AgentBusyElsewhere, core::AgentEndsWrapUp, core::AgentLogsOut, core::AgentSkillsSet,
          core::AgentConnection, core::GatewayConnection, core::QueueModeSet, core::PolicySwapped,
          core::CallbackRequested, core::AgentExtendsWrapUp, core::CalendarSet,
          core::WallClockMoved, core::QueueMoved, core::ConsultStarts, core::ConsultCompletes,
          core::ConsultJoins, core::ConsultCanceled, core::HolderLeaves, core::ContactInactive,
          core::TreatmentDone, core::RouterRestarted>;

template <typename E, typename... Types>
constexpr std::uint8_t KindOf(Kinds<Types...>) {
  static_assert((std::is_same_v<E, Types> || ...), "an event without a number in the journal");
  std::uint8_t kind = 1;
  static_cast<void>(((std::is_same_v<E, Types> ? false : (++kind, true)) && ...));
  return kind;
}

template <typename... Types>
bool ReadAs(Kinds<Types...>, std::uint8_t kind, EventReader& io, core::Event& event) {
  const auto read = [&]<typename E>(E made) {
    if (KindOf<E>(Known{}) != kind) return false;
    Walk(io, made);
    event = std::move(made);
    return true;
  };
  return (read(Types{}) || ...);
}

Status Malformed(const char* what) {
  return {Code::kInvalidArgument, std::string("journal: malformed ") + what};
}

}  // namespace

void EncodeEvent(const core::Event& event, std::string& out) {
  EventWriter io(out);
  io.Number(kRecordVersion);
  std::visit(
      [&io]<typename E>(const E& e) {
        io.Number(KindOf<E>(Known{}));
        Walk(io, e);
      },
      event);
}

Result<core::Event> DecodeEvent(std::string_view decision) {
  EventReader io(decision);
  std::uint8_t kind = 0;
  io.Number(kind);
  core::Event event;
  if (!io.knows_version() || !ReadAs(Known{}, kind, io, event) || !io.ok() || io.left() != 0) {
    return Malformed("event");
  }
  return event;
}

void EncodeClock(SpanMs wall_offset_ms, std::string& out) {
  ByteWriter io(out);
  io.Number(kRecordVersion);
  io.Number(wall_offset_ms);
}

Result<SpanMs> DecodeClock(std::string_view decision) {
  EventReader io(decision);
  SpanMs offset = 0;
  io.Number(offset);
  if (!io.knows_version() || !io.ok() || io.left() != 0) return Malformed("clock record");
  return offset;
}

void EncodeStart(const StartRecord& start, std::string& out) {
  ByteWriter io(out);
  io.Number(kRecordVersion);
  io.Number(start.rules_version);
  WalkModel(io, start.model);
}

Result<StartRecord> DecodeStart(std::string_view decision) {
  EventReader io(decision);
  StartRecord start;
  io.Number(start.rules_version);
  WalkModel(io, start.model);
  if (!io.knows_version() || !io.ok() || io.left() != 0) return Malformed("start record");
  return start;
}

}  // namespace routerd::engine
