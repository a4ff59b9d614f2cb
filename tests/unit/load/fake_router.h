// A small router to test the generator against: sessions that can be resumed over real connections
// and after it was killed, decisions that are simple (fake_routing.h), and mistakes that it makes
// when told to, so that the audit has something to find.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace routerd::load {

// What the router does wrong: once, at its fifth chance, unless it says always.
enum class Mistake {
  kNone,
  kLose,              // forgets a contact that waits
  kEndTwice,          // tells a contact's end twice
  kTwoAgents,         // offers a contact to two agents
  kSkipFrame,         // leaves out a frame number
  kConfirmTwice,      // confirms an accept twice to the desktop
  kForgetOffer,       // does not tell the desktop that an offer ended
  kOverload,          // offers a contact to an agent who has one
  kConfirmOneSide,    // does not tell the gateway of an accept
  kOfferOneSide,      // does not tell the desktop of an offer
  kGoBack,            // tells an event with an older sequence
  kInventContact,     // tells a gateway of a contact that never arrived
  kInventWork,        // tells a desktop of the end of work that its agent never had
  kForgetEnd,         // does not tell the desktop that a contact ended
  kKeepListed,        // lists a contact that has ended
  kPromiseOffer,      // answers that a contact is offered, and never offers it
  kNeverOffer,        // always: takes every contact and offers none
  kTurnEverybodyAway  // always: answers every arrival with an error
};

// An arrival as the gateway described it.
struct Arrival {
  std::string queue;
  std::string customer_key;

  bool operator==(const Arrival&) const = default;
};

class FakeRouter {
 public:
  FakeRouter(std::vector<std::string> agents, Mistake mistake);
  ~FakeRouter();
  FakeRouter(const FakeRouter&) = delete;
  FakeRouter& operator=(const FakeRouter&) = delete;

  [[nodiscard]] std::string Address() const;
  // Killed, and started again at the same address: it has what happened, and has lost the answers
  // that were not acknowledged.
  void Kill();
  void Start();

  // Sessions that were taken up again, and those of them that were after a restart.
  [[nodiscard]] std::uint64_t Resumed() const;
  [[nodiscard]] std::uint64_t ResumedAfterRestart() const;
  // How often a Hello had another cursor than the last frame that it says was seen.
  [[nodiscard]] std::uint64_t WrongCursors() const;
  // By contact id.
  [[nodiscard]] std::map<std::string, Arrival> Arrivals() const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace routerd::load
