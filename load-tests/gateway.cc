#include "load-tests/gateway.h"

#include <utility>

#include "load-tests/answer.h"
#include "load-tests/words.h"

namespace routerd::load {

Gateway::Gateway(const Surroundings& around, std::unique_ptr<Connector<GatewayApi>> connector,
                 const SessionTerms& terms, ChannelBehaviour behaviour, AgentBehaviour agents)
    : around_(around),
      behaviour_(std::move(behaviour)),
      agents_(std::move(agents)),
      id_prefix_(terms.client + "-" + terms.run_id + "-"),
      customers_(terms.seed, "customers of " + terms.client),
      seed_(terms.seed),
      counts_(&around.statistics->channels[behaviour_.channel]),
      session_(around.loop, std::move(connector), terms, this, around.gateway_tap) {
  session_.on_sent = [this](const v1::GatewayCommand& command, Time intended, Time written) {
    if (command.has_arrive()) around_.latencies->Written(intended, written);
  };
}

void Gateway::StartArrivals(Time start, double per_second) {
  sequencer_.reset();
  if (per_second <= 0) return;
  // A generator of its own each time, so that a step of a search is the same whatever was before.
  const std::string part = "arrivals of " + client() + " " + std::to_string(sequencers_++);
  sequencer_ =
      std::make_unique<Sequencer>(around_.loop, RateLimiter(per_second, start, Random(seed_, part)),
                                  [this](Time intended) { Arrive(intended); });
}

void Gateway::EndContacts() {
  ending_ = true;
  for (auto& [id, contact] : contacts_) {
    if (contact.phase != Phase::kArriving && contact.phase != Phase::kEnding) End(id, contact);
  }
}

// A resumed session missed nothing; otherwise the router tells by itself what it holds.
void Gateway::OnWelcome(const v1::Welcome& welcome) {
  if (!welcome.resumed()) held_.clear();
}

void Gateway::OnEvent(const v1::GatewayEvent& event, Time received) {
  (void)received;
  switch (event.event_case()) {
    case v1::GatewayEvent::kQueued:
      return BackInQueue(event.queued().contact_id());
    case v1::GatewayEvent::kOffer:
      return TakeOffer(event.offer());
    case v1::GatewayEvent::kConfirmed:
      return TakeConfirmed(event.confirmed());
    case v1::GatewayEvent::kRefused:
      return Forget(event.refused().contact_id(), v1::CONTACT_STATE_REFUSED);
    case v1::GatewayEvent::kEnded:
      if (!IsTerminal(event.ended().state())) return;  // its wrap-up goes on
      return Forget(event.ended().contact_id(), event.ended().state());
    case v1::GatewayEvent::kReconcile:
      return TakeReconcile(event.reconcile());
    case v1::GatewayEvent::kResync:
      return TakeResync(event.resync());
    case v1::GatewayEvent::kAgentLost:
      return LoseAgent(event.agent_lost().contact_id());
    default:
      return;  // offer_ended is followed by queued or offer; moved by queued
  }
}

void Gateway::Arrive(Time intended) {
  const std::uint64_t number = next_contact_++;
  const std::string id = id_prefix_ + std::to_string(number);
  const Customer customer(&behaviour_, customers_.Split(number));
  Contact& contact = contacts_.try_emplace(id, customer).first->second;
  const Destination& destination = behaviour_.destinations[contact.destination];
  ++counts_->arrived;
  around_.latencies->Arrived(id, intended);

  v1::GatewayCommand command;
  v1::ArriveRequest* arrive = command.mutable_arrive();
  arrive->set_contact_id(id);
  arrive->set_channel(behaviour_.channel);
  arrive->set_queue(destination.queue);
  arrive->set_customer_key(customer.Key());
  for (const auto& [skill, level] : destination.skills) {
    v1::SkillRequirement* requirement = arrive->add_skills();
    requirement->set_skill(skill);
    requirement->set_min_level(level);
  }
  contact.patience = around_.loop->At(intended + customer.Patience(0), [this, id](Time) {
    if (Contact* waiting = Find(id)) LosePatience(id, *waiting);
  });
  session_.Send(
      std::move(command), arrive->mutable_header(),
      [this, id](const Result& result) { TakeArriveAnswer(id, result, Clock::now()); }, intended);
}

void Gateway::TakeArriveAnswer(const std::string& id, const Result& result, Time when) {
  Contact* contact = Find(id);
  if (contact == nullptr) {  // over already: the answer was lost with a router, and given again
    if (result.status().code() == grpc::OK) ++counts_->taken;
    return;
  }
  if (CountError("arrive", result.status(), &around_.statistics->errors)) {
    ++(IsDraining(result.status()) ? counts_->turned_away : counts_->rejected);
    around_.loop->Cancel(contact->patience);
    around_.latencies->Ended(id);
    contacts_.erase(id);
    return;
  }
  ++counts_->taken;
  const v1::ContactState state = result.arrive().state();
  around_.latencies->Accepted(id, when, state != v1::CONTACT_STATE_QUEUED);
  if (IsTerminal(state)) return Forget(id, state);
  if (contact->phase == Phase::kArriving) contact->phase = Phase::kWaiting;
  if (ending_) return End(id, *contact);
  if (contact->hung_up) LosePatience(id, *contact);
}

void Gateway::LosePatience(const std::string& id, Contact& contact) {
  if (contact.phase == Phase::kArriving) {
    contact.hung_up = true;
    return;
  }
  if (contact.phase != Phase::kWaiting && contact.phase != Phase::kConnecting) return;
  End(id, contact);
}

void Gateway::Forget(const std::string& id, v1::ContactState state) {
  const auto found = contacts_.find(id);
  if (found == contacts_.end()) return;
  around_.loop->Cancel(found->second.patience);
  around_.loop->Cancel(found->second.step);
  around_.latencies->Ended(id);
  ++counts_->ended[Word(state)];
  contacts_.erase(found);
}

void Gateway::After(Span span, const std::string& id, Contact& contact, Todo todo) {
  around_.loop->Cancel(contact.step);
  contact.step = around_.loop->After(span, [this, id, todo](Time) {
    if (Contact* found = Find(id)) (this->*todo)(id, *found);
  });
}

void Gateway::Send(v1::GatewayCommand&& command, v1::RequestHeader* header, const char* name,
                   const std::function<void(const Result&)>& answer) {
  const auto checked = [this, name, answer](const Result& result) {
    CountError(name, result.status(), &around_.statistics->errors);
    if (answer) answer(result);
  };
  session_.Send(std::move(command), header, checked, Clock::now());
}

Gateway::Contact* Gateway::Find(const std::string& id) {
  const auto found = contacts_.find(id);
  return found == contacts_.end() ? nullptr : &found->second;
}

}  // namespace routerd::load
