// Conditions, a small part of CEL: figures of the queue, whole numbers, + - *, comparisons, && || !
// and parentheses. By recursive descent, straight into the program that the core runs.
#include "routerd/compiler/condition.h"

#include <charconv>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/compiler/nearest.h"

namespace routerd::compiler {
namespace {

using model::ConditionOp;

constexpr std::pair<std::string_view, ConditionOp> kFigures[] = {
    {"queue.waiting", ConditionOp::kWaiting}, {"queue.free", ConditionOp::kFree},
    {"queue.ready", ConditionOp::kReady},     {"queue.oldest_s", ConditionOp::kOldest},
    {"queue.staffed", ConditionOp::kStaffed},
};

constexpr std::pair<std::string_view, ConditionOp> kComparisons[] = {
    {"<", ConditionOp::kLess},    {"<=", ConditionOp::kLessOrEqual},
    {">", ConditionOp::kGreater}, {">=", ConditionOp::kGreaterOrEqual},
    {"==", ConditionOp::kEqual},  {"!=", ConditionOp::kNotEqual},
};

// What people write who know other languages.
constexpr std::pair<std::string_view, std::string_view> kMeant[] = {
    {"and", "write &&"}, {"or", "write ||"}, {"not", "write !"},
    {"=", "write =="},   {"&", "write &&"},  {"|", "write ||"},
    {"<>", "write !="},  {"=>", "write >="}, {"=<", "write <="},
};

bool IsLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.';
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

class ConditionParser {
 public:
  ConditionParser(const YamlNode& node, const std::string& where, Report& report)
      : node_(node), where_(where), report_(report), text_(node.text) {
    Next();
  }

  std::optional<model::Condition> Run() {
    const std::optional<Kind> kind = Either();
    if (!kind) return std::nullopt;
    if (!token_.empty()) {
      Fail("does not go on with " + Quoted(token_), HintFor(token_));
      return std::nullopt;
    }
    if (*kind != Kind::kTruth) {
      at_ = 0;
      Fail("is a number, and must be true or false", "compare it: queue.waiting > 10");
      return std::nullopt;
    }
    if (condition_.program.size() > limits::kMaxConditionSteps) {
      report_.Error(node_, "too_many",
                    where_ + " has " + std::to_string(condition_.program.size()) +
                        " names, numbers and operators, at most " +
                        std::to_string(limits::kMaxConditionSteps));
      return std::nullopt;
    }
    return std::move(condition_);
  }

 private:
  enum class Kind : std::uint8_t { kNumber, kTruth };

  void Next() {
    at_ = end_;
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    end_ = at_;
    if (at_ < text_.size() && IsLetter(text_[at_])) {
      while (end_ < text_.size() && (IsLetter(text_[end_]) || IsDigit(text_[end_]))) ++end_;
    } else if (at_ < text_.size() && IsDigit(text_[at_])) {
      while (end_ < text_.size() && IsDigit(text_[end_])) ++end_;
    } else {
      while (end_ < text_.size() && std::string_view("<>=!&|").find(text_[end_]) != kNowhere) {
        if (end_ > at_ && text_[end_] == '!') break;  // a sign of its own
        ++end_;
        if (end_ == at_ + 1 && text_[at_] == '!' && (end_ == text_.size() || text_[end_] != '=')) {
          break;
        }
      }
      if (end_ == at_ && at_ < text_.size()) ++end_;
    }
    token_ = text_.substr(at_, end_ - at_);
  }

  bool Take(std::string_view token) {
    if (token_ != token) return false;
    Next();
    return true;
  }

  static std::string HintFor(std::string_view token) {
    for (const auto& [theirs, hint] : kMeant) {
      if (token == theirs) return std::string(hint);
    }
    return "a condition is made of queue.waiting, queue.free, queue.ready, queue.staffed, "
           "queue.oldest_s, "
           "numbers, + - *, comparisons, && || ! and parentheses";
  }

  std::nullopt_t Fail(const std::string& what, const std::string& hint) {
    const int column = node_.column + static_cast<int>(at_) + (node_.quoted ? 1 : 0);
    report_.ErrorAt(node_.line, column, "bad_condition", where_ + " " + what, hint);
    return std::nullopt;
  }

  // The kind that an operator gives if both its sides are of the kind it takes.
  std::optional<Kind> Combine(ConditionOp op, std::string_view sign, Kind takes, Kind gives,
                              Kind left, std::optional<Kind> right) {
    if (!right) return std::nullopt;
    if (left != takes || *right != takes) {
      return Fail("puts " + Quoted(sign) + " between " +
                      (takes == Kind::kTruth ? "numbers" : "what is true or false"),
                  takes == Kind::kTruth ? "it joins comparisons: a > 1 && b == 0"
                                        : "it joins numbers; parentheses may help");
    }
    Put(op, 0);
    return gives;
  }

