// What RedisPublisher writes, and when.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "routerd/publish/redis_publisher.h"

namespace routerd::publish {
namespace {

// On their way at a time. Events leave half of it to the state, which is what people look at.
constexpr std::size_t kWindowCommands = 4'096;
constexpr std::size_t kWindowBytes = 1024 * 1024;
constexpr std::size_t kEventWindowCommands = kWindowCommands / 2;
constexpr std::size_t kHistoryBatches = 16;      // read at a time
constexpr std::size_t kMessageBytes = 8 * 1024;  // of one message of ids

}  // namespace

bool RedisPublisher::Room(std::size_t commands) const {
  return connection_->unanswered() < commands && connection_->unanswered_bytes() < kWindowBytes;
}

// From the projection, which has just applied a batch.
void RedisPublisher::OnChanges() {
  if (!dirty_since_ms_) {
    dirty_since_ms_ = clock_.BootMs();
    ShareStatus();
  }
  ArmFlush();
}

void RedisPublisher::ArmFlush() {
  if (!serving_ || flush_armed_) return;
  flush_armed_ = true;
  const SpanMs left = last_flush_ms_ + options_.flush_every_ms - clock_.BootMs();
  flush_.expires_after(
      std::chrono::milliseconds(std::clamp<SpanMs>(left, 0, options_.flush_every_ms)));
  flush_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
    const auto self = weak.lock();
    if (error || !self) return;
    self->flush_armed_ = false;
    self->Flush();
  });
}

void RedisPublisher::Flush() {
  if (!serving_) return;
  last_flush_ms_ = clock_.BootMs();
  TakeChanges();
  WriteState();
  WriteEvents();
  if (dirty_totals_ && Room(kWindowCommands)) WriteTotals();
  ShareStatus();
}

void RedisPublisher::TakeChanges() {
  if (!watcher_) return;
  Watcher::Taken taken = watcher_->Take();
  if (taken.all) MarkAllDirty();
  dirty_queues_.merge(taken.queues);
  dirty_agents_.merge(taken.agents);
  dirty_totals_ = dirty_totals_ || taken.domain;
}

// Ids that Redis knows and we do not are among them: their keys will be deleted.
void RedisPublisher::MarkAllDirty() {
  dirty_queues_ = known_queues_;
  dirty_agents_ = known_agents_;
  for (std::string after;;) {
    const auto page = projection_.ListQueues(after, kMaxPageSize);
    for (const QueueFigures& queue : page.items) dirty_queues_.insert(queue.id);
    if (page.next.empty()) break;
    after = page.next;
  }
  for (std::string after;;) {
    const auto page = projection_.ListAgents({}, after, kMaxPageSize);
    for (const auto& agent : page.items) dirty_agents_.insert(agent->id);
    if (page.next.empty()) break;
    after = page.next;
  }
  dirty_totals_ = true;
}

void RedisPublisher::WriteState() {
  std::string changed;
  const auto publish = [&] {
    if (!changed.empty()) {
      Send(Expect::kWrite, RedisCommand("PUBLISH").Add(keys_.changes).Add(changed));
    }
    changed.clear();
  };
  const auto add = [&](std::string_view kind, const std::string& id) {
    if (!changed.empty()) changed += ' ';
    changed += kind;
    changed += EncodedId(id);
    if (changed.size() > kMessageBytes) publish();
  };
  while (!dirty_queues_.empty() && Room(kWindowCommands)) {
    const auto id = dirty_queues_.extract(dirty_queues_.begin());
    WriteQueue(id.value());
    add("queue:", id.value());
  }
  while (!dirty_agents_.empty() && Room(kWindowCommands)) {
    const auto id = dirty_agents_.extract(dirty_agents_.begin());
    WriteAgent(id.value());
    add("agent:", id.value());
  }
  // After what it tells of: who reads a key on this message reads the new state.
  publish();
}

void RedisPublisher::WriteQueue(const std::string& id) {
  const auto shown = projection_.GetQueue(id);
  if (!shown.value) {
    Forget(keys_.Queue(id), keys_.queues, id);
    known_queues_.erase(id);
    return;
  }
  if (known_queues_.insert(id).second) {
    Send(Expect::kWrite, RedisCommand("SADD").Add(keys_.queues).Add(id));
  }
  WriteHash(QueueHash(keys_, {shown.at, shown.unix_ms, *shown.value}));
}

void RedisPublisher::WriteAgent(const std::string& id) {
  const auto shown = projection_.GetAgent(id);
  if (!shown.value) {
    Forget(keys_.Agent(id), keys_.agents, id);
    known_agents_.erase(id);
    return;
  }
  if (known_agents_.insert(id).second) {
    Send(Expect::kWrite, RedisCommand("SADD").Add(keys_.agents).Add(id));
  }
  WriteHash(AgentHash(keys_, shown.at, *shown.value));
}

