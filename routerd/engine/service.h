// The engine as its neighbours see it: api, publish and daemon speak to nothing else of it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "routerd/base/status.h"
#include "routerd/engine/command.h"
#include "routerd/engine/feed.h"
#include "routerd/model/model.h"

namespace routerd::engine {

// The policy in force.
struct PolicyInForce {
  std::shared_ptr<const model::Model> model;
  std::string source;  // the text it was compiled from
  std::string comment;
  std::string actor;
  TimeMs applied_unix_ms = 0;
  // HashOfSource of the text that was last read from the configured file, this one or one before
  // it; 0: none was.
  std::uint64_t file_hash = 0;
};
[[nodiscard]] std::uint64_t HashOfSource(std::string_view source);

struct Figures {
  std::size_t inbox_depth = 0;
  std::size_t inbox_capacity = 0;
  std::uint64_t commands_total = 0;
  std::uint64_t commands_overloaded_total = 0;  // answered RESOURCE_EXHAUSTED, inbox full
  std::uint64_t batches_total = 0;
  std::uint64_t clock_jumps_total = 0;  // wall clock moved by more than 100 ms against boot time
  std::uint64_t contact_attributes_not_kept_total = 0;  // the policy did not name them
  Position head;                                        // last record
  bool draining = false;
  bool journal_low = false;             // it lives from its reserve: no new work is taken
  bool journal_full = false;            // nothing is taken until there is space
  bool failed = false;                  // nothing is taken any more
  std::uint64_t snapshot_sequence = 0;  // the last record that a snapshot has; 0: there is none
  bool snapshots_stopped = false;       // there will be none any more, see the log
};

// Part of the history of events, see Service::ReadEvents.
struct EventPage {
  std::vector<std::shared_ptr<const EventBatch>> batches;
  Position first_kept;        // the oldest record whose events are still held
  bool out_of_range = false;  // `from` lies before first_kept
  bool pending = false;       // within the range, and being made: ask again when woken
};

// Thread-safe.
class Service {
 public:
  virtual ~Service() = default;

  // Hands a command to the writer. `done` (may be empty) is called exactly once: on the writer's
  // thread when the record is durable or the command is refused (a draining engine refuses arrivals
  // and log-ins with kUnavailable), or on the caller's thread at once when the inbox is full
  // (kResourceExhausted with a retry delay) or the engine has stopped (kUnavailable).
  virtual void Submit(Envelope envelope) = 0;

  // Forgets remembered answers that the client has seen, see command.h. Refused when the inbox is
  // full, and then to be asked again: a session with too many of them has its commands refused, and
  // would acknowledge nothing more by itself.
  void AckAnswers(std::string session, std::uint64_t upto,
                  std::function<void(const Answer&)> done = {}) {
    Envelope envelope;
    envelope.command = engine::AckAnswers{std::move(session), upto};
    envelope.done = std::move(done);
    Submit(std::move(envelope));
  }

  // Calls `done` on the writer's thread with the state between two records. A feed added at the
  // same time gets every batch after it and none before. Null: the engine has failed or ended, and
  // there will be none; then perhaps on the caller's thread at once.
  virtual void AddFeed(std::shared_ptr<Feed> feed,
                       std::function<void(std::shared_ptr<const Snapshot>)> done) = 0;
  // The state now, for a feed that has lost batches (or for a client's resync).
  virtual void TakeSnapshot(std::function<void(std::shared_ptr<const Snapshot>)> done) = 0;

  // Batches after `from`, at most `max_batches`. The last limits::kHistoryEvents events are held in
  // memory; what is older may have to be made again from the journal: then the page is empty, and
  // the wakers are called when it is there. {0,0} = from the oldest held in memory.
  [[nodiscard]] virtual EventPage ReadEvents(Position from, std::size_t max_batches) const = 0;
  // Called on the writer's thread after each release, and on another when older events are there
  // that were asked for; returns a token for RemoveWaker.
  virtual std::uint64_t AddReleaseWaker(std::function<void()> waker) = 0;
  virtual void RemoveReleaseWaker(std::uint64_t token) = 0;

  [[nodiscard]] virtual std::shared_ptr<const PolicyInForce> policy() const = 0;
  [[nodiscard]] virtual Figures figures() const = 0;
  [[nodiscard]] virtual const std::string& domain() const = 0;
  [[nodiscard]] virtual std::uint32_t epoch() const = 0;
  [[nodiscard]] virtual TimeMs started_unix_ms() const = 0;
};

}  // namespace routerd::engine
