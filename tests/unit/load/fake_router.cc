#include "tests/unit/load/fake_router.h"

#include <utility>

namespace routerd::load {
namespace {

// Channels that have something to connect.
bool Connects(const std::string& channel) { return channel == "voice"; }

const std::string& IdOf(const v1::GatewayCommand& command) {
  switch (command.command_case()) {
    case v1::GatewayCommand::kArrive:
      return command.arrive().header().request_id();
    case v1::GatewayCommand::kTransferContact:
      return command.transfer_contact().header().request_id();
    case v1::GatewayCommand::kReportConnected:
      return command.report_connected().header().request_id();
    case v1::GatewayCommand::kReportConnectFailed:
      return command.report_connect_failed().header().request_id();
    case v1::GatewayCommand::kReportHeld:
      return command.report_held().header().request_id();
    case v1::GatewayCommand::kReportResumed:
      return command.report_resumed().header().request_id();
    default:
      return command.end_contact().header().request_id();
  }
}

const std::string& IdOf(const v1::DesktopCommand& command) {
  switch (command.command_case()) {
    case v1::DesktopCommand::kLogIn:
      return command.log_in().header().request_id();
    case v1::DesktopCommand::kSetPresence:
      return command.set_presence().header().request_id();
    case v1::DesktopCommand::kAcceptOffer:
      return command.accept_offer().header().request_id();
    case v1::DesktopCommand::kRejectOffer:
      return command.reject_offer().header().request_id();
    case v1::DesktopCommand::kEndWrapUp:
      return command.end_wrap_up().header().request_id();
    default:
      return command.log_out().header().request_id();
  }
}

template <class Result>
void Refuse(Result* result, v1::ContactState state) {
  result->mutable_status()->set_code(grpc::FAILED_PRECONDITION);
  result->mutable_status()->mutable_detail()->set_reason("wrong_state");
  result->mutable_status()->mutable_detail()->set_contact_state(state);
}

}  // namespace

class FakeRouter::GatewayService final : public v1::ContactGatewayService::Service {
 public:
  explicit GatewayService(FakeRouter* router) : router_(router) {}
  grpc::Status OpenGatewaySession(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::OpenGatewaySessionResponse, v1::OpenGatewaySessionRequest>*
          stream) override {
    return router_->Serve(&router_->gateways_, context, stream,
                          [this](const std::string& client, const v1::GatewayCommand& command) {
                            return router_->Apply(client, command);
                          });
  }

 private:
  FakeRouter* router_;
};

class FakeRouter::DesktopService final : public v1::AgentDesktopService::Service {
 public:
  explicit DesktopService(FakeRouter* router) : router_(router) {}
  grpc::Status OpenDesktopSession(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::OpenDesktopSessionResponse, v1::OpenDesktopSessionRequest>*
          stream) override {
    return router_->Serve(&router_->desktops_, context, stream,
                          [this](const std::string& client, const v1::DesktopCommand& command) {
                            return router_->Apply(client, command);
                          });
  }

 private:
  FakeRouter* router_;
};

class FakeRouter::Operations final : public v1::OperationsService::Service {
 public:
  explicit Operations(FakeRouter* router) : router_(router) {}

  grpc::Status ListAgents(grpc::ServerContext*, const v1::ListAgentsRequest* request,
                          v1::ListAgentsResponse* response) override {
    const std::lock_guard lock(router_->mutex_);
    // One agent a page, so that the generator must turn pages.
    auto agent = router_->agents_.upper_bound(request->page_token());
    if (agent != router_->agents_.end()) response->add_agents()->set_id((agent++)->first);
    if (agent != router_->agents_.end()) response->set_next_page_token(std::prev(agent)->first);
    return grpc::Status::OK;
  }

  grpc::Status ListContacts(grpc::ServerContext*, const v1::ListContactsRequest*,
                            v1::ListContactsResponse* response) override {
    const std::lock_guard lock(router_->mutex_);
    for (const auto& [id, held] : router_->contacts_) {
      v1::Contact* contact = response->add_contacts();
      contact->set_id(id);
      contact->set_client(held.client);
      contact->set_state(held.state);
    }
    return grpc::Status::OK;
  }

  grpc::Status WatchState(grpc::ServerContext*, const v1::WatchStateRequest*,
                          grpc::ServerWriter<v1::WatchStateResponse>* writer) override {
    v1::WatchStateResponse state;
    state.set_snapshot(true);
    state.add_queues()->set_id("main");
    state.mutable_domain()->set_answered(7);
    writer->Write(state);
    return grpc::Status::OK;
  }

