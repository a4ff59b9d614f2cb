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

namespace {

// Of those from number `first` on: the newest two, and each that is an hour after the one before
// it that stays. Counted from the oldest on, so that what stays now stays when newer ones come.
std::vector<bool> Thin(const std::vector<KeptSnapshot>& snapshots, std::size_t first) {
  std::vector<bool> stays(snapshots.size(), false);
  TimeMs last = std::numeric_limits<TimeMs>::min();
  for (std::size_t i = first; i < snapshots.size(); ++i) {
    const bool newest = i + kNewest >= snapshots.size();
    const bool apart = i == first || snapshots[i].time - last >= kBetweenMs;
    stays[i] = newest || apart;
    if (apart) last = snapshots[i].time;
  }
  return stays;
}

std::uint64_t BytesOf(const std::vector<KeptSnapshot>& snapshots, const std::vector<bool>& stays) {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < snapshots.size(); ++i) bytes += stays[i] ? snapshots[i].bytes : 0;
  return bytes;
}

}  // namespace

std::vector<std::uint64_t> ToBeRemoved(const std::vector<KeptSnapshot>& snapshots,
                                       const std::vector<journal::SegmentInfo>& segments,
                                       const RetentionRules& rules, TimeMs now) {
  std::vector<bool> stays;
  for (std::size_t first = 0; first < snapshots.size(); ++first) {
    stays = Thin(snapshots, first);
    const bool must = first + kNewest >= snapshots.size();
    const bool young = now - snapshots[first].time <= rules.keep_ms;
    const std::uint64_t bytes =
        BytesOf(snapshots, stays) + BytesSince(segments, snapshots[first].sequence);
    if (must || (young && bytes <= rules.keep_bytes)) break;
  }
  std::vector<std::uint64_t> removed;
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    if (!stays[i]) removed.push_back(snapshots[i].sequence);
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
