// What the fake router decides: one queue per name, first come first served, one contact per agent.
// It knows neither time nor skills nor capacity, and makes one kind of mistake when told to.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "load-tests/api.h"
#include "routerd/v1/common.pb.h"
#include "tests/unit/load/fake_router.h"

namespace routerd::load {

// Of whatever command it is: each starts with its header.
template <class Command>
std::string RequestId(const Command& command) {
  const auto* which = command.GetDescriptor()->FindOneofByName("command");
  const auto* field = command.GetReflection()->GetOneofFieldDescriptor(command, which);
  const auto& request = command.GetReflection()->GetMessage(command, field);
  const auto* header = request.GetDescriptor()->FindFieldByName("header");
  const auto& told = request.GetReflection()->GetMessage(request, header);
  return dynamic_cast<const v1::RequestHeader&>(told).request_id();
}

// Not locked: whoever calls it has the router's lock.
class FakeRouting {
 public:
  // Where what happens is told. The frames have neither number nor epoch yet.
  class Hearer {
   public:
    virtual ~Hearer() = default;
    virtual void ToGateway(const std::string& client, v1::OpenGatewaySessionResponse frame) = 0;
    virtual void ToDesktop(const std::string& client, v1::OpenDesktopSessionResponse frame) = 0;
  };

  struct Contact {
    std::string id, client, channel, queue, agent, offer;
    v1::ContactState state = v1::CONTACT_STATE_QUEUED;
  };

  struct Agent {
    std::string client;
    std::string contact;  // what he has
    v1::AgentPresence presence = v1::AGENT_PRESENCE_LOGGED_OUT;
  };

  // hearer outlives it.
  FakeRouting(std::vector<std::string> agents, Mistake mistake, Hearer* hearer);

  // The result is told before what follows from the command; it is returned to be repeated.
  v1::GatewayCommandResult Apply(const std::string& client, const v1::GatewayCommand& command);
  v1::DesktopCommandResult Apply(const std::string& client, const v1::DesktopCommand& command);
  // Offers what waits to whoever is free.
  void Match();

  // Whether the mistake is to be made now: once, at its fifth chance.
  bool Errs(Mistake mistake);

  [[nodiscard]] const std::map<std::string, Agent>& agents() const { return agents_; }
  [[nodiscard]] const std::map<std::string, Contact>& contacts() const { return contacts_; }
  // Every contact that arrived, as the gateway described it.
  [[nodiscard]] const std::map<std::string, Arrival>& arrivals() const { return arrivals_; }

 private:
  void Tell(const std::string& client, v1::GatewayEvent event);
  void Tell(const std::string& agent, v1::DesktopEvent event);
  std::uint64_t Stamp();

  void Arrive(const std::string& client, const v1::ArriveRequest& request);
  void Answer(const v1::ArriveRequest& request, v1::GatewayCommandResult* result);
  void EndContact(Contact& contact);
  void Release(Contact& contact);
  void Finish(const std::string& id, v1::ContactState state);

  void Present(const std::string& client, const v1::DesktopCommand& command);
  void Accept(const std::string& agent, Contact& contact);
  void Assigned(Contact& contact);
  void EndWrapUp(const std::string& agent, const std::string& contact);

  void Offer(Contact& contact, const std::string& agent);
  void EndOffer(Contact& contact, v1::OfferOutcome outcome);
  std::string FreeAgent() const;
  void ShowState(const std::string& agent);
  Contact* ByOffer(const std::string& offer);

  Mistake mistake_;
  Hearer* hearer_;
  int chances_ = 0;
  bool promises_ = false;  // the arrival at hand
  std::uint64_t sequence_ = 0;
  std::map<std::string, Agent> agents_;
  std::map<std::string, Contact> contacts_;
  std::map<std::string, Arrival> arrivals_;
  std::deque<std::string> waiting_;
};

}  // namespace routerd::load
