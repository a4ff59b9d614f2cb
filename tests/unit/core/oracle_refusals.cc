// Whether an event is accepted, and if not, why: what the rules say of each kind, asked of the
// oracle's own state before the core has been. A contact or agent that is not known goes first,
// then what its state forbids, then what the event asks for.
#include <algorithm>

#include "tests/unit/core/oracle.h"

namespace routerd::core {

struct OracleRefusals {
  using Reply = Oracle::Reply;
  using OracleContact = Oracle::OracleContact;
  using OracleAgent = Oracle::OracleAgent;
  using OracleItem = Oracle::OracleItem;

  const Oracle& oracle;

  // ---- What several of them ask ----

  static Reply WrongState(const OracleContact& c) { return {Refusal::kWrongState, c.state}; }

  [[nodiscard]] Reply Ended(const OfferId& offer) const {
    const auto lease = oracle.leases_.find(offer);
    if (lease == oracle.leases_.end()) return {Refusal::kOfferEnded};
    return {Refusal::kOfferEnded, {}, lease->second.outcome};
  }

  [[nodiscard]] bool Knows(QueueNo queue) const {
    const auto& queues = oracle.model_->queues;
    return queue.value < queues.size() && !queues[queue.value].name.empty();
  }

  // Of contacts that have not ended.
  template <typename F>
  [[nodiscard]] Reply Of(ContactNo no, const F& rule) const {
    const auto c = oracle.contacts_.find(no.value);
    if (c == oracle.contacts_.end() || IsTerminal(c->second.state)) {
      return {Refusal::kUnknownContact};
    }
    return rule(c->second);
  }

  template <typename F>
  [[nodiscard]] Reply OfKnown(AgentNo no, const F& rule) const {
    const auto a = oracle.agents_.find(no.value);
    if (a == oracle.agents_.end()) return {Refusal::kUnknownAgent};
    return rule(a->second);
  }
  template <typename F>
  [[nodiscard]] Reply OfPresent(AgentNo no, const F& rule) const {
    return OfKnown(no, [&](const OracleAgent& a) -> Reply {
      if (a.presence == Presence::kLoggedOut) return {Refusal::kAgentLoggedOut};
      return rule(a);
    });
  }
  [[nodiscard]] Reply Known(AgentNo no) const {
    return OfKnown(no, [](const OracleAgent&) { return Reply(); });
  }
  [[nodiscard]] Reply Present(AgentNo no) const {
    return OfPresent(no, [](const OracleAgent&) { return Reply(); });
  }

  // One that arrives: whether the queue takes it, or another for it.
  [[nodiscard]] Reply TakenBy(QueueNo queue, bool treats) const {
    const Oracle::Way way = oracle.WayIn(queue.value, treats);
    if (!way.refused) return {};
    if (*way.refused == LimitKind::kClosed) return {Refusal::kQueueClosed};
    return {*way.refused == LimitKind::kFull ? Refusal::kQueueFull : Refusal::kNotJoined};
  }

  // ---- Contacts ----

  Reply operator()(const ContactArrives& e) const {
    if (!Knows(e.queue)) return {Refusal::kUnknownQueue};
    const bool calls_back = oracle.model_->callback.valid() && oracle.model_->callback == e.channel;
    const Reply taken = TakenBy(e.queue, e.delay_ms <= 0 && !calls_back);
    if (taken.refusal != Refusal::kNone) return taken;
    const bool known =
        std::all_of(e.also.begin(), e.also.end(), [this](QueueNo queue) { return Knows(queue); });
    return {known ? Refusal::kNone : Refusal::kUnknownQueue};
  }

  Reply operator()(const ContactUpdated& e) const {
    return Of(e.contact, [](const OracleContact& c) {
      return c.state == ContactState::kWrapUp ? WrongState(c) : Reply();
    });
  }

  Reply operator()(const ContactTransferred& e) const {
    return Of(e.contact, [&](const OracleContact& c) -> Reply {
      const bool over = c.state == ContactState::kWrapUp;
      if (over || c.state == ContactState::kScheduled) return WrongState(c);
      return {Knows(e.queue) ? Refusal::kNone : Refusal::kUnknownQueue};
    });
  }

