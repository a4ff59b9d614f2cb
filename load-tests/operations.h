// What the generator asks OperationsService for: whom and what the policy has, and what the router
// still holds at the end.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "load-tests/loop.h"
#include "load-tests/span.h"
#include "load-tests/still_held.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace routerd::load {

// Calls that wait for their answer, for 20 s at most, or longer if the router may be away longer:
// one that starts is waited for, and asked once more if it goes away meanwhile. They run the loop
// meanwhile, so that a stop ends the wait at once; not from within the loop.
class Operations {
 public:
  // loop outlives it. stop: asked while a call waits; true = give up.
  Operations(Loop* loop, std::shared_ptr<grpc::Channel> channel, std::string domain,
             std::function<bool()> stop, Span away = Span::zero());
  ~Operations();
  Operations(const Operations&) = delete;
  Operations& operator=(const Operations&) = delete;

  // Each returns false and says in error() what went wrong.
  bool Policy(std::string* text);
  bool Agents(std::vector<std::string>* ids);  // who have logged in some time, and the policy's
  bool Queues(std::vector<std::string>* ids);
  bool Held(StillHeld* held);
  bool Version(std::string* version);

  [[nodiscard]] const std::string& error() const;

 private:
  class Calls;
  std::unique_ptr<Calls> calls_;
};

}  // namespace routerd::load
