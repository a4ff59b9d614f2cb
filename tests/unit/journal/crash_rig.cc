#include "tests/unit/journal/crash_rig.h"

#include <algorithm>

#include "routerd/base/hash.h"
#include "routerd/journal/copy_log.h"
#include "routerd/journal/inspect.h"

namespace routerd::journal {
namespace {

const std::string kCopyFolder = "state/copy";
constexpr std::uint64_t kNames = 12;  // of people, told in identity parts

std::string NameOf(std::uint64_t number) { return "name-" + std::to_string(number) + "!"; }

}  // namespace

CrashRig::CrashRig(std::uint64_t seed, Durability durability)
    : disk_(seed),
      epochs_(disk_, "state/epoch"),
      snapshots_(disk_, "state/journal", "default"),
      random_(Mix64(seed * 31 + 7)) {
  options_.directory = "state/journal";
  options_.durability = durability;
  options_.segment_bytes = 600 + Random(1'500);
  disk_.SetWriteback(Random(2) == 0);
}

std::uint64_t CrashRig::Random(std::uint64_t below) {
  random_ += 0x9e3779b97f4a7c15ULL;
  return Mix64(random_) % below;
}

void CrashRig::Note(std::uint64_t value) { digest_ = Mix64(digest_ ^ value) + value; }

std::string CrashRig::Start() {
  journal_.reset();
  // Not only once it was opened.
  if (std::string wrong = FindForgotten(); !wrong.empty()) return wrong;
  if (std::string wrong = AuditSnapshots(); !wrong.empty()) return wrong;
  journal_ = std::make_unique<FileJournal>(options_, disk_, epochs_, clock_);
  const auto opened = journal_->Open();
  if (disk_.stopped()) return "";
  if (!opened.ok()) return "does not open: " + opened.status().message();
  if (opened.value() <= epoch_) return "the epoch did not grow";
  epoch_ = opened.value();
  if (std::string wrong = Audit(); !wrong.empty()) return wrong;
  // As an owner who has written the request down.
  while (!asked_.empty() && !disk_.stopped()) {
    if (std::string wrong = Forget(std::string(*asked_.begin())); !wrong.empty()) return wrong;
  }
  return "";
}

void CrashRig::Crash(routerd::journal::Crash how) {
  journal_.reset();
  disk_.Restart(how);
}

bool CrashRig::Mine(const std::set<std::string>& names, std::string_view identity) const {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return identity.find(name) != std::string_view::npos;
  });
}

