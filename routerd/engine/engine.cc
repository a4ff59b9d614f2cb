#include "routerd/engine/engine.h"

#include <algorithm>
#include <limits>

#include "routerd/engine/views.h"

namespace routerd::engine {
namespace {

constexpr int kUnknownTries = 3;
constexpr TimeMs kNever = std::numeric_limits<TimeMs>::max();

Status Unavailable(const char* reason, const char* message) {
  return Status(Code::kUnavailable, message)
      .WithReason(reason)
      .WithRetryAfter(limits::kOverloadRetryMs);
}

// Tomorrow's answer may be another one; all others are remembered.
bool IsLasting(const Status& status) {
  return status.code() != Code::kUnavailable && status.code() != Code::kResourceExhausted &&
         status.code() != Code::kInternal;
}

// What is no request of a client is not remembered.
bool IsRequest(const Command& command) {
  return !std::holds_alternative<OpenSession>(command) &&
         !std::holds_alternative<DropSession>(command) &&
         !std::holds_alternative<AckAnswers>(command);
}

std::shared_ptr<const PolicyInForce> FirstPolicy(const EngineOptions& options, TimeMs unix_ms) {
  auto policy = std::make_shared<PolicyInForce>();
  policy->model = options.model;
  policy->source = options.policy_source;
  policy->comment = options.policy_comment;
  policy->actor = options.policy_actor;
  policy->applied_unix_ms = unix_ms;
  policy->file_hash = HashOfSource(policy->source);
  return policy;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::Start(EngineOptions options, const Clock& clock,
                                              journal::Journal& journal) {
  const Result<std::uint32_t> epoch = journal.Open();
  if (!epoch.ok()) return epoch.status();
  Result<Recovered> recovered =
      Recover(std::exchange(options.snapshot, std::nullopt), journal, clock, options.told_records);
  if (!recovered.ok()) return recovered.status();
  const bool fresh = recovered.value().realm.world == nullptr;
  if (fresh && options.model == nullptr) {
    return Status(Code::kInvalidArgument, "there is no policy to begin with");
  }
  if (fresh) {
    Realm& realm = recovered.value().realm;
    realm.world = std::make_unique<World>(clock, 0, FirstPolicy(options, clock.WallMs()));
    realm.applier = std::make_unique<Applier>(*realm.world);
  }
  std::unique_ptr<Engine> engine(
      new Engine(std::move(options), clock, journal, epoch.value(), std::move(recovered).value()));
  Status started = fresh ? engine->RecordStart() : engine->RecordRestart();
  if (!started.ok()) return Status(started.code(), journal.trouble().message());
  return engine;
}

Engine::Engine(EngineOptions options, const Clock& clock, journal::Journal& journal,
               std::uint32_t epoch, Recovered recovered)
    : options_(std::move(options)),
      journal_(journal),
      epoch_(epoch),
      recovered_(recovered.last.sequence != 0),
      replayed_(recovered.records),
      realm_(std::move(recovered.realm)),
      world_(*realm_.world),
      recorder_(world_, *realm_.applier, epoch, recovered.last),
      handler_(world_, recorder_),
      history_(options_.history_events, recovered_ ? recovered.told_from : Position{epoch, 0}),
      started_unix_ms_(clock.WallMs()),
      policy_(world_.policy) {
  world_.epoch_starts.push_back({epoch, recovered.last.sequence + 1});
  for (auto& [first, batch] : recovered.told) history_.Add(first, std::move(batch));
}

Status Engine::RecordStart() {
  recorder_.BeginBatch();
  recorder_.Start();
  if (world_.clock.offset() != 0) recorder_.ClockMoved();
  if (options_.calendar != nullptr) {
    recorder_.Apply(core::CalendarSet{options_.calendar});
    recorder_.note().Text(NoteTag::kActor, options_.policy_actor);
    recorder_.Commit();
  }
  return Complete();
}

// Connections first: who has none is offered nothing of what the downtime gives back. Nobody waits
// for anything yet, so that all that is due may fire.
Status Engine::RecordRestart() {
  const SpanMs offset = world_.clock.offset();
  world_.clock.GoOn();
  recorder_.BeginBatch();
  handler_.LoseConnections();
  recorder_.Restart();
  while (world_.core.HasDueTimers(world_.clock.now())) recorder_.Timers();
  if (world_.clock.offset() != offset) recorder_.ClockMoved();
  return Complete();
}

Status Engine::RunBatch(std::span<Envelope> envelopes) {
  if (!fatal_.ok()) {
    RefuseAll(envelopes, fatal_);
    return fatal_;
  }
  if (no_space_ && !GoOn()) {
    RefuseWaiting(envelopes);
    return fatal_;
  }
  BeginBatch();
  WatchSpace();
  for (Envelope& envelope : envelopes) Run(envelope);
  recorder_.pending_events().commands = envelopes.size();
  Status completed = Complete();
  return completed.ok() ? SyncIfDue() : completed;
}

// While it lives from its reserve the journal looks for space of its own now and then.
void Engine::WatchSpace() {
  const TimeMs now_ms = world_.clock.source().BootMs();
  if (journal_.low_on_space() && now_ms - space_checked_ms_ >= limits::kSpaceRetryMs) {
    space_checked_ms_ = now_ms;
    journal_.Prepare();
  }
  const bool low = journal_.low_on_space();
  if (low == world_.low_on_space) return;
  world_.low_on_space = low;
  {
    const std::lock_guard lock(mutex_);
    figures_.journal_low = low;
  }
  if (options_.on_low_on_space) options_.on_low_on_space(low);
}

Status Engine::SyncIfDue() {
  const std::optional<TimeMs> due = journal_.SyncDue();
  if (!due || *due > world_.clock.source().BootMs()) return Status::Ok();
  return journal_.Sync().ok() ? Status::Ok()
                              : Fatal("the journal could not be synced", "journal_failed");
}

void Engine::Idle() {
  if (fatal_.ok() && !no_space_) journal_.Prepare();
}

Status Engine::Close() {
  if (!fatal_.ok()) return fatal_;
  fatal_ = Status(Code::kUnavailable, "the router has ended").WithReason("not_ready");
  if (no_space_) return Unavailable("no_space", "the last batch found no space in the journal");
  Status closed = journal_.Close();
  ended_in_order_ = closed.ok();
  return closed;
}

void Engine::BeginBatch() {
  if (!behind_) world_.clock.Tick();
  recorder_.BeginBatch();
  // While time stands still for timers that are due, the wall clock is no measure of it.
  const SpanMs moved = behind_ ? 0 : world_.clock.WallMoved();
  if (moved != 0) world_.clock.MoveOffset(moved);
  if (world_.core.HasDueTimers(world_.clock.now())) recorder_.Timers();
  if (moved != 0) {
    recorder_.ClockMoved();
    {
      const std::lock_guard lock(mutex_);
      ++figures_.clock_jumps_total;
    }
    if (options_.on_clock_moved) options_.on_clock_moved(moved);
  }
  behind_ = world_.core.HasDueTimers(world_.clock.now());
  handler_.ExpireSessions();
  handler_.EndOverrides();
  for (const DropSession& drop : drops_) handler_.Drop(drop);
  drops_.clear();
}

void Engine::Hold(Envelope& envelope, std::shared_ptr<const Answer> answer) {
  held_.push_back({std::move(envelope.done), std::move(answer), recorder_.event_count()});
}

// Whether this request was answered before; then the answer is given again, or the misuse is told.
bool Engine::Repeated(Envelope& envelope) {
  const Answers::Entry* known = world_.answers.Find(envelope, world_.clock.now());
  if (known != nullptr && known->body_hash == envelope.body_hash) {
    Hold(envelope, Answers::Again(*known, envelope));
    return true;
  }
  auto answer = std::make_shared<Answer>();
  answer->at = recorder_.last();
  answer->unix_ms = world_.clock.ToUnix(world_.clock.now());
  if (known != nullptr) {
    answer->status = Status(Code::kAlreadyExists, "the request id was used with another body")
                         .WithReason("request_id_reused");
  } else if (!world_.answers.HasRoom(envelope, world_.clock.now())) {
    answer->status =
        Status(Code::kResourceExhausted, "too many answers wait to be acknowledged or forgotten")
            .WithReason("too_many_unacked")
            .WithRetryAfter(limits::kOverloadRetryMs);
  } else {
    return false;
  }
  Hold(envelope, std::move(answer));
  return true;
}

void Engine::Run(Envelope& envelope) {
  // A command that comes after its session has ended is like a unary one.
  if (!envelope.session.empty() && world_.sessions.Find(envelope.session) == nullptr) {
    envelope.session.clear();
  }
  const bool remembers = !envelope.request_id.empty() && IsRequest(envelope.command);
  if (remembers && Repeated(envelope)) return;
  auto answer = std::make_shared<Answer>();
  const Position before = recorder_.last();
  handler_.Handle(envelope, *answer);
  if (remembers && IsLasting(answer->status)) {
    answer->number = recorder_.Answered(envelope, answer, before);
  }
  Hold(envelope, std::move(answer));
}

// No space, or now broken. A connection that is lost stays lost: that is done once there is space.
// What needs no space is done.
void Engine::RefuseWaiting(std::span<Envelope> envelopes) {
  {
    const std::lock_guard lock(mutex_);
    figures_.commands_total += envelopes.size();
  }
  for (Envelope& envelope : envelopes) {
    if (const auto* drop = std::get_if<DropSession>(&envelope.command)) drops_.push_back(*drop);
    const auto* ack = std::get_if<AckAnswers>(&envelope.command);
    if (ack == nullptr || !fatal_.ok()) continue;
    world_.answers.Ack(ack->session, ack->upto);
    if (envelope.done) envelope.done(Answer{});
    envelope.done = nullptr;
  }
  RefuseAll(envelopes, fatal_.ok()
                           ? Unavailable("no_space", "the journal has no space left: try again")
                           : fatal_);
}

void Engine::RefuseAll(std::span<Envelope> envelopes, const Status& status) {
  Answer answer;
  answer.status = status;
  answer.at = recorder_.last();
  for (Envelope& envelope : envelopes) {
    if (envelope.done) envelope.done(answer);
    envelope.done = nullptr;
  }
}

Status Engine::Complete() {
  recorder_.Seal();
  const bool changed = !recorder_.batch().empty();
  switch (changed ? Append() : journal::Appended::kCommitted) {
    case journal::Appended::kCommitted:
      Release();
      return Status::Ok();
    case journal::Appended::kNoSpace:
      HoldBack();
      return Status::Ok();
    case journal::Appended::kFenced:
      return Fatal("another router has taken over: the journal is fenced", "journal_fenced");
    default:
      return Fatal("the journal has failed", "journal_failed");
  }
}

journal::Appended Engine::Append() {
  const std::int64_t before = world_.clock.source().BootNs();
  journal::Appended how = journal::Appended::kUnknown;
  for (int i = 0; i < kUnknownTries && how == journal::Appended::kUnknown; ++i) {
    how = journal_.Append(recorder_.batch());
  }
  recorder_.pending_events().append_ns = world_.clock.source().BootNs() - before;
  return how;
}

// In the order in which things were recorded: a command's answer, then what it made happen.
void Engine::Release() {
  const bool changed = !recorder_.batch().empty();
  const Position first{epoch_, recorder_.batch().header.first_sequence};
  const std::shared_ptr<const EventBatch> events = recorder_.TakeEvents();
  PublishFigures();
  for (Held& held : held_) {
    if (held.done) held.done(*held.answer);
    recorder_.fan_out().Release(events, held.events_end);
  }
  recorder_.fan_out().Release(events, events->events.size());
  held_.clear();
  if (changed) {
    history_.Add(first, events);
    std::erase_if(feeds_, [](const auto& feed) { return feed.use_count() == 1; });
    for (const auto& feed : feeds_) feed->Push(events);
    TellWakers();
  }
  ServeSnapshots();
}

// The state is ahead of the journal: nothing else is taken, and nobody hears of it, until there is
// space for it. Who asked is told to ask again; with the same request id he then gets his answer.
void Engine::HoldBack() {
  no_space_ = true;
  const Status status = Unavailable(
      "no_space", "the journal has no space left: repeat the command with the same request id");
  for (Held& held : held_) {
    if (!held.answer->session.empty()) drops_.push_back({held.answer->session, nullptr});
    Answer answer;
    answer.status = status;
    if (held.done) held.done(answer);
    held.done = nullptr;
  }
  {
    const std::lock_guard lock(mutex_);
    figures_.journal_full = true;
  }
  if (options_.on_no_space) options_.on_no_space(true);
}

bool Engine::GoOn() {
  const journal::Appended how = Append();
  if (how == journal::Appended::kNoSpace) return false;
  if (how != journal::Appended::kCommitted) {
    static_cast<void>(Fatal("the journal has failed", "journal_failed"));
    return false;
  }
  no_space_ = false;
  {
    const std::lock_guard lock(mutex_);
    figures_.journal_full = false;
  }
  if (options_.on_no_space) options_.on_no_space(false);
  Release();
  return true;
}

Status Engine::Fatal(const char* what, const char* reason) {
  fatal_ = Status(Code::kUnavailable, what).WithReason("not_ready");
  Answer answer;
  answer.status = fatal_;
  for (Held& held : held_) {
    if (held.done) held.done(answer);
  }
  held_.clear();
  EndSnapshots();
  {
    const std::lock_guard lock(mutex_);
    figures_.failed = true;
  }
  const std::string& trouble = journal_.trouble().message();
  if (options_.on_fatal) {
    options_.on_fatal(
        Status(Code::kUnavailable, std::string(what) + ": " + trouble).WithReason(reason));
  }
  return fatal_;
}

std::optional<SpanMs> Engine::UntilWakeup() const {
  if (!fatal_.ok()) return std::nullopt;
  if (no_space_) return limits::kOverloadRetryMs;
  SpanMs until = world_.low_on_space ? limits::kSpaceRetryMs : kNever;
  const auto at_most = [&until](std::optional<TimeMs> at, TimeMs now) {
    if (at) until = std::min(until, std::max<SpanMs>(0, *at - now));
  };
  at_most(world_.core.NextWakeup(), world_.clock.Present());
  at_most(world_.overrides.NextEnd(), world_.clock.Present());
  at_most(journal_.SyncDue(), world_.clock.source().BootMs());
  if (until == kNever) return std::nullopt;
  return until;
}

void Engine::AddFeed(std::shared_ptr<Feed> feed, SnapshotDone done) {
  snapshots_wanted_.emplace_back(std::move(feed), std::move(done));
  ServeSnapshots();
}

void Engine::TakeSnapshot(SnapshotDone done) { AddFeed(nullptr, std::move(done)); }

// While a batch waits for space, and after a failure, the state is ahead of what anybody may know.
void Engine::ServeSnapshots() {
  if (!fatal_.ok()) EndSnapshots();
  if (snapshots_wanted_.empty() || no_space_) return;
  const auto snapshot = std::make_shared<const Snapshot>(SnapshotOf(world_, recorder_.last()));
  auto wanted = std::move(snapshots_wanted_);
  snapshots_wanted_.clear();
  for (auto& [feed, done] : wanted) {
    if (feed != nullptr) feeds_.push_back(std::move(feed));
    done(snapshot);
  }
}

void Engine::EndSnapshots() {
  const auto wanted = std::exchange(snapshots_wanted_, {});
  for (const auto& [feed, done] : wanted) done(nullptr);
}

void Engine::BeginDrain() {
  world_.draining = true;
  world_.offers.Mark(recorder_.last().sequence);
  const std::lock_guard lock(mutex_);
  figures_.draining = true;
}

void Engine::PublishFigures() {
  const std::lock_guard lock(mutex_);
  policy_ = world_.policy;
  figures_.commands_total += held_.size();
  if (!recorder_.batch().empty()) ++figures_.batches_total;
  figures_.contact_attributes_not_kept_total = world_.contact_attributes_not_kept;
  figures_.head = recorder_.last();
}

std::optional<std::uint32_t> Engine::PositionOf(const std::string& contact) {
  const ContactDirectory::Contact* known = world_.contacts.Find(contact);
  return known == nullptr ? std::nullopt : world_.core.Position(known->no);
}

std::shared_ptr<const PolicyInForce> Engine::policy() const {
  const std::lock_guard lock(mutex_);
  return policy_;
}

Figures Engine::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

std::uint64_t Engine::AddReleaseWaker(std::function<void()> waker) {
  const std::lock_guard lock(wakers_mutex_);
  wakers_.emplace_back(next_waker_, std::move(waker));
  return next_waker_++;
}

void Engine::RemoveReleaseWaker(std::uint64_t token) {
  const std::lock_guard lock(wakers_mutex_);
  std::erase_if(wakers_, [token](const auto& waker) { return waker.first == token; });
}

void Engine::TellWakers() {
  const std::lock_guard lock(wakers_mutex_);
  for (const auto& [token, waker] : wakers_) waker();
}

}  // namespace routerd::engine
