#include "tests/unit/core/random_mistakes.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace routerd::core {
namespace {

// Whom and what a mistake is about.
struct Subject {
  Random& random;
  const Core& core;
  const Past& past;
  int agents;

  [[nodiscard]] ContactNo Contact() const {
    const int dice = Below(random, 100);
    if (dice < 5) return ContactNo();
    std::vector<ContactNo> held;
    core.ForEachContact([&](ContactNo no, const auto&) { held.push_back(no); });
    const std::vector<ContactNo>& from = dice < 25 ? past.contacts : held;
    return from.empty() ? ContactNo(1) : from[Pick<std::size_t>(from.size())];
  }
  // One of those, mostly.
  template <typename F>
  [[nodiscard]] ContactNo Contact(const F& suits) const {
    std::vector<ContactNo> held;
    core.ForEachContact([&](ContactNo no, const auto& c) {
      if (suits(c)) held.push_back(no);
    });
    if (held.empty() || Chance(random, 50)) return Contact();
    return held[Pick<std::size_t>(held.size())];
  }
  // The last few are likelier to be about somebody who is still there.
  [[nodiscard]] Past::Offer Offer() const {
    const std::size_t made = past.offers.size();
    if (made == 0 || Chance(random, 5)) return {Contact(), {{1, 1}, 1'000}};
    const std::size_t of = Chance(random, 50) ? std::min<std::size_t>(made, 10) : made;
    return past.offers[made - 1 - Pick<std::size_t>(of)];
  }
  // One of them has never logged in.
  [[nodiscard]] AgentNo Agent() const {
    return AgentNo(Pick<std::uint32_t>(static_cast<std::size_t>(agents) + 1));
  }
  [[nodiscard]] QueueNo Queue() const {
    if (Chance(random, 10)) return QueueNo();
    return QueueNo(Pick<std::uint32_t>(core.queue_count() + 1));
  }
  template <typename T>
  [[nodiscard]] T Pick(std::size_t n) const {
    return static_cast<T>(Below(random, static_cast<int>(n)));
  }
};

Event MistakenArrival(const Subject& any) {
  ContactArrives e;
  e.queue = any.Queue();
  e.channel = ChannelNo(any.Pick<std::uint8_t>(any.core.model().channels.size()));
  e.gateway = GatewayNo(0);
  e.delay_ms = Chance(any.random, 50) ? 60'000 : 0;
  if (e.queue != QueueNo(0) && Chance(any.random, 50)) e.also = {any.Queue()};
  if (!e.also.empty() && e.also.front() == e.queue) e.also.clear();
  return e;
}

// A policy without what a contact is in.
Event MistakenPolicy(const Subject& any) {
  const ContactNo no = any.Contact();
  const auto* c = any.core.FindContact(no);
  if (c == nullptr || IsTerminal(c->state)) return ContactHeld{no};
  auto model = std::make_shared<model::Model>(any.core.model());
  ++model->version;
  if (Chance(any.random, 50)) {
    model->queues[c->queue.index()].name.clear();
  } else {
    model->channels[c->channel.index()].name.clear();
  }
  return PolicySwapped{std::move(model), {}};
}

Event MistakenConsult(const Subject& any) {
  const auto is_answered = [](const auto& c) { return c.state == ContactState::kAssigned; };
  const auto is_asked = [](const auto& c) {
    return c.parent != kNil && c.state != ContactState::kAssigned;
  };
  switch (Below(any.random, 5)) {
    case 0:
      return ConsultCompletes{any.Contact(is_asked)};
    case 1:
      return ConsultJoins{any.Contact(is_asked)};
    case 2:
      return ConsultCanceled{any.Contact()};
    case 3:
      return HolderLeaves{any.Contact(is_answered), any.Agent()};
    default:
      ConsultStarts e;
      e.contact = any.Contact(is_answered);
      e.queue = any.Queue();
      if (Chance(any.random, 50)) e.asking = any.Agent();
      return e;
  }
}

Event MistakenReport(const Subject& any) {
  auto [no, offer] = any.Offer();
  if (Chance(any.random, 70)) no = any.Contact();
  if (Chance(any.random, 30)) offer = OfferId();
  switch (Below(any.random, 9)) {
    case 0:
      return ContactUpdated{no, 1, {}, {}};
    case 1:
      return ContactTransferred{no, any.Queue(), {}, {}};
    case 2:
      return ContactEnds{no};
    case 3:
      return ContactConnected{no, offer};
    case 4:
      return ContactConnectFailed{no, static_cast<ConnectFailure>(Below(any.random, 7)), offer};
    case 5:
      return ContactHeld{no, Chance(any.random, 50)};
    case 6:
      return CallbackRequested{no, Below(any.random, 2) * 10'000};
    case 7:
      return ContactInactive{no, Chance(any.random, 50)};
    default:
      return TreatmentDone{no, offer};
  }
}

Event MistakenDesktop(const Subject& any) {
  const AgentNo agent = any.Agent();
  switch (Below(any.random, 9)) {
    case 0:
      return AgentSetsPresence{agent, true, ReasonNo(), 1};
    case 1:
      return AgentBusyElsewhere{agent, ChannelNo(0), Chance(any.random, 50)};
    case 2:
      return AgentLogsOut{agent};
    case 3:
      return AgentSkillsSet{agent, RandomProfile(any.random, any.core.model()), true};
    case 4:
      return AgentConnection{agent, Chance(any.random, 50)};
    case 5:
      return AgentEndsWrapUp{agent, any.Contact()};
    case 6:
      return AgentExtendsWrapUp{agent, any.Contact(), 1'000};
    case 7:
      return OfferAccepted{any.Offer().id};
    default:
      return OfferRejected{any.Offer().id};
  }
}

}  // namespace

Event RandomMistake(Random& random, const Core& core, const Past& past, int agents) {
  const Subject any = {random, core, past, agents};
  const int dice = Below(random, 100);
  if (dice < 40) return MistakenReport(any);
  if (dice < 70) return MistakenDesktop(any);
  if (dice < 85) return MistakenConsult(any);
  if (dice < 90) return MistakenArrival(any);
  if (dice < 94) return QueueModeSet{any.Queue(), model::QueueMode::kOpen};
  if (dice < 97) return QueueMoved{any.Queue(), any.Queue()};
  return MistakenPolicy(any);
}

}  // namespace routerd::core
