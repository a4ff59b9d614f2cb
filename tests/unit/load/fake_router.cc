#include "tests/unit/load/fake_router.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

#include <chrono>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <iterator>
#include <mutex>
#include <utility>

#include "routerd/v1/agent_desktop.grpc.pb.h"
#include "routerd/v1/contact_gateway.grpc.pb.h"
#include "routerd/v1/operations.grpc.pb.h"
#include "tests/unit/load/fake_routing.h"

namespace routerd::load {

class FakeRouter::Server final : private FakeRouting::Hearer {
 public:
  Server(std::vector<std::string> agents, Mistake mistake)
      : routing_(std::move(agents), mistake, this), gateway_(this), desktop_(this), calls_(this) {
    std::string folder = (std::filesystem::temp_directory_path() / "fake-router-XXXXXX").string();
    folder_ = ::mkdtemp(folder.data());
    Start();
  }

  ~Server() override {
    Kill();
    std::filesystem::remove_all(folder_);
  }

  void Start() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(Address(), grpc::InsecureServerCredentials());
    builder.RegisterService(&gateway_);
    builder.RegisterService(&desktop_);
    builder.RegisterService(&calls_);
    server_ = builder.BuildAndStart();
  }

  void Kill() {
    if (server_ == nullptr) return;
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    server_.reset();
    const std::lock_guard lock(mutex_);
    ++epoch_;
    for (auto& [client, session] : gateways_) session.restarted = true;
    for (auto& [client, session] : desktops_) session.restarted = true;
  }

  // No port: nobody else can have taken it before the router is back.
  [[nodiscard]] std::string Address() const { return "unix:" + folder_ + "/router"; }

  [[nodiscard]] std::uint64_t Resumed() const {
    const std::lock_guard lock(mutex_);
    return resumed_;
  }

  [[nodiscard]] std::uint64_t ResumedAfterRestart() const {
    const std::lock_guard lock(mutex_);
    return resumed_after_restart_;
  }

  [[nodiscard]] std::uint64_t WrongCursors() const {
    const std::lock_guard lock(mutex_);
    return wrong_cursors_;
  }

  [[nodiscard]] std::map<std::string, Arrival> Arrivals() const {
    const std::lock_guard lock(mutex_);
    return routing_.arrivals();
  }

 private:
  // One client's session.
  template <class Api>
  struct Session {
    using Stream = grpc::ServerReaderWriter<typename Api::Response, typename Api::Request>;

    std::string id;
    std::uint64_t number = 0;
    std::deque<typename Api::Response> kept;       // not acknowledged
    std::map<std::string, std::string> answers;    // result, serialized, by request id
    std::map<std::uint64_t, std::string> cursors;  // by frame; 0: of Welcome
    bool restarted = false;
    Stream* stream = nullptr;
    grpc::ServerContext* context = nullptr;

    void Acknowledge(std::uint64_t up_to) {
      while (!kept.empty() && kept.front().number() <= up_to) kept.pop_front();
    }

    // What a router makes of it that has read its journal: the events that were not seen.
    void GoOnAfter(std::uint64_t last_seen) {
      Acknowledge(last_seen);
      number = last_seen;
      std::deque<typename Api::Response> told;
      for (typename Api::Response& frame : kept) {
        frame.clear_results();
        if (frame.events().empty()) continue;
        frame.set_number(++number);
        cursors[number] = frame.cursor();
        told.push_back(std::move(frame));
      }
      kept = std::move(told);
    }
  };

  template <class Api>
  using Sessions = std::map<std::string, Session<Api>>;

  class GatewayService final : public v1::ContactGatewayService::Service {
   public:
    explicit GatewayService(Server* server) : server_(server) {}
    grpc::Status OpenGatewaySession(grpc::ServerContext* context,
                                    Session<GatewayApi>::Stream* stream) override {
      return server_->Serve<GatewayApi>(&server_->gateways_, context, stream);
    }

   private:
    Server* server_;
  };

  class DesktopService final : public v1::AgentDesktopService::Service {
   public:
    explicit DesktopService(Server* server) : server_(server) {}
    grpc::Status OpenDesktopSession(grpc::ServerContext* context,
                                    Session<DesktopApi>::Stream* stream) override {
      return server_->Serve<DesktopApi>(&server_->desktops_, context, stream);
    }

   private:
    Server* server_;
  };

  class Operations final : public v1::OperationsService::Service {
   public:
    explicit Operations(Server* server) : server_(server) {}

    // One agent a page, so that the generator must turn pages.
    grpc::Status ListAgents(grpc::ServerContext*, const v1::ListAgentsRequest* request,
                            v1::ListAgentsResponse* response) override {
      const std::lock_guard lock(server_->mutex_);
      const auto& agents = server_->routing_.agents();
      auto agent = agents.upper_bound(request->page_token());
      if (agent != agents.end()) response->add_agents()->set_id((agent++)->first);
      if (agent != agents.end()) response->set_next_page_token(std::prev(agent)->first);
      return grpc::Status::OK;
    }

