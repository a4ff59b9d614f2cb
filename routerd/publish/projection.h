// The read side of the router: follows a feed of the engine and answers reads, watches, Redis and
// Prometheus from its own copy of the state, so that none of them ever touches the writer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/base/status.h"
#include "routerd/engine/event.h"
#include "routerd/engine/feed.h"
#include "routerd/engine/service.h"
#include "routerd/publish/board.h"
#include "routerd/publish/figures.h"
#include "routerd/publish/watcher.h"

namespace routerd::publish {

// Limits of the read side.
inline constexpr std::size_t kMaxWatchers = 256;       // Watch gives null beyond
inline constexpr std::size_t kMaxPageSize = 1'000;     // a page is never longer
inline constexpr std::size_t kMaxPageScan = 20'000;    // looked at for one page; then it ends early
inline constexpr std::size_t kMaxStepEvents = 20'000;  // applied before the loop turns to others

// Every answer says which state it shows.
template <typename T>
struct Shown {
  Position at;
  TimeMs unix_ms = 0;
  T value;
};

template <typename T>
struct Page {
  Position at;
  TimeMs unix_ms = 0;
  std::vector<T> items;
  std::string next;  // give it back as `after`; empty: this was the last page
};

struct AgentFilter {
  std::string group;                           // empty: any
  std::vector<core::ShownState> shown_states;  // empty: any
};

struct ContactFilter {
  std::string queue;  // empty: any; likewise the others
  std::string channel;
  std::string agent;
  std::vector<core::ContactState> states;
};

// What operators have set over the policy.
struct OverrideRow {
  std::string queue;  // whose mode; empty: an agent's skills
  std::string agent;
  std::shared_ptr<const engine::OverrideView> is;
};

struct ProjectionFigures {
  std::uint64_t batches = 0;
  std::uint64_t resyncs = 0;    // started again from a snapshot: counters missed what was dropped
  std::uint64_t catch_ups = 0;  // read what the feed had dropped from history: nothing was missed
};

// Threads: Start, Stop and all updates run on one thread, the loop's; `post` brings a function
// there. Reads, Watch and figures may be called from any thread: they hold one mutex while they
// copy at most a page, and an update holds it while it applies one batch. A copy of the whole state
// for each batch would cost more than these short waits, and a hop over the loop would make every
// read wait for it.
class Projection : public std::enable_shared_from_this<Projection> {
 public:
  using Post = std::function<void(std::function<void()>)>;
  using BatchObserver =
      std::function<void(const engine::EventBatch&, const std::vector<SpanMs>& first_offer_waits)>;

  // `service` must outlive the projection and every function that it has posted.
  static std::shared_ptr<Projection> Create(engine::Service& service, Post post);

  // Called for every batch applied, on the loop's thread. Before Start.
  void SetObserver(BatchObserver observer) { observer_ = std::move(observer); }
  // Takes the first snapshot and follows from there; `ready` is called on the loop's thread.
  void Start(std::function<void()> ready);
  void Stop();
  // Loop's thread: nothing that the engine has released is still to be applied, or ever will be.
  [[nodiscard]] bool caught_up() const {
    return stopped_ || (backlog_.empty() && !catching_up_ && feed_->depth() == 0);
  }

  [[nodiscard]] Position position() const;
  [[nodiscard]] bool ready() const;
  [[nodiscard]] ProjectionFigures figures() const;

  [[nodiscard]] Shown<DomainFigures> Domain() const;
  [[nodiscard]] Shown<std::optional<QueueFigures>> GetQueue(std::string_view id) const;
  [[nodiscard]] Shown<std::shared_ptr<const engine::AgentView>> GetAgent(std::string_view id) const;
  [[nodiscard]] Shown<std::optional<engine::ContactView>> GetContact(std::string_view id) const;
  // By id, after the one given. `limit` is held to kMaxPageSize.
  [[nodiscard]] Page<QueueFigures> ListQueues(std::string_view after, std::size_t limit) const;
  // A page may be shorter than asked for, even empty, and still have a next one: a filter that
  // nobody meets must not hold up the others.
  [[nodiscard]] Page<std::shared_ptr<const engine::AgentView>> ListAgents(const AgentFilter& filter,
                                                                          std::string_view after,
                                                                          std::size_t limit) const;
  // In order of arrival. kInvalidArgument: `after` is not a `next`.
  [[nodiscard]] Result<Page<engine::ContactView>> ListContacts(const ContactFilter& filter,
                                                               std::string_view after,
                                                               std::size_t limit) const;
  // Queues first, then agents, each by id; after the one given, as `next` names it.
  // kInvalidArgument: `after` is not a `next`.
  [[nodiscard]] Result<Page<OverrideRow>> ListOverrides(std::string_view after,
                                                        std::size_t limit) const;
  // Everything that Prometheus shows of queues; 8,192 of them at most.
  [[nodiscard]] std::vector<QueueSeries> AllQueues() const;

  // Null when there are kMaxWatchers. Dropped by letting go of the pointer.
  [[nodiscard]] std::shared_ptr<Watcher> Watch(std::function<void()> waker);

 private:
  Projection(engine::Service& service, Post post);

  void Wake();
  void Step();
  void CatchUp();
  void Resync();
  void ApplyBatch(const engine::EventBatch& batch);
  void OnSnapshot(const std::shared_ptr<const engine::Snapshot>& snapshot);
  void Reset(const engine::Snapshot& snapshot);
  void Notify(Changes changes);
  [[nodiscard]] std::function<void()> Bound(void (Projection::*step)());
  [[nodiscard]] std::function<void(std::shared_ptr<const engine::Snapshot>)> SnapshotTaker();

  engine::Service& service_;
  const Post post_;
  const std::shared_ptr<engine::Feed> feed_;
  BatchObserver observer_;

  // The loop's thread only.
  std::function<void()> on_ready_;
  std::deque<std::shared_ptr<const engine::EventBatch>> backlog_;
  bool step_posted_ = false;
  bool catching_up_ = false;  // from history, or waiting for a snapshot
  bool stopped_ = false;

  mutable std::mutex mutex_;  // guards what follows
  Board board_;
  ProjectionFigures figures_;
  bool ready_ = false;

  std::mutex watchers_mutex_;
  std::vector<std::weak_ptr<Watcher>> watchers_;
};

}  // namespace routerd::publish
