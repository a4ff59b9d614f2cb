#include "routerd/daemon/retention.h"

#include <limits>
#include <utility>

#include "routerd/engine/world_snapshot.h"

namespace routerd::daemon {
namespace {

constexpr SpanMs kBetweenMs = 3'600'000;  // of those that stay
constexpr std::size_t kNewest = 2;

// Of the segments that are needed to go on from `sequence`.
std::uint64_t BytesSince(const std::vector<journal::SegmentInfo>& segments,
                         std::uint64_t sequence) {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool ends_before = i + 1 < segments.size() && segments[i + 1].first() <= sequence + 1;
    if (!ends_before) bytes += segments[i].file_bytes;
  }
  return bytes;
}

}  // namespace

std::vector<std::uint64_t> ToBeRemoved(const std::vector<KeptSnapshot>& snapshots,
                                       const std::vector<journal::SegmentInfo>& segments,
                                       const RetentionRules& rules, TimeMs now) {
  std::vector<std::uint64_t> removed;
  std::uint64_t bodies = 0;
  std::size_t kept = 0;
  bool full = false;
  TimeMs newer = std::numeric_limits<TimeMs>::max();
  for (std::size_t i = snapshots.size(); i-- > 0;) {
    const KeptSnapshot& snapshot = snapshots[i];
    const std::uint64_t room = bodies + snapshot.bytes + BytesSince(segments, snapshot.sequence);
    full = full || room > rules.keep_bytes || now - snapshot.time > rules.keep_ms;
    const bool close = newer - snapshot.time < kBetweenMs;
    if (kept >= kNewest && (full || close)) {
      removed.push_back(snapshot.sequence);
      continue;
    }
    // The newest two are one apart from another or not: the hours count from the second on.
    if (++kept >= kNewest) newer = snapshot.time;
    bodies += snapshot.bytes;
  }
  return removed;
}

Result<std::vector<KeptSnapshot>> Retention::List(journal::SnapshotStore& store) {
  const auto listed = store.List();
  if (!listed.ok()) return listed.status();
  std::vector<KeptSnapshot> snapshots;
  for (const journal::SnapshotInfo& info : listed.value().snapshots) {
    const std::uint64_t sequence = info.at.sequence;
    auto known = times_.find(sequence);
    if (known == times_.end()) {
      auto beginning = store.ReadBeginning(sequence);
      if (!beginning.ok()) continue;
      const Result<TimeMs> time = engine::SavedAt(beginning.value());
      if (!time.ok()) continue;
      known = times_.emplace(sequence, time.value()).first;
    }
    snapshots.push_back({sequence, known->second, info.body_bytes});
  }
  return snapshots;
}

Result<std::uint64_t> Retention::Apply(journal::SnapshotStore& store, TimeMs now) {
  const auto snapshots = List(store);
  if (!snapshots.ok()) return snapshots.status();
  const auto segments = journal::ListSegments(disk_, directory_, domain_);
  if (!segments.ok()) return segments.status();
  for (const std::uint64_t sequence :
       ToBeRemoved(snapshots.value(), segments.value(), rules_, now)) {
    if (Status s = store.Remove(sequence); !s.ok()) return s;
    times_.erase(sequence);
  }
  return store.MayTrim(std::numeric_limits<std::uint64_t>::max());
}

}  // namespace routerd::daemon
