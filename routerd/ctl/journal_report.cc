#include "routerd/ctl/journal_report.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "routerd/ctl/describe.h"
#include "routerd/ctl/json.h"
#include "routerd/ctl/record_line.h"
#include "routerd/ctl/table.h"
#include "routerd/ctl/text.h"

namespace routerd::ctl {
namespace {

using journal::LogStats;

std::int64_t PerSecond(std::uint64_t count, std::int64_t ns) {
  return static_cast<std::int64_t>(static_cast<double>(count) * 1e9 /
                                   static_cast<double>(std::max<std::int64_t>(ns, 1)));
}

SpanMs SpanOf(const LogStats& stats) { return stats.last_time - stats.first_time; }

// Records a second, thousandths; 0: there is no span to speak of.
std::int64_t MilliRate(const LogStats& stats) {
  if (SpanOf(stats) <= 0) return 0;
  return static_cast<std::int64_t>(stats.records) * 1'000'000 / SpanOf(stats);
}

std::string Number(std::uint64_t value) { return std::to_string(value); }

std::string PositionText(const Position& at) {
  return Number(at.epoch) + "-" + Number(at.sequence);
}

std::string KindsText(const LogStats& stats) {
  std::string out;
  for (std::size_t kind = 1; kind <= journal::kRecordKinds; ++kind) {
    if (stats.records_of[kind] == 0) continue;
    if (!out.empty()) out += ", ";
    out += Number(stats.records_of[kind]) + " ";
    out += KindName(static_cast<journal::RecordKind>(kind));
  }
  return out;
}

Fields StatsFields(const LogStats& stats) {
  Fields out = {{"domain", stats.domain},
                {"segments", Number(stats.segments) + ", " + Number(stats.file_bytes) + " bytes"},
                {"batches", Number(stats.frames) + ", and " + Number(stats.marks) + " marks"}};
  if (stats.records == 0) {
    out.emplace_back("records", "none");
  } else {
    out.emplace_back("records", Number(stats.records) + " (" + KindsText(stats) + ")");
    out.emplace_back("first", PositionText(stats.first) + ", " + TimeText(stats.first_unix_ms));
    out.emplace_back("last", PositionText(stats.last) + ", " + TimeText(stats.last_unix_ms));
    const std::int64_t rate = MilliRate(stats);
    out.emplace_back("span", DurationText(SpanOf(stats)) + ", " + Number(rate / 1'000) + "." +
                                 Number(rate % 1'000 / 100) + " records a second");
  }
  out.emplace_back("parts", Number(stats.decision_bytes) + " bytes that decide, " +
                                Number(stats.identity_bytes) + " that name; of " +
                                Number(stats.blanked) + " records the names are blanked");
  for (const auto& snapshot : stats.snapshots.snapshots) {
    out.emplace_back("snapshot", "of record " + PositionText(snapshot.at) + ", " +
                                     Number(snapshot.body_bytes) + " bytes");
  }
  for (const std::string& path : stats.set_aside) out.emplace_back("set aside", Printable(path));
  return out;
}

std::string PositionJson(const Position& at, TimeMs unix_ms) {
  return R"({"epoch":)" + Number(at.epoch) + R"(,"sequence":)" + Number(at.sequence) +
         R"(,"time":")" + TimeText(unix_ms) + R"(","unix_ms":)" + std::to_string(unix_ms) + "}";
}

std::string TextsJson(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    out += JsonQuoted(text);
  }
  return out + "]";
}

// Why nothing could be replayed, or what differed.
std::vector<std::string> ProblemsOf(const journal::VerifyReport& report,
                                    const std::optional<Result<JournalReplay>>& replay) {
  std::vector<std::string> problems = report.problems;
  if (replay && !replay->ok()) problems.push_back("replay: " + replay->status().message());
  return problems;
}

std::string ReplayText(const JournalReplay& replay) {
  std::string out = replay.records == 0
                        ? "nothing to replay"
                        : Number(replay.records) + " records from record " + Number(replay.from) +
                              " on, every digest as it was; " +
                              std::to_string(PerSecond(replay.records, replay.took_ns)) +
                              " records a second";
  return out + "; " + Number(replay.snapshots) + " snapshots";
}

std::string ReplayJson(const JournalReplay& replay) {
  return R"({"from":)" + Number(replay.from) + R"(,"records":)" + Number(replay.records) +
         R"(,"snapshots":)" + Number(replay.snapshots) + R"(,"digest":")" + Number(replay.digest) +
         R"(","records_per_second":)" + std::to_string(PerSecond(replay.records, replay.took_ns)) +
         R"(,"left_out":)" + TextsJson(replay.left_out) + "}";
}

// Of one line, without its end.
std::string StatsObject(const LogStats& stats) {
  std::string out = R"({"domain":)" + JsonQuoted(stats.domain) + R"(,"segments":)" +
                    Number(stats.segments) + R"(,"segment_bytes":)" + Number(stats.file_bytes) +
                    R"(,"batches":)" + Number(stats.frames) + R"(,"marks":)" + Number(stats.marks) +
                    R"(,"records":)" + Number(stats.records) + R"(,"records_by_kind":{)";
  for (std::size_t kind = 1; kind <= journal::kRecordKinds; ++kind) {
    if (kind > 1) out += ',';
    out += std::string("\"") + KindName(static_cast<journal::RecordKind>(kind)) +
           "\":" + Number(stats.records_of[kind]);
  }
  out += R"(},"blanked":)" + Number(stats.blanked) + R"(,"decision_bytes":)" +
         Number(stats.decision_bytes) + R"(,"identity_bytes":)" + Number(stats.identity_bytes);
  if (stats.records > 0) {
    const std::int64_t rate = MilliRate(stats);
    const std::string thousandths = std::to_string(1'000 + rate % 1'000).substr(1);
    out += R"(,"first":)" + PositionJson(stats.first, stats.first_unix_ms) + R"(,"last":)" +
           PositionJson(stats.last, stats.last_unix_ms) + R"(,"span_ms":)" +
           std::to_string(SpanOf(stats)) + R"(,"records_per_second":)" +
           std::to_string(rate / 1'000) + "." + thousandths;
  }
  out += R"(,"snapshots":[)";
  for (std::size_t i = 0; i < stats.snapshots.snapshots.size(); ++i) {
    const journal::SnapshotInfo& snapshot = stats.snapshots.snapshots[i];
    if (i > 0) out += ',';
    out += R"({"epoch":)" + Number(snapshot.at.epoch) + R"(,"sequence":)" +
           Number(snapshot.at.sequence) + R"(,"bytes":)" + Number(snapshot.body_bytes) +
           R"(,"path":)" + JsonQuoted(snapshot.path) + "}";
  }
  return out + R"(],"set_aside":)" + TextsJson(stats.set_aside) + "}";
}

}  // namespace

std::string StatsText(const LogStats& stats) { return NameValueText(StatsFields(stats)); }

std::string StatsJson(const LogStats& stats) { return StatsObject(stats) + "\n"; }

bool IsSound(const journal::VerifyReport& report,
             const std::optional<Result<JournalReplay>>& replay) {
  return ProblemsOf(report, replay).empty();
}

std::string VerifyText(const std::string& directory, const journal::VerifyReport& report,
                       const std::optional<Result<JournalReplay>>& replay) {
  const std::vector<std::string> problems = ProblemsOf(report, replay);
  std::string out = Printable(directory) + ": " + (problems.empty() ? "sound" : "NOT SOUND") + "\n";
  for (const std::string& problem : problems) out += "problem: " + Printable(problem) + "\n";
  if (!problems.empty()) {
    out +=
        "Nothing was changed. Copy the directory aside before anything else; how to go on is in "
        "RUNBOOK.md, \"The journal is damaged\".\n";
  }
  Fields fields = StatsFields(report.stats);
  if (report.torn) {
    fields.emplace_back("torn tail", Number(report.torn->bytes) + " bytes at the end of " +
                                         Printable(report.torn->path) + " from byte " +
                                         Number(report.torn->offset) +
                                         " on: a write that is under way or never ended; the next "
                                         "start cuts it");
  }
  if (replay && replay->ok()) {
    for (const std::string& why : replay->value().left_out) {
      fields.emplace_back("not replayed", Printable(why));
    }
    fields.emplace_back("replay", ReplayText(replay->value()));
  }
  return out + NameValueText(fields);
}

std::string VerifyJson(const journal::VerifyReport& report,
                       const std::optional<Result<JournalReplay>>& replay) {
  const std::vector<std::string> problems = ProblemsOf(report, replay);
  std::string out = std::string(R"({"sound":)") + (problems.empty() ? "true" : "false") +
                    R"(,"problems":)" + TextsJson(problems) + R"(,"torn":)";
  if (report.torn) {
    out += R"({"path":)" + JsonQuoted(report.torn->path) + R"(,"offset":)" +
           Number(report.torn->offset) + R"(,"bytes":)" + Number(report.torn->bytes) +
           R"(,"sequence":)" + Number(report.torn->sequence) + "}";
  } else {
    out += "null";
  }
  if (replay) out += R"(,"replay":)" + (replay->ok() ? ReplayJson(replay->value()) : "null");
  return out + R"(,"stats":)" + StatsObject(report.stats) + "}\n";
}

}  // namespace routerd::ctl
