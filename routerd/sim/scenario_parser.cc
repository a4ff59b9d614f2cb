#include "routerd/sim/scenario_parser.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "routerd/sim/cast.h"
#include "routerd/sim/parse_action.h"
#include "routerd/sim/parse_expectation.h"
#include "routerd/sim/row_words.h"

namespace routerd::sim {
namespace {

std::string_view Trimmed(std::string_view s) {
  const std::size_t begin = s.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return s.substr(begin, s.find_last_not_of(" \t\r") - begin + 1);
}

std::string_view WithoutComment(std::string_view row) {
  return Trimmed(row.substr(0, row.find('#')));
}

class Parser {
 public:
  Parser(const std::string& file, std::string_view text) {
    out_.scenario.file = file;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      lines_.push_back(text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
  }

  ParsedScenario Parse() {
    ReadHead();
    if (const auto policy = ReadPolicyHead()) out_.scenario.policy = *policy;
    for (; next_ < lines_.size(); ++next_) {
      if (!WithoutComment(lines_[next_]).empty()) ReadRow();
    }
    if (out_.scenario.rows.empty() && out_.findings.empty()) {
      Report(next_, 1, "nothing happens in this scenario",
             "write rows like: at 0s agent anna logs in ready");
    }
    return std::move(out_);
  }

 private:
  void Report(std::size_t index, int column, std::string message, std::string hint) {
    out_.findings.push_back({compiler::Severity::kError, out_.scenario.file,
                             static_cast<int>(index) + 1, column, "scenario", std::move(message),
                             std::move(hint)});
  }

  void SkipEmpty() {
    while (next_ < lines_.size() && Trimmed(lines_[next_]).empty()) ++next_;
  }

  [[nodiscard]] std::string_view Line() const {
    return next_ < lines_.size() ? Trimmed(lines_[next_]) : std::string_view();
  }

  // The title, and the comment that says what the scenario shows.
  void ReadHead() {
    SkipEmpty();
    if (!Line().starts_with("scenario ")) {
      Report(next_, 1, "a scenario begins with its title", "write: scenario What it shows");
      return;
    }
    out_.scenario.title = Trimmed(Line().substr(9));
    ++next_;
    SkipEmpty();
    for (; Line().starts_with("#"); ++next_) {
      const std::string_view words = Trimmed(Line().substr(1));
      if (!words.empty())
        out_.scenario.about += (out_.scenario.about.empty() ? "" : " ") + std::string(words);
    }
    if (out_.scenario.about.empty()) {
      Report(next_, 1, "the title is followed by a comment that says what the scenario shows",
             "write: # Some sentences.");
    }
    while (next_ < lines_.size() && WithoutComment(lines_[next_]).empty()) ++next_;
  }

  std::optional<PolicyText> ReadPolicyHead() {
    const std::string_view line = WithoutComment(Line());
    if (line != "policy" && !line.starts_with("policy ")) {
      Report(next_, 1, "the policy is missing", "write: policy FILE, or: policy … end");
      return std::nullopt;
    }
    if (line == "policy") return ReadPolicyText();
    ++next_;
    return PolicyText{std::string(Trimmed(line.substr(7))), ""};
  }

  // From the line after this one to `end`; leaves `next_` behind it.
  PolicyText ReadPolicyText() {
    const std::size_t begin = ++next_;
    PolicyText policy;
    policy.text.assign(begin, '\n');
    for (; next_ < lines_.size(); ++next_) {
      if (Line() == "end") {
        ++next_;
        return policy;
      }
      policy.text += std::string(lines_[next_]) + "\n";
    }
    Report(begin - 1, 1, "this policy does not end", "write `end` in a line of its own behind it");
    return policy;
  }

  void ReadTime(RowWords& words) {
    if (!words.Take("at")) {
      if (out_.scenario.rows.empty()) words.Need("at");
      return;
    }
    const TimeMs at = words.Span("a time");
    if (words.failed()) return;
    if (at < now_) {
      words.FailWith("time does not go back: the row before is later", "put the rows in order");
    }
    now_ = std::max(now_, at);
  }

  void ReadRow() {
    const std::size_t at = next_;
    RowWords words(lines_[at]);
    Row row;
    row.line = static_cast<int>(at) + 1;
    row.text = WithoutComment(lines_[at]);
    ReadTime(words);
    if (words.Take("expect")) {
      row.what = ParseExpectation(words, cast_);
    } else {
      Action action = ParseAction(words, cast_);
      if (words.Take("by")) row.by = words.Name("who does it");
      auto* policy = std::get_if<PolicyBecomes>(&action);
      if (policy != nullptr && policy->policy.path.empty() && !words.failed()) {
        policy->policy = ReadPolicyText();
        --next_;
      }
      row.what = std::move(action);
    }
    words.NeedEnd();
    row.at_ms = now_;
    if (const auto& error = words.error()) {
      Report(at, error->column, error->message, error->hint);
      return;
    }
    out_.scenario.rows.push_back(std::move(row));
  }

  ParsedScenario out_;
  std::vector<std::string_view> lines_;
  std::size_t next_ = 0;
  TimeMs now_ = 0;
  Cast cast_;
};

}  // namespace

ParsedScenario ParseScenario(const std::string& file, std::string_view text) {
  return Parser(file, text).Parse();
}

}  // namespace routerd::sim