    grpc::Status ListContacts(grpc::ServerContext*, const v1::ListContactsRequest*,
                              v1::ListContactsResponse* response) override {
      const std::lock_guard lock(server_->mutex_);
      for (const auto& [id, held] : server_->routing_.contacts()) {
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
    Server* server_;
  };

  void ToGateway(const std::string& client, v1::OpenGatewaySessionResponse frame) override {
    Send(gateways_[client], std::move(frame));
  }

  void ToDesktop(const std::string& client, v1::OpenDesktopSessionResponse frame) override {
    Send(desktops_[client], std::move(frame));
  }

  template <class Api>
  void Send(Session<Api>& session, typename Api::Response frame) {
    if (routing_.Errs(Mistake::kSkipFrame)) ++session.number;
    frame.set_number(++session.number);
    frame.set_epoch(epoch_);
    frame.set_cursor(session.id + " " + std::to_string(++cursor_count_));
    session.cursors[session.number] = frame.cursor();
    session.kept.push_back(frame);
    if (session.stream != nullptr) session.stream->Write(frame);
  }

  // Serves one stream until it ends.
  template <class Api>
  grpc::Status Serve(Sessions<Api>* sessions, grpc::ServerContext* context,
                     typename Session<Api>::Stream* stream) {
    typename Api::Request request;
    if (!stream->Read(&request)) return grpc::Status::OK;
    std::unique_lock lock(mutex_);
    const std::string client = request.hello().client();
    Session<Api>& session = (*sessions)[client];
    Welcome(request.hello(), context, stream, session);
    for (;;) {
      lock.unlock();
      const bool read = stream->Read(&request);
      lock.lock();
      if (!read) break;
      session.Acknowledge(request.acked());
      for (const auto& command : request.commands()) Take(client, command, session);
      routing_.Match();
    }
    if (session.stream == stream) session.stream = nullptr;
    if (session.context == context) session.context = nullptr;
    return grpc::Status::OK;
  }

  template <class Api>
  void Welcome(const v1::Hello& hello, grpc::ServerContext* context,
               typename Session<Api>::Stream* stream, Session<Api>& session) {
    if (session.context != nullptr) session.context->TryCancel();
    session.context = context;
    session.stream = stream;
    const bool resumes = !session.id.empty() && session.id == hello.session_id();
    if (!resumes) session.id = "session-" + std::to_string(++session_count_);
    resumed_ += resumes ? 1 : 0;
    typename Api::Response frame;
    frame.set_epoch(epoch_);
    frame.mutable_welcome()->set_session_id(session.id);
    frame.mutable_welcome()->set_resumed(resumes);
    if (resumes) {
      wrong_cursors_ += hello.cursor() == session.cursors[hello.last_seen()] ? 0 : 1;
      const bool restarted = std::exchange(session.restarted, false);
      resumed_after_restart_ += restarted ? 1 : 0;
      frame.mutable_welcome()->set_resend(restarted);
      if (restarted) session.GoOnAfter(hello.last_seen());
      frame.set_cursor(hello.cursor());
    } else {
      frame.set_cursor(session.id);
      session.cursors = {{0, frame.cursor()}};
    }
    stream->Write(frame);
    session.Acknowledge(hello.last_seen());
    for (const typename Api::Response& kept : session.kept) stream->Write(kept);
  }

  // A repeated command gets its first answer.
  template <class Api>
  void Take(const std::string& client, const typename Api::Command& command,
            Session<Api>& session) {
    std::string& answer = session.answers[RequestId(command)];
    if (answer.empty()) {
      answer = routing_.Apply(client, command).SerializeAsString();
    } else {
      typename Api::Response again;
      again.add_results()->ParseFromString(answer);
      Send(session, std::move(again));
    }
  }

  mutable std::mutex mutex_;
  FakeRouting routing_;
  std::uint64_t session_count_ = 0;
  std::uint64_t cursor_count_ = 0;
  std::uint64_t resumed_ = 0;
  std::uint64_t resumed_after_restart_ = 0;
  std::uint64_t wrong_cursors_ = 0;
  std::uint64_t epoch_ = 1;
  Sessions<GatewayApi> gateways_;
  Sessions<DesktopApi> desktops_;
  GatewayService gateway_;
  DesktopService desktop_;
  Operations calls_;
  std::unique_ptr<grpc::Server> server_;
  std::string folder_;
};

FakeRouter::FakeRouter(std::vector<std::string> agents, Mistake mistake)
    : server_(std::make_unique<Server>(std::move(agents), mistake)) {}

FakeRouter::~FakeRouter() = default;

std::string FakeRouter::Address() const { return server_->Address(); }

void FakeRouter::Kill() { server_->Kill(); }

void FakeRouter::Start() { server_->Start(); }

std::uint64_t FakeRouter::Resumed() const { return server_->Resumed(); }

std::uint64_t FakeRouter::ResumedAfterRestart() const { return server_->ResumedAfterRestart(); }

std::uint64_t FakeRouter::WrongCursors() const { return server_->WrongCursors(); }

std::map<std::string, Arrival> FakeRouter::Arrivals() const { return server_->Arrivals(); }

}  // namespace routerd::load
