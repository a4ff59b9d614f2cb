#include "routerd/api/session.h"

#include <limits>

#include "routerd/api/words.h"

namespace routerd::api {
namespace {

engine::Answer TooSlow() {
  return Failed(Code::kAborted, "too_slow",
                "more events than are kept wait for the client; the next Hello is answered with "
                "resync");
}

engine::Answer Closed(const std::string& reason) {
  return Failed(Code::kAborted, "superseded",
                reason.empty() ? "a newer stream of the client took the session over" : reason);
}

bool Same(const engine::EventCursor& a, const engine::EventCursor& b) {
  return a.at == b.at && a.index == b.index;
}

// All that there is of a record.
engine::EventCursor Whole(const Position& at) {
  return {at, std::numeric_limits<std::uint32_t>::max()};
}

}  // namespace

// ---- Life --------------------------------------------------------------------------------------

template <typename Kind>
void Session<Kind>::Open(const LinkPtr& link, const engine::Answer& opened,
                         std::shared_ptr<Out> welcome, std::vector<Event> lists) {
  {
    const std::lock_guard lock(mutex_);
    id_ = opened.session;
    opened_at_ = opened.at;
    sequence_ = opened.at.sequence;
    if (lists.empty()) told_ = Whole(opened.at);
    for (Event& event : lists) events_.push_back({std::move(event), Whole(opened.at)});
    listed_ = lists.size();
    AddCursor(welcome.get());
    Welcome(link, std::move(welcome));
  }
  Watch();
}

template <typename Kind>
void Session<Kind>::TakeUp(const LinkPtr& link, const engine::Answer& resumed,
                           std::uint64_t last_seen, const engine::EventCursor& told,
                           std::shared_ptr<Out> welcome) {
  {
    const std::lock_guard lock(mutex_);
    id_ = resumed.session;
    opened_at_ = resumed.at;
    sequence_ = told.at.sequence;
    told_ = told;
    log_.GoOnAfter(last_seen);
    Welcome(link, std::move(welcome));
  }
  Watch();
}

template <typename Kind>
bool Session<Kind>::CanResume(std::uint64_t last_seen) {
  const std::lock_guard lock(mutex_);
  return !lost_ && log_.Holds(last_seen);
}

template <typename Kind>
bool Session<Kind>::Resume(const LinkPtr& link, std::uint64_t last_seen,
                           std::shared_ptr<engine::Outbox> outbox, std::shared_ptr<Out> welcome) {
  LinkPtr before;
  {
    const std::lock_guard lock(mutex_);
    outbox_->SetWaker({});
    const bool kept = Absorb(outbox_->Drain());
    outbox_ = std::move(outbox);
    if (!kept || !log_.Holds(last_seen)) {
      lost_ = true;
      return false;
    }
    log_.Rewind(last_seen);
    before = std::exchange(link_, nullptr);
    if (before) --Kind::Connected(runtime_);
    Welcome(link, std::move(welcome));
  }
  if (before) before->End(Closed({}));
  static_cast<void>(Acknowledge(last_seen));
  Watch();
  return true;
}

template <typename Kind>
void Session<Kind>::Welcome(const LinkPtr& link, std::shared_ptr<Out> welcome) {
  ++generation_;
  ++Kind::Connected(runtime_);
  link_ = link;
  welcome_ = std::move(welcome);
  writing_since_ = 0;
  taken_ = 0;
  last_write_ms_ = runtime_.clock.BootMs();
}

// Without the session's lock: the outbox wakes under a lock of its own.
template <typename Kind>
void Session<Kind>::Watch() {
  outbox()->SetWaker([weak = this->weak_from_this()] {
    if (const auto session = weak.lock()) session->Kick();
  });
  Pump();
}

template <typename Kind>
std::optional<typename Session<Kind>::Left> Session<Kind>::Detach(const LinkPtr& link) {
  const std::lock_guard lock(mutex_);
  if (link_ != link) return std::nullopt;
  link_.reset();
  --Kind::Connected(runtime_);
  welcome_.reset();
  return Left{++generation_, outbox_};
}

template <typename Kind>
std::uint64_t Session<Kind>::generation() const {
  const std::lock_guard lock(mutex_);
  return generation_;
}

template <typename Kind>
bool Session<Kind>::detached() const {
  const std::lock_guard lock(mutex_);
  return link_ == nullptr;
}

template <typename Kind>
std::shared_ptr<engine::Outbox> Session<Kind>::outbox() const {
  const std::lock_guard lock(mutex_);
  return outbox_;
}

// ---- What the client sends ---------------------------------------------------------------------

template <typename Kind>
bool Session<Kind>::Acknowledge(std::uint64_t number) {
  {
    const std::lock_guard lock(mutex_);
    if (!log_.Acknowledge(number)) return false;
    while (!results_of_.empty() && results_of_.front().frame <= number) {
      unacked_results_ -= results_of_.front().results;
      seen_answer_ = std::max(seen_answer_, results_of_.front().last_answer);
      results_of_.pop_front();
    }
  }
  ForgetAnswers();
  return true;
}

// One at a time, always up to the latest. One that the engine had no room for is repeated with the
// client's next frame, which comes within a heartbeat.
template <typename Kind>
void Session<Kind>::ForgetAnswers() {
  std::uint64_t upto = 0;
  {
    const std::lock_guard lock(mutex_);
    if (forgetting_ || seen_answer_ == forgotten_answer_) return;
    forgetting_ = true;
    upto = seen_answer_;
  }
  const auto forgotten = [weak = this->weak_from_this(), upto](const engine::Answer& answer) {
    if (const auto session = weak.lock()) session->Forgotten(upto, answer.status.ok());
  };
  runtime_.service.AckAnswers(id_, upto, forgotten);
}

template <typename Kind>
void Session<Kind>::Forgotten(std::uint64_t upto, bool done) {
  {
    const std::lock_guard lock(mutex_);
    forgetting_ = false;
    if (done) forgotten_answer_ = upto;
  }
  if (done) ForgetAnswers();
}

template <typename Kind>
bool Session<Kind>::Begin() {
  const std::lock_guard lock(mutex_);
  const std::size_t waiting = ++under_way_ + unacked_results_;
  return waiting <= limits::kAnswersPerIdentity;
}

template <typename Kind>
void Session<Kind>::EndWhenTold(const LinkPtr& link, const engine::Answer& why) {
  bool mine = false;
  {
    const std::lock_guard lock(mutex_);
    mine = link_ == link;
    if (mine) end_ = why;
  }
  mine ? Pump() : link->End(why);
}

template <typename Kind>
void Session<Kind>::Answered(std::string request_id, RespondFn<Result> respond,
                             const engine::Answer& answer) {
  {
    const std::lock_guard lock(mutex_);
    results_.push_back({std::move(request_id), respond, answer});
  }
  Kick();
}

// ---- What the client is sent -------------------------------------------------------------------

template <typename Kind>
void Session<Kind>::Kick() {
  if (kicked_.exchange(true)) return;
  runtime_.executor.Post([self = this->shared_from_this()] {
    self->kicked_ = false;
    self->Pump();
  });
}

template <typename Kind>
void Session<Kind>::Pump() {
  Next next;
  LinkPtr link;
  {
    const std::lock_guard lock(mutex_);
    if (!link_ || writing_since_ != 0) return;
    next = TakeNext();
    link = link_;
    if (next.frame) {
      beat_due_ = false;
      last_write_ms_ = runtime_.clock.BootMs();
      writing_since_ = std::max<TimeMs>(last_write_ms_, 1);
    }
  }
  if (next.read_on) link->ReadOn();
  if (next.frame) link->Write(std::move(next.frame));
  if (next.end) link->End(*next.end);
}

template <typename Kind>
void Session<Kind>::Written(const LinkPtr& link) {
  {
    const std::lock_guard lock(mutex_);
    if (link_ != link) return;
    writing_since_ = 0;
  }
  Pump();
}

template <typename Kind>
TimeMs Session<Kind>::Heartbeat(const LinkPtr& link, TimeMs now_ms) {
  {
    const std::lock_guard lock(mutex_);
    const TimeMs due_ms = last_write_ms_ + limits::kHeartbeatMs;
    if (link_ != link || due_ms > now_ms) return due_ms;
    beat_due_ = true;
  }
  Pump();
  return now_ms + limits::kHeartbeatMs;
}

template <typename Kind>
TimeMs Session<Kind>::writing_since() const {
  const std::lock_guard lock(mutex_);
  return writing_since_;
}

// ---- Frames ------------------------------------------------------------------------------------

// Results are taken after events have been: the engine answers before it tells, so that a result is
// never sent after the events of its own command.
template <typename Kind>
typename Session<Kind>::Next Session<Kind>::TakeNext() {
  Next next;
  if (welcome_) {
    Stamp(welcome_.get());
    next.frame = std::exchange(welcome_, nullptr);
    return next;
  }
  const std::uint64_t released = runtime_.released;  // first: the outbox has all up to there
  const engine::Outbox::Drained drained = outbox_->Drain();
  if (!Absorb(drained)) next.end = TooSlow();
  if (drained.closed) next.end = Closed(drained.close_reason);
  if (next.end) return next;
  if (const std::shared_ptr<const Out> again = log_.Next()) {
    const auto copy = std::make_shared<Out>(*again);
    Stamp(copy.get());
    next.frame = copy;
    return next;
  }
  const bool was_busy = Busy();
  next.frame = CutFrame();
  next.read_on = was_busy && !Busy();
  if (!next.frame && beat_due_) next.frame = Beat(released);
  if (next.frame || under_way_ != 0 || !end_) return next;
  // A router that ends in order starts again from where it ended.
  if (IsBehind(released)) {
    next.frame = Beat(released);
  } else {
    next.end = end_;
  }
  return next;
}

template <typename Kind>
bool Session<Kind>::Absorb(const engine::Outbox::Drained& drained) {
  std::vector<Event> events;
  for (const engine::OutboxItem& item : drained.items) {
    AppendEvents(item, client_, &events);
    const engine::EventCursor cursor{item.event->at, item.event->index};
    for (Event& event : events) events_.push_back({std::move(event), cursor});
    events.clear();
  }
  const std::size_t kept = log_.units() + events_.size() - listed_;
  if (drained.overflowed || kept > limits::kSessionOutbox) lost_ = true;
  return !lost_;
}

template <typename Kind>
std::shared_ptr<const typename Kind::Out> Session<Kind>::CutFrame() {
  if (results_.empty() && events_.empty()) return nullptr;
  auto frame = std::make_shared<Out>();
  FrameResults results = AddResults(frame.get());
  const std::size_t events = AddEvents(frame.get(), frame->ByteSizeLong());
  AddCursor(frame.get());
  Stamp(frame.get());
  auto numbered = log_.Append(std::move(frame), results.results + events);
  unacked_results_ += results.results;
  under_way_ -= results.results;
  results.frame = log_.last();
  if (results.results != 0) results_of_.push_back(results);
  return numbered;
}

template <typename Kind>
typename Session<Kind>::FrameResults Session<Kind>::AddResults(Out* frame) {
  FrameResults added;
  const std::size_t room = events_.empty() ? limits::kFrameBytes : limits::kFrameBytes / 2;
  std::size_t bytes = 0;
  std::size_t& taken = added.results;
  while (taken < results_.size() && bytes < room) {
    Pending& pending = results_[taken++];
    Result* result = frame->add_results();
    if (!pending.respond || !pending.respond(pending.answer, result)) {
      result->Clear();
      FillStatus(pending.answer, result->mutable_status());
    }
    result->set_request_id(std::move(pending.request_id));
    sequence_ = std::max(sequence_, pending.answer.at.sequence);
    added.last_answer = std::max(added.last_answer, pending.answer.number);
    bytes += result->ByteSizeLong();
  }
  results_.erase(results_.begin(), results_.begin() + static_cast<std::ptrdiff_t>(taken));
  return added;
}

// Events of records whose result is still to come wait for it; those before need not. Several may
// make up what the engine counts as one, which is told with the last of them. Gives how many count
// against what a session may leave unacknowledged.
template <typename Kind>
std::size_t Session<Kind>::AddEvents(Out* frame, std::size_t bytes) {
  const std::uint64_t bound = results_.empty() ? std::numeric_limits<std::uint64_t>::max()
                                               : results_.front().answer.at.sequence;
  std::size_t taken = 0;
  while (!events_.empty() && bytes < limits::kFrameBytes &&
         events_.front().event.sequence() < bound) {
    Waiting& next = events_.front();
    const engine::EventCursor cursor = next.cursor;
    bytes += next.event.ByteSizeLong();
    sequence_ = std::max(sequence_, next.event.sequence());
    *frame->add_events() = std::move(next.event);
    events_.pop_front();
    if (events_.empty() || !Same(events_.front().cursor, cursor)) told_ = cursor;
    if (listed_ > 0) {
      --listed_;
    } else {
      ++taken;
    }
  }
  return taken;
}

// Who hears nothing for long must not fall too far behind for a restart: what was released
// meanwhile is nothing to this client.
template <typename Kind>
std::shared_ptr<const typename Kind::Out> Session<Kind>::Beat(std::uint64_t released) {
  if (IsBehind(released)) told_ = Whole({runtime_.service.epoch(), released});
  auto beat = std::make_shared<Out>();
  AddCursor(beat.get());
  Stamp(beat.get());
  return beat;
}

template <typename Kind>
void Session<Kind>::AddCursor(Out* frame) const {
  if (told_) frame->set_cursor(CursorText(*told_));
}

template <typename Kind>
void Session<Kind>::Stamp(Out* frame) const {
  frame->set_acked(taken_);
  frame->set_epoch(runtime_.service.epoch());
  if (frame->sequence() == 0) frame->set_sequence(sequence_);
  frame->set_sent_unix_ms(runtime_.clock.WallMs());
}

template class Session<GatewayKind>;
template class Session<DesktopKind>;

}  // namespace routerd::api
