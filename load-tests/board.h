// The router's own figures as OperationsService.WatchState tells them, for the table of the demo.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "load-tests/backoff.h"
#include "load-tests/loop.h"
#include "routerd/v1/resources.pb.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace routerd::v1 {
class WatchStateResponse;
}  // namespace routerd::v1

namespace routerd::load {

// Loop's thread only. Keeps watching over broken connections; the loop does not run any more when
// it goes.
class Board {
 public:
  Board(Loop* loop, std::shared_ptr<grpc::Channel> channel, std::string domain);
  ~Board();
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  void Open();
  // False until the first state has come, and while the connection is lost.
  [[nodiscard]] bool IsLive() const { return live_; }
  [[nodiscard]] const std::map<std::string, v1::Queue>& queues() const { return queues_; }
  [[nodiscard]] const v1::DomainState& domain() const { return domain_state_; }
  // The router's clock when it was so, Unix time in milliseconds.
  [[nodiscard]] std::int64_t TimeUnixMs() const { return time_unix_ms_; }

 private:
  struct Service;
  class Watch;

  void Take(const v1::WatchStateResponse& state);
  void Lost();

  Loop* loop_;
  std::unique_ptr<Service> service_;
  std::string domain_;
  Backoff backoff_;
  std::shared_ptr<Watch> watch_;
  Loop::TimerId retry_;
  bool live_ = false;
  std::map<std::string, v1::Queue> queues_;
  v1::DomainState domain_state_;
  std::int64_t time_unix_ms_ = 0;
};

}  // namespace routerd::load