  Reply operator()(const ContactEnds& e) const {
    return Of(e.contact, [](const OracleContact&) { return Reply(); });  // in wrap-up: told again
  }

  Reply operator()(const ContactConnected& e) const {
    return Of(e.contact, [&](const OracleContact& c) {
      const bool told_again = c.state == ContactState::kAssigned;
      if (c.state != ContactState::kConnecting && !told_again) return WrongState(c);
      return e.offer == c.accepted || !e.offer.valid() ? Reply() : WrongState(c);
    });
  }

  Reply operator()(const ContactConnectFailed& e) const {
    return Of(e.contact, [&](const OracleContact& c) {
      if (c.state == ContactState::kConnecting) {
        return e.offer == c.accepted || !e.offer.valid() ? Reply() : WrongState(c);
      }
      if (c.state != ContactState::kOffered) return WrongState(c);
      if (!e.offer.valid() && c.offers.size() != 1) return WrongState(c);
      for (const Oracle::OracleOffer& offer : c.offers) {
        if (e.offer.valid() && offer.id != e.offer) continue;
        return offer.terms.accept_by == model::AcceptBy::kPhone ? Reply() : WrongState(c);
      }
      return WrongState(c);
    });
  }

  Reply operator()(const ContactHeld& e) const {
    return Of(e.contact, [](const OracleContact& c) {
      return c.state == ContactState::kAssigned ? Reply() : WrongState(c);
    });
  }

  Reply operator()(const CallbackRequested& e) const {
    return Of(e.contact, [&](const OracleContact& c) -> Reply {
      const bool waits = c.state == ContactState::kQueued || c.state == ContactState::kOffered ||
                         c.state == ContactState::kTreated;
      if (!waits) return WrongState(c);
      if (c.about != Oracle::kExternal) return {Refusal::kInConsult};
      return {oracle.model_->callback.valid() ? Refusal::kNone : Refusal::kNoCallback};
    });
  }

  Reply operator()(const ContactInactive& e) const {
    return Of(e.contact, [](const OracleContact& c) -> Reply {
      if (c.state != ContactState::kAssigned) return WrongState(c);
      if (c.live) return {Refusal::kLive};
      return {c.about == Oracle::kExternal ? Refusal::kNone : Refusal::kInConsult};
    });
  }

  Reply operator()(const TreatmentDone& e) const {
    return Of(e.contact, [&](const OracleContact& c) -> Reply {
      const bool its = e.treatment.valid() && e.treatment == c.treatment;
      return {its ? Refusal::kNone : Refusal::kNoTreatment};
    });
  }

  // ---- Consultations ----

  Reply operator()(const ConsultStarts& e) const {
    return Of(e.contact, [&](const OracleContact& c) -> Reply {
      if (c.state != ContactState::kAssigned) return WrongState(c);
      if (c.about != Oracle::kExternal || oracle.ConsultOf(e.contact.value)) {
        return {Refusal::kInConsult};
      }
      const bool holds = c.agent == e.asking.value || c.second == e.asking.value;
      if (e.asking.valid() && !holds) return {Refusal::kNotHolder};
      if (!Knows(e.queue)) return {Refusal::kUnknownQueue};
      return TakenBy(e.queue, false);
    });
  }

  // Of the linked contact: whoever was asked has it.
  [[nodiscard]] Reply Consulted(ContactNo no) const {
    return Of(no, [](const OracleContact& c) -> Reply {
      if (c.about == Oracle::kExternal) return {Refusal::kNoConsult};
      return c.state == ContactState::kAssigned ? Reply() : WrongState(c);
    });
  }

  Reply operator()(const ConsultCompletes& e) const { return Consulted(e.contact); }

  Reply operator()(const ConsultJoins& e) const {
    const Reply consulted = Consulted(e.contact);
    if (consulted.refusal != Refusal::kNone) return consulted;
    const std::uint64_t parent = oracle.contacts_.at(e.contact.value).about;
    return {oracle.contacts_.at(parent).second ? Refusal::kConferenceFull : Refusal::kNone};
  }

  Reply operator()(const ConsultCanceled& e) const {
    return Of(e.contact, [](const OracleContact& c) -> Reply {
      return {c.about == Oracle::kExternal ? Refusal::kNoConsult : Refusal::kNone};
    });
  }

