#include "routerd/journal/recovery.h"

#include <algorithm>
#include <utility>

#include "routerd/journal/erase.h"

namespace routerd::journal {
namespace {

constexpr std::size_t kCopyBytes = 1024UL * 1024;

using Found = SegmentReader::Found;

Result<SegmentInfo> ReadSegmentInfo(Disk& disk, const std::string& path, std::uint64_t first,
                                    std::string_view domain) {
  auto reader = SegmentReader::Open(disk, path);
  if (!reader.ok()) return reader.status();
  if (const Status s = reader.value().Start(); !s.ok()) {
    if (s.code() == Code::kInternal && reader.value().status().ok()) {
      return Damaged({path, 0, first, 0, s.message()});
    }
    return Status(s.code(), path + ": " + s.message());
  }
  const SegmentHeader& header = reader.value().segment();
  if (header.first_sequence != first) {
    return Damaged({path, 0, first, 0,
                    "it begins with record " + std::to_string(header.first_sequence) +
                        ", which its name does not say"});
  }
  if (header.domain != domain) {
    return Status(Code::kFailedPrecondition, path + ": belongs to the domain " + header.domain +
                                                 ", not to " + std::string(domain));
  }
  return SegmentInfo{path, header, first - 1, reader.value().file_bytes()};
}

// Reads segments one after the other and puts down what it finds.
class LogScan {
 public:
  LogScan(Disk& disk, std::string_view domain, ScannedLog& log)
      : disk_(disk), domain_(DomainTag(domain)), log_(log) {}

  Status Scan(std::size_t index) {
    SegmentInfo& segment = log_.segments[index];
    auto opened = SegmentReader::Open(disk_, segment.path);
    if (!opened.ok()) return opened.status();
    SegmentReader reader = std::move(opened).value();
    if (Status s = reader.Start(); !s.ok()) return s;
    next_ = segment.first();
    firsts_.clear();
    log_.end = kSegmentHeaderBytes;
    Found found = reader.Next();
    for (; found == Found::kFrame; found = reader.Next()) {
      if (Status s = Take(reader, segment); !s.ok()) return s;
    }
    segment.last = next_ - 1;
    if (found == Found::kFailed) return reader.status();
    return index + 1 < log_.segments.size() ? EndInside(reader, found, log_.segments[index + 1])
                                            : EndOfLog(reader, found);
  }

 private:
  Status Take(const SegmentReader& reader, const SegmentInfo& segment) {
    const FrameHeader& h = reader.header();
    std::string why;
    if (h.batch.first_sequence != next_) {
      why = "a frame of record " + std::to_string(h.batch.first_sequence) + " is there";
    } else if (h.batch.epoch < log_.max_epoch) {
      why = "its epoch " + std::to_string(h.batch.epoch) + " follows epoch " +
            std::to_string(log_.max_epoch);
    } else if (h.domain != domain_) {
      why = "a frame of another domain is there";
    } else if (h.durable_upto >= h.next_sequence()) {
      why = "a frame speaks of records after it";
    }
    if (!why.empty()) return Damaged({segment.path, reader.at(), next_, 0, why});
    log_.max_epoch = h.batch.epoch;
    log_.durable_upto = std::max(log_.durable_upto, h.durable_upto);
    log_.confirmed = h.count == 0 && h.durable_upto + 1 == next_;
    log_.end = reader.at() + h.frame_bytes();
    log_.frames += 1;
    log_.records += h.count;
    next_ = h.next_sequence();
    firsts_.emplace_back(next_, reader.at());
    if (h.count > 0) {
      log_.last = h.batch;
      log_.head = {h.batch.epoch, next_ - 1};
    }
    return Status::Ok();
  }

  // All of it was durable before the next was begun.
  Status EndInside(SegmentReader& reader, Found found, const SegmentInfo& next) {
    if (next.first() == next_) return Status::Ok();
    if (found == Found::kInvalid && reader.of_another_version()) {
      return WrittenByAnother(reader.path(), reader.at());
    }
    auto place = reader.FindHeader(reader.at() + kFrameAlignment);
    if (!place.ok()) return place.status();
    const std::uint64_t resumes = place.value() && !place.value()->of_another_version
                                      ? place.value()->header.batch.first_sequence
                                      : next.first();
    return Damaged({reader.path(), reader.at(), next_, resumes,
                    found == Found::kInvalid ? std::string(reader.why()) : "the frames end there"});
  }

