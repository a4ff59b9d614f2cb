// The synchronous heart: batches of commands in, durable records and released effects out. One
// thread calls it (the writer's); only what is marked so may be called from others. EngineLoop
// gives it a thread and an inbox, DirectService runs it on the caller's thread for simulation and
// tests.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/base/limits.h"
#include "routerd/base/status.h"
#include "routerd/engine/command.h"
#include "routerd/engine/command_handler.h"
#include "routerd/engine/feed.h"
#include "routerd/engine/history.h"
#include "routerd/engine/recorder.h"
#include "routerd/engine/recovery.h"
#include "routerd/engine/service.h"
#include "routerd/engine/world.h"
#include "routerd/journal/journal.h"

namespace routerd::engine {

struct EngineOptions {
  std::string domain = "default";
  // The policy that an empty state starts with, and what the configured file says. A state that was
  // there before keeps its own, see PolicyInForce::file_hash.
  std::shared_ptr<const model::Model> model = {};
  std::shared_ptr<const model::Calendar> calendar = {};  // of its hours; null: it has none
  std::string policy_source = {};
  std::string policy_comment = {};
  std::string policy_actor = {};
  std::size_t history_events = limits::kHistoryEvents;
  // What a journal that has begun is gone on from; absent: from its first record.
  std::optional<StartSnapshot> snapshot = {};
  // Of so many last records a start makes the events anew.
  std::size_t told_records = limits::kToldRecords;

  // ---- Told on the writer's thread; may be empty ----
  // The wall clock moved by so much against batch time.
  std::function<void(SpanMs moved_ms)> on_clock_moved = {};
  // The journal cannot be trusted or belongs to another now: nothing more is taken; the owner ends
  // the process and recovers.
  std::function<void(const Status&)> on_fatal = {};
  // The journal has no space left (true), or has again.
  std::function<void(bool full)> on_no_space = {};
  // It lives from its reserve: arrivals and log-ins are refused (true), or are taken again.
  std::function<void(bool low)> on_low_on_space = {};
};

class Engine {
 public:
  // Opens the journal for a new epoch. If it has begun, the state is as it was at its end, the
  // connections aside, which are gone; if not, it is empty under the policy. The first record says
  // which. `clock` and `journal` must outlive the engine. Errors: the journal's; Recover's.
  static Result<std::unique_ptr<Engine>> Start(EngineOptions options, const Clock& clock,
                                               journal::Journal& journal);

  // One batch, stamped with the present: timers that are due, then the commands in order; then it
  // is made durable, and only then anybody hears of it. At most limits::kMaxBatch commands. Every
  // `done` has been called when it returns. Not OK: fatal, and everything is refused from now on.
  Status RunBatch(std::span<Envelope> envelopes);
  // More timers were due than one record fires. Until the last of them has fired, each batch takes
  // some, then its own commands, and all of that at the same time: thousands of wrap-ups that end
  // together hold nobody up.
  [[nodiscard]] bool behind() const { return behind_; }

  // RunBatch wants to be called again after so long even without commands; absent: no need.
  [[nodiscard]] std::optional<SpanMs> UntilWakeup() const;

  // There is nothing else to do: what later appends need is made ready.
  void Idle();
  // The end: all is durable, and the journal says that it ended in order. Nothing is taken
  // afterwards.
  Status Close();
  // Whether it has ended so, with everything that it decided in the journal: its state may be kept.
  [[nodiscard]] bool ended_in_order() const { return ended_in_order_; }
  [[nodiscard]] Position last() const { return recorder_.last(); }

  // As in Service; between two batches. While a batch waits for space `done` waits with it; after a
  // fatal failure it gets null.
  void AddFeed(std::shared_ptr<Feed> feed,
               std::function<void(std::shared_ptr<const Snapshot>)> done);
  void TakeSnapshot(std::function<void(std::shared_ptr<const Snapshot>)> done);

  // Between two batches, for what concerns no record: Sync, Trim.
  [[nodiscard]] journal::Journal& journal() { return journal_; }

  // Nothing comes any more: whoever still waits for a snapshot gets null.
  void EndSnapshots();

