#include "routerd/api/state_watch.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "routerd/api/operations_reads.h"
#include "routerd/api/prepare.h"
#include "routerd/api/reader_stream.h"
#include "routerd/api/rows.h"
#include "routerd/api/views.h"
#include "routerd/api/words.h"

namespace routerd::api {
namespace {

using Response = v1::WatchStateResponse;

constexpr std::size_t kRowsPerAnswer = 200;

// What the reader wants, checked.
struct Wanted {
  bool queues = true;
  bool agents = true;
  bool domain = true;
  SpanMs interval_ms = limits::kWatchMs;
};

Status CheckWanted(const v1::WatchStateRequest& request, const std::string& domain,
                   Wanted* wanted) {
  Status status = CheckDomain(request.header().domain(), domain);
  if (!status.ok()) return status;
  if (request.queues() || request.agents() || request.domain()) {
    *wanted = {request.queues(), request.agents(), request.domain()};
  }
  if (!request.has_min_interval()) return status;
  const auto& span = request.min_interval();
  const std::int64_t seconds = std::clamp<std::int64_t>(span.seconds(), -1, 3600);
  wanted->interval_ms = seconds * 1000 + span.nanos() / 1'000'000;
  Check check;
  if (wanted->interval_ms < limits::kMinWatchMs || wanted->interval_ms > limits::kMaxWatchMs) {
    check.Wrong("min_interval", "20 ms to 60 s");
  }
  return check.status();
}

// A slow reader costs the ids that changed, each once, and no backlog.
class Watching final : public ReaderStream<Response> {
 public:
  Watching(Runtime& runtime, const ReadModel& reads, grpc::CallbackServerContext* context)
      : ReaderStream(runtime, context), reads_(reads) {}

  void Start(const v1::WatchStateRequest& request) {
    Own();
    Status status = CheckWanted(request, runtime_.service.domain(), &wanted_);
    if (!status.ok()) return End(Failed(std::move(status)));
    if (!Join("watches")) return;
    auto watch = reads_.Watch([weak = weak_from_this(), this] {
      if (const auto self = weak.lock()) Kick(self);
    });
    if (!watch) return EndAsOneTooMany("watches");
    {
      const std::lock_guard lock(mutex_);
      watch_ = std::move(watch);
    }
    Kick(shared_from_this());
  }

 private:
  // What is told next: first the snapshot, list by list, then changes.
  enum class Phase { kQueues, kAgents, kDomain, kChanges };

  void Kick(const std::shared_ptr<Stream>& self) {
    runtime_.executor.Post([self, this] { Pump(); });
  }
  // The watch ends here and not in the destructor, which the waker itself might run.
  void OnGone() override {
    std::unique_ptr<StateWatch> watch;
    {
      const std::lock_guard lock(mutex_);
      watch = std::move(watch_);
    }
    ReaderStream::OnGone();
  }

  std::shared_ptr<const Response> TakeNext(std::function<void()>* wait) override {
    if (!watch_) return nullptr;
    auto response = std::make_shared<Response>();
    if (phase_ != Phase::kChanges) {
      TakeSnapshot(response.get());
      return response;
    }
    if (runtime_.clock.BootMs() < due_ms_) {  // the interval since the last answer is not over
      *wait = [this, due_ms = due_ms_] { runtime_.timers.At(due_ms, WaitOver()); };
      return nullptr;
    }
    return TakeChanges(response.get()) ? response : nullptr;
  }

  void TakeSnapshot(Response* to) {
    to->set_snapshot(true);
    if (phase_ == Phase::kQueues && !wanted_.queues) phase_ = Phase::kAgents;
    if (phase_ == Phase::kAgents && !wanted_.agents) phase_ = Phase::kDomain;
    if (phase_ == Phase::kQueues) {
      const Page<QueueRow> page = reads_.ListQueues(after_, kRowsPerAnswer);
      for (const QueueRow& row : page.items) Fill(row, to->add_queues());
      Turn(page, wanted_.agents ? Phase::kAgents : Phase::kDomain, to);
    } else if (phase_ == Phase::kAgents) {
      const Page<AgentRow> page = reads_.ListAgents({}, after_, kRowsPerAnswer);
      for (const AgentRow& row : page.items) {
        if (row) Fill(*row, to->add_agents());
      }
      Turn(page, Phase::kDomain, to);
    }
    if (phase_ != Phase::kDomain) return;
    TakeDomain(to);
    to->set_snapshot_last(true);
    phase_ = Phase::kChanges;
    due_ms_ = runtime_.clock.BootMs() + wanted_.interval_ms;
  }

