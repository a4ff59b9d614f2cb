// One connection of a session: Hello, frames in, the clockwork of heartbeats.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "routerd/api/prepare.h"
#include "routerd/api/session_registry.h"
#include "routerd/api/stream.h"

namespace routerd::api {

template <typename Kind>
using SessionReactor = grpc::ServerBidiReactor<typename Kind::In, typename Kind::Out>;

template <typename Kind>
class SessionStream final : public Stream<SessionReactor<Kind>, typename Kind::Out> {
 public:
  using In = typename Kind::In;
  using Out = typename Kind::Out;
  using Result = typename Kind::Result;
  using SessionPtr = std::shared_ptr<Session<Kind>>;

  SessionStream(Runtime& runtime, SessionRegistry<Kind>& registry,
                grpc::CallbackServerContext* context)
      : Stream<SessionReactor<Kind>, Out>(context), runtime_(runtime), registry_(registry) {}

  // Makes a stream that lives until gRPC is done with it.
  static SessionReactor<Kind>* Start(Runtime& runtime, SessionRegistry<Kind>& registry,
                                     grpc::CallbackServerContext* context);

  void OnReadDone(bool ok) override;
  void ReadOn() override;
  void EndWhenTold(const engine::Answer& why) override;

 private:
  // Everything about the session that Hello asked for; handed to the engine's answer.
  struct Opening {
    SessionPtr session;  // to be resumed; null: not one that is known here
    std::shared_ptr<engine::Outbox> outbox;
    std::uint64_t last_seen = 0;
    std::string cursor;  // as it came
    // How far the client knows what happened, if its session is one of a router before this one.
    std::optional<engine::EventCursor> told;
    bool asked = false;  // for a session that was
  };

  void OnWritten() override { session()->Written(this->shared_from_this()); }
  void OnEnding() override;
  void OnGone() override { runtime_.sessions.Remove(this->shared_from_this()); }

  void OnHello();
  void Submit(engine::Command command, std::function<void(const engine::Answer&)> done);
  void Opened(const Opening& opening, const engine::Answer& answer);
  void OpenNew(const Opening& opening, const engine::Answer& answer);
  void TakeUp(const Opening& opening, const engine::Answer& answer);
  void Resume(const Opening& opening, const engine::Answer& answer);
  void Enter(const SessionPtr& session);
  std::shared_ptr<Out> MakeWelcome(const Opening& opening, const engine::Answer& answer) const;
  void Drop(const std::string& id, const std::shared_ptr<engine::Outbox>& outbox);
  void StartGrace(const SessionPtr& session, std::uint64_t generation);

  void ReadNext();
  void OnFrame();
  bool CheckNumber();
  void Run(const typename Kind::Command& command, int index);
  template <typename Request>
  void Run(const Request& request, RespondFn<Result> respond, bool beyond);

  void Tick();
  void TickEnding(TimeMs now_ms);
  void TickAt(TimeMs boot_ms);

  // Null before the session is open.
  [[nodiscard]] SessionPtr session() const;

  Runtime& runtime_;
  SessionRegistry<Kind>& registry_;
  In in_;
  Scope scope_;                        // set before the session is open, then constant
  std::uint64_t expected_number_ = 0;  // 0: any
  std::atomic<bool> paused_{false};    // reading waits for the session to be less busy
  std::atomic<bool> greeted_{false};   // Hello has come
  std::atomic<TimeMs> last_read_ms_{0};
  std::atomic<TimeMs> ended_ms_{0};
  mutable std::mutex session_mutex_;
  SessionPtr session_;
};

extern template class SessionStream<GatewayKind>;
extern template class SessionStream<DesktopKind>;

}  // namespace routerd::api
