#include "routerd/api/session_stream.h"

#include <algorithm>
#include <vector>

#include "routerd/api/words.h"

namespace routerd::api {
namespace {

engine::Answer Invalid(std::string field, std::string description) {
  Status status = Status::InvalidField(std::move(field), std::move(description));
  status.WithReason("invalid_field");
  return Failed(std::move(status));
}

engine::Answer Dead(const char* what) { return Failed(Code::kAborted, "dead", what); }

Status CheckHello(const v1::Hello& hello, const std::string& domain) {
  Status status = CheckDomain(hello.domain(), domain);
  if (!status.ok()) return status;
  Check check;
  check.Id("hello.client", hello.client());
  check.Text("hello.session_id", hello.session_id(), limits::kMaxIdBytes);
  check.Text("hello.actor", hello.actor(), limits::kMaxIdBytes);
  check.Text("hello.software", hello.software(), limits::kMaxIdBytes);
  if (hello.last_seen() > limits::kMaxFrameNumber) {
    check.Wrong("hello.last_seen", "no frame has had such a number");
  }
  if (!hello.cursor().empty() && !ParseCursor(hello.cursor())) {
    check.Wrong("hello.cursor", "a frame's cursor, as it came");
  }
  return check.status();
}

}  // namespace

template <typename Kind>
SessionReactor<Kind>* SessionStream<Kind>::Start(Runtime& runtime, SessionRegistry<Kind>& registry,
                                                 grpc::CallbackServerContext* context) {
  auto stream = std::make_shared<SessionStream>(runtime, registry, context);
  stream->Own();
  if (!runtime.sessions.Add(stream)) {
    stream->End(runtime.sessions.ended()
                    ? Failed(Code::kUnavailable, "draining", "the router stops")
                    : Failed(Code::kResourceExhausted, "domain_full", "too many sessions"));
    return stream.get();
  }
  stream->last_read_ms_ = runtime.clock.BootMs();
  stream->TickAt(stream->last_read_ms_ + limits::kHeartbeatMs);
  stream->StartRead(&stream->in_);
  return stream.get();
}

template <typename Kind>
std::shared_ptr<Session<Kind>> SessionStream<Kind>::session() const {
  const std::lock_guard lock(session_mutex_);
  return session_;
}

// ---- Reading -----------------------------------------------------------------------------------

template <typename Kind>
void SessionStream<Kind>::OnReadDone(bool ok) {
  if (!ok) return this->End({});  // the client has closed its side, or is gone
  last_read_ms_ = runtime_.clock.BootMs();
  if (in_.ByteSizeLong() > limits::kMaxMessageBytes) {
    return this->End(
        Failed(Code::kResourceExhausted, "too_large",
               "a frame has at most " + std::to_string(limits::kMaxMessageBytes) + " bytes"));
  }
  if (!greeted_) return OnHello();
  if (in_.has_hello()) return this->End(Invalid("hello", "belongs in the first frame only"));
  OnFrame();
}

template <typename Kind>
void SessionStream<Kind>::ReadOn() {
  if (!paused_.exchange(false)) return;
  last_read_ms_ = runtime_.clock.BootMs();  // the pause was not the client's silence
  ReadNext();
}

template <typename Kind>
void SessionStream<Kind>::ReadNext() {
  if (!this->Begin()) return;
  this->StartRead(&in_);
  this->Issued();
}

template <typename Kind>
void SessionStream<Kind>::OnFrame() {
  const SessionPtr session = this->session();
  if (!CheckNumber()) return;
  if (!session->Acknowledge(in_.acked())) {
    return this->End(Invalid("acked", "names a frame that was never sent in this session"));
  }
  if (in_.number() != 0) session->Took(in_.number());
  for (int i = 0; i < in_.commands_size(); ++i) Run(in_.commands(i), i);
  paused_ = true;  // first: whoever ends the pause must find it
  if (!session->Busy() && paused_.exchange(false)) ReadNext();
}

template <typename Kind>
bool SessionStream<Kind>::CheckNumber() {
  if (in_.number() == 0) {
    if (in_.commands().empty()) return true;
    this->End(Invalid("number", "frames with commands are numbered"));
    return false;
  }
  if (expected_number_ != 0 && in_.number() != expected_number_) {
    this->End(Failed(Code::kAborted, "frame_gap",
                     "frame " + std::to_string(expected_number_) + " was expected, " +
                         std::to_string(in_.number()) + " came"));
    return false;
  }
  expected_number_ = in_.number() + 1;
  return true;
}

template <typename Kind>
void SessionStream<Kind>::Run(const typename Kind::Command& command, int index) {
  const bool beyond = index >= limits::kMaxCommandsPerFrame;
  const bool known = Kind::Visit(command, [&](const auto& request, RespondFn<Result> respond) {
    Run(request, respond, beyond);
  });
  if (known) return;
  static_cast<void>(session()->Begin());
  session()->Answered({}, nullptr,
                      Invalid(Element("commands", index), "no command that this version knows"));
}

template <typename Kind>
template <typename Request>
void SessionStream<Kind>::Run(const Request& request, RespondFn<Result> respond, bool beyond) {
  const SessionPtr session = this->session();
  const std::string& id = request.header().request_id();
  if (!session->Begin()) {
    Status status(Code::kResourceExhausted, "too many answers wait to be acknowledged");
    status.WithReason("too_many_unacked").WithRetryAfter(limits::kOverloadRetryMs);
    return session->Answered(id, nullptr, Failed(std::move(status)));
  }
  if (beyond) {
    return session->Answered(
        id, nullptr,
        Invalid("commands", "a frame has at most " + std::to_string(limits::kMaxCommandsPerFrame)));
  }
  auto [status, envelope] = Prepare(request, scope_);
  if (!status.ok()) return session->Answered(id, nullptr, Failed(std::move(status)));
  envelope.done = [session, id, respond](const engine::Answer& answer) {
    session->Answered(id, respond, answer);
  };
  runtime_.service.Submit(std::move(envelope));
}

// ---- Opening -----------------------------------------------------------------------------------

template <typename Kind>
void SessionStream<Kind>::OnHello() {
  if (!in_.has_hello()) return this->End(Invalid("hello", "is required in the first frame"));
  const v1::Hello& hello = in_.hello();
  Status status = CheckHello(hello, runtime_.service.domain());
  if (!status.ok()) return this->End(Failed(std::move(status)));
  greeted_ = true;
  scope_ = {Kind::kRole,
            runtime_.service.domain(),
            hello.client(),
            hello.actor().empty() ? hello.client() : hello.actor(),
            {}};
  Opening opening;
  opening.outbox = std::make_shared<engine::Outbox>(limits::kSessionOutbox);
  opening.asked = !hello.session_id().empty();
  opening.last_seen = hello.last_seen();
  opening.cursor = hello.cursor();
  engine::OpenSession open{Kind::kKind, {}, opening.outbox};
  if (opening.asked) opening.session = registry_.Find(hello.session_id(), hello.client());
  if (opening.asked && !opening.session) opening.told = ParseCursor(hello.cursor());
  if (opening.session && !opening.session->CanResume(hello.last_seen())) opening.session.reset();
  if (opening.session || opening.told) open.resume = hello.session_id();
  open.told = opening.told;
  Submit(std::move(open), [self = this->shared_from_this(), this, opening](const auto& answer) {
    runtime_.executor.Post([self, this, opening, answer] { Opened(opening, answer); });
  });
}

template <typename Kind>
void SessionStream<Kind>::Submit(engine::Command command,
                                 std::function<void(const engine::Answer&)> done) {
  engine::Envelope envelope;
  envelope.role = Kind::kRole;
  envelope.client = scope_.client;
  envelope.actor = scope_.actor;
  envelope.command = std::move(command);
  envelope.done = std::move(done);
  runtime_.service.Submit(std::move(envelope));
}

template <typename Kind>
void SessionStream<Kind>::Opened(const Opening& opening, const engine::Answer& answer) {
  if (!answer.status.ok()) return this->End(answer);
  scope_.session = answer.session;
  last_read_ms_ = runtime_.clock.BootMs();
  if (answer.resumed && opening.session) {
    Resume(opening, answer);
  } else if (answer.resumed && opening.told) {
    TakeUp(opening, answer);
  } else {
    if (opening.session) registry_.Remove(opening.session);
    OpenNew(opening, answer);
  }
  if (this->ending()) return;
  if (!answer.resumed) in_.set_acked(0);  // meant the session that is no more
  OnFrame();                              // the commands that came with Hello
}

template <typename Kind>
void SessionStream<Kind>::OpenNew(const Opening& opening, const engine::Answer& answer) {
  const auto session = std::make_shared<Session<Kind>>(runtime_, scope_.client, opening.outbox);
  Enter(session);
  std::vector<typename Kind::Event> lists;
  AppendHeld(answer, opening.asked, &lists);
  session->Open(this->shared_from_this(), answer, MakeWelcome(opening, answer), std::move(lists));
  registry_.Add(session);
  if (this->ending()) OnEnding();  // it ended before it knew of the session
}

// The router was down meanwhile: the engine knows the session again, and what its client missed.
template <typename Kind>
void SessionStream<Kind>::TakeUp(const Opening& opening, const engine::Answer& answer) {
  const auto session = std::make_shared<Session<Kind>>(runtime_, scope_.client, opening.outbox);
  Enter(session);
  session->TakeUp(this->shared_from_this(), answer, opening.last_seen, *opening.told,
                  MakeWelcome(opening, answer));
  registry_.Add(session);
  if (this->ending()) OnEnding();
}

template <typename Kind>
void SessionStream<Kind>::Enter(const SessionPtr& session) {
  const std::lock_guard lock(session_mutex_);
  session_ = session;
}

template <typename Kind>
void SessionStream<Kind>::Resume(const Opening& opening, const engine::Answer& answer) {
  Enter(opening.session);
  const bool resumed = opening.session->Resume(this->shared_from_this(), opening.last_seen,
                                               opening.outbox, MakeWelcome(opening, answer));
  if (resumed) {
    registry_.Add(opening.session);  // its grace may have ended between the two
    if (this->ending()) OnEnding();
    return;
  }
  registry_.Remove(opening.session);
  Drop(answer.session, opening.outbox);
  this->End(Failed(Code::kAborted, "too_slow", "too much was missed; say Hello once more"));
}

template <typename Kind>
std::shared_ptr<typename Kind::Out> SessionStream<Kind>::MakeWelcome(
    const Opening& opening, const engine::Answer& answer) const {
  auto frame = std::make_shared<Out>();
  if (answer.resumed) frame->set_cursor(opening.cursor);  // what follows is not told yet
  v1::Welcome* welcome = frame->mutable_welcome();
  welcome->set_session_id(answer.session);
  welcome->set_resumed(answer.resumed);
  welcome->set_resync(opening.asked && !answer.resumed);
  welcome->set_resend(opening.asked && (!answer.resumed || opening.told));
  welcome->set_heartbeat_ms(limits::kHeartbeatMs);
  welcome->set_dead_after_ms(limits::kDeadAfterMs);
  welcome->set_grace_ms(Kind::GraceMs(*runtime_.service.policy()->model));
  welcome->set_router_version(runtime_.version);
  welcome->set_held(Kind::Held(answer));
  v1::SessionLimits* limits = welcome->mutable_limits();
  limits->set_max_frame_bytes(limits::kMaxMessageBytes);
  limits->set_max_commands_per_frame(limits::kMaxCommandsPerFrame);
  limits->set_max_unacked_answers(limits::kAnswersPerIdentity);
  limits->set_max_attribute_bytes(limits::kMaxAttributeBytes);
  limits->set_max_attributes(limits::kMaxAttributes);
  return frame;
}

// ---- Ending ------------------------------------------------------------------------------------

template <typename Kind>
void SessionStream<Kind>::EndWhenTold(const engine::Answer& why) {
  const SessionPtr session = this->session();
  session ? session->EndWhenTold(this->shared_from_this(), why) : this->End(why);
}

// The session lives on without a connection, unless another stream has it already.
template <typename Kind>
void SessionStream<Kind>::OnEnding() {
  ended_ms_ = runtime_.clock.BootMs();
  const SessionPtr session = this->session();
  if (!session) return;
  const auto left = session->Detach(this->shared_from_this());
  if (!left) return;
  StartGrace(session, left->generation);
  Drop(session->id(), left->outbox);
}

template <typename Kind>
void SessionStream<Kind>::Drop(const std::string& id,
                               const std::shared_ptr<engine::Outbox>& outbox) {
  Submit(engine::DropSession{id, outbox}, [](const engine::Answer&) {});
}

template <typename Kind>
void SessionStream<Kind>::StartGrace(const SessionPtr& session, std::uint64_t generation) {
  const SpanMs grace_ms = Kind::GraceMs(*runtime_.service.policy()->model);
  runtime_.timers.At(runtime_.clock.BootMs() + grace_ms,
                     [&registry = registry_, weak = std::weak_ptr(session), generation] {
                       const SessionPtr session = weak.lock();
                       if (session && session->generation() == generation) registry.Remove(session);
                     });
}

// ---- Clockwork ---------------------------------------------------------------------------------

template <typename Kind>
void SessionStream<Kind>::TickAt(TimeMs boot_ms) {
  runtime_.timers.At(boot_ms, [weak = this->weak_from_this(), this] {
    if (const auto self = weak.lock()) Tick();
  });
}

// Watches both directions: a client that is silent, and one that does not read. The engine's answer
// to Hello and a pause in reading are our own doing, and not the client's silence.
template <typename Kind>
void SessionStream<Kind>::Tick() {
  const TimeMs now_ms = runtime_.clock.BootMs();
  if (this->ending()) return TickEnding(now_ms);
  const SessionPtr session = this->session();
  const bool waiting_for_us = paused_ || (greeted_ && !session);
  TimeMs next_ms = (waiting_for_us ? now_ms : last_read_ms_.load()) + limits::kDeadAfterMs;
  if (next_ms <= now_ms) this->End(Dead("nothing came from the client"));
  if (session) {
    next_ms = std::min(next_ms, session->Heartbeat(this->shared_from_this(), now_ms));
    const TimeMs since_ms = session->writing_since();
    const bool stuck = since_ms != 0 && since_ms + limits::kDeadAfterMs <= now_ms;
    if (stuck) this->End(Dead("the client does not read"));
  }
  TickAt(std::clamp(next_ms, now_ms + 1, now_ms + limits::kHeartbeatMs));
}

// Whoever has not read the status by now never will.
template <typename Kind>
void SessionStream<Kind>::TickEnding(TimeMs now_ms) {
  const TimeMs cut_ms = ended_ms_ + limits::kHeartbeatMs;
  if (cut_ms <= now_ms) return this->Cut();
  TickAt(cut_ms);
}

template class SessionStream<GatewayKind>;
template class SessionStream<DesktopKind>;

}  // namespace routerd::api
