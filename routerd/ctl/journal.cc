// `routerctl journal`: what a router has written. Needs no daemon, and disturbs none.
#include <memory>
#include <optional>
#include <string>

#include "routerd/base/clock.h"
#include "routerd/ctl/commands.h"
#include "routerd/ctl/context.h"
#include "routerd/ctl/failure.h"
#include "routerd/ctl/journal_place.h"
#include "routerd/ctl/journal_replay.h"
#include "routerd/ctl/journal_report.h"
#include "routerd/ctl/options.h"
#include "routerd/ctl/text.h"
#include "routerd/journal/copy_log.h"
#include "routerd/journal/inspect.h"
#include "routerd/journal/posix_disk.h"

namespace routerd::ctl {
namespace {

struct JournalWanted {
  std::string directory;
  std::string to;
  bool replay = false;
};

ExitCode VerifyJournal(const Context& context, const JournalWanted& wanted) {
  journal::PosixDisk disk;
  const std::string directory = JournalPlace(disk, wanted.directory);
  const auto report = journal::Verify(disk, directory);
  if (!report.ok()) return context.Fail(LocalFailure(report.status()));
  std::optional<Result<JournalReplay>> replay;
  // What cannot be read cannot be replayed, and was told already.
  if (wanted.replay && report.value().problems.empty()) {
    const SystemClock clock;
    replay = ReplayJournal(disk, directory, report.value().stats.domain, clock);
  }
  context.out << (context.json ? VerifyJson(report.value(), replay)
                               : VerifyText(directory, report.value(), replay));
  if (IsSound(report.value(), replay)) return ExitCode::kOk;
  // The report is the answer; people need no more.
  if (!context.json) return ExitCode::kFailed;
  return context.Fail(LocalFailure(Status(Code::kFailedPrecondition, "the journal is not sound")));
}

ExitCode ShowStats(const Context& context, const JournalWanted& wanted) {
  journal::PosixDisk disk;
  const auto stats = journal::Stats(disk, JournalPlace(disk, wanted.directory));
  if (!stats.ok()) return context.Fail(LocalFailure(stats.status()));
  context.out << (context.json ? StatsJson(stats.value()) : StatsText(stats.value()));
  return ExitCode::kOk;
}

ExitCode CopyJournal(const Context& context, const JournalWanted& wanted) {
  journal::PosixDisk disk;
  const auto copied = journal::CopyLog(disk, JournalPlace(disk, wanted.directory), wanted.to);
  if (!copied.ok()) return context.Fail(LocalFailure(copied.status()));
  const journal::CopyReport& report = copied.value();
  const std::string segments = std::to_string(report.segments);
  const std::string snapshots = std::to_string(report.snapshots);
  const std::string last = std::to_string(report.last);
  if (context.json) {
    context.out << R"({"segments":)" << segments << R"(,"snapshots":)" << snapshots
                << R"(,"last_sequence":)" << last << "}\n";
  } else {
    context.out << "copied to " << Printable(wanted.to) << ": " << segments << " segments, "
                << snapshots << " snapshots, the last record is " << last << "\n";
  }
  return ExitCode::kOk;
}

Option AddPlace(CLI::App& command, const std::shared_ptr<JournalWanted>& wanted,
                const char* name = "directory") {
  return AddText(
             command, name, [wanted](const std::string& path) { wanted->directory = path; },
             "the journal's, or the state directory that it is in")
      .Type("DIRECTORY")
      .Required();
}

}  // namespace

std::string JournalPlace(journal::Disk& disk, const std::string& path) {
  const std::string inside = path + "/journal";
  const bool is_state = !journal::DomainOf(disk, path).ok() && disk.List(inside).ok();
  return is_state ? inside : path;
}

void AddJournal(CLI::App& app, Context& context) {
  CLI::App& group =
      AddGroup(app, "journal", "what a router has written: its files, no daemon needed");
  auto verify = std::make_shared<JournalWanted>();
  CLI::App& verifies =
      AddCommand(group, context, "verify", "reads every byte and says whether all is sound",
                 [&context, verify] { return VerifyJournal(context, *verify); });
  AddPlace(verifies, verify);
  AddFlag(
      verifies, "--replay", [verify] { verify->replay = true; },
      "decide every record again, too, and compare");

  auto stats = std::make_shared<JournalWanted>();
  AddPlace(AddCommand(group, context, "stats", "how much there is of what, and since when",
                      [&context, stats] { return ShowStats(context, *stats); }),
           stats);

  AddJournalRecords(group, context);

  auto copy = std::make_shared<JournalWanted>();
  CLI::App& copies =
      AddCommand(group, context, "copy", "copies a journal, also while it is written",
                 [&context, copy] { return CopyJournal(context, *copy); });
  AddPlace(copies, copy, "from");
  AddText(
      copies, "to", [copy](const std::string& path) { copy->to = path; },
      "made, or without a journal yet")
      .Type("DIRECTORY")
      .Required();
}

}  // namespace routerd::ctl