  template <typename T>
  void Turn(const Page<T>& page, Phase next, Response* to) {
    after_ = page.next;
    if (page.next.empty()) phase_ = next;
    Head(page.at, page.unix_ms, to);
  }

  void TakeDomain(Response* to) {
    const Shown<DomainRow> domain = reads_.Domain();
    if (wanted_.domain) FillDomain(runtime_, domain.value, to->mutable_domain());
    Head(domain.at, domain.unix_ms, to);
  }

  // False: nothing that the reader wants has changed.
  bool TakeChanges(Response* to) {
    Collect(watch_->Take());
    if (phase_ != Phase::kChanges) {
      TakeSnapshot(to);
      return true;
    }
    if (queues_.empty() && agents_.empty() && !domain_) return false;
    const std::size_t room = TakeQueues(to, kRowsPerAnswer);
    TakeAgents(to, room);
    if (std::exchange(domain_, false)) TakeDomain(to);
    // What did not fit comes at once, what changes from now on after the interval.
    if (queues_.empty() && agents_.empty()) {
      due_ms_ = runtime_.clock.BootMs() + wanted_.interval_ms;
    }
    return true;
  }

  void Collect(StateChanges changes) {
    if (changes.all) {
      queues_.clear();
      agents_.clear();
      domain_ = false;
      after_.clear();
      phase_ = Phase::kQueues;
      return;
    }
    if (wanted_.queues) queues_.merge(changes.queues);
    if (wanted_.agents) agents_.merge(changes.agents);
    domain_ = domain_ || (wanted_.domain && changes.domain);
  }

  std::size_t TakeQueues(Response* to, std::size_t room) {
    for (; !queues_.empty() && room > 0; --room) {
      const std::string id = std::move(queues_.extract(queues_.begin()).value());
      const Shown<std::optional<QueueRow>> shown = reads_.GetQueue(id);
      shown.value ? Fill(*shown.value, to->add_queues()) : to->add_removed_queues(id);
      Head(shown.at, shown.unix_ms, to);
    }
    return room;
  }
  void TakeAgents(Response* to, std::size_t room) {
    for (; !agents_.empty() && room > 0; --room) {
      const std::string id = std::move(agents_.extract(agents_.begin()).value());
      const Shown<AgentRow> shown = reads_.GetAgent(id);
      shown.value ? Fill(*shown.value, to->add_agents()) : to->add_removed_agents(id);
      Head(shown.at, shown.unix_ms, to);
    }
  }

  // The oldest state that the answer shows: what is said to be included, is.
  static void Head(const Position& at, TimeMs unix_ms, Response* to) {
    if (to->has_position()) return;
    SetPosition(at, to->mutable_position());
    FillTime(unix_ms, to->mutable_time());
  }

  const ReadModel& reads_;
  Wanted wanted_;
  Phase phase_ = Phase::kQueues;
  std::string after_;  // of the snapshot's list
  std::set<std::string> queues_;
  std::set<std::string> agents_;
  bool domain_ = false;
  TimeMs due_ms_ = 0;
  std::unique_ptr<StateWatch> watch_;
};

}  // namespace

grpc::ServerWriteReactor<Response>* StartStateWatch(Runtime& runtime, const ReadModel& reads,
                                                    grpc::CallbackServerContext* context,
                                                    const v1::WatchStateRequest& request) {
  const auto watching = std::make_shared<Watching>(runtime, reads, context);
  watching->Start(request);
  return watching.get();
}

}  // namespace routerd::api
