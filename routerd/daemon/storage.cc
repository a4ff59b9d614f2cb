#include "routerd/daemon/storage.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <future>
#include <string_view>
#include <utility>

#include "routerd/engine/stored_snapshot.h"
#include "routerd/journal/file_journal.h"
#include "routerd/journal/memory_journal.h"
#include "routerd/journal/segment.h"
#include "routerd/journal/truncate.h"

namespace routerd::daemon {
namespace {

journal::Durability ToJournal(Durability durability) {
  switch (durability) {
    case Durability::kInterval:
      return journal::Durability::kInterval;
    case Durability::kOff:
      return journal::Durability::kOff;
    default:
      return journal::Durability::kSync;
  }
}

}  // namespace

Storage::Storage(const Config& config, const Clock& clock)
    : config_(config),
      clock_(clock),
      directory_(config.state_dir + "/journal"),
      epochs_(config.state_dir + "/epoch"),
      snapshots_(disk_, directory_, config.domain),
      retention_(disk_, directory_, config.domain,
                 {config.journal.keep_ms, config.journal.keep_bytes}) {}

bool Storage::HasHistory() {
  if (config_.journal.durability == Durability::kMemory) return false;
  const auto names = disk_.List(directory_);
  return names.ok() &&
         std::any_of(names.value().begin(), names.value().end(), [](const std::string& name) {
           return name.ends_with(journal::kSegmentSuffix);
         });
}

Status Storage::TruncateAt(std::uint64_t sequence) {
  auto cut = journal::TruncateAt(disk_, directory_, config_.domain, sequence);
  if (!cut.ok()) return cut.status();
  spdlog::warn("journal: every record from {} on was given up, as --truncate-at says", sequence);
  for (const std::string& file : cut.value().kept) {
    spdlog::warn("journal: what was cut is kept in {}", file);
  }
  spdlog::warn("journal: start again without --truncate-at");
  return Status::Ok();
}

Result<std::optional<engine::StartSnapshot>> Storage::Prepare() {
  if (config_.journal.durability == Durability::kMemory) {
    journal_ = std::make_unique<journal::MemoryJournal>(epochs_);
    return std::optional<engine::StartSnapshot>();
  }
  Status made = disk_.MakeDirectory(directory_);
  if (made.ok()) made = snapshots_.RemoveLeftovers();
  if (!made.ok()) return made;
  auto snapshot = LoadSnapshot();
  if (!snapshot.ok()) return snapshot;
  journal::FileJournalOptions options;
  options.directory = directory_;
  options.domain = config_.domain;
  options.durability = ToJournal(config_.journal.durability);
  options.interval_ms = config_.journal.interval_ms;
  if (snapshot.value()) options.read_from = snapshot.value()->at.sequence + 1;
  auto files = std::make_unique<journal::FileJournal>(options, disk_, epochs_, clock_);
  recovered_ = &files->recovered();
  journal_ = std::move(files);
  return snapshot;
}

// One that is damaged, or of a form that is not known here, is passed over: an older one, or the
// journal from its beginning, gives the same state.
Result<std::optional<engine::StartSnapshot>> Storage::LoadSnapshot(std::uint64_t upto) {
  for (;;) {
    auto newest = snapshots_.LoadNewest(upto);
    if (!newest.ok()) return newest.status();
    if (upto == ~std::uint64_t{0}) {
      for (const std::string& skipped : newest.value().skipped) {
        spdlog::warn("journal: snapshot passed over: {}", skipped);
      }
    }
    if (newest.value().reader == nullptr) return std::optional<engine::StartSnapshot>();
    journal::SnapshotReader& reader = *newest.value().reader;
    auto loaded = engine::LoadSnapshot(reader, clock_);
    if (loaded.ok()) return std::optional<engine::StartSnapshot>(std::move(loaded).value());
    spdlog::error("journal: {}: {}; an older one is tried", reader.info().path,
                  loaded.status().message());
    upto = reader.info().at.sequence - 1;
  }
}

void Storage::LogRecovery(const engine::Engine& engine) {
  if (recovered_ != nullptr) Retain(engine.now());
  if (recovered_ == nullptr) {
    spdlog::warn("journal: kept in memory: this start is empty, and so will be the next one");
    return;
  }
  if (recovered_->torn) {
    spdlog::warn(
        "journal: {} bytes at the end of {} from byte {} on were cut: a write that never ended, of "
        "records that nobody was told of",
        recovered_->torn->bytes, recovered_->torn->path, recovered_->torn->offset);
  }
  if (!engine.recovered()) {
    spdlog::info("journal: begun in {}", directory_);
    return;
  }
  spdlog::info("journal: {} contacts as they were, {} records replayed, at record {}",
               engine.core().contact_count(), engine.replayed(), engine.figures().head.sequence);
}

void Storage::Follow(engine::EngineLoop& engine) {
  if (recovered_ == nullptr || !config_.journal.follow) return;
  engine_ = &engine;
  engine::FollowerOptions options;
  options.load = [this] {
    auto snapshot = LoadSnapshot();
    if (snapshot.ok() && snapshot.value()) engine_->NoteSnapshot(snapshot.value()->at.sequence);
    return snapshot;
  };
  options.next = BatchSource(disk_, directory_, engine);
  options.save = [this](const engine::World& world, std::uint64_t digest, Position at) {
    Status saved = Save(world, digest, at);
    if (!saved.ok()) spdlog::error("journal: no snapshot: {}", saved.message());
    return saved;
  };
  options.on_end = [&engine](const Status& why) {
    engine.NoteSnapshotsStopped();
    spdlog::critical("journal: nothing makes snapshots any more: {}", why.message());
  };
  follower_ = std::make_unique<engine::Follower>(clock_, std::move(options));
  waker_ = engine.AddReleaseWaker([this] { follower_->Wake(); });
  follower_->Start();
}

void Storage::StopFollowing() {
  if (follower_ == nullptr) return;
  engine_->RemoveReleaseWaker(waker_);
  follower_->Stop();
}

std::shared_ptr<engine::Past> Storage::MakePast(engine::EngineLoop& engine) {
  if (recovered_ == nullptr) return nullptr;
  engine::PastOptions options;
  options.load = [this](std::uint64_t upto) { return LoadSnapshot(upto); };
  options.next = BatchSource(disk_, directory_, engine);
  options.first_kept = [this] { return first_kept_.load(); };
  options.on_ready = [&engine] { engine.WakeReaders(); };
  options.on_failure = [](const Status& why) {
    spdlog::error("journal: events of the past cannot be read: {}", why.message());
  };
  return std::make_shared<engine::Past>(clock_, std::move(options));
}

// From which record on the past can be told: after the oldest snapshot, or from the beginning.
void Storage::LookForOldest() {
  const auto listed = snapshots_.List();
  std::uint64_t oldest = journal_->first_kept();
  if (oldest > 1 && listed.ok() && !listed.value().snapshots.empty()) {
    oldest = std::max(oldest, listed.value().snapshots.front().at.sequence + 1);
  }
  first_kept_ = oldest;
}

// What it does has ended when this returns.
Status Storage::OnWriter(const std::function<Status(journal::Journal&)>& task) {
  const auto done = std::make_shared<std::promise<Status>>();
  const bool taken = engine_->WithJournal(
      [&task, done](journal::Journal& journal) { done->set_value(task(journal)); });
  if (!taken) return {Code::kUnavailable, "the engine has ended"};
  return done->get_future().get();
}

Status Storage::Save(const engine::World& world, std::uint64_t digest, Position at) {
  const TimeMs begun_ms = clock_.BootMs();
  if (config_.journal.durability != Durability::kSync) {
    // A snapshot must not know more than the journal does after a power cut.
    Status synced = OnWriter([](journal::Journal& journal) { return journal.Sync(); });
    if (!synced.ok()) return synced;
  }
  std::string body;
  engine::SaveWorld(world, digest, body);
  Status written = Write(at, body, world.core.StateHash());
  // Also where it found no room: older ones may have to go.
  const auto trim = retention_.Apply(snapshots_, world.clock.now());
  if (trim.ok()) {
    Status trimmed =
        OnWriter([&trim](journal::Journal& journal) { return journal.Trim(trim.value()); });
    if (written.ok()) written = trimmed;
  }
  LookForOldest();
  if (!written.ok()) return written;
  engine_->NoteSnapshot(at.sequence);
  spdlog::info("journal: snapshot of record {}: {} bytes, {} ms", at.sequence, body.size(),
               clock_.BootMs() - begun_ms);
  return trim.status();
}

// What need not stay goes; before the engine runs.
void Storage::Retain(TimeMs now) {
  const auto trim = retention_.Apply(snapshots_, now);
  Status done = trim.status();
  if (done.ok()) done = journal_->Trim(trim.value());
  if (!done.ok()) spdlog::error("journal: what need not stay cannot go: {}", done.message());
  LookForOldest();
}

Status Storage::Write(Position at, std::string_view body, std::uint64_t state_hash) {
  auto writer = snapshots_.Begin(at);
  if (!writer.ok()) return writer.status();
  Status written = writer.value()->Write(body);
  return written.ok() ? writer.value()->Commit(state_hash) : written;
}

void Storage::SaveSnapshot(const engine::Engine& engine) {
  if (recovered_ == nullptr) return;
  if (!engine.ended_in_order()) {
    spdlog::error("journal: no snapshot at the end: the journal was not closed in order");
    return;
  }
  const Position at = engine.last();
  const TimeMs begun_ms = clock_.BootMs();
  std::string body;
  engine.Save(body);
  const Status saved = Write(at, body, engine.core().StateHash());
  if (!saved.ok()) {
    spdlog::error("journal: no snapshot at the end, the next start replays more: {}",
                  saved.message());
    return;
  }
  spdlog::info("journal: snapshot of record {} saved, {} bytes, {} ms", at.sequence, body.size(),
               clock_.BootMs() - begun_ms);
}

}  // namespace routerd::daemon
