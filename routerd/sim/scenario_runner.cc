#include "routerd/sim/scenario_runner.h"

#include <optional>
#include <utility>

#include "routerd/base/file.h"
#include "routerd/base/limits.h"
#include "routerd/compiler/values.h"
#include "routerd/sim/act.h"
#include "routerd/sim/audited_engine.h"
#include "routerd/sim/check.h"
#include "routerd/sim/scenario_parser.h"

namespace routerd::sim {
namespace {

constexpr std::size_t kToldLines = 15;
constexpr std::size_t kMaxScenarioBytes = 4 * 1024 * 1024;

class Player {
 public:
  Player(const Scenario& scenario, const PolicyReader& read_policy, CompiledPolicy policy)
      : scenario_(scenario), audited_(std::move(policy), scenario.file, read_policy) {}

  Played Play() {
    for (const Row& row : scenario_.rows) {
      row_ = &row;
      if (!MoveTo(row.at_ms) || !Carry(row)) return Result();
    }
    if (!LookBack()) return Result();
    story_.AddRow(engine_.now_ms(), row_->line, "(closing time)");
    if (const std::string wrong = audited_.Close(); !wrong.empty()) Fail(wrong);
    return Result();
  }

 private:
  Played Result() {
    Played played;
    played.ok = failure_.empty();
    played.message = failure_;
    played.state_hash = engine_.StateHash();
    played.offers = story_.offers();
    return played;
  }

  bool Fail(const std::string& what) { return FailAt(*row_, what); }

  bool FailAt(const Row& row, const std::string& what) {
    failure_ = scenario_.file + ":" + std::to_string(row.line) + ": " + what +
               "\n  row:  " + row.text + "\n  it is " + compiler::SpanText(engine_.now_ms()) +
               "; what happened last:\n" + story_.Tell(kToldLines);
    return false;
  }

  bool TakeIn() {
    const std::string wrong = audited_.TakeIn();
    return wrong.empty() || Fail(wrong);
  }

  // This instant is over: whatever happened in it must have been spoken of.
  bool LookBack() {
    if (refusals_from_ != nullptr) {
      return FailAt(*refusals_from_, "this was refused: " + refusals_.front().reason + " (" +
                                         refusals_.front().message + ")");
    }
    if (const Story::Chapter* surprise = story_.FindSurprise()) {
      return Fail("no row expects what happened at " + compiler::SpanText(surprise->at_ms) + ": " +
                  Story::Describe(surprise->at_ms, surprise->event));
    }
    story_.Forget();
    return true;
  }

  bool MoveTo(TimeMs at_ms) {
    if (at_ms == engine_.now_ms()) return true;
    if (!LookBack()) return false;
    while (engine_.Step(at_ms)) {
      if (!TakeIn()) return false;
      if (engine_.now_ms() < at_ms && !LookBack()) return false;
    }
    return true;
  }

  bool Carry(const Row& row) {
    if (const auto* action = std::get_if<Action>(&row.what)) return CarryOut(row, *action);
    const auto& expectation = std::get<Expectation>(row.what);
    if (const auto* refused = std::get_if<ExpectRefused>(&expectation))
      return CheckRefused(*refused);
    if (refusals_from_ != nullptr) return LookBack();
    const std::string wrong = Check(expectation, audited_.stage());
    return wrong.empty() || Fail(wrong);
  }

  bool CarryOut(const Row& row, const Action& action) {
    if (refusals_from_ != nullptr) return LookBack();
    story_.AddRow(engine_.now_ms(), row.line, row.text);
    Acted acted = Act(row, action, audited_.stage());
    if (!TakeIn()) return false;
    if (!acted.impossible.empty()) return Fail(acted.impossible);
    refusals_ = std::move(acted.refusals);
    refusals_from_ = refusals_.empty() ? nullptr : &row;
    return true;
  }

  bool CheckRefused(const ExpectRefused& e) {
    if (refusals_from_ == nullptr) return Fail("the row before was not refused");
    refusals_from_ = nullptr;
    for (const Refusal& refusal : refusals_) {
      if (refusal.reason == e.reason && (e.detail.empty() || refusal.detail == e.detail)) continue;
      return Fail("it was refused: " + refusal.reason +
                  (refusal.detail.empty() ? "" : " " + refusal.detail) + " (" + refusal.message +
                  ")");
    }
    return true;
  }

  const Scenario& scenario_;
  AuditedEngine audited_;
  VirtualEngine& engine_ = audited_.engine();
  Story& story_ = audited_.story();
  const Row* row_ = nullptr;
  // Of the last row that did something, while no row has spoken of them.
  std::vector<Refusal> refusals_;
  const Row* refusals_from_ = nullptr;
  std::string failure_;
};

std::string FolderOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

}  // namespace

Played PlayScenario(const Scenario& scenario, const PolicyReader& read_policy) {
  CompiledPolicy policy = CompilePolicy(scenario.policy, scenario.file, read_policy, nullptr);
  if (policy.model == nullptr) {
    Played played;
    played.message = scenario.file + ": the policy is refused:\n" + policy.wrong;
    return played;
  }
  return Player(scenario, read_policy, std::move(policy)).Play();
}

Played PlayFile(const std::string& path) {
  Played played;
  const auto text = ReadFile(path, kMaxScenarioBytes);
  if (!text.ok()) {
    played.message = text.status().message();
    return played;
  }
  const ParsedScenario parsed = ParseScenario(path, text.value());
  if (!parsed.findings.empty()) {
    played.message = compiler::ToText(parsed.findings);
    return played;
  }
  const PolicyReader read = [&](const std::string& name) {
    return ReadFile(name.starts_with("/") ? name : FolderOf(path) + name, limits::kMaxPolicyBytes);
  };
  played = PlayScenario(parsed.scenario, read);
  if (!played.ok) return played;
  const Played again = PlayScenario(parsed.scenario, read);
  if (again.state_hash != played.state_hash) {
    played.ok = false;
    played.message = path + ": played twice, it came to two different states";
  }
  return played;
}

}  // namespace routerd::sim
