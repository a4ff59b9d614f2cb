// One session: what it still has to tell its client, and what it has told without being
// acknowledged. It outlives its connection; streams come and go.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routerd/api/errors.h"
#include "routerd/api/frame_log.h"
#include "routerd/api/runtime.h"
#include "routerd/api/session_kind.h"

namespace routerd::api {

// Thread-safe. The engine's writer only queues (Answered, the outbox) and posts one task; frames
// are made on the executor or where a write has just ended. No lock is held while a stream is
// called.
template <typename Kind>
class Session : public std::enable_shared_from_this<Session<Kind>> {
 public:
  using Out = typename Kind::Out;
  using Result = typename Kind::Result;
  using Event = typename Kind::Event;
  using LinkPtr = std::shared_ptr<Link<Out>>;

  Session(Runtime& runtime, std::string client, std::shared_ptr<engine::Outbox> outbox)
      : runtime_(runtime), client_(std::move(client)), outbox_(std::move(outbox)) {}

  // ---- Life ------------------------------------------------------------------------------------

  // The engine has opened the session; `lists` come before everything else.
  void Open(const LinkPtr& link, const engine::Answer& opened, std::shared_ptr<Out> welcome,
            std::vector<Event> lists);
  // The engine has taken up a session that a router before this one opened. Its client has handled
  // frames up to `last_seen`, and knows what happened up to `told`; what came since is in the
  // outbox.
  void TakeUp(const LinkPtr& link, const engine::Answer& resumed, std::uint64_t last_seen,
              const engine::EventCursor& told, std::shared_ptr<Out> welcome);
  // Whether a stream that has seen `last_seen` can go on where it was.
  [[nodiscard]] bool CanResume(std::uint64_t last_seen);
  // The engine has given the session a new outbox. False: what came meanwhile did not fit.
  [[nodiscard]] bool Resume(const LinkPtr& link, std::uint64_t last_seen,
                            std::shared_ptr<engine::Outbox> outbox, std::shared_ptr<Out> welcome);
  // What a stream leaves behind, taken in one step: what is asked later may be another stream's.
  struct Left {
    std::uint64_t generation = 0;
    std::shared_ptr<engine::Outbox> outbox;
  };
  // The stream is over. None when the session has another by now.
  [[nodiscard]] std::optional<Left> Detach(const LinkPtr& link);
  // Grows with each stream: tells whether a grace that began then still counts.
  [[nodiscard]] std::uint64_t generation() const;
  [[nodiscard]] bool detached() const;

  // Constant once opened.
  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const Position& opened_at() const { return opened_at_; }
  [[nodiscard]] const std::string& client() const { return client_; }
  [[nodiscard]] std::shared_ptr<engine::Outbox> outbox() const;

  // ---- What the client sends -------------------------------------------------------------------

  // The client has handled the frames up to `number`: they, and the answers in them, are forgotten.
  // False: a number that was never sent.
  [[nodiscard]] bool Acknowledge(std::uint64_t number);
  void Took(std::uint64_t frame_number) { taken_ = frame_number; }
  // Counts a command that will be answered; false: too many answers wait for an acknowledgement.
  [[nodiscard]] bool Begin();
  // The stream is to end like this once everything has been told; at once if the session is not
  // its.
  void EndWhenTold(const LinkPtr& link, const engine::Answer& why);
  // Any thread, exactly once for each command begun.
  void Answered(std::string request_id, RespondFn<Result> respond, const engine::Answer& answer);
  // Whether so much is under way that the stream had better stop reading; it is told when to go on.
  [[nodiscard]] bool Busy() const { return under_way_ >= kBusyCommands; }

  // ---- What the client is sent -----------------------------------------------------------------

  void Kick();  // something may be there to be sent
  void Pump();
  void Written(const LinkPtr& link);
  // Sends a frame with `acked` alone when nothing has been sent for a heartbeat; says when to ask
  // again.
  TimeMs Heartbeat(const LinkPtr& link, TimeMs now_ms);
  // Since when the write in flight has been in flight; 0 = none is.
  [[nodiscard]] TimeMs writing_since() const;

 private:
  static constexpr std::size_t kBusyCommands = limits::kAnswersPerIdentity / 2;

  struct Pending {
    std::string request_id;
    RespondFn<Result> respond;
    engine::Answer answer;
  };
  // The results in a frame.
  struct FrameResults {
    std::uint64_t frame = 0;
    std::size_t results = 0;
    std::uint64_t last_answer = 0;  // greatest Answer::number among them
  };
  struct Waiting {
    Event event;
    engine::EventCursor cursor;
  };
  struct Next {
    std::shared_ptr<const Out> frame;
    bool read_on = false;
    std::optional<engine::Answer> end;
  };

  // All of these with the lock held.
  Next TakeNext();
  // Takes over what the engine has told; false: too much for a client to be told later.
  bool Absorb(const engine::Outbox::Drained& drained);
  std::shared_ptr<const Out> CutFrame();
  FrameResults AddResults(Out* frame);
  std::size_t AddEvents(Out* frame, std::size_t bytes);
  void Stamp(Out* frame) const;
  void AddCursor(Out* frame) const;
  std::shared_ptr<const Out> Beat(std::uint64_t released);
  [[nodiscard]] bool IsBehind(std::uint64_t released) const {
    return told_ && told_->at.sequence < released;
  }
  void Welcome(const LinkPtr& link, std::shared_ptr<Out> welcome);

  // Without the lock.
  void Watch();
  void ForgetAnswers();
  void Forgotten(std::uint64_t upto, bool done);

  Runtime& runtime_;
  const std::string client_;
  std::string id_;
  Position opened_at_;
  std::atomic<std::uint64_t> taken_{0};
  std::atomic<std::size_t> under_way_{0};  // commands begun whose results are not in a frame yet
  std::atomic<bool> kicked_{false};

  mutable std::mutex mutex_;
  std::shared_ptr<engine::Outbox> outbox_;
  FrameLog<Out> log_;
  std::vector<Pending> results_;
  std::deque<Waiting> events_;
  // How many of these, the first ones, are of the lists that the session began with. They are as
  // many as the router holds, whatever the client does, and do not count against it.
  std::size_t listed_ = 0;
  std::uint64_t sequence_ = 0;  // of the last record told of
  // How far the frames cut so far tell what happened. Absent: the lists are not through.
  std::optional<engine::EventCursor> told_;
  std::size_t unacked_results_ = 0;
  std::deque<FrameResults> results_of_;  // of frames that are not acknowledged
  std::uint64_t seen_answer_ = 0;        // greatest Answer::number that the client has seen
  std::uint64_t forgotten_answer_ = 0;   // up to here the engine has forgotten them
  bool forgetting_ = false;              // it has been asked and has not answered
  std::uint64_t generation_ = 0;
  bool lost_ = false;  // something could not be kept: never to be resumed
  LinkPtr link_;
  std::shared_ptr<Out> welcome_;
  std::optional<engine::Answer> end_;  // of the stream, once everything has been told
  TimeMs writing_since_ = 0;
  bool beat_due_ = false;
  TimeMs last_write_ms_ = 0;
};

extern template class Session<GatewayKind>;
extern template class Session<DesktopKind>;

}  // namespace routerd::api
