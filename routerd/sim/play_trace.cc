#include "routerd/sim/play_trace.h"

#include <utility>

#include "routerd/sim/outcome.h"
#include "routerd/sim/simulation.h"

namespace routerd::sim {
namespace {

constexpr std::size_t kWriteBytes = 256 * 1024;

// Collects rows and hands them on, many at a time.
class RowBuffer {
 public:
  explicit RowBuffer(const PlayOptions& options) : options_(options) {}

  void Add(const Outcome& outcome) {
    if (!options_.write_rows || !status_.ok()) return;
    AppendRow(outcome, options_.run, rows_);
    if (rows_.size() >= kWriteBytes) Flush();
  }
  void Flush() {
    if (!rows_.empty() && status_.ok()) status_ = options_.write_rows(rows_);
    rows_.clear();
  }
  [[nodiscard]] const Status& status() const { return status_; }

 private:
  const PlayOptions& options_;
  std::string rows_;
  Status status_;
};

// `problem` is told what is wrong with the row given last.
template <typename Problem>
PlayedTrace PlayAll(TraceSource& rows, const PlayOptions& options, Problem problem) {
  PlayedTrace played{SimulationFigures(options.model), {}, {}, {}};
  played.figures.short_abandon_ms = options.short_abandon_ms;
  played.figures.count_from_ms = options.count_from_ms;
  RowBuffer buffer(options);
  Simulation simulation(options.model, options.seed, played.figures,
                        [&buffer](const Outcome& outcome) { buffer.Add(outcome); });
  TraceRow row;
  while (buffer.status().ok() && rows.Next(row)) {
    if (const auto wrong = simulation.Play(row)) problem(row.line, *wrong, false);
  }
  simulation.Finish();
  if (const auto& late = simulation.late_problem()) problem(late->line, late->problem, true);
  buffer.Flush();
  played.written = buffer.status();
  played.warnings = simulation.warnings();
  return played;
}

}  // namespace

PlayedTrace PlayTrace(TraceReader& trace, const PlayOptions& options) {
  PlayedTrace played =
      PlayAll(trace, options, [&trace](std::int64_t line, const RowProblem& wrong, bool earlier) {
        if (earlier) {
          trace.AddOfLine(line, wrong);
        } else {
          trace.Add(wrong);
        }
      });
  played.findings = trace.findings();
  return played;
}

PlayedTrace PlayRows(TraceSource& rows, const PlayOptions& options) {
  std::vector<compiler::Finding> findings;
  PlayedTrace played =
      PlayAll(rows, options, [&findings](std::int64_t line, const RowProblem& wrong, bool) {
        findings.push_back({.file = "",
                            .line = static_cast<int>(line),
                            .column = 1,
                            .code = "bad_row",
                            .message = wrong.message,
                            .hint = wrong.hint});
      });
  played.findings = std::move(findings);
  return played;
}

}  // namespace routerd::sim