  Reply operator()(const HolderLeaves& e) const {
    return Of(e.contact, [&](const OracleContact& c) -> Reply {
      if (c.state != ContactState::kAssigned) return WrongState(c);
      const bool one_of_two = c.second && (c.agent == e.agent.value || c.second == e.agent.value);
      return {one_of_two ? Refusal::kNone : Refusal::kNoConference};
    });
  }

  // ---- Offers ----

  // Told again it is as good as the first time.
  [[nodiscard]] Reply Decided(const OfferId& offer, OfferOutcome as) const {
    const Reply ended = Ended(offer);
    const auto lease = oracle.leases_.find(offer);
    const bool unheard = lease != oracle.leases_.end() && oracle.WasUnheard(lease->second);
    if (unheard && !ended.outcome) return {Refusal::kOfferEnded, {}, OfferOutcome::kRouterDown};
    const bool open = oracle.leases_.count(offer) != 0 && !ended.outcome;
    return open || ended.outcome == as ? Reply() : ended;
  }
  Reply operator()(const OfferAccepted& e) const {
    return Decided(e.offer, OfferOutcome::kAccepted);
  }
  Reply operator()(const OfferRejected& e) const {
    return Decided(e.offer, OfferOutcome::kRejected);
  }

  // ---- Agents ----

  Reply operator()(const AgentLogsIn&) const { return {}; }
  Reply operator()(const AgentSetsPresence& e) const { return Present(e.agent); }
  Reply operator()(const AgentBusyElsewhere& e) const { return Present(e.agent); }
  Reply operator()(const AgentLogsOut& e) const { return Known(e.agent); }
  Reply operator()(const AgentSkillsSet& e) const { return Known(e.agent); }
  Reply operator()(const AgentConnection& e) const { return Present(e.agent); }

  // The contact may have ended, or wait for somebody else.
  template <typename F>
  [[nodiscard]] Reply OfWrapUp(AgentNo agent, ContactNo contact, const F& rule) const {
    return OfPresent(agent, [&](const OracleAgent& a) -> Reply {
      for (const OracleItem& item : a.items) {
        if (item.contact == contact.value && item.state == ItemState::kWrapUp) return {rule(item)};
      }
      return {Refusal::kNotInWrapUp};
    });
  }
  Reply operator()(const AgentEndsWrapUp& e) const {
    return OfWrapUp(e.agent, e.contact, [](const OracleItem& item) {
      return item.forced ? Refusal::kWrapUpForced : Refusal::kNone;
    });
  }
  Reply operator()(const AgentExtendsWrapUp& e) const {
    return OfWrapUp(e.agent, e.contact, [](const OracleItem& item) {
      return item.extend_ms == 0 ? Refusal::kWrapUpNotExtended : Refusal::kNone;
    });
  }

  // ---- Gateways, queues, policy ----

  Reply operator()(const GatewayConnection&) const { return {}; }

  Reply operator()(const QueueModeSet& e) const {
    return {Knows(e.queue) ? Refusal::kNone : Refusal::kUnknownQueue};
  }

  // No move is ever under way: few enough wait.
  Reply operator()(const QueueMoved& e) const {
    if (!Knows(e.queue) || (e.to.valid() && !Knows(e.to))) return {Refusal::kUnknownQueue};
    return {e.queue == e.to ? Refusal::kQueueMoves : Refusal::kNone};
  }

  // Ended ones are in no queue any more.
  Reply operator()(const PolicySwapped& e) const {
    for (const auto& [no, c] : oracle.contacts_) {
      if (IsTerminal(c.state)) continue;
      if (e.model->queues[c.queue].name.empty() || e.model->channels[c.channel].name.empty()) {
        return {Refusal::kQueueHasContacts};
      }
    }
    return {};
  }

  Reply operator()(const CalendarSet&) const { return {}; }
  Reply operator()(const WallClockMoved&) const { return {}; }
  Reply operator()(const RouterRestarted&) const { return {}; }
};

Oracle::Reply Oracle::Expects(const Event& event) const {
  return std::visit(OracleRefusals{*this}, event);
}

}  // namespace routerd::core