 private:
  FakeRouter* router_;
};

FakeRouter::FakeRouter(std::vector<std::string> agents, Mistake mistake)
    : mistake_(mistake),
      gateway_service_(new GatewayService(this)),
      desktop_service_(new DesktopService(this)),
      operations_(new Operations(this)) {
  for (std::string& agent : agents) agents_[std::move(agent)];
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
  for (grpc::Service* service : std::vector<grpc::Service*>{
           gateway_service_.get(), desktop_service_.get(), operations_.get()}) {
    builder.RegisterService(service);
  }
  server_ = builder.BuildAndStart();
}

FakeRouter::~FakeRouter() {
  server_->Shutdown(std::chrono::system_clock::now());
  server_->Wait();
}

std::string FakeRouter::Address() const { return "127.0.0.1:" + std::to_string(port_); }

std::uint64_t FakeRouter::Resumed() const {
  const std::lock_guard lock(mutex_);
  return resumed_;
}

template <class Frame, class Request, class Handle>
grpc::Status FakeRouter::Serve(std::map<std::string, Session<Frame, Request>>* sessions,
                               grpc::ServerContext* context,
                               grpc::ServerReaderWriter<Frame, Request>* stream, Handle handle) {
  Request request;
  if (!stream->Read(&request)) return grpc::Status::OK;
  const std::string client = request.hello().client();
  std::unique_lock lock(mutex_);
  Session<Frame, Request>& session = (*sessions)[client];
  if (session.context != nullptr) session.context->TryCancel();
  session.context = context;
  session.stream = stream;
  const bool resumes = !session.id.empty() && session.id == request.hello().session_id();
  if (!resumes) session.id = "session-" + std::to_string(++sessions_);
  resumed_ += resumes ? 1 : 0;
  Frame frame;
  frame.set_epoch(1);
  frame.mutable_welcome()->set_session_id(session.id);
  frame.mutable_welcome()->set_resumed(resumes);
  stream->Write(frame);
  while (!session.kept.empty() && session.kept.front().number() <= request.hello().last_seen()) {
    session.kept.pop_front();
  }
  for (const Frame& kept : session.kept) stream->Write(kept);
  for (;;) {
    lock.unlock();
    const bool read = stream->Read(&request);
    lock.lock();
    if (!read) break;
    while (!session.kept.empty() && session.kept.front().number() <= request.acked()) {
      session.kept.pop_front();
    }
    for (const auto& command : request.commands()) {
      ++sequence_;
      // A repeated command gets its first answer.
      std::string& answer = session.answers[IdOf(command)];
      if (answer.empty()) {
        answer = handle(client, command).SerializeAsString();
      } else {
        Frame again;
        again.add_results()->ParseFromString(answer);
        Send(session, std::move(again));
      }
    }
    Match();
  }
  if (session.stream == stream) session.stream = nullptr;
  if (session.context == context) session.context = nullptr;
  return grpc::Status::OK;
}

template <class Frame, class Request>
void FakeRouter::Send(Session<Frame, Request>& session, Frame frame) {
  if (Err(Mistake::kSkipFrame)) ++session.number;
  frame.set_number(++session.number);
  frame.set_epoch(1);
  frame.set_sequence(sequence_);
  session.kept.push_back(frame);
  if (session.stream != nullptr) session.stream->Write(frame);
}

void FakeRouter::Tell(const std::string& client, v1::GatewayEvent event) {
  event.set_sequence(sequence_);
  v1::OpenGatewaySessionResponse frame;
  *frame.add_events() = std::move(event);
  Send(gateways_[client], std::move(frame));
}

void FakeRouter::Tell(const std::string& agent, v1::DesktopEvent event) {
  event.set_sequence(sequence_);
  event.set_agent_id(agent);
  v1::OpenDesktopSessionResponse frame;
  *frame.add_events() = std::move(event);
  Send(desktops_[agents_[agent].client], std::move(frame));
}

v1::GatewayCommandResult FakeRouter::Apply(const std::string& client,
                                           const v1::GatewayCommand& command) {
  v1::GatewayCommandResult result;
  result.set_request_id(IdOf(command));
  const auto finish = [&] {
    v1::OpenGatewaySessionResponse frame;
    *frame.add_results() = result;
    Send(gateways_[client], std::move(frame));
  };
  const auto find = [&](const std::string& id) -> Contact* {
    const auto found = contacts_.find(id);
    if (found == contacts_.end()) Refuse(&result, v1::CONTACT_STATE_COMPLETED);
    return found == contacts_.end() ? nullptr : &found->second;
  };
  if (command.has_arrive()) {
    result.mutable_arrive()->set_state(v1::CONTACT_STATE_QUEUED);
    finish();
    Arrive(client, command.arrive());
  } else if (command.has_report_connected()) {
    Contact* contact = find(command.report_connected().contact_id());
    finish();
    if (contact != nullptr) Assigned(*contact);
  } else if (command.has_end_contact()) {
    Contact* contact = find(command.end_contact().contact_id());
    if (contact != nullptr && contact->state == v1::CONTACT_STATE_WRAP_UP) {
      Refuse(&result, contact->state);
      contact = nullptr;
    }
    finish();
    if (contact != nullptr) EndContact(*contact);
  } else {
    // Hold, resume: noted. The generator is run without what this router does not do.
    finish();
  }
  return result;
}

void FakeRouter::Arrive(const std::string& client, const v1::ArriveRequest& request) {
  Contact& contact = contacts_[request.contact_id()];
  contact.id = request.contact_id();
  contact.client = client;
  contact.channel = request.channel();
  contact.queue = request.queue();
  v1::GatewayEvent event;
  event.mutable_queued()->set_contact_id(contact.id);
  Tell(client, std::move(event));
  if (Err(Mistake::kLose)) {
    contacts_.erase(request.contact_id());
    return;
  }
  waiting_.push_back(contact.id);
}

// As the router does: not answered it is abandoned, answered its wrap-up begins.
void FakeRouter::EndContact(Contact& contact) {
  if (contact.agent.empty() || contact.state == v1::CONTACT_STATE_OFFERED) {
    const std::string agent = contact.agent;
    if (!agent.empty()) EndOffer(contact, v1::OFFER_OUTCOME_CONTACT_GONE);
    Finish(std::string(contact.id), v1::CONTACT_STATE_ABANDONED);
    return;
  }
  contact.state = v1::CONTACT_STATE_WRAP_UP;
  v1::GatewayEvent to_gateway;
  to_gateway.mutable_ended()->set_contact_id(contact.id);
  to_gateway.mutable_ended()->set_state(v1::CONTACT_STATE_WRAP_UP);
  Tell(contact.client, std::move(to_gateway));
  v1::DesktopEvent ended;
  ended.mutable_ended()->set_contact_id(contact.id);
  ended.mutable_ended()->set_state(v1::CONTACT_STATE_WRAP_UP);
  Tell(contact.agent, std::move(ended));
  v1::DesktopEvent wrap_up;
  wrap_up.mutable_wrap_up_started()->set_contact_id(contact.id);
  Tell(contact.agent, std::move(wrap_up));
}

void FakeRouter::Finish(const std::string& id, v1::ContactState state) {
  const Contact contact = contacts_[id];
  const int times = Err(Mistake::kEndTwice) ? 2 : 1;
  for (int i = 0; i < times; ++i) {
    v1::GatewayEvent event;
    event.mutable_ended()->set_contact_id(id);
    event.mutable_ended()->set_state(state);
    Tell(contact.client, std::move(event));
  }
  std::erase(waiting_, id);
  contacts_.erase(id);
}

v1::DesktopCommandResult FakeRouter::Apply(const std::string& client,
                                           const v1::DesktopCommand& command) {
  v1::DesktopCommandResult result;
  result.set_request_id(IdOf(command));
  const auto finish = [&] {
    v1::OpenDesktopSessionResponse frame;
    *frame.add_results() = result;
    Send(desktops_[client], std::move(frame));
  };
  if (command.has_accept_offer() || command.has_reject_offer()) {
    const bool accepts = command.has_accept_offer();
    const std::string& agent =
        accepts ? command.accept_offer().agent_id() : command.reject_offer().agent_id();
    Contact* contact =
        ByOffer(accepts ? command.accept_offer().offer_id() : command.reject_offer().offer_id());
    if (contact == nullptr) Refuse(&result, v1::CONTACT_STATE_UNSPECIFIED);
    finish();
    if (contact == nullptr) return result;
    if (accepts) {
      Accept(agent, *contact);
    } else {
      EndOffer(*contact, v1::OFFER_OUTCOME_REJECTED);
      waiting_.push_back(contact->id);
    }
    return result;
  }
  finish();
  if (command.has_log_in()) {
    Agent& agent = agents_[command.log_in().agent_id()];
    agent.client = client;
    agent.ready = true;
  } else if (command.has_set_presence()) {
    agents_[command.set_presence().agent_id()].ready =
        command.set_presence().presence() == v1::AGENT_PRESENCE_READY;
  } else if (command.has_log_out()) {
    agents_[command.log_out().agent_id()].ready = false;
  } else if (command.has_end_wrap_up()) {
    Finish(std::string(command.end_wrap_up().contact_id()), v1::CONTACT_STATE_COMPLETED);
    Free(command.end_wrap_up().agent_id());
  }
  return result;
}

void FakeRouter::Accept(const std::string& agent, Contact& contact) {
  const bool connects = Connects(contact.channel);
  contact.state = v1::CONTACT_STATE_CONNECTING;
  v1::DesktopEvent to_desktop;
  to_desktop.mutable_confirmed()->set_offer_id(contact.offer);
  to_desktop.mutable_confirmed()->set_contact_id(contact.id);
  if (Err(Mistake::kConfirmTwice)) Tell(agent, to_desktop);
  Tell(agent, std::move(to_desktop));
  v1::GatewayEvent to_gateway;
  to_gateway.mutable_confirmed()->set_offer_id(contact.offer);
  to_gateway.mutable_confirmed()->set_contact_id(contact.id);
  to_gateway.mutable_confirmed()->set_agent_id(agent);
  to_gateway.mutable_confirmed()->set_state(connects ? v1::CONTACT_STATE_CONNECTING
                                                     : v1::CONTACT_STATE_ASSIGNED);
  Tell(contact.client, std::move(to_gateway));
  if (!connects) Assigned(contact);
}

void FakeRouter::Assigned(Contact& contact) {
  contact.state = v1::CONTACT_STATE_ASSIGNED;
  v1::DesktopEvent event;
  event.mutable_assigned()->set_contact_id(contact.id);
  Tell(contact.agent, std::move(event));
}

void FakeRouter::EndOffer(Contact& contact, v1::OfferOutcome outcome) {
  if (!Err(Mistake::kForgetOffer)) {
    v1::DesktopEvent to_desktop;
    to_desktop.mutable_offer_cancelled()->set_offer_id(contact.offer);
    to_desktop.mutable_offer_cancelled()->set_contact_id(contact.id);
    to_desktop.mutable_offer_cancelled()->set_outcome(outcome);
    Tell(contact.agent, std::move(to_desktop));
  }
  v1::GatewayEvent to_gateway;
  to_gateway.mutable_offer_ended()->set_offer_id(contact.offer);
  to_gateway.mutable_offer_ended()->set_contact_id(contact.id);
  to_gateway.mutable_offer_ended()->set_agent_id(contact.agent);
  to_gateway.mutable_offer_ended()->set_outcome(outcome);
  Tell(contact.client, std::move(to_gateway));
  agents_[contact.agent].contact.clear();
  contact.agent.clear();
  contact.state = v1::CONTACT_STATE_QUEUED;
}

void FakeRouter::Free(const std::string& agent) {
  agents_[agent].contact.clear();
  ShowState(agent);
}

void FakeRouter::ShowState(const std::string& agent) {
  v1::DesktopEvent event;
  v1::AgentStatus* status = event.mutable_state_changed()->mutable_status();
  status->set_agent_id(agent);
  status->set_presence(v1::AGENT_PRESENCE_READY);
  Tell(agent, std::move(event));
}

void FakeRouter::Match() {
  while (!waiting_.empty()) {
    std::string free;
    for (const auto& [id, agent] : agents_) {
      if (agent.ready && agent.contact.empty()) free = id;
    }
    if (free.empty()) return;
    Contact& contact = contacts_[waiting_.front()];
    waiting_.pop_front();
    ++sequence_;
    Offer(contact, free);
    if (!Err(Mistake::kTwoAgents)) continue;
    for (const auto& [id, agent] : agents_) {
      if (id == free) continue;
      ++sequence_;
      Offer(contact, id);
      break;
    }
  }
}

void FakeRouter::Offer(Contact& contact, const std::string& agent) {
  contact.agent = agent;
  contact.state = v1::CONTACT_STATE_OFFERED;
  contact.offer = "1-" + std::to_string(sequence_) + "-0";
  agents_[agent].contact = contact.id;
  v1::DesktopEvent to_desktop;
  to_desktop.mutable_offer()->set_offer_id(contact.offer);
  to_desktop.mutable_offer()->set_contact_id(contact.id);
  to_desktop.mutable_offer()->set_channel(contact.channel);
  to_desktop.mutable_offer()->set_accept_by(v1::ACCEPT_BY_DESKTOP);
  Tell(agent, std::move(to_desktop));
  v1::GatewayEvent to_gateway;
  to_gateway.mutable_offer()->set_offer_id(contact.offer);
  to_gateway.mutable_offer()->set_contact_id(contact.id);
  to_gateway.mutable_offer()->set_agent_id(agent);
  to_gateway.mutable_offer()->set_accept_by(v1::ACCEPT_BY_DESKTOP);
  Tell(contact.client, std::move(to_gateway));
}

bool FakeRouter::Err(Mistake mistake) {
  constexpr int kChance = 5;
  return mistake_ == mistake && ++chances_ == kChance;
}

FakeRouter::Contact* FakeRouter::ByOffer(const std::string& offer) {
  for (auto& [id, contact] : contacts_) {
    if (contact.offer == offer && contact.state == v1::CONTACT_STATE_OFFERED) return &contact;
  }
  return nullptr;
}

}  // namespace routerd::load
