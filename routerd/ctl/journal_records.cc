// `routerctl journal dump` and `tail`: the records of a journal, one a line. Needs no daemon.
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "routerd/base/clock.h"
#include "routerd/ctl/commands.h"
#include "routerd/ctl/context.h"
#include "routerd/ctl/directory_watch.h"
#include "routerd/ctl/failure.h"
#include "routerd/ctl/journal_place.h"
#include "routerd/ctl/options.h"
#include "routerd/ctl/record_line.h"
#include "routerd/ctl/text.h"
#include "routerd/engine/stored_snapshot.h"
#include "routerd/journal/inspect.h"
#include "routerd/journal/log_reader.h"
#include "routerd/journal/posix_disk.h"
#include "routerd/journal/snapshot_store.h"

namespace routerd::ctl {
namespace {

constexpr std::uint64_t kNoEnd = std::numeric_limits<std::uint64_t>::max();
constexpr SpanMs kLookAgainMs = 1'000;  // also when the file system tells nothing

struct RecordsWanted {
  std::string directory;
  std::uint64_t from = 0;  // 0: dump from the oldest, tail from now
  std::uint64_t to = kNoEnd;
  std::int64_t count = 0;  // 0: no end
};

class RecordPrinter {
 public:
  RecordPrinter(const Context& context, const RecordsWanted& wanted)
      : context_(context),
        wanted_(wanted),
        directory_(JournalPlace(disk_, wanted.directory)),
        reader_(disk_, directory_) {}

  ExitCode Dump() {
    Status done = Begin(wanted_.from);
    if (done.ok()) done = ReadOn(wanted_.from);
    if (done.ok() && !enough_) done = reader_.CheckEnd();
    context_.out.flush();
    return done.ok() ? ExitCode::kOk : context_.Fail(LocalFailure(done));
  }

  // Without an end of its own.
  ExitCode Tail() {
    DirectoryWatch watch(directory_);
    const bool from_now = wanted_.from == 0;
    Status done = Begin(from_now ? kNoEnd : wanted_.from);
    if (done.ok()) done = ReadOn(from_now ? kNoEnd : wanted_.from);
    while (done.ok() && !enough_) {
      context_.out.flush();
      watch.Wait(kLookAgainMs);
      done = ReadOn(0);
      if (done.code() == Code::kOutOfRange) done = AfterTrim(done);
    }
    context_.out.flush();
    return done.ok() ? ExitCode::kOk : context_.Fail(LocalFailure(done));
  }

 private:
  // Names are learned from the newest snapshot before record `from`, and from the records after it.
  // Where there is none, from the oldest after it: numbers mean the same.
  Status Begin(std::uint64_t from) {
    const auto domain = journal::DomainOf(disk_, directory_);
    if (!domain.ok()) return domain.status();
    journal::SnapshotStore store(disk_, directory_, domain.value());
    std::uint64_t upto = from == 0 ? 0 : from - 1;
    while (upto > 0) {
      auto newest = store.LoadNewest(upto);
      if (!newest.ok()) return newest.status();
      if (newest.value().reader == nullptr) break;
      journal::SnapshotReader& reader = *newest.value().reader;
      const std::uint64_t at = reader.info().at.sequence;
      if (Learn(reader) && reader_.Seek(at + 1).ok()) return Status::Ok();
      upto = at - 1;
    }
    LearnFromAny(store);
    Status found = reader_.Seek(0);
    if (!found.ok() || from == 0) return found;
    return OldestIsBefore(from);
  }

  bool Learn(journal::SnapshotReader& reader) {
    const auto loaded = engine::LoadSnapshot(reader, clock_);
    if (loaded.ok()) lines_.names().Learn(*loaded.value().loaded.world);
    return loaded.ok();
  }

