#include "routerd/journal/inspect.h"

#include <cstddef>
#include <limits>

#include "routerd/journal/log_reader.h"
#include "routerd/journal/segment_reader.h"

namespace routerd::journal {
namespace {

// A writer that appends while its tail is looked at may make it look damaged, but not every time.
constexpr int kTailTries = 5;

void Count(const LogReader& reader, LogStats& stats) {
  const FrameHeader& h = reader.header();
  if (h.count == 0) {
    ++stats.marks;
    return;
  }
  if (stats.frames == 0) {
    stats.first = {h.batch.epoch, h.batch.first_sequence};
    stats.first_time = h.batch.time;
    stats.first_unix_ms = h.batch.time + h.batch.wall_offset_ms;
  }
  ++stats.frames;
  stats.records += h.count;
  stats.last = {h.batch.epoch, h.last_sequence()};
  stats.last_time = h.batch.time;
  stats.last_unix_ms = h.batch.time + h.batch.wall_offset_ms;
  for (const FrameRecord& record : reader.records()) {
    ++stats.records_of[static_cast<std::size_t>(record.view.kind)];
    stats.blanked += record.view.blanked ? 1 : 0;
    stats.decision_bytes += record.view.decision.size();
    stats.identity_bytes += record.view.identity.size();
  }
}

Status CountFiles(Disk& disk, const std::string& directory, LogStats& stats) {
  const auto names = disk.List(directory);
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) {
    std::string path = directory;
    path.append("/").append(name);
    if (name.ends_with(kDamagedSuffix)) stats.set_aside.push_back(path);
    if (!NumberOfName(name, kSegmentSuffix)) continue;
    const auto file = disk.Open(path, OpenMode::kRead);
    if (file.status().code() == Code::kNotFound) continue;  // trimmed meanwhile
    if (!file.ok()) return file.status();
    const auto size = file.value()->Size();
    if (!size.ok()) return size.status();
    ++stats.segments;
    stats.file_bytes += size.value();
  }
  auto listed = SnapshotStore(disk, directory, stats.domain).List();
  if (!listed.ok()) return listed.status();
  stats.snapshots = std::move(listed).value();
  return Status::Ok();
}

// What is wrong with the frames; the figures are of those before it.
Status CountFrames(Disk& disk, const std::string& directory, LogStats& stats) {
  LogReader reader(disk, directory);
  Result<bool> found = reader.Next();
  for (; found.ok() && found.value(); found = reader.Next()) Count(reader, stats);
  return found.ok() ? reader.CheckEnd() : found.status();
}

// Whether what is behind the last frame is a torn tail, or damage.
Status LookAtTail(Disk& disk, const std::string& directory, VerifyReport& report) {
  Status status;
  for (int i = 0; i < kTailTries; ++i) {
    auto log =
        ScanLog(disk, directory, report.stats.domain, std::numeric_limits<std::uint64_t>::max());
    if (log.ok()) report.torn = log.value().torn;
    status = log.status();
    if (status.ok()) break;
  }
  return status;
}

}  // namespace

Result<std::string> DomainOf(Disk& disk, const std::string& directory) {
  const auto names = disk.List(directory);
  if (!names.ok()) return names.status();
  Status wrong(Code::kNotFound, directory + ": there is no journal");
  for (const std::string& name : names.value()) {
    if (!NumberOfName(name, kSegmentSuffix)) continue;
    std::string path = directory;
    path.append("/").append(name);
    auto reader = SegmentReader::Open(disk, path);
    wrong = reader.status();
    if (wrong.ok()) wrong = reader.value().Start();
    if (wrong.ok()) return reader.value().segment().domain;
  }
  return wrong;
}

Result<LogStats> Stats(Disk& disk, const std::string& directory) {
  auto domain = DomainOf(disk, directory);
  if (!domain.ok()) return domain.status();
  LogStats stats;
  stats.domain = std::move(domain).value();
  if (Status s = CountFiles(disk, directory, stats); !s.ok()) return s;
  if (Status s = CountFrames(disk, directory, stats); !s.ok()) return s;
  return stats;
}

Result<VerifyReport> Verify(Disk& disk, const std::string& directory) {
  auto domain = DomainOf(disk, directory);
  if (!domain.ok()) return domain.status();
  VerifyReport report;
  report.stats.domain = std::move(domain).value();
  if (Status s = CountFiles(disk, directory, report.stats); !s.ok()) return s;
  report.problems = report.stats.snapshots.invalid;
  Status frames = CountFrames(disk, directory, report.stats);
  if (frames.ok()) frames = LookAtTail(disk, directory, report);
  if (!frames.ok()) report.problems.push_back(frames.message());
  SnapshotStore store(disk, directory, report.stats.domain);
  for (const SnapshotInfo& snapshot : report.stats.snapshots.snapshots) {
    const auto loaded = store.LoadNewest(snapshot.at.sequence);
    if (!loaded.ok()) return loaded.status();
    const bool sound = loaded.value().reader != nullptr &&
                       loaded.value().reader->info().at.sequence == snapshot.at.sequence;
    if (!sound) report.problems.push_back(snapshot.path + ": damaged");
  }
  return report;
}

}  // namespace routerd::journal
