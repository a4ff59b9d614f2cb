// The gRPC server of routerd. No gRPC in this header: whoever wires the daemon compiles without it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "routerd/api/policy_compiler.h"
#include "routerd/api/read_model.h"
#include "routerd/api/status_source.h"
#include "routerd/api/timers.h"
#include "routerd/base/clock.h"
#include "routerd/base/status.h"
#include "routerd/engine/service.h"

namespace routerd::api {

// What the server stands on. All of it outlives the server.
struct ApiParts {
  engine::Service& service;
  const Clock& clock;
  const ReadModel& reads;
  const StatusSource& status;
  PolicyCompiler compiler;
  std::string version;              // of the software, as clients see it
  std::uint32_t rules_version = 0;  // of the routing rules
  // Heartbeats and graces; null: a thread of the server's own. Tests drive time by theirs.
  Timers* timers = nullptr;
  int threads = 2;  // that make and send messages
};

// Order of things: Start, Drain, Stop. Stop before the engine: calls under way wait for its
// answers.
class ApiServer {
 public:
  explicit ApiServer(ApiParts parts);
  ~ApiServer();
  ApiServer(const ApiServer&) = delete;
  ApiServer& operator=(const ApiServer&) = delete;

  // Listens on all of them or on none: `127.0.0.1:7770`, `[::1]:0`, `unix:/run/routerd.sock`. Gives
  // the ports bound, in order; 0 for a Unix socket. Serves from then on; health says SERVING.
  [[nodiscard]] Result<std::vector<int>> Start(const std::vector<std::string>& addresses);
  // Health says NOT_SERVING; everything goes on. What may still come in is the engine's to decide.
  void Drain();
  // Ends all streams with UNAVAILABLE (`draining`), sessions when they have told what they have to
  // tell, which has half of `deadline_ms`; waits for calls under way, cuts off what is left after
  // `deadline_ms`. Idempotent.
  void Stop(SpanMs deadline_ms);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// Whether only programs on this machine can reach the address: 127.0.0.0/8, [::1], localhost,
// unix:.
[[nodiscard]] bool IsLoopback(const std::string& address);

}  // namespace routerd::api