  void LearnFromAny(journal::SnapshotStore& store) {
    const auto listed = store.List();
    if (!listed.ok()) return;
    for (const journal::SnapshotInfo& info : listed.value().snapshots) {
      auto loaded = store.LoadNewest(info.at.sequence);
      const bool there = loaded.ok() && loaded.value().reader != nullptr;
      if (there && Learn(*loaded.value().reader)) return;
    }
  }

  Status OldestIsBefore(std::uint64_t from) {
    Status found = from == kNoEnd ? Status::Ok() : journal::LogReader(disk_, directory_).Seek(from);
    return found;
  }

  // To the end of what is there, or until there is enough; what comes before `from` is passed over.
  Status ReadOn(std::uint64_t from) {
    while (!enough_) {
      const Result<bool> more = reader_.Next();
      if (!more.ok()) return more.status();
      if (!more.value()) return Status::Ok();
      const journal::BatchHeader& batch = reader_.header().batch;
      std::uint64_t sequence = batch.first_sequence;
      for (const journal::FrameRecord& record : reader_.records()) {
        if (enough_) break;
        if (sequence < from) {
          lines_.Pass(record.view);
        } else {
          Show(batch, sequence, record.view);
        }
        ++sequence;
      }
    }
    return Status::Ok();
  }

  void Show(const journal::BatchHeader& batch, std::uint64_t sequence,
            const journal::RecordView& record) {
    if (sequence > wanted_.to) {
      enough_ = true;
      return;
    }
    context_.out << lines_.Line(batch, sequence, record, context_.json);
    ++shown_;
    enough_ = sequence == wanted_.to || shown_ == wanted_.count;
  }

  // What was trimmed before it could be read is not seen any more; it goes on with what is there.
  Status AfterTrim(const Status& why) {
    context_.err << "routerctl: records were trimmed before they could be shown: "
                 << Printable(why.message()) << "\n";
    return reader_.Seek(0);
  }

  const Context& context_;
  const RecordsWanted& wanted_;
  const SystemClock clock_;
  journal::PosixDisk disk_;
  const std::string directory_;
  journal::LogReader reader_;
  RecordLines lines_;
  std::int64_t shown_ = 0;
  bool enough_ = false;
};

void AddSequence(CLI::App& command, const char* name, std::uint64_t& to,
                 const std::shared_ptr<RecordsWanted>& wanted, const char* description) {
  AddNumber(
      command, name, {1, std::numeric_limits<std::int64_t>::max()},
      [wanted, &to](std::int64_t sequence) { to = static_cast<std::uint64_t>(sequence); },
      description)
      .Type("SEQUENCE");
}

std::shared_ptr<RecordsWanted> AddDirectory(CLI::App& command,
                                            std::shared_ptr<RecordsWanted> wanted) {
  AddText(
      command, "directory", [wanted](const std::string& path) { wanted->directory = path; },
      "the journal's, or the state directory that it is in")
      .Type("DIRECTORY")
      .Required();
  return wanted;
}

}  // namespace

void AddJournalRecords(CLI::App& group, Context& context) {
  auto dump = std::make_shared<RecordsWanted>();
  CLI::App& dumps = AddCommand(group, context, "dump",
                               "the records: TIME POSITION KIND FIELDS | IDENTITY (times in UTC)",
                               [&context, dump] { return RecordPrinter(context, *dump).Dump(); });
  AddDirectory(dumps, dump);
  AddSequence(dumps, "--from", dump->from, dump, "the first record; else the oldest that is kept");
  AddSequence(dumps, "--to", dump->to, dump, "the last record; else the newest");

  auto tail = std::make_shared<RecordsWanted>();
  CLI::App& tails =
      AddCommand(group, context, "tail", "the records that are written from now on, as dump does",
                 [&context, tail] { return RecordPrinter(context, *tail).Tail(); });
  AddDirectory(tails, tail);
  AddSequence(tails, "--from", tail->from, tail, "those from this record on, too");
  AddNumber(
      tails, "--count", kCounts, [tail](std::int64_t count) { tail->count = count; },
      "end after so many records; 0 = never");
}

}  // namespace routerd::ctl
