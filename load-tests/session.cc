#include "load-tests/session.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "load-tests/answer.h"

namespace routerd::load {
namespace {

using std::chrono::milliseconds;

// Where the router says nothing.
constexpr std::size_t kFrameCommands = 64;
constexpr std::size_t kFrameBytes = 32 * 1024;
constexpr std::size_t kInFlight = 2'048;
// An acknowledgement of its own, when there is no command to carry it.
constexpr std::uint64_t kAckFrames = 64;
constexpr auto kCloseTime = milliseconds(2'000);
// Between two looks for a router that is expected back.
constexpr auto kLookEvery = milliseconds(1'000);

// request ids are RUN-SERIAL.
std::uint64_t SerialOf(std::string_view request_id, const std::string& run_id) {
  std::uint64_t serial = 0;
  if (request_id.size() <= run_id.size() || !request_id.starts_with(run_id)) return 0;
  const char* begin = request_id.data() + run_id.size() + 1;
  std::from_chars(begin, request_id.data() + request_id.size(), serial);
  return serial;
}

std::size_t OrElse(std::size_t value, std::size_t otherwise) {
  return value == 0 ? otherwise : value;
}

}  // namespace

template <class Api>
Session<Api>::Session(Loop* loop, std::unique_ptr<Connector<Api>> connector, SessionTerms terms,
                      Owner* owner, Tap<Api>* tap)
    : loop_(loop),
      terms_(std::move(terms)),
      owner_(owner),
      tap_(tap),
      connector_(std::move(connector)),
      backoff_(terms_.away > Span::zero()
                   ? Backoff(Random(terms_.seed, "connect " + terms_.client), kLookEvery)
                   : Backoff(Random(terms_.seed, "connect " + terms_.client))),
      command_backoff_(Random(terms_.seed, "command " + terms_.client)) {}

template <class Api>
Session<Api>::~Session() {
  loop_->Cancel(heartbeat_);
  loop_->Cancel(reconnect_);
  for (const auto& [serial, timer] : delays_) loop_->Cancel(timer);
  if (stream_ != nullptr) {
    stream_->Detach();
    stream_->Cancel();
    stream_->HalfClose();
  }
}

template <class Api>
void Session<Api>::Connect() {
  stream_ = connector_->Connect(loop_, this);
  typename Api::Request frame;
  v1::Hello* hello = frame.mutable_hello();
  hello->set_domain(terms_.domain);
  hello->set_client(terms_.client);
  hello->set_session_id(session_id_);
  hello->set_last_seen(last_seen_);
  hello->set_cursor(cursor_);
  hello->set_software("routerd-load");
  Write(std::move(frame));
}

template <class Api>
void Session<Api>::Send(Command&& command, v1::RequestHeader* header, Answer answer,
                        Time intended) {
  const std::uint64_t serial = next_serial_++;
  header->set_request_id(terms_.run_id + "-" + std::to_string(serial));
  Pending& pending = unanswered_[serial];
  pending.command = std::move(command);
  pending.answer = std::move(answer);
  pending.intended = intended;
  to_send_.push_back(serial);
  FlushSoon();
}

template <class Api>
void Session<Api>::Drop() {
  if (stream_ != nullptr) stream_->Cancel();
}

template <class Api>
void Session<Api>::Close() {
  if (std::exchange(closing_, true)) return;
  loop_->Cancel(heartbeat_);
  loop_->Cancel(reconnect_);
  if (stream_ == nullptr) return owner_->OnClosed();
  stream_->HalfClose();
  reconnect_ = loop_->After(kCloseTime, [this](Time) {
    if (stream_ != nullptr) stream_->Cancel();
  });
}

template <class Api>
void Session<Api>::OnFrame(const typename Api::Response& frame, Time received) {
  last_frame_ = received;
  if (tap_ != nullptr) tap_->Received(terms_.client, frame);
  if (frame.has_welcome()) TakeWelcome(frame.welcome());
  if (frame.number() != 0) last_seen_ = frame.number();
  for (const Result& result : frame.results()) TakeResult(result);
  for (const auto& event : frame.events()) owner_->OnEvent(event, received);
  cursor_ = frame.cursor();
  if (last_seen_ - acked_ >= kAckFrames || !to_send_.empty()) FlushSoon();
}

template <class Api>
void Session<Api>::OnWritten() {
  writing_ = false;
  Flush();
}

template <class Api>
void Session<Api>::OnClosed(const Disconnect& why) {
  stream_.reset();
  if (std::exchange(welcomed_, false)) lost_at_ = Clock::now();
  writing_ = false;
  in_flight_ = 0;
  loop_->Cancel(heartbeat_);
  if (closing_) {
    loop_->Cancel(reconnect_);
    return owner_->OnClosed();
  }
  if (why.detail.reason() == "superseded" || why.code == grpc::INVALID_ARGUMENT ||
      why.code == grpc::NOT_FOUND || why.code == grpc::UNIMPLEMENTED) {
    return owner_->OnRefused(why.message);
  }
  const bool known = terms_.away > Span::zero() && !session_id_.empty();
  if (known && Clock::now() - lost_at_ > terms_.away) {
    return owner_->OnRefused("no router for more than " + FormatSpan(terms_.away) + ": " +
                             why.message);
  }
  ++reconnects_;
  Span wait = backoff_.Next();
  if (why.detail.has_retry_after_ms()) {
    wait = std::max<Span>(wait, milliseconds(why.detail.retry_after_ms()));
  }
  reconnect_ = loop_->After(wait, [this](Time) { Connect(); });
}

template <class Api>
void Session<Api>::TakeWelcome(const v1::Welcome& welcome) {
  welcome_ = welcome;
  session_id_ = welcome.session_id();
  welcomed_ = true;
  if (!welcome.resumed()) last_seen_ = 0;
  acked_ = last_seen_;
  backoff_.Reset();
  // Whatever has no answer may not have reached the router, or, with `resend`, its answer may have
  // been lost with one that was killed: all of it again, in the same order.
  to_send_.clear();
  for (const auto& [serial, pending] : unanswered_) {
    if (!pending.delayed) to_send_.push_back(serial);
  }
  ArmHeartbeat();
  owner_->OnWelcome(welcome);
  FlushSoon();
}

template <class Api>
void Session<Api>::TakeResult(const Result& result) {
  const std::uint64_t serial = SerialOf(result.request_id(), terms_.run_id);
  const auto found = unanswered_.find(serial);
  if (found == unanswered_.end()) return;  // a repetition of one that has come
  if (in_flight_ > 0) --in_flight_;
  if (IsAskLater(result.status())) return Delay(serial, result.status().detail());
  command_backoff_.Reset();
  const Answer answer = std::move(found->second.answer);
  unanswered_.erase(found);
  if (answer) answer(result);
}

template <class Api>
void Session<Api>::Delay(std::uint64_t serial, const v1::ErrorDetail& detail) {
  if (std::exchange(unanswered_[serial].delayed, true)) return;  // the wish, repeated on a resume
  Span wait = command_backoff_.Next();
  if (detail.has_retry_after_ms()) wait += milliseconds(detail.retry_after_ms());
  delays_[serial] = loop_->After(wait, [this, serial](Time) {
    delays_.erase(serial);
    unanswered_[serial].delayed = false;
    to_send_.push_back(serial);
    FlushSoon();
  });
}

template <class Api>
void Session<Api>::FlushSoon() {
  if (std::exchange(flush_set_, true)) return;
  loop_->AtTurnEnd([this] {
    flush_set_ = false;
    Flush();
  });
}

template <class Api>
void Session<Api>::Flush() {
  if (!welcomed_ || writing_ || closing_ || stream_ == nullptr) return;
  typename Api::Request frame;
  const bool commands = AddCommands(&frame);
  if (!commands && last_seen_ - acked_ < kAckFrames) return;
  if (commands) frame.set_number(++number_);
  Write(std::move(frame));
}

template <class Api>
bool Session<Api>::AddCommands(typename Api::Request* frame) {
  const std::size_t most = OrElse(welcome_.limits().max_commands_per_frame(), kFrameCommands);
  const std::size_t unacked = OrElse(welcome_.limits().max_unacked_answers() / 2, kInFlight);
  const std::size_t bytes = OrElse(welcome_.limits().max_frame_bytes() / 2, kFrameBytes);
  std::size_t size = 0;
  while (!to_send_.empty() && in_flight_ < unacked && size < bytes &&
         static_cast<std::size_t>(frame->commands_size()) < most) {
    const auto found = unanswered_.find(to_send_.front());
    to_send_.pop_front();
    if (found == unanswered_.end()) continue;
    Pending& pending = found->second;
    if (!pending.sent) {
      pending.sent = true;
      if (tap_ != nullptr) tap_->Sent(terms_.client, pending.command);
      if (on_sent) on_sent(pending.command, pending.intended, Clock::now());
    }
    *frame->add_commands() = pending.command;
    size += pending.command.ByteSizeLong();
    ++in_flight_;
  }
  return frame->commands_size() > 0;
}

template <class Api>
void Session<Api>::Write(typename Api::Request frame) {
  frame.set_acked(last_seen_);
  acked_ = last_seen_;
  writing_ = true;
  last_write_ = Clock::now();
  stream_->Write(std::move(frame));
}

template <class Api>
void Session<Api>::ArmHeartbeat() {
  const auto every = milliseconds(OrElse(static_cast<std::size_t>(welcome_.heartbeat_ms()), 5'000));
  loop_->Cancel(heartbeat_);
  heartbeat_ = loop_->After(every / 2, [this](Time) { Beat(); });
}

template <class Api>
void Session<Api>::Beat() {
  const Time now = Clock::now();
  const std::int64_t dead_ms = welcome_.dead_after_ms() > 0 ? welcome_.dead_after_ms() : 15'000;
  if (now - last_frame_ > milliseconds(dead_ms)) return stream_->Cancel();
  const std::int64_t beat_ms = welcome_.heartbeat_ms() > 0 ? welcome_.heartbeat_ms() : 5'000;
  if (!writing_ && now - last_write_ >= milliseconds(beat_ms / 2)) Write({});
  ArmHeartbeat();
}

template class Session<GatewayApi>;
template class Session<DesktopApi>;

}  // namespace routerd::load
