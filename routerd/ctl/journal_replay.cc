#include "routerd/ctl/journal_replay.h"

#include <cstddef>
#include <optional>
#include <utility>

#include "routerd/engine/replayer.h"
#include "routerd/engine/stored_snapshot.h"
#include "routerd/journal/log_reader.h"
#include "routerd/journal/snapshot_store.h"

namespace routerd::ctl {
namespace {

using journal::SnapshotInfo;

class JournalReplayer {
 public:
  JournalReplayer(journal::Disk& disk, const std::string& directory, const std::string& domain,
                  const Clock& clock)
      : store_(disk, directory, domain), reader_(disk, directory), clock_(clock) {}

  Result<JournalReplay> Run() {
    auto listed = store_.List();
    if (!listed.ok()) return listed.status();
    snapshots_ = std::move(listed.value().snapshots);
    Status done = FromTheFirst();
    // What other rules decided is left out, as far as there is a snapshot after it.
    while (done.code() == Code::kFailedPrecondition && NextSnapshot()) {
      report_.left_out.push_back(done.message());
      done = FromSnapshot(snapshots_[next_ - 1]);
    }
    if (!done.ok()) return done;
    return std::move(report_);
  }

 private:
  Status FromTheFirst() {
    Status found = reader_.Seek(0);
    if (!found.ok()) return found;
    Result<bool> more = reader_.Next();
    while (more.ok() && more.value() && reader_.records().empty()) more = reader_.Next();
    if (!more.ok()) return more.status();
    if (!more.value()) return Status::Ok();
    const std::uint64_t first = reader_.header().batch.first_sequence;
    if (first == 1) {
      replayer_.emplace(clock_);
      return Follow(true);
    }
    // Those before the first record that is kept lead nowhere.
    while (next_ < snapshots_.size() && snapshots_[next_].at.sequence + 1 < first) ++next_;
    if (next_ < snapshots_.size()) return FromSnapshot(snapshots_[next_++]);
    return {Code::kFailedPrecondition,
            "records 1 to " + std::to_string(first - 1) +
                " are not kept, and no snapshot has them: nothing can be replayed"};
  }

  // To the first that is not older than what was replayed.
  bool NextSnapshot() {
    const std::uint64_t reached = replayer_ ? replayer_->last().sequence : 0;
    while (next_ < snapshots_.size() && snapshots_[next_].at.sequence <= reached) ++next_;
    return next_++ < snapshots_.size();
  }

  Result<engine::StartSnapshot> Load(const SnapshotInfo& info) {
    auto newest = store_.LoadNewest(info.at.sequence);
    if (!newest.ok()) return newest.status();
    journal::SnapshotReader* reader = newest.value().reader.get();
    if (reader == nullptr || reader->info().at != info.at) {
      return Status(Code::kInternal, info.path + ": damaged");
    }
    auto loaded = engine::LoadSnapshot(*reader, clock_);
    if (loaded.ok()) return loaded;
    return Status(loaded.status().code(), info.path + ": " + loaded.status().message());
  }

  Status FromSnapshot(const SnapshotInfo& info) {
    auto loaded = Load(info);
    if (!loaded.ok()) return loaded.status();
    Status found = reader_.Seek(info.at.sequence + 1);
    if (!found.ok()) return found;
    replayer_.emplace(clock_, std::move(loaded.value().loaded), info.at);
    ++report_.snapshots;
    report_.from = report_.records = 0;
    return Follow(false);
  }

  // `there`: the reader stands on a frame.
  Status Follow(bool there) {
    const std::int64_t begun = clock_.BootNs();
    std::int64_t aside = 0;  // looking at snapshots
    for (;;) {
      const Result<bool> more = there ? Result<bool>(true) : reader_.Next();
      there = false;
      if (!more.ok()) return Moved(more.status());
      if (!more.value()) break;
      if (reader_.records().empty()) continue;  // a mark
      const journal::Batch batch = reader_.ToBatch();
      if (batch.last_sequence() <= replayer_->last().sequence) continue;
      Status done = replayer_->Replay(batch);
      if (!done.ok()) return done;
      if (report_.records == 0) report_.from = batch.header.first_sequence;
      report_.records += batch.size();
      const std::int64_t before = clock_.BootNs();
      done = Compare();
      aside += clock_.BootNs() - before;
      if (!done.ok()) return done;
    }
    report_.digest = replayer_->digest();
    report_.took_ns = clock_.BootNs() - begun - aside;
    return Status::Ok();
  }

  static Status Moved(const Status& status) {
    if (status.code() != Code::kOutOfRange) return status;
    return {Code::kAborted, status.message() + ": it was trimmed meanwhile, run this again"};
  }

  // With the snapshot of the record that was just replayed, if there is one.
  Status Compare() {
    while (next_ < snapshots_.size() &&
           snapshots_[next_].at.sequence < replayer_->last().sequence) {
      ++next_;
    }
    if (next_ == snapshots_.size()) return Status::Ok();
    const SnapshotInfo& info = snapshots_[next_];
    if (info.at.sequence != replayer_->last().sequence) return Status::Ok();
    const auto loaded = Load(info);
    if (!loaded.ok()) return loaded.status();
    const std::uint64_t state = replayer_->world()->core.StateHash();
    const bool same = loaded.value().loaded.digest == replayer_->digest() &&
                      info.state_hash == state &&
                      loaded.value().loaded.world->core.StateHash() == state;
    if (!same) {
      return {Code::kInternal,
              info.path + ": another state than the records up to it make, on replay"};
    }
    ++report_.snapshots;
    return Status::Ok();
  }

  journal::SnapshotStore store_;
  journal::LogReader reader_;
  const Clock& clock_;
  std::vector<SnapshotInfo> snapshots_;
  std::size_t next_ = 0;  // of them: the first that was not come to yet
  std::optional<engine::Replayer> replayer_;
  JournalReplay report_;
};

}  // namespace

Result<JournalReplay> ReplayJournal(journal::Disk& disk, const std::string& directory,
                                    const std::string& domain, const Clock& clock) {
  return JournalReplayer(disk, directory, domain, clock).Run();
}

}  // namespace routerd::ctl
