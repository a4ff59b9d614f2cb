#include "load-tests/desk.h"

#include <algorithm>
#include <utility>

#include "load-tests/answer.h"
#include "load-tests/words.h"

namespace routerd::load {

Desk::Desk(const Surroundings& around, std::unique_ptr<Connector<DesktopApi>> connector,
           const SessionTerms& terms, AgentBehaviour behaviour,
           const std::vector<std::string>& agents)
    : around_(around),
      behaviour_(std::move(behaviour)),
      random_(terms.seed, "agents of " + terms.client),
      agents_(agents.size()),
      session_(around.loop, std::move(connector), terms, this, around.desktop_tap) {
  for (std::size_t i = 0; i < agents.size(); ++i) {
    agents_[i].id = agents[i];
    by_id_[agents[i]] = &agents_[i];
  }
}

void Desk::OnWelcome(const v1::Welcome& welcome) {
  const bool again = std::exchange(welcomed_, true);
  if (again && welcome.resumed()) return;
  // A new session has no agents: all log in, and open offers are told again.
  for (Agent& agent : agents_) {
    Forget(agent);
    agent.told_out = true;
    if (!agent.out && !leaving_) LogIn(agent);
  }
}

void Desk::OnEvent(const v1::DesktopEvent& event, Time received) {
  const auto found = by_id_.find(event.agent_id());
  if (found == by_id_.end()) return;
  Agent& agent = *found->second;
  switch (event.event_case()) {
    case v1::DesktopEvent::kOffer:
      return TakeOffer(agent, event.offer(), received);
    case v1::DesktopEvent::kOfferCancelled:
      ++around_.statistics->offers[Word(event.offer_cancelled().outcome())];
      return DropOffer(agent, event.offer_cancelled().contact_id());
    case v1::DesktopEvent::kConfirmed:
      return TakeConfirmed(agent, event.confirmed(), received);
    case v1::DesktopEvent::kWrapUpStarted:
      return TakeWrapUp(agent, event.wrap_up_started());
    case v1::DesktopEvent::kStateChanged:
      return TakeState(agent, event.state_changed().status());
    case v1::DesktopEvent::kSuperseded:
      ++around_.statistics->errors["agent superseded"];
      agent.told_out = true;  // here he is
      return Forget(agent);
    default:
      return;  // assigned, ended: what the desktop does then follows from wrap_up_started
  }
}

void Desk::TakeOffer(Agent& agent, const v1::AgentOfferEvent& offer, Time received) {
  const std::string& contact = offer.contact_id();
  around_.latencies->Offered(contact, received);
  DropOffer(agent, contact);
  OpenOffer& open = agent.offers[contact];
  open.offer_id = offer.offer_id();
  if (offer.accept_by() != v1::ACCEPT_BY_DESKTOP) return;  // the gateway rings him, or nobody
  const double chance = random_.Uniform();
  if (chance < behaviour_.miss_share) return;
  const bool declines = chance < behaviour_.miss_share + behaviour_.decline_share;
  const Time when = received + behaviour_.answer.Sample(random_);
  open.timer = around_.loop->At(when, [this, &agent, contact, declines](Time due) {
    declines ? Reject(agent, contact) : Accept(agent, contact, due);
  });
}

void Desk::Accept(Agent& agent, const std::string& contact, Time due) {
  OpenOffer& open = agent.offers[contact];
  open.accept_intended = due;
  v1::DesktopCommand command;
  v1::AcceptOfferRequest* accept = command.mutable_accept_offer();
  accept->set_agent_id(agent.id);
  accept->set_offer_id(open.offer_id);
  Send(std::move(command), accept->mutable_header(), "accept", due);
}

void Desk::Reject(Agent& agent, const std::string& contact) {
  v1::DesktopCommand command;
  v1::RejectOfferRequest* reject = command.mutable_reject_offer();
  reject->set_agent_id(agent.id);
  reject->set_offer_id(agent.offers[contact].offer_id);
  reject->set_reason("busy with something else");
  Send(std::move(command), reject->mutable_header(), "reject", Clock::now());
}

void Desk::TakeConfirmed(Agent& agent, const v1::AgentConfirmedEvent& confirmed, Time received) {
  ++around_.statistics->offers[Word(v1::OFFER_OUTCOME_ACCEPTED)];
  const auto found = agent.offers.find(confirmed.contact_id());
  if (found == agent.offers.end()) return;
  if (found->second.accept_intended != Time()) {
    around_.latencies->Confirmed(found->second.accept_intended, received);
  }
  DropOffer(agent, confirmed.contact_id());
}

void Desk::DropOffer(Agent& agent, const std::string& contact) const {
  const auto found = agent.offers.find(contact);
  if (found == agent.offers.end()) return;
  around_.loop->Cancel(found->second.timer);
  agent.offers.erase(found);
}

// A policy may forbid to end it early; then the router says so, and it ends by itself.
void Desk::TakeWrapUp(Agent& agent, const v1::AgentWrapUpStartedEvent& started) {
  const Span span = hurry_ ? Span::zero() : behaviour_.wrap_up.Sample(random_);
  const std::string& contact = started.contact_id();
  around_.loop->Cancel(agent.wrap_ups[contact]);
  agent.wrap_ups[contact] =
      around_.loop->After(span, [this, &agent, contact](Time) { EndWrapUp(agent, contact); });
}

void Desk::EndWrapUp(Agent& agent, const std::string& contact) {
  agent.wrap_ups.erase(contact);
  v1::DesktopCommand command;
  v1::EndWrapUpRequest* end = command.mutable_end_wrap_up();
  end->set_agent_id(agent.id);
  end->set_contact_id(contact);
  Send(std::move(command), end->mutable_header(), "end_wrap_up", Clock::now());
}

// Wrap-ups that ended by time need no command any more; an agent who missed an offer comes back.
void Desk::TakeState(Agent& agent, const v1::AgentStatus& status) {
  agent.told_out = status.presence() == v1::AGENT_PRESENCE_LOGGED_OUT;
  for (auto it = agent.wrap_ups.begin(); it != agent.wrap_ups.end();) {
    bool open = false;
    for (const v1::AgentItem& item : status.items()) open |= item.contact_id() == it->first;
    if (!open) around_.loop->Cancel(it->second);
    it = open ? std::next(it) : agent.wrap_ups.erase(it);
  }
  const bool rona = status.presence() == v1::AGENT_PRESENCE_NOT_READY && status.reason() == "rona";
  if (status.presence() != v1::AGENT_PRESENCE_NOT_RESPONDING && !rona) return;
  if (agent.on_break || leaving_ || std::exchange(agent.recovering, true)) return;
  around_.loop->After(behaviour_.ready_again.Sample(random_), [this, &agent](Time) {
    agent.recovering = false;
    if (!agent.on_break && !leaving_) SetPresence(agent, v1::AGENT_PRESENCE_READY, "");
  });
}

void Desk::Forget(Agent& agent) {
  while (!agent.offers.empty()) DropOffer(agent, std::string(agent.offers.begin()->first));
  for (const auto& [contact, timer] : agent.wrap_ups) around_.loop->Cancel(timer);
  agent.wrap_ups.clear();
}

void Desk::Hurry() {
  hurry_ = true;
  for (Agent& agent : agents_) {
    around_.loop->Cancel(agent.break_timer);
    while (!agent.wrap_ups.empty()) {
      const auto [contact, timer] = *agent.wrap_ups.begin();
      around_.loop->Cancel(timer);
      EndWrapUp(agent, contact);
    }
  }
}

std::size_t Desk::StillIn() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(agents_, [](const Agent& agent) { return !agent.told_out; }));
}

void Desk::LogOutAll() {
  leaving_ = true;
  for (Agent& agent : agents_) {
    around_.loop->Cancel(agent.break_timer);
    if (!agent.out) LogOut(agent);
  }
}

void Desk::Send(v1::DesktopCommand&& command, v1::RequestHeader* header, const char* name,
                Time intended, const std::function<void(const Result&)>& answer) {
  const auto checked = [this, name, answer](const Result& result) {
    CountError(name, result.status(), &around_.statistics->errors);
    if (answer) answer(result);
  };
  session_.Send(std::move(command), header, checked, intended);
}

}  // namespace routerd::load
