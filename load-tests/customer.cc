#include "load-tests/customer.h"

#include <vector>

namespace routerd::load {

std::size_t Customer::FirstDestination() const {
  return Choose(Stream(Part::kArrival), behaviour_->destinations.size());
}

std::string Customer::Key() const {
  return "customer-" + std::to_string(Stream(Part::kKey).Index(1'000'000));
}

std::size_t Customer::TransferredTo(std::uint64_t n, std::size_t from) const {
  return Choose(Stream(Part::kTransfer, n), from);
}

Span Customer::Patience(std::uint64_t n) const {
  Random stream = Stream(Part::kPatience, n);
  return behaviour_->patience.Sample(stream);
}

Customer::Connecting Customer::Connect(std::uint64_t n) const {
  Random stream = Stream(Part::kConnect, n);
  const Span delay = behaviour_->connect.Sample(stream);
  const bool fails = stream.Chance(behaviour_->connect_failed_share);
  return {delay, fails, stream.Uniform()};
}

Customer::Ringing Customer::Ring(std::uint64_t n, const AgentBehaviour& agents) const {
  Random stream = Stream(Part::kRing, n);
  const double chance = stream.Uniform();
  const bool missed = chance < agents.miss_share;
  const bool declined = !missed && chance < agents.miss_share + agents.decline_share;
  return {missed, declined, agents.answer.Sample(stream)};
}

Customer::Conversation Customer::Talk(std::uint64_t n) const {
  Random stream = Stream(Part::kTalk, n);
  Conversation talk{};
  talk.handle = behaviour_->handle.Sample(stream);
  talk.holds = stream.Chance(behaviour_->hold_share);
  talk.before_hold = FromSeconds(Seconds(talk.handle) * stream.Uniform());
  talk.hold = behaviour_->hold.Sample(stream);
  talk.transferred = stream.Chance(behaviour_->transfer_share);
  talk.completed = stream.Chance(0.5);
  return talk;
}

// By weight; the one with index `other_than` is left out.
std::size_t Customer::Choose(Random stream, std::size_t other_than) const {
  const std::vector<Destination>& all = behaviour_->destinations;
  double sum = 0;
  for (std::size_t i = 0; i < all.size(); ++i) sum += i == other_than ? 0 : all[i].weight;
  double mark = stream.Uniform() * sum;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == other_than) continue;
    chosen = i;
    mark -= all[i].weight;
    if (mark < 0) break;
  }
  return chosen;
}

}  // namespace routerd::load
