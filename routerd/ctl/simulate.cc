// `routerctl simulate`: a policy on yesterday's traffic, or on one that is drawn. Needs no daemon.
#include <cstdint>
#include <fstream>
#include <iostream>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/file.h"
#include "routerd/base/file_writer.h"
#include "routerd/base/limits.h"
#include "routerd/compiler/compile.h"
#include "routerd/compiler/values.h"
#include "routerd/ctl/commands.h"
#include "routerd/ctl/context.h"
#include "routerd/ctl/failure.h"
#include "routerd/ctl/options.h"
#include "routerd/ctl/text.h"
#include "routerd/sim/play_trace.h"
#include "routerd/sim/summary.h"
#include "routerd/sim/trace_reader.h"
#include "routerd/sim/workload.h"
#include "routerd/sim/workload_source.h"

namespace routerd::ctl {
namespace {

constexpr const char* kNothingWritten = "nothing was simulated";

struct SimulationWanted {
  std::string policy;
  std::string trace;
  std::string workload;
  std::string out;
  std::string write_trace;
  std::uint64_t seed = 1;
  int runs = 1;
  SpanMs short_abandon_ms = 5'000;
};

// A file that may not be wanted.
class Output {
 public:
  // Empty: none.
  Status Open(const std::string& path) {
    if (path.empty()) return Status::Ok();
    auto opened = FileWriter::Open(path);
    if (!opened.ok()) return opened.status();
    writer_ = std::move(opened).value();
    return Status::Ok();
  }
  [[nodiscard]] bool wanted() const { return writer_ != nullptr; }
  Status Write(std::string_view text) { return writer_->Write(text); }
  Status Commit() { return writer_ == nullptr ? Status::Ok() : writer_->Commit(); }

 private:
  std::unique_ptr<FileWriter> writer_;
};

// Keeps the rows that it passes on.
class KeptSource final : public sim::TraceSource {
 public:
  KeptSource(sim::TraceSource& from, Output& to) : from_(from), to_(to) {}
  bool Next(sim::TraceRow& row) override {
    const bool more = status_.ok() && from_.Next(row);
    if (more && to_.wanted()) {
      sim::AppendTraceRow(row, text_);
      if (text_.size() > 256 * 1024) static_cast<void>(Flush());
    }
    return more;
  }
  Status Flush() {
    if (status_.ok() && !text_.empty()) status_ = to_.Write(text_);
    text_.clear();
    return status_;
  }

 private:
  sim::TraceSource& from_;
  Output& to_;
  std::string text_;
  Status status_;
};

class SimulateCommand {
 public:
  SimulateCommand(const Context& context, const SimulationWanted& wanted)
      : context_(context), wanted_(wanted) {}

  ExitCode Run() {
    if (const auto usage = WrongUsage()) return context_.Fail(UsageFailure(*usage));
    if (const auto failed = ReadPolicy()) return context_.Fail(*failed);
    if (const Status opened = out_.Open(wanted_.out); !opened.ok()) {
      return context_.Fail(LocalFailure(opened));
    }
    const auto failed = wanted_.trace.empty() ? PlayWorkload() : PlayTrace();
    if (failed) return context_.Fail(*failed);
    if (const Status written = out_.Commit(); !written.ok()) {
      return context_.Fail(LocalFailure(written));
    }
    context_.out << summary_;
    return ExitCode::kOk;
  }

 private:
  using Failed = std::optional<Failure>;

  [[nodiscard]] std::optional<std::string> WrongUsage() const {
    if (wanted_.trace.empty() == wanted_.workload.empty()) {
      return "simulate: either --trace or --workload says what arrives";
    }
    if (wanted_.workload.empty() && (wanted_.runs != 1 || !wanted_.write_trace.empty())) {
      return "simulate: --runs and --write-trace go with --workload: a trace is the same every "
             "time";
    }
    if (wanted_.runs != 1 && !wanted_.write_trace.empty()) {
      return "simulate: --write-trace writes the trace of one run, not of several";
    }
    return std::nullopt;
  }

  Failed ReadPolicy() {
    const auto text = ReadFile(wanted_.policy, limits::kMaxPolicyBytes);
    if (!text.ok()) return LocalFailure(text.status());
    compiler::Compiled compiled = compiler::Compile({wanted_.policy, text.value()}, nullptr);
    if (compiled.model == nullptr) {
      return PolicyFailure(std::string("the policy has errors; ") + kNothingWritten,
                           std::move(compiled.findings));
    }
    model_ = std::move(compiled.model);
    return std::nullopt;
  }

  [[nodiscard]] sim::PlayOptions Options() {
    sim::PlayOptions options;
    options.model = model_;
    options.short_abandon_ms = wanted_.short_abandon_ms;
    options.seed = wanted_.seed;
    if (out_.wanted()) {
      options.write_rows = [this](std::string_view rows) { return out_.Write(rows); };
    }
    return options;
  }

  Failed Check(sim::PlayedTrace& played, const char* what) {
    if (!played.findings.empty()) {
      return PolicyFailure(std::string(what) + " has errors; " + kNothingWritten,
                           std::move(played.findings));
    }
    if (!played.written.ok()) return LocalFailure(played.written);
    for (const std::string& warning : played.warnings) {
      context_.err << "routerctl: warning: " << Printable(warning) << "\n";
    }
    return std::nullopt;
  }