  // A torn tail, unless it is known better.
  Status EndOfLog(SegmentReader& reader, Found found) {
    const std::uint64_t at = reader.at();
    const auto end = EndOfTail(reader, found, next_);
    if (!end.ok()) return end.status();
    if (end.value() > at) log_.torn = TornTail{reader.path(), at, end.value() - at, next_};
    log_.unconfirmed_from = log_.end;
    for (auto frame = firsts_.rbegin(); frame != firsts_.rend(); ++frame) {
      const bool last = frame == firsts_.rbegin();
      if (!last && frame->first <= log_.durable_upto + 1) break;
      log_.unconfirmed_from = frame->second;
    }
    return Status::Ok();
  }

  Disk& disk_;
  const std::uint32_t domain_;
  ScannedLog& log_;
  std::uint64_t next_ = 1;
  // Of the segment's frames: the sequence after them, and where they begin.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> firsts_;
};

// Those before the one that holds `scan_from` are known by their headers. At least two are read:
// the last one may hold nothing but a mark.
std::size_t FirstToScan(const std::vector<SegmentInfo>& segments, std::uint64_t scan_from) {
  std::size_t first = segments.size() > 2 ? segments.size() - 2 : 0;
  while (first > 0 && segments[first].first() > scan_from) --first;
  return first;
}

// Writes the same bytes again. A sync that failed once leaves pages that say they are on the disk
// and are not; these are then not in the way of the next one.
Status Rewrite(DiskFile& file, std::uint64_t from, std::uint64_t end) {
  std::string bytes;
  for (std::uint64_t at = from; at < end; at += bytes.size()) {
    bytes.resize(std::min<std::uint64_t>(kCopyBytes, end - at));
    const Result<std::size_t> read = file.Read(at, bytes);
    if (!read.ok()) return read.status();
    if (read.value() != bytes.size()) return {Code::kInternal, "a segment became shorter"};
    if (Status s = file.Write(at, bytes); !s.ok()) return s;
  }
  return Status::Ok();
}

std::string WhatIsDamaged(const Damage& d) {
  const std::string from = std::to_string(d.sequence);
  std::string what = "what follows record " + std::to_string(d.sequence - 1);
  if (d.resumes > d.sequence + 1) {
    what = "the records " + from + " to " + std::to_string(d.resumes - 1);
  } else if (d.resumes == d.sequence + 1) {
    what = "the record " + from;
  }
  return d.path + ": damaged at byte " + std::to_string(d.offset) + " (" + d.why + "): " + what +
         " cannot be read. ";
}

// Again in every segment. While one cannot be read to its end the blanking is not ended.
Status FinishBlanking(Disk& disk, const std::string& directory, const ScannedLog& log) {
  bool whole = true;
  for (const SegmentInfo& segment : log.segments) {
    const auto done = EraseInSegment(disk, segment.path, nullptr);
    if (!done.ok()) return done.status();
    whole = whole && done.value().next == segment.last + 1;
  }
  return whole ? EndBlanking(disk, directory) : Status::Ok();
}

// Files that a crash kept from getting their names. Those of snapshots are their store's.
Status RemoveLeftovers(Disk& disk, const std::string& directory) {
  const auto names = disk.List(directory);
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) {
    for (const std::string_view suffix : {kSegmentSuffix, kDamagedSuffix}) {
      if (!name.ends_with(std::string(suffix).append(kTemporarySuffix))) continue;
      const std::string path = std::string(directory).append("/").append(name);
      if (Status s = disk.Remove(path); !s.ok()) return s;
    }
  }
  return Status::Ok();
}

}  // namespace

Status Damaged(const Damage& d) {
  return Status(Code::kFailedPrecondition,
                WhatIsDamaged(d) +
                    "Restore the journal from a backup, or start with --truncate-at " +
                    std::to_string(d.sequence) +
                    ", which gives up everything from that record on "
                    "and keeps it beside the journal, as *.damaged")
      .WithReason("journal_damaged");
}

Status HistoryDamaged(const Damage& d) {
  return Status(Code::kFailedPrecondition,
                WhatIsDamaged(d) +
                    "Restore the journal from a backup, if they are needed: a start "
                    "needs what follows its snapshot, and says so")
      .WithReason("journal_damaged");
}

Status WrittenByAnother(const std::string& path, std::uint64_t offset) {
  return {Code::kFailedPrecondition,
          path + ": at byte " + std::to_string(offset) +
              " begins what another version of routerd has written and this one does not know; use "
              "that one"};
}

