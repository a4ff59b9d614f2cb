// A small router to test the generator against: one queue per name, first come first served,
// sessions that can be resumed, and mistakes that it makes when told to, so that the audit has
// something to find. It knows neither time nor skills nor capacity: one contact per agent.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "routerd/v1/agent_desktop.grpc.pb.h"
#include "routerd/v1/contact_gateway.grpc.pb.h"
#include "routerd/v1/operations.grpc.pb.h"

namespace routerd::load {

// What the router does wrong, once, at its fifth chance.
enum class Mistake { kNone, kLose, kEndTwice, kTwoAgents, kSkipFrame, kConfirmTwice, kForgetOffer };

class FakeRouter {
 public:
  FakeRouter(std::vector<std::string> agents, Mistake mistake);
  ~FakeRouter();
  FakeRouter(const FakeRouter&) = delete;
  FakeRouter& operator=(const FakeRouter&) = delete;

  [[nodiscard]] std::string Address() const;
  [[nodiscard]] std::uint64_t Resumed() const;

 private:
  // One client's session; `Frame` is what the router sends.
  template <class Frame, class Request>
  struct Session {
    std::string id;
    std::uint64_t number = 0;
    std::deque<Frame> kept;                      // not acknowledged
    std::map<std::string, std::string> answers;  // result, serialized, by request id
    grpc::ServerReaderWriter<Frame, Request>* stream = nullptr;
    grpc::ServerContext* context = nullptr;
  };
  using GatewaySession = Session<v1::OpenGatewaySessionResponse, v1::OpenGatewaySessionRequest>;
  using DesktopSession = Session<v1::OpenDesktopSessionResponse, v1::OpenDesktopSessionRequest>;

  struct Contact {
    std::string id, client, channel, queue, agent, offer;
    v1::ContactState state = v1::CONTACT_STATE_QUEUED;
  };

  struct Agent {
    std::string client;
    std::string contact;  // what he has
    bool ready = false;
  };

  class GatewayService;
  class DesktopService;
  class Operations;

  // Serves one stream until it ends.
  template <class Frame, class Request, class Handle>
  grpc::Status Serve(std::map<std::string, Session<Frame, Request>>* sessions,
                     grpc::ServerContext* context, grpc::ServerReaderWriter<Frame, Request>* stream,
                     Handle handle);
  template <class Frame, class Request>
  void Send(Session<Frame, Request>& session, Frame frame);
  void Tell(const std::string& client, v1::GatewayEvent event);
  void Tell(const std::string& agent, v1::DesktopEvent event);

  v1::GatewayCommandResult Apply(const std::string& client, const v1::GatewayCommand& command);
  v1::DesktopCommandResult Apply(const std::string& client, const v1::DesktopCommand& command);
  void Arrive(const std::string& client, const v1::ArriveRequest& request);
  void EndContact(Contact& contact);
  void Finish(const std::string& id, v1::ContactState state);
  void Accept(const std::string& agent, Contact& contact);
  void Assigned(Contact& contact);
  void EndOffer(Contact& contact, v1::OfferOutcome outcome);
  void Free(const std::string& agent);
  void Match();
  void Offer(Contact& contact, const std::string& agent);
  void ShowState(const std::string& agent);
  bool Err(Mistake mistake);
  Contact* ByOffer(const std::string& offer);

  mutable std::mutex mutex_;
  Mistake mistake_;
  int chances_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t sessions_ = 0;
  std::uint64_t resumed_ = 0;
  std::map<std::string, GatewaySession> gateways_;
  std::map<std::string, DesktopSession> desktops_;
  std::map<std::string, Agent> agents_;
  std::map<std::string, Contact> contacts_;
  std::deque<std::string> waiting_;
  std::unique_ptr<v1::ContactGatewayService::Service> gateway_service_;
  std::unique_ptr<v1::AgentDesktopService::Service> desktop_service_;
  std::unique_ptr<v1::OperationsService::Service> operations_;
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace routerd::load