void RedisPublisher::Forget(const std::string& key, const std::string& index,
                            const std::string& id) {
  Send(Expect::kWrite, RedisCommand("DEL").Add(key));
  Send(Expect::kWrite, RedisCommand("SREM").Add(index).Add(id));
}

void RedisPublisher::WriteHash(const HashWrite& write) {
  Send(Expect::kWrite, write.set);
  if (write.unset.arguments() > 2) Send(Expect::kWrite, write.unset);
}

// Domain and meta: the last commands of a flush, whose answer says that the flush is through.
void RedisPublisher::WriteTotals() {
  dirty_totals_ = false;
  const auto domain = projection_.Domain();
  WriteHash(DomainHash(keys_, domain));
  Send(Expect::kWrite, RedisCommand("PUBLISH").Add(keys_.changes).Add("domain"));
  RedisCommand first("XRANGE");
  first.Add(keys_.events).Add("-").Add("+").Add("COUNT").Add(1);
  Send(Expect::kFirstEntry, first);
  RedisCommand meta("HSET");
  meta.Add(keys_.meta)
      .Field("last_sequence", domain.at.sequence)
      .Field("last_unix_ms", domain.unix_ms)
      .Text("first_kept", first_kept_);
  if (dirty_queues_.empty() && dirty_agents_.empty()) {
    flushes_.push_back(std::exchange(dirty_since_ms_, std::nullopt));
  } else {
    flushes_.push_back(dirty_since_ms_);
  }
  Send(Expect::kFlushed, meta);
}

void RedisPublisher::WriteEvents() {
  more_events_ = false;
  if (service_.epoch() > kMaxStreamEpoch) return;
  while (Room(kEventWindowCommands)) {
    const engine::EventPage page = service_.ReadEvents(cursor_, kHistoryBatches);
    if (page.out_of_range) {
      // Nothing has happened yet that the stream could go on with.
      if (service_.ReadEvents({}, 1).batches.empty()) return;
      WriteGap(page.first_kept);
      cursor_ = {};
      continue;
    }
    if (page.pending) break;
    if (page.batches.empty()) return;
    for (const auto& batch : page.batches) {
      if (!Room(kEventWindowCommands)) break;
      WriteBatch(*batch);
      cursor_ = batch->last;
    }
  }
  more_events_ = true;
}

// History no longer holds what the stream lacks: one entry says so, in the place of the missing.
void RedisPublisher::WriteGap(Position first_kept) {
  Position told = cursor_;
  if (top_) told = std::max(told, top_->position());
  const bool missing = told != Position{} &&
                       (told.epoch != first_kept.epoch || told.sequence + 1 < first_kept.sequence);
  if (!missing) return;
  ++stats_.gaps;
  StreamId id = StreamIdOf(first_kept, 0);
  --id.record;
  Send(Expect::kEvent, GapEntry(keys_, id, told, first_kept));
}

void RedisPublisher::WriteBatch(const engine::EventBatch& batch) {
  for (const engine::Event& event : batch.events) {
    if (Name(event.kind).empty()) continue;
    if (top_ && StreamIdOf(event.at, event.index) <= *top_) continue;
    Send(Expect::kEvent, EventEntry(keys_, event));
  }
}

void RedisPublisher::OnFlushed() {
  if (!flushes_.empty()) flushes_.pop_front();
  if (stats_.state == RedisState::kSyncing && dirty_queues_.empty() && dirty_agents_.empty()) {
    up_since_ms_ = clock_.BootMs();
    Say(RedisState::kUp, "");
  }
  ShareStatus();
}

void RedisPublisher::OnFirstEntry(const redisReply& reply) {
  if (reply.elements != 1 || reply.element[0]->elements < 1) return;
  const redisReply& id = *reply.element[0]->element[0];
  if (id.str == nullptr || first_kept_ == std::string_view(id.str, id.len)) return;
  first_kept_.assign(id.str, id.len);
  dirty_totals_ = true;
  ArmFlush();
}

// After an answer: writes on when the last flush had more than there was room for.
void RedisPublisher::GoOn() {
  if (!serving_) return;
  const bool more = !dirty_queues_.empty() || !dirty_agents_.empty() || more_events_ ||
                    (dirty_totals_ && !flush_armed_);
  if (more && Room(kWindowCommands / 4)) {
    dirty_totals_ = true;
    Flush();
  } else if (!more && stopping_ && expected_.empty()) {
    CheckStopped();
  }
}

void RedisPublisher::CheckStopped() {
  if (stop_said_) {
    Finish();
    return;
  }
  TakeChanges();
  if (!projection_.caught_up() || !dirty_queues_.empty() || !dirty_agents_.empty() ||
      dirty_totals_) {
    Flush();
    return;
  }
  stop_said_ = true;
  Send(Expect::kFlushed,
       RedisCommand("HSET").Add(keys_.meta).Field("stopped_unix_ms", clock_.WallMs()));
}

}  // namespace routerd::publish
