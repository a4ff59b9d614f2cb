#include "load-tests/operations.h"

namespace routerd::load {
namespace {

constexpr int kPageSize = 1'000;
constexpr auto kPatience = std::chrono::seconds(20);

// A router that starts is waited for.
void Prepare(grpc::ClientContext& context) {
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + kPatience);
}

}  // namespace

template <class Request, class Response, class Call, class Take>
bool Operations::Pages(Request request, Call call, Take take) {
  request.mutable_header()->set_domain(domain_);
  request.set_page_size(kPageSize);
  for (;;) {
    grpc::ClientContext context;
    Prepare(context);
    Response response;
    const grpc::Status status = (stub_.get()->*call)(&context, request, &response);
    if (!status.ok()) {
      error_ = status.error_message();
      return false;
    }
    take(response);
    if (response.next_page_token().empty()) return true;
    request.set_page_token(response.next_page_token());
  }
}

bool Operations::Agents(std::vector<std::string>* ids) {
  return Pages<v1::ListAgentsRequest, v1::ListAgentsResponse>(
      {}, &v1::OperationsService::Stub::ListAgents, [&](const v1::ListAgentsResponse& page) {
        for (const v1::Agent& agent : page.agents()) ids->push_back(agent.id());
      });
}

bool Operations::Queues(std::vector<std::string>* ids) {
  return Pages<v1::ListQueuesRequest, v1::ListQueuesResponse>(
      {}, &v1::OperationsService::Stub::ListQueues, [&](const v1::ListQueuesResponse& page) {
        for (const v1::Queue& queue : page.queues()) ids->push_back(queue.id());
      });
}

bool Operations::Held(StillHeld* held) {
  return Pages<v1::ListContactsRequest, v1::ListContactsResponse>(
      {}, &v1::OperationsService::Stub::ListContacts, [&](const v1::ListContactsResponse& page) {
        for (const v1::Contact& contact : page.contacts()) {
          (*held)[contact.client()][contact.id()] = contact.state();
        }
      });
}

bool Operations::Policy(std::string* text) {
  grpc::ClientContext context;
  Prepare(context);
  v1::GetPolicyRequest request;
  request.mutable_header()->set_domain(domain_);
  v1::GetPolicyResponse response;
  const grpc::Status status = stub_->GetPolicy(&context, request, &response);
  error_ = status.error_message();
  if (status.ok() && response.files_size() > 0) *text = response.files(0).text();
  return status.ok();
}

bool Operations::Version(std::string* version) {
  grpc::ClientContext context;
  Prepare(context);
  v1::GetStatusRequest request;
  request.mutable_header()->set_domain(domain_);
  v1::GetStatusResponse response;
  const grpc::Status status = stub_->GetStatus(&context, request, &response);
  error_ = status.error_message();
  *version = response.version();
  return status.ok();
}

}  // namespace routerd::load