  // From now on arrivals and log-ins are refused. Open offers go on.
  void BeginDrain();
  // Offers that were open when the drain began and still are.
  [[nodiscard]] std::size_t open_offers_to_drain() const { return world_.offers.open_at_mark(); }

  // For tests and simulation; between two batches.
  [[nodiscard]] const core::Core& core() const { return world_.core; }
  // The contact's place in its queue, 1 = next; absent: it does not wait.
  [[nodiscard]] std::optional<std::uint32_t> PositionOf(const std::string& contact);
  [[nodiscard]] TimeMs now() const { return world_.clock.now(); }
  // Of all decisions so far, see effect_digest.h.
  [[nodiscard]] std::uint64_t digest() const { return recorder_.digest(); }

  // The whole state, as SaveWorld writes it; between two batches, and not while one waits for
  // space.
  void Save(std::string& out) const { SaveWorld(world_, recorder_.digest(), out); }

  // ---- Any thread ----
  [[nodiscard]] std::shared_ptr<const PolicyInForce> policy() const;
  // Without the inbox, which the engine does not know.
  [[nodiscard]] Figures figures() const;
  [[nodiscard]] const History& history() const { return history_; }
  std::uint64_t AddReleaseWaker(std::function<void()> waker);
  void RemoveReleaseWaker(std::uint64_t token);  // it is not called any more afterwards
  void TellWakers();
  [[nodiscard]] const std::string& domain() const { return options_.domain; }
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  [[nodiscard]] TimeMs started_unix_ms() const { return started_unix_ms_; }
  // Whether the state was there before this start, and how many records were replayed for it.
  [[nodiscard]] bool recovered() const { return recovered_; }
  [[nodiscard]] std::uint64_t replayed() const { return replayed_; }

 private:
  // What is held of a command until its batch is durable.
  struct Held {
    std::function<void(const Answer&)> done;
    std::shared_ptr<const Answer> answer;
    std::size_t events_end;
  };
  using SnapshotDone = std::function<void(std::shared_ptr<const Snapshot>)>;

  Engine(EngineOptions options, const Clock& clock, journal::Journal& journal, std::uint32_t epoch,
         Recovered recovered);

  Status RecordStart();
  Status RecordRestart();
  void BeginBatch();
  void Run(Envelope& envelope);
  void Hold(Envelope& envelope, std::shared_ptr<const Answer> answer);
  [[nodiscard]] bool Repeated(Envelope& envelope);
  void RefuseWaiting(std::span<Envelope> envelopes);
  void RefuseAll(std::span<Envelope> envelopes, const Status& status);
  // Appends what was recorded and releases it.
  Status Complete();
  [[nodiscard]] journal::Appended Append();
  void Release();
  void HoldBack();
  // Tries the append that found no space again; false: still none.
  bool GoOn();
  Status Fatal(const char* what, const char* reason);
  Status SyncIfDue();
  void WatchSpace();
  void ServeSnapshots();
  void PublishFigures();

  const EngineOptions options_;
  journal::Journal& journal_;
  const std::uint32_t epoch_;
  const bool recovered_;
  const std::uint64_t replayed_;
  const Realm realm_;
  World& world_;
  Recorder recorder_;
  CommandHandler handler_;
  History history_;
  TimeMs started_unix_ms_ = 0;

  std::vector<Held> held_;
  std::vector<std::shared_ptr<Feed>> feeds_;
  std::vector<std::pair<std::shared_ptr<Feed>, SnapshotDone>> snapshots_wanted_;
  // Connections that were lost while there was no space, or whose session was not told (no outbox).
  std::vector<DropSession> drops_;
  bool no_space_ = false;        // a batch waits for space in the journal
  TimeMs space_checked_ms_ = 0;  // boot time
  Status fatal_;
  bool behind_ = false;
  bool ended_in_order_ = false;

  mutable std::mutex mutex_;  // guards the two below
  std::shared_ptr<const PolicyInForce> policy_;
  Figures figures_;
  std::mutex wakers_mutex_;
  std::uint64_t next_waker_ = 1;
  std::vector<std::pair<std::uint64_t, std::function<void()>>> wakers_;
};

}  // namespace routerd::engine
