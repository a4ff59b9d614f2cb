// What the generator asks OperationsService for: whom and what the policy has, and what the router
// still holds at the end.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "load-tests/auditor.h"
#include "routerd/v1/operations.grpc.pb.h"

namespace routerd::load {

// Blocking calls; not for the loop while it runs load.
class Operations {
 public:
  Operations(std::shared_ptr<grpc::Channel> channel, std::string domain)
      : stub_(v1::OperationsService::NewStub(std::move(channel))), domain_(std::move(domain)) {}

  // Each returns false and says in error() what went wrong.
  bool Policy(std::string* text);
  bool Agents(std::vector<std::string>* ids);  // who have logged in some time, and the policy's
  bool Queues(std::vector<std::string>* ids);
  bool Held(StillHeld* held);
  bool Version(std::string* version);

  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  template <class Request, class Response, class Call, class Take>
  bool Pages(Request request, Call call, Take take);

  std::unique_ptr<v1::OperationsService::Stub> stub_;
  std::string domain_;
  std::string error_;
};

}  // namespace routerd::load
