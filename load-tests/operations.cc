#include "load-tests/operations.h"

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "routerd/v1/operations.grpc.pb.h"

namespace routerd::load {
namespace {

constexpr int kPageSize = 1'000;
constexpr Span kPatience = std::chrono::seconds(20);
constexpr Span kPause = std::chrono::milliseconds(100);  // before the router is asked once more

}  // namespace

class Operations::Calls {
 public:
  Calls(Loop* loop, std::shared_ptr<grpc::Channel> channel, std::string domain,
        std::function<bool()> stop, Span away)
      : loop_(loop),
        stub_(v1::OperationsService::NewStub(std::move(channel))),
        domain_(std::move(domain)),
        stop_(std::move(stop)),
        away_(away) {}

  // method(stub, context, request, response, callback) starts the call.
  template <class Request, class Response, class Method>
  bool Call(Request request, Response* response, Method method) {
    request.mutable_header()->set_domain(domain_);
    const Time deadline = Clock::now() + std::max(kPatience, away_);
    for (;;) {
      *response = Response();
      const grpc::Status status = Once(request, response, method, deadline);
      error_ = status.error_message();
      if (status.error_code() != grpc::UNAVAILABLE || away_ == Span::zero()) return status.ok();
      loop_->RunUntil(stop_, Clock::now() + kPause);
      if (stop_() || Clock::now() > deadline) return false;
    }
  }

  // One call. CANCELLED: it was stopped.
  template <class Request, class Response, class Method>
  grpc::Status Once(const Request& request, Response* response, Method method, Time deadline) {
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(
        std::chrono::system_clock::now() +
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()));
    std::optional<grpc::Status> status;
    method(stub_->async(), &context, &request, response, [this, &status](grpc::Status told) {
      loop_->Post([&status, told = std::move(told)] { status = told; });
    });
    loop_->RunUntil([&] { return status.has_value() || stop_(); }, Time::max());
    const bool stopped = !status.has_value();
    if (stopped) {
      // gRPC answers a cancelled call at once; until then it may still write into the response.
      context.TryCancel();
      loop_->RunUntil([&] { return status.has_value(); }, Time::max());
    }
    return stopped ? grpc::Status(grpc::CANCELLED, "stopped") : *status;
  }

  // All pages, one after the other.
  template <class Request, class Response, class Method, class Take>
  bool Pages(Method method, Take take) {
    Request request;
    request.set_page_size(kPageSize);
    for (;;) {
      Response response;
      if (!Call(request, &response, method)) return false;
      take(response);
      if (response.next_page_token().empty()) return true;
      request.set_page_token(response.next_page_token());
    }
  }

  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  Loop* loop_;
  std::unique_ptr<v1::OperationsService::Stub> stub_;
  std::string domain_;
  std::function<bool()> stop_;
  Span away_;
  std::string error_;
};

Operations::Operations(Loop* loop, std::shared_ptr<grpc::Channel> channel, std::string domain,
                       std::function<bool()> stop, Span away)
    : calls_(std::make_unique<Calls>(loop, std::move(channel), std::move(domain), std::move(stop),
                                     away)) {}

Operations::~Operations() = default;

const std::string& Operations::error() const { return calls_->error(); }

bool Operations::Agents(std::vector<std::string>* ids) {
  return calls_->Pages<v1::ListAgentsRequest, v1::ListAgentsResponse>(
      [](auto* stub, auto... call) { stub->ListAgents(std::move(call)...); },
      [&](const v1::ListAgentsResponse& page) {
        for (const v1::Agent& agent : page.agents()) ids->push_back(agent.id());
      });
}

bool Operations::Queues(std::vector<std::string>* ids) {
  return calls_->Pages<v1::ListQueuesRequest, v1::ListQueuesResponse>(
      [](auto* stub, auto... call) { stub->ListQueues(std::move(call)...); },
      [&](const v1::ListQueuesResponse& page) {
        for (const v1::Queue& queue : page.queues()) ids->push_back(queue.id());
      });
}

bool Operations::Held(StillHeld* held) {
  return calls_->Pages<v1::ListContactsRequest, v1::ListContactsResponse>(
      [](auto* stub, auto... call) { stub->ListContacts(std::move(call)...); },
      [&](const v1::ListContactsResponse& page) {
        for (const v1::Contact& contact : page.contacts()) {
          (*held)[contact.client()][contact.id()] = contact.state();
        }
      });
}

bool Operations::Policy(std::string* text) {
  v1::GetPolicyResponse response;
  const bool told = calls_->Call(v1::GetPolicyRequest(), &response, [](auto* stub, auto... call) {
    stub->GetPolicy(std::move(call)...);
  });
  if (told && response.files_size() > 0) *text = response.files(0).text();
  return told;
}

bool Operations::Version(std::string* version) {
  v1::GetStatusResponse response;
  const bool told = calls_->Call(v1::GetStatusRequest(), &response, [](auto* stub, auto... call) {
    stub->GetStatus(std::move(call)...);
  });
  *version = response.version();
  return told;
}

}  // namespace routerd::load
