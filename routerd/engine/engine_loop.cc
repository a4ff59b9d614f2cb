#include "routerd/engine/engine_loop.h"

#include <algorithm>
#include <span>
#include <utility>

#include "routerd/engine/overload.h"

namespace routerd::engine {

EngineLoop::EngineLoop(std::unique_ptr<Engine> engine, const Clock& clock,
                       std::size_t inbox_capacity)
    : EngineService(std::move(engine)), clock_(clock), inbox_(inbox_capacity) {}

EngineLoop::~EngineLoop() { Stop(); }

void EngineLoop::Start() {
  const std::lock_guard lock(thread_mutex_);
  thread_ = std::thread([this] { Run(); });
}

void EngineLoop::Join() {
  const std::lock_guard lock(thread_mutex_);
  if (thread_.joinable()) thread_.join();
}

void EngineLoop::Stop() {
  stop_ = true;
  inbox_.Wake();
  Join();
  // Without a thread nobody else answers what is in the inbox.
  inbox_.Close();
  Inbox::Taken rest;
  inbox_.Wake();
  inbox_.Wait(0, rest);
  for (auto& task : rest.tasks) task();
  for (Envelope& envelope : rest.envelopes) AnswerStopped(envelope);
  engine_->EndSnapshots();
}

void EngineLoop::BeginDrain(SpanMs max_ms) {
  inbox_.Post([this, max_ms] {
    if (drain_until_) return;
    drain_until_ = clock_.BootMs() + max_ms;
    engine_->BeginDrain();
  });
}

void EngineLoop::Drain(SpanMs max_ms) {
  BeginDrain(max_ms);
  Join();
}

void EngineLoop::Submit(Envelope envelope) {
  // A lost connection must be heard of; there are no more of them than sessions.
  const bool must = std::holds_alternative<DropSession>(envelope.command);
  switch (must ? inbox_.PushAlways(envelope) : inbox_.Push(envelope)) {
    case Inbox::Pushed::kTaken:
      return;
    case Inbox::Pushed::kFull:
      ++overloaded_;
      return AnswerOverloaded(envelope);
    case Inbox::Pushed::kClosed:
      return AnswerStopped(envelope);
  }
}

EventPage EngineLoop::ReadEvents(Position from, std::size_t max_batches) const {
  EventPage page = EngineService::ReadEvents(from, max_batches);
  const bool before = page.out_of_range && from.sequence < page.first_kept.sequence;
  if (!before || past_ == nullptr) return page;
  EventPage older = past_->Read(from, max_batches);
  // What cannot be had there either is told as what memory holds.
  return older.out_of_range && older.first_kept.sequence >= page.first_kept.sequence ? page : older;
}

bool EngineLoop::WithJournal(std::function<void(journal::Journal&)> task) {
  return inbox_.Post([this, task = std::move(task)] { task(engine_->journal()); });
}

void EngineLoop::AddFeed(std::shared_ptr<Feed> feed,
                         std::function<void(std::shared_ptr<const Snapshot>)> done) {
  const bool posted = inbox_.Post([this, feed = std::move(feed), done]() mutable {
    engine_->AddFeed(std::move(feed), std::move(done));
  });
  if (!posted) done(nullptr);
}

void EngineLoop::TakeSnapshot(std::function<void(std::shared_ptr<const Snapshot>)> done) {
  AddFeed(nullptr, std::move(done));
}

Figures EngineLoop::figures() const {
  Figures figures = engine_->figures();
  figures.inbox_depth = inbox_.depth();
  figures.inbox_capacity = inbox_.capacity();
  figures.commands_overloaded_total = overloaded_;
  figures.snapshot_sequence = snapshot_;
  figures.snapshots_stopped = snapshots_stopped_;
  return figures;
}

std::optional<SpanMs> EngineLoop::Timeout() const {
  std::optional<SpanMs> timeout = engine_->UntilWakeup();
  if (drain_until_) {
    const SpanMs left = std::max<SpanMs>(0, *drain_until_ - clock_.BootMs());
    timeout = timeout ? std::min(*timeout, left) : left;
  }
  return timeout;
}

bool EngineLoop::Over() {
  if (stop_) return true;
  return drain_until_ && (engine_->open_offers_to_drain() == 0 || clock_.BootMs() >= *drain_until_);
}

void EngineLoop::RunAll(std::vector<Envelope>& envelopes) {
  std::span<Envelope> rest(envelopes);
  do {
    const std::size_t n = std::min(rest.size(), limits::kMaxBatch);
    static_cast<void>(engine_->RunBatch(rest.first(n)));  // a failure has been told to on_fatal
    inbox_.Done(n);
    rest = rest.subspan(n);
  } while (!rest.empty());
  envelopes.clear();
}

void EngineLoop::Run() {
  Inbox::Taken taken;
  while (!Over()) {
    inbox_.Wait(Timeout(), taken);
    for (auto& task : taken.tasks) task();
    taken.tasks.clear();
    RunAll(taken.envelopes);
    if (inbox_.depth() == 0) engine_->Idle();
  }
  // What is in the inbox was taken: it is run. What comes later is refused by Submit.
  inbox_.Close();
  inbox_.Wait(0, taken);
  for (auto& task : taken.tasks) task();
  taken.tasks.clear();
  if (!taken.envelopes.empty()) RunAll(taken.envelopes);
  engine_->EndSnapshots();
  static_cast<void>(engine_->Close());  // a failure has been told, or the next start finds it
}

}  // namespace routerd::engine