  Failed PlayTrace() {
    std::ifstream file;
    const bool from_input = wanted_.trace == "-";
    if (!from_input) {
      file.open(wanted_.trace, std::ios::binary);
      if (!file) {
        return LocalFailure(Status(Code::kNotFound, "cannot open " + wanted_.trace));
      }
    }
    std::istream& in = from_input ? std::cin : file;
    sim::TraceReader reader(wanted_.trace, in);
    sim::PlayedTrace played = sim::PlayTrace(reader, Options());
    if (in.bad()) return LocalFailure(Status(Code::kInternal, "cannot read " + wanted_.trace));
    if (auto failed = Check(played, "the trace")) return failed;
    summary_ = sim::SummaryText(played.figures, wanted_.seed);
    return std::nullopt;
  }

  Failed PlayWorkload() {
    const auto text = ReadFile(wanted_.workload, limits::kMaxPolicyBytes);
    if (!text.ok()) return LocalFailure(text.status());
    sim::CompiledWorkload compiled = sim::CompileWorkload(wanted_.workload, text.value(), *model_);
    if (!compiled.workload) {
      return PolicyFailure(std::string("the workload has errors; ") + kNothingWritten,
                           std::move(compiled.findings));
    }
    Output trace;
    if (const Status opened = trace.Open(wanted_.write_trace); !opened.ok()) {
      return LocalFailure(opened);
    }
    std::vector<sim::RunMetrics> runs;
    for (int run = 1; run <= wanted_.runs; ++run) {
      if (auto failed = PlayRun(*compiled.workload, run, trace, runs)) return failed;
    }
    if (wanted_.runs > 1) summary_ = sim::RunsText(runs);
    const Status written = trace.Commit();
    return written.ok() ? Failed() : LocalFailure(written);
  }

  Failed PlayRun(const sim::Workload& workload, int run, Output& trace,
                 std::vector<sim::RunMetrics>& runs) {
    const std::uint64_t seed = wanted_.seed + static_cast<std::uint64_t>(run - 1);
    sim::WorkloadSource drawn(workload, seed);
    KeptSource source(drawn, trace);
    sim::PlayOptions options = Options();
    options.count_from_ms = workload.warm_up_ms;
    options.run = wanted_.runs > 1 ? run : 0;
    options.seed = seed;
    sim::PlayedTrace played = sim::PlayRows(source, options);
    if (const Status kept = source.Flush(); !kept.ok()) return LocalFailure(kept);
    if (run > 1) played.warnings.clear();  // those of the first
    if (auto failed = Check(played, "the workload")) return failed;
    if (wanted_.runs == 1) {
      summary_ = sim::SummaryText(played.figures, seed);
    } else {
      runs.push_back({seed, played.figures.state_hash, sim::MetricsOf(played.figures)});
    }
    return std::nullopt;
  }

  const Context& context_;
  const SimulationWanted& wanted_;
  std::shared_ptr<const model::Model> model_;
  Output out_;
  std::string summary_;
};

void AddFiles(CLI::App& command, const std::shared_ptr<SimulationWanted>& wanted) {
  const auto file = [&](const char* name, std::string SimulationWanted::*field,
                        const char* description) {
    return AddText(
               command, name, [wanted, field](const std::string& path) { (*wanted).*field = path; },
               description)
        .Type("FILE");
  };
  file("--policy", &SimulationWanted::policy, "the policy").Required();
  const Option trace = file("--trace", &SimulationWanted::trace,
                            "what arrives and who works, JSON a line; - = input");
  file("--workload", &SimulationWanted::workload, "the same as rates and distributions, YAML")
      .Excludes(trace);
  file("--out,-o", &SimulationWanted::out, "what became of each contact, JSON a line");
  file("--write-trace", &SimulationWanted::write_trace, "keep the trace that was drawn");
}

}  // namespace

void AddSimulate(CLI::App& app, Context& context) {
  auto wanted = std::make_shared<SimulationWanted>();
  CLI::App& command = AddCommand(
      app, context, "simulate", "plays traffic on a policy in virtual time; needs no daemon",
      [&context, wanted] { return SimulateCommand(context, *wanted).Run(); });
  AddFiles(command, wanted);
  AddNumber(
      command, "--seed", {0, std::numeric_limits<std::int64_t>::max() - limits::kMaxSimulationRuns},
      [wanted](std::int64_t seed) { wanted->seed = static_cast<std::uint64_t>(seed); },
      "of all chance; the same seed, the same result")
      .Default("1");
  AddNumber(
      command, "--runs", {1, limits::kMaxSimulationRuns},
      [wanted](std::int64_t runs) { wanted->runs = static_cast<int>(runs); },
      "of a workload, with the seeds that follow; then figures have confidence intervals")
      .Default("1");
  AddSpan(command, "--short-abandon", wanted->short_abandon_ms,
          "who gives up so soon is a short abandon; 5s");
}

}  // namespace routerd::ctl