Batch CrashRig::MakeBatch() {
  Batch batch;
  batch.header = {.epoch = epoch_,
                  .first_sequence = journal_->head().sequence + 1,
                  .time = static_cast<TimeMs>(Random(1'000'000)),
                  .wall_offset_ms = static_cast<SpanMs>(Random(1'000)),
                  .previous_digest = Random(1ULL << 60)};
  const std::uint64_t records = 1 + Random(Random(8) == 0 ? 30 : 3);
  for (std::uint64_t i = 0; i < records; ++i) {
    std::uint64_t who = Random(kNames);
    while (forgetting_.contains(NameOf(who))) ++who;
    std::string decision(Random(40), static_cast<char>('a' + Random(26)));
    batch.Add(static_cast<RecordKind>(2 + Random(4)), decision,
              Random(3) == 0 ? "" : NameOf(who) + std::string(Random(60), '\x7e'));
  }
  return batch;
}

std::string CrashRig::Append() {
  const Batch batch = MakeBatch();
  told_[batch.header.first_sequence] = batch;
  const bool full = Random(12) == 0;
  if (full) disk_.Fail(DiskCall::kWrite, 1, Code::kResourceExhausted);
  const Appended how = journal_->Append(batch);
  disk_.Heal();
  if (full && how == Appended::kNoSpace && !disk_.stopped()) {
    return journal_->head().sequence + 1 == batch.header.first_sequence ? "" : "the head moved";
  }
  if (disk_.stopped() && how != Appended::kCommitted) return "";
  return AuditAppend(batch, how);
}

// The process ends over it; the next one goes on with what it finds.
std::string CrashRig::SyncFails() {
  const Batch batch = MakeBatch();
  told_[batch.header.first_sequence] = batch;
  disk_.Fail(DiskCall::kSync, 1, Code::kInternal);
  const Appended how = journal_->Append(batch);
  disk_.Heal();
  if (how == Appended::kCommitted) return AuditAppend(batch, how);
  if (disk_.stopped()) return "";
  if (how != Appended::kFailed) return "a failed sync was not the end";
  if (journal_->Append(batch) != Appended::kFailed) return "it went on after a failed sync";
  return Start();
}

// A copy holds all that was committed, and is sound.
std::string CrashRig::Copy() {
  for (const std::string& path : disk_.Paths()) {
    if (path.starts_with(kCopyFolder)) static_cast<void>(disk_.Remove(path));
  }
  const auto copied = CopyLog(disk_, options_.directory, kCopyFolder);
  if (disk_.stopped()) return "";
  if (!copied.ok()) return "not copied: " + copied.status().message();
  const auto report = Verify(disk_, kCopyFolder);
  if (!report.ok()) return report.status().message();
  if (!report.value().problems.empty()) return report.value().problems.front();
  if (report.value().torn) return "the copy has a torn tail";
  return copied.value().last == answered_ || answered_ == 0 ? "" : "the copy ends elsewhere";
}

std::string CrashRig::AuditAppend(const Batch& batch, Appended how) {
  if (how != Appended::kCommitted) return "not committed: " + journal_->trouble().message();
  answered_ = batch.last_sequence();
  total_ += batch.size();
  Note(answered_);
  promised_ = options_.durability == Durability::kSync ? answered_ : journal_->durable_upto();
  return journal_->head().sequence == answered_ ? "" : "the head is elsewhere";
}

std::string CrashRig::BlankOne() { return Forget(NameOf(Random(kNames + forgetting_.size()))); }

std::string CrashRig::Forget(const std::string& name) {
  forgetting_.insert(name);
  asked_.insert(name);
  const auto report = journal_->Blank([&](std::uint64_t, const RecordView& record) {
    return record.identity.find(name) != std::string_view::npos;
  });
  if (disk_.stopped()) return "";
  if (!report.ok()) return "did not blank: " + report.status().message();
  forgotten_.insert(name);
  asked_.erase(name);
  return AuditForgotten();
}

// In no file, wherever in it; and what reads as blank is not merely said to be.
std::string CrashRig::AuditForgotten() {
  if (std::string wrong = FindForgotten(); !wrong.empty()) return wrong;
  LogReader reader(disk_, options_.directory);
  Result<bool> found = reader.Next();
  for (; found.ok() && found.value(); found = reader.Next()) {
    for (const FrameRecord& record : reader.records()) {
      if (record.view.blanked && !record.erased) return "a part is blank only by its state";
    }
  }
  return found.ok() ? "" : found.status().message();
}

std::string CrashRig::FindForgotten() const {
  for (const std::string& path : disk_.Paths()) {
    if (path.starts_with(kCopyFolder)) continue;  // a copy is its maker's
    for (const std::string& name : forgotten_) {
      if (disk_.Content(path).find(name) == std::string::npos) continue;
      return std::string(name).append(" is still in ").append(path);
    }
  }
  return "";
}

// As an owner does it: never what a snapshot needs to be gone on from.
std::string CrashRig::TrimSome() {
  const auto may = snapshots_.MayTrim(journal_->head().sequence * Random(100) / 100);
  if (disk_.stopped()) return "";
  if (!may.ok()) return may.status().message();
  trimmed_ = std::max(trimmed_, may.value());
  const Status trimmed = journal_->Trim(may.value());
  return trimmed.ok() || disk_.stopped() ? "" : trimmed.message();
}

std::string CrashRig::CloseAndStart() {
  const Status closed = journal_->Close();
  if (disk_.stopped()) return "";
  if (!closed.ok()) return closed.message();
  promised_ = std::max(promised_, answered_);
  return Start();
}

std::string CrashRig::PutSnapshot() {
  const Status synced = journal_->Sync();
  if (disk_.stopped()) return "";
  if (!synced.ok()) return synced.message();
  promised_ = std::max(promised_, answered_);
  const std::uint64_t at = journal_->head().sequence;
  if (at == 0 || at == snapshot_) return "";
  states_[at] = std::string(Random(2'000), static_cast<char>('0' + at % 10));
  auto writer = snapshots_.Begin(journal_->head());
  Status status = writer.status();
  if (status.ok()) status = writer.value()->Write(states_[at]);
  if (status.ok()) status = writer.value()->Commit(at);
  if (status.ok()) snapshot_ = at;
  if (status.ok()) status = snapshots_.Keep(2);
  return status.ok() || disk_.stopped() ? "" : status.message();
}

// The last one that was committed is there, or one that was begun later; whole, and none is not.
std::string CrashRig::AuditSnapshots() {
  auto loaded = snapshots_.LoadNewest();
  if (!loaded.ok()) return loaded.status().message();
  if (!loaded.value().skipped.empty()) return loaded.value().skipped.front();
  options_.read_from = 0;
  if (!loaded.value().reader) return snapshot_ == 0 ? "" : "the snapshot is gone";
  SnapshotReader& reader = *loaded.value().reader;
  if (reader.info().at.sequence < snapshot_) return "the newest snapshot is gone";
  snapshot_ = reader.info().at.sequence;
  std::string body;
  for (auto chunk = reader.Next();; chunk = reader.Next()) {
    if (!chunk.ok()) return chunk.status().message();
    if (chunk.value().empty()) break;
    body += chunk.value();
  }
  if (body != states_[snapshot_] || reader.info().state_hash != snapshot_) return "another state";
  options_.read_from = snapshot_ + 1;
  return "";
}

std::string CrashRig::Work() {
  clock_.Advance(static_cast<SpanMs>(Random(4)));
  switch (Random(14)) {
    case 0:
      return TrimSome();
    case 1:
      return BlankOne();
    case 2:
      journal_->Prepare();
      return "";
    case 3: {
      const Status synced = journal_->Sync();
      if (disk_.stopped()) return "";
      promised_ = std::max(promised_, answered_);
      return synced.ok() ? "" : synced.message();
    }
    case 4:
      return Random(3) == 0 ? CloseAndStart() : "";
    case 5:
      return PutSnapshot();
    case 6:
      return Random(2) == 0 ? SyncFails() : Copy();
    default:
      return Append();
  }
}

std::string CrashRig::AuditBatch(const Batch& found) {
  const auto told = told_.find(found.header.first_sequence);
  if (told == told_.end()) return "a batch that nobody appended";
  const Batch& batch = told->second;
  if (found.header != batch.header || found.size() != batch.size()) return "another batch";
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const RecordView is = found.at(i);
    const RecordView was = batch.at(i);
    if (is.kind != was.kind || is.decision != was.decision) return "another record";
    if (is.blanked ? !Mine(forgetting_, was.identity)
                   : is.identity != was.identity || Mine(forgotten_, is.identity)) {
      return "another identity part";
    }
  }
  return "";
}

// Nothing promised is gone, nothing is doubled or was never told, and nothing forgotten is back.
std::string CrashRig::Audit() {
  const std::uint64_t head = journal_->head().sequence;
  if (head < promised_) {
    return "record " + std::to_string(promised_) + " was promised, the last is " +
           std::to_string(head);
  }
  if (journal_->first_kept() > trimmed_ + 1) return "more is gone than was trimmed";
  const auto read = journal_->Read(journal_->first_kept(), 1'000'000);
  if (!read.ok()) return read.status().message();
  std::uint64_t next = journal_->first_kept();
  for (const Batch& batch : read.value()) {
    if (batch.header.first_sequence != next) return "a gap before " + std::to_string(next);
    next = batch.last_sequence() + 1;
    std::string wrong = AuditBatch(batch);
    if (!wrong.empty()) return wrong + " at " + std::to_string(batch.header.first_sequence);
  }
  if (next != head + 1) return "the end is not the head";
  Note(head);
  // What was lost, or never answered, is nobody's any more; what was found, everybody may have.
  std::erase_if(told_, [&](const auto& batch) { return batch.first > head; });
  answered_ = promised_ = head;
  return AuditForgotten();
}

}  // namespace routerd::journal
