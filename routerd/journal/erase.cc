#include "routerd/journal/erase.h"

#include <utility>

#include "routerd/journal/recovery.h"
#include "routerd/journal/segment_reader.h"

namespace routerd::journal {
namespace {

struct ErasedPart {
  std::uint64_t entry;  // offsets in the segment
  std::uint64_t identity;
  std::uint64_t bytes;
};

// The states, then the rest.
Status EraseParts(DiskFile& file, const std::vector<ErasedPart>& parts) {
  for (const ErasedPart& part : parts) {
    const std::string_view state(&kIdentityBlanked, 1);
    if (Status s = file.Write(part.entry + kIdentityStateAt, state); !s.ok()) return s;
  }
  if (Status s = file.Sync(); !s.ok()) return s;
  for (const ErasedPart& part : parts) {
    const std::uint64_t crc = part.entry + kIdentityCrcAt;
    if (Status s = WriteZeros(file, crc, crc + 4); !s.ok()) return s;
    if (Status s = WriteZeros(file, part.identity, part.identity + part.bytes); !s.ok()) return s;
  }
  return file.Sync();
}

// Nothing belongs behind the last frame of a segment that is full.
Status ClearSlack(Disk& disk, const std::string& path, std::uint64_t begin) {
  auto reader = SegmentReader::Open(disk, path);
  if (!reader.ok()) return reader.status();
  if (Status s = reader.value().Start(); !s.ok()) return s;
  const auto end = reader.value().EndOfBytes(begin);
  if (!end.ok()) return end.status();
  if (end.value() == begin) return Status::Ok();
  auto file = disk.Open(path, OpenMode::kWrite);
  if (!file.ok()) return file.status();
  if (Status s = WriteZeros(*file.value(), begin, end.value()); !s.ok()) return s;
  return file.value()->Sync();
}

std::string BlankingPath(const std::string& directory) {
  return directory + "/" + std::string(kBlankingName);
}

Status BeginBlanking(Disk& disk, const std::string& directory) {
  // One that is there is never away, not for a moment.
  Status made = disk.Open(BlankingPath(directory), OpenMode::kCreate).status();
  if (!made.ok() && made.code() != Code::kAlreadyExists) return made;
  return disk.SyncDirectory(directory);
}

Status FindUnreachable(Disk& disk, const std::string& directory, EraseReport& report) {
  const auto names = disk.List(directory);
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) {
    if (name.find(kDamagedSuffix) != std::string::npos || name.ends_with(kSnapshotSuffix) ||
        name.ends_with(kTemporarySuffix)) {
      report.unreachable.push_back(directory);
      report.unreachable.back().append("/").append(name);
    }
  }
  return Status::Ok();
}

}  // namespace

Result<bool> IsBlanking(Disk& disk, const std::string& directory) {
  const auto file = disk.Open(BlankingPath(directory), OpenMode::kRead);
  if (file.status().code() == Code::kNotFound) return false;
  if (!file.ok()) return file.status();
  return true;
}

Status EndBlanking(Disk& disk, const std::string& directory) {
  if (Status s = disk.Remove(BlankingPath(directory)); !s.ok()) return s;
  return disk.SyncDirectory(directory);
}

Result<ErasedSegment> EraseInSegment(Disk& disk, const std::string& path,
                                     const RecordMatcher& matches, EraseRange range) {
  auto opened = SegmentReader::Open(disk, path);
  if (!opened.ok()) return opened.status();
  SegmentReader reader = std::move(opened).value();
  if (Status s = reader.Start(); !s.ok()) return s;
  std::vector<ErasedPart> parts;
  ErasedSegment erased;
  erased.next = reader.segment().first_sequence;
  SegmentReader::Found found = reader.Next();
  for (; found == SegmentReader::Found::kFrame; found = reader.Next()) {
    std::uint64_t sequence = reader.header().batch.first_sequence;
    for (const FrameRecord& record : reader.records()) {
      const bool in_range = sequence >= range.from && sequence <= range.upto;
      const bool now = in_range && !record.view.blanked && record.identity_bytes > 0 &&
                       matches != nullptr && matches(sequence, record.view);
      erased.records += now ? 1 : 0;
      if (now || record.view.blanked) {
        const std::uint64_t body = reader.at() + kFrameHeaderBytes;
        parts.push_back({body + record.entry_at, body + record.identity_at, record.identity_bytes});
      }
      ++sequence;
    }
    erased.next = reader.header().next_sequence();
  }
  if (found == SegmentReader::Found::kFailed) return reader.status();
  erased.end = reader.at();
  if (parts.empty()) return erased;
  auto file = disk.Open(path, OpenMode::kWrite);
  if (!file.ok()) return file.status();
  if (Status s = EraseParts(*file.value(), parts); !s.ok()) return s;
  return erased;
}

Result<EraseReport> BlankIdentity(Disk& disk, const std::string& directory, std::string_view domain,
                                  const RecordMatcher& matches, EraseRange range) {
  const auto segments = ListSegments(disk, directory, domain);
  if (!segments.ok()) return segments.status();
  if (Status s = BeginBlanking(disk, directory); !s.ok()) return s;
  EraseReport report;
  Status damaged;
  for (const SegmentInfo& segment : segments.value()) {
    const bool last = &segment == &segments.value().back();
    if (segment.first() > range.upto || (!last && segment.last < range.from)) continue;
    const auto erased = EraseInSegment(disk, segment.path, matches, range);
    if (!erased.ok()) return erased.status();
    report.records += erased.value().records;
    if (last) continue;
    // What cannot be read may hold what is to go, and must not be taken for slack.
    if (erased.value().next != segment.last + 1) {
      damaged = HistoryDamaged({segment.path, erased.value().end, erased.value().next,
                                segment.last + 1, "no valid frame begins there"});
      continue;
    }
    if (Status s = ClearSlack(disk, segment.path, erased.value().end); !s.ok()) return s;
  }
  if (!damaged.ok()) return damaged;
  if (Status s = FindUnreachable(disk, directory, report); !s.ok()) return s;
  if (Status s = EndBlanking(disk, directory); !s.ok()) return s;
  return report;
}

}  // namespace routerd::journal
