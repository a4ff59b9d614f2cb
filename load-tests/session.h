// A client's session as proto/README.md describes it: frames with numbers, heartbeats, commands
// that are repeated with the same request_id until answered, and a connection that may drop, by
// itself or with its router, and is taken up again by the session's id and the last cursor.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "load-tests/api.h"
#include "load-tests/backoff.h"
#include "load-tests/connector.h"
#include "load-tests/loop.h"
#include "load-tests/span.h"

namespace routerd::load {

// What a session is opened with.
struct SessionTerms {
  std::string domain;  // empty = the router's default
  std::string client;
  std::string run_id;  // makes request ids unique over runs
  std::uint64_t seed = 1;
  // The router may be away for so long and is looked for at least once a second; a session that is
  // without it for longer counts as refused. 0 = it is looked for without end, as a client does.
  Span away = Span::zero();
};

template <class Api>
class Session final : private Connection<Api>::Listener {
 public:
  using Command = typename Api::Command;
  using Result = typename Api::Result;
  using Answer = std::function<void(const Result& result)>;

  class Owner {
   public:
    virtual ~Owner() = default;
    // The session is open: for the first time, anew, or resumed.
    virtual void OnWelcome(const v1::Welcome& welcome) = 0;
    virtual void OnEvent(const typename Api::Event& event, Time received) = 0;
    // The router does not want this client any more (taken over by another one, unknown domain).
    virtual void OnRefused(const std::string& why) = 0;
    // Close() is done.
    virtual void OnClosed() = 0;
  };

  // Loop's thread only. loop, owner and tap outlive the session, and the loop does not run any more
  // when it goes.
  Session(Loop* loop, std::unique_ptr<Connector<Api>> connector, SessionTerms terms, Owner* owner,
          Tap<Api>* tap);
  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void Open() { Connect(); }

  // `header` is the command's own header; its request_id is set here. `answer` may be empty; it
  // comes once. RESOURCE_EXHAUSTED and UNAVAILABLE are no answers but the router's wish to be asked
  // later, and are followed; only a router that drains answers with them.
  void Send(Command&& command, v1::RequestHeader* header, Answer answer, Time intended);

  // Cuts the connection, as a broken network would; it comes back by itself.
  void Drop();

  // Orderly end: OnClosed follows.
  void Close();

  [[nodiscard]] const std::string& client() const { return terms_.client; }
  [[nodiscard]] bool IsConnected() const { return welcomed_; }
  [[nodiscard]] std::size_t Unanswered() const { return unanswered_.size(); }
  [[nodiscard]] std::uint64_t Reconnects() const { return reconnects_; }

  // Called for each command sent the first time, with the instants it was meant and written.
  std::function<void(const Command& command, Time intended, Time written)> on_sent;

 private:
  struct Pending {
    Command command;
    Answer answer;
    Time intended;
    bool sent = false;
    bool delayed = false;  // the router asked to be asked later
  };

  void OnFrame(const typename Api::Response& frame, Time received) override;
  void OnWritten() override;
  void OnClosed(const Disconnect& why) override;

  void Connect();
  void TakeWelcome(const v1::Welcome& welcome);
  void TakeResult(const Result& result);
  void Delay(std::uint64_t serial, const v1::ErrorDetail& detail);
  void FlushSoon();
  void Flush();
  bool AddCommands(typename Api::Request* frame);
  void Write(typename Api::Request frame);
  void ArmHeartbeat();
  void Beat();

  Loop* loop_;
  SessionTerms terms_;
  Owner* owner_;
  Tap<Api>* tap_;
  std::unique_ptr<Connector<Api>> connector_;
  Backoff backoff_;
  Backoff command_backoff_;

  std::shared_ptr<Connection<Api>> stream_;  // null between connections
  std::string session_id_;
  v1::Welcome welcome_;
  bool welcomed_ = false;
  bool writing_ = false;
  bool closing_ = false;
  bool flush_set_ = false;
  std::uint64_t number_ = 0;     // of the last counted frame sent
  std::uint64_t last_seen_ = 0;  // of the last counted frame received
  std::string cursor_;           // of the last frame received
  std::uint64_t acked_ = 0;      // as told to the router
  std::uint64_t next_serial_ = 1;
  std::map<std::uint64_t, Pending> unanswered_;
  std::deque<std::uint64_t> to_send_;
  std::size_t in_flight_ = 0;  // written on this connection, not answered
  std::uint64_t reconnects_ = 0;
  Time last_write_;
  Time last_frame_;
  Time lost_at_;  // since then it has no connection
  Loop::TimerId heartbeat_;
  Loop::TimerId reconnect_;
  std::map<std::uint64_t, Loop::TimerId> delays_;
};

extern template class Session<GatewayApi>;
extern template class Session<DesktopApi>;

}  // namespace routerd::load