  std::optional<Kind> Either() {
    std::optional<Kind> left = Both();
    while (left && Take("||")) {
      left = Combine(ConditionOp::kOr, "||", Kind::kTruth, Kind::kTruth, *left, Both());
    }
    return left;
  }

  std::optional<Kind> Both() {
    std::optional<Kind> left = Compared();
    while (left && Take("&&")) {
      left = Combine(ConditionOp::kAnd, "&&", Kind::kTruth, Kind::kTruth, *left, Compared());
    }
    return left;
  }

  std::optional<Kind> Compared() {
    const std::optional<Kind> left = Sum();
    if (!left) return left;
    for (const auto& [sign, op] : kComparisons) {
      if (Take(sign)) {
        return Combine(op, sign, Kind::kNumber, Kind::kTruth, *left, Sum());
      }
    }
    return left;
  }

  std::optional<Kind> Sum() {
    std::optional<Kind> left = Product();
    while (left && (token_ == "+" || token_ == "-")) {
      const std::string_view sign = token_;
      Next();
      const ConditionOp op = sign == "+" ? ConditionOp::kAdd : ConditionOp::kSubtract;
      left = Combine(op, sign, Kind::kNumber, Kind::kNumber, *left, Product());
    }
    return left;
  }

  std::optional<Kind> Product() {
    std::optional<Kind> left = Signed();
    while (left && Take("*")) {
      left = Combine(ConditionOp::kMultiply, "*", Kind::kNumber, Kind::kNumber, *left, Signed());
    }
    return left;
  }

  std::optional<Kind> Signed() {
    if (token_ != "!" && token_ != "-") return Single();
    const bool negates = token_ == "-";
    const Kind takes = negates ? Kind::kNumber : Kind::kTruth;
    if (!Deeper()) return std::nullopt;
    Next();
    const std::optional<Kind> kind = Signed();
    --depth_;
    if (!kind) return kind;
    if (*kind != takes) {
      return Fail(negates ? "puts '-' before what is true or false" : "puts '!' before a number",
                  negates ? "" : "write !(a > 1)");
    }
    Put(negates ? ConditionOp::kNegate : ConditionOp::kNot, 0);
    return kind;
  }

  std::optional<Kind> Single() {
    if (token_.empty()) return Fail("ends too early", "something is missing at its end");
    if (token_ == "(") return InParentheses();
    if (IsDigit(token_[0])) return Number();
    if (IsLetter(token_[0])) return Figure();
    return Fail("cannot have " + Quoted(token_) + " here", HintFor(token_));
  }

  std::optional<Kind> InParentheses() {
    if (!Deeper()) return std::nullopt;
    Next();
    const std::optional<Kind> kind = Either();
    --depth_;
    if (kind && !Take(")")) return Fail("misses a ')'", token_.empty() ? "" : HintFor(token_));
    return kind;
  }

  std::optional<Kind> Number() {
    std::int64_t value = 0;
    const auto read = std::from_chars(token_.data(), token_.data() + token_.size(), value);
    if (read.ec != std::errc() || value > limits::kMaxConditionLiteral) {
      return Fail("must have numbers up to " + std::to_string(limits::kMaxConditionLiteral) +
                      ", not " + Quoted(token_),
                  "");
    }
    Put(ConditionOp::kLiteral, value);
    Next();
    return Kind::kNumber;
  }

  std::optional<Kind> Figure() {
    std::vector<std::string_view> known;
    for (const auto& [name, op] : kFigures) {
      known.push_back(name);
      if (token_ != name) continue;
      Put(op, 0);
      Next();
      return Kind::kNumber;
    }
    std::string hint = DidYouMean(Nearest(token_, known));
    if (hint.empty()) hint = DidYouMean(Nearest("queue." + std::string(token_), known));
    return Fail("knows no " + Quoted(token_), hint.empty() ? HintFor(token_) : hint);
  }

  bool Deeper() {
    if (++depth_ <= limits::kMaxConditionDepth) return true;
    Fail("has more than " + std::to_string(limits::kMaxConditionDepth) +
             " parentheses and signs within one another",
         "");
    return false;
  }

  void Put(ConditionOp op, std::int64_t literal) { condition_.program.push_back({op, literal}); }

  static constexpr std::size_t kNowhere = std::string_view::npos;

  const YamlNode& node_;
  const std::string& where_;
  Report& report_;
  std::string_view text_;
  std::string_view token_;
  std::size_t at_ = 0;   // of the token
  std::size_t end_ = 0;  // behind it
  std::size_t depth_ = 0;
  model::Condition condition_;
};

}  // namespace

std::optional<model::Condition> CompileCondition(const YamlNode& node, const std::string& where,
                                                 Report& report) {
  if (node.kind != NodeKind::kScalar) {
    ReportWrongType(node, where, "a condition like queue.waiting > 10", report);
    return std::nullopt;
  }
  return ConditionParser(node, where, report).Run();
}

}  // namespace routerd::compiler
