#include "routerd/engine/effect_digest.h"

#include <variant>

namespace routerd::engine {
namespace {

// Adds numbers of every sort that effects have.
class Mixer {
 public:
  explicit Mixer(Hasher& hasher) : hasher_(hasher) {}

  template <typename... Values>
  void operator()(const Values&... values) {
    (Put(values), ...);
  }

 private:
  template <typename Tag, typename Rep>
  void Put(StrongNo<Tag, Rep> no) {
    hasher_.Add(no.value);
  }
  void Put(const OfferId& offer) {
    hasher_.Add(offer.at.sequence);
    hasher_.Add(offer.index);
  }
  template <typename Number>
  void Put(Number value) {
    hasher_.Add(static_cast<std::uint64_t>(value));
  }

  Hasher& hasher_;
};

class Reader {
 public:
  explicit Reader(Hasher& hasher) : mix_(hasher) {}

  void operator()(const core::ContactQueued& e) { mix_(e.contact, e.queue, e.returned); }
  void operator()(const core::ContactScheduled& e) { mix_(e.contact, e.queue, e.not_before); }
  void operator()(const core::OfferMade& e) {
    mix_(e.offer, e.contact, e.agent, e.queue, e.deadline, e.waited_ms, e.accept_by, e.via);
  }
  void operator()(const core::OfferEnded& e) {
    mix_(e.offer, e.contact, e.agent, e.queue, e.outcome);
  }
  void operator()(const core::ContactConfirmed& e) {
    mix_(e.offer, e.contact, e.agent, e.connect_deadline, e.announce_ms);
  }
  void operator()(const core::ContactAnswered& e) {
    mix_(e.contact, e.agent, e.queue, e.waited_ms, e.sl_waited_ms, e.via);
  }
  void operator()(const core::ContactConnectFailedEffect& e) { mix_(e.contact, e.agent, e.cause); }
  void operator()(const core::ContactHoldChanged& e) { mix_(e.contact, e.agent, e.held); }
  void operator()(const core::ContactChanged& e) { mix_(e.contact); }
  void operator()(const core::ContactMoved& e) {
    mix_(e.contact, e.from, e.to, e.waited_ms, e.outcome);
  }
  void operator()(const core::WrapUpStarted& e) { mix_(e.contact, e.agent, e.deadline); }
  void operator()(const core::ContactParkChanged& e) {
    mix_(e.contact, e.agent, e.parked, e.parked_ms);
  }
  void operator()(const core::ContactInactiveChanged& e) {
    mix_(e.contact, e.agent, e.inactive, e.inactive_ms);
  }
  void operator()(const core::ContactTreated& e) {
    mix_(e.contact, e.queue, e.treatment, e.id, e.deadline);
  }
  void operator()(const core::WrapUpExtended& e) { mix_(e.contact, e.agent, e.deadline); }
  void operator()(const core::WrapUpEnded& e) { mix_(e.contact, e.agent); }
  void operator()(const core::ContactEnded& e) {
    mix_(e.contact, e.state, e.reason, e.queue, e.waited_ms, e.answered, e.sl_waited_ms);
  }
  void operator()(const core::ContactForgotten& e) { mix_(e.contact); }
  void operator()(const core::ContactReleased& e) { mix_(e.contact, e.agent, e.second); }
  void operator()(const core::HolderJoined& e) { mix_(e.contact, e.agent, e.by); }
  void operator()(const core::HolderLeft& e) { mix_(e.contact, e.agent); }
  void operator()(const core::AgentChanged& e) { mix_(e.agent); }
  void operator()(const core::QueueModeChanged& e) { mix_(e.queue); }
  void operator()(const core::QueueMoveChanged& e) { mix_(e.queue, e.to, e.moved, e.left); }
  void operator()(const core::PolicyChanged& e) { mix_(e.version); }
  void operator()(const core::AgentLost& e) { mix_(e.contact, e.agent); }
  void operator()(const core::ContactStepOpened& e) { mix_(e.contact, e.queue, e.step); }
  void operator()(const core::ContactToCallback& e) {
    mix_(e.contact, e.queue, e.waited_ms, e.attempts);
  }
  void operator()(const core::ContactStuck& e) { mix_(e.contact, e.queue, e.stuck); }

 private:
  Mixer mix_;
};

}  // namespace

void EffectDigest::Add(journal::RecordKind kind, std::string_view decision,
                       const core::Effects& effects) {
  any_ = true;
  hasher_.Add(static_cast<std::uint64_t>(kind));
  hasher_.AddText(decision);
  Reader reader(hasher_);
  for (const core::Effect& effect : effects) {
    hasher_.Add(effect.index());
    std::visit(reader, effect);
  }
}

}  // namespace routerd::engine