Result<std::uint64_t> EndOfTail(SegmentReader& reader, Found found, std::uint64_t next) {
  const std::uint64_t at = reader.at();
  if (found == Found::kInvalid && reader.of_another_version()) {
    return WrittenByAnother(reader.path(), at);
  }
  Damage damage{reader.path(), at, next, 0,
                found == Found::kInvalid ? std::string(reader.why()) : "zeros are there"};
  auto end = reader.EndOfBytes(at);
  if (!end.ok()) return end;
  // A segment gets its name when its first frame is durable. One that is begun anew has none, and
  // no room for any.
  const bool was_durable = at == kSegmentHeaderBytes && reader.file_bytes() > kSegmentHeaderBytes;
  for (std::uint64_t from = at + kFrameAlignment; from < end.value();) {
    const auto place = reader.FindHeader(from);
    if (!place.ok()) return place.status();
    if (!place.value()) break;
    if (place.value()->of_another_version) {
      return WrittenByAnother(reader.path(), place.value()->offset);
    }
    const FrameHeader& h = place.value()->header;
    if (was_durable || h.durable_upto >= next) {
      damage.resumes = h.batch.first_sequence;
      return Damaged(damage);
    }
    from = place.value()->offset + kFrameHeaderBytes;
  }
  if (was_durable) return Damaged(damage);
  return end;
}

Result<std::vector<SegmentInfo>> ListSegments(Disk& disk, const std::string& directory,
                                              std::string_view domain) {
  const auto names = disk.List(directory);
  if (!names.ok()) return names.status();
  std::vector<SegmentInfo> segments;
  for (const std::string& name : names.value()) {
    const auto first = NumberOfName(name, kSegmentSuffix);
    if (!first) continue;
    std::string path = directory + "/";
    path += name;
    auto info = ReadSegmentInfo(disk, path, *first, domain);
    if (!info.ok()) return info.status();
    if (!segments.empty()) {
      SegmentInfo& before = segments.back();
      before.last = *first - 1;
      const SegmentHeader& header = info.value().header;
      if (header.previous_sequence != before.first()) {
        return Damaged({path, 0, std::max(header.previous_sequence, before.first() + 1), *first,
                        "the segment " + NumberedName(header.previous_sequence, kSegmentSuffix) +
                            " should lie before it and does not"});
      }
      if (header.epoch < before.header.epoch) {
        return Damaged({path, 0, *first, 0, "its epoch is older than that of the one before"});
      }
    }
    segments.push_back(std::move(info).value());
  }
  return segments;
}

Result<ScannedLog> ScanLog(Disk& disk, const std::string& directory, std::string_view domain,
                           std::uint64_t scan_from) {
  auto segments = ListSegments(disk, directory, domain);
  if (!segments.ok()) return segments.status();
  ScannedLog log;
  log.segments = std::move(segments).value();
  const auto blanking = IsBlanking(disk, directory);
  if (!blanking.ok()) return blanking.status();
  log.blanking = blanking.value();
  if (log.segments.empty()) return log;
  const std::size_t first = FirstToScan(log.segments, scan_from);
  const SegmentHeader& begin = log.segments[first].header;
  if (begin.first_sequence > 1) log.head = {begin.epoch, begin.first_sequence - 1};
  LogScan scan(disk, domain, log);
  for (std::size_t i = first; i < log.segments.size(); ++i) {
    log.max_epoch = std::max(log.max_epoch, log.segments[i].header.epoch);
    if (Status s = scan.Scan(i); !s.ok()) return s;
  }
  return log;
}

Status WriteZeros(DiskFile& file, std::uint64_t from, std::uint64_t end) {
  const std::string zeros(std::min<std::uint64_t>(kCopyBytes, end > from ? end - from : 0), '\0');
  while (from < end) {
    const std::size_t n = std::min<std::uint64_t>(zeros.size(), end - from);
    if (Status s = file.Write(from, std::string_view(zeros).substr(0, n)); !s.ok()) return s;
    from += n;
  }
  return Status::Ok();
}

Status RepairLog(Disk& disk, const std::string& directory, const ScannedLog& log) {
  if (Status s = RemoveLeftovers(disk, directory); !s.ok()) return s;
  // A name that only this system's memory knows is not there after the next power cut.
  if (Status s = disk.SyncDirectory(directory); !s.ok()) return s;
  if (log.blanking) {
    if (Status s = FinishBlanking(disk, directory, log); !s.ok()) return s;
  }
  if (log.segments.empty()) return Status::Ok();
  auto file = disk.Open(log.segments.back().path, OpenMode::kWrite);
  if (!file.ok()) return file.status();
  // The file may end within the padding of its last frame.
  const std::uint64_t end = std::min(log.end, log.segments.back().file_bytes);
  if (Status s = Rewrite(*file.value(), log.unconfirmed_from, end); !s.ok()) return s;
  if (log.torn) {
    const std::uint64_t torn_end = log.torn->offset + log.torn->bytes;
    if (Status s = WriteZeros(*file.value(), log.torn->offset, torn_end); !s.ok()) return s;
  }
  return file.value()->Sync();
}

}  // namespace routerd::journal
