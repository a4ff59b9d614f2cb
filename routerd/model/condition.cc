#include "routerd/model/condition.h"

#include <array>
#include <limits>

#include "routerd/base/limits.h"

namespace routerd::model {
namespace {

constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

std::int64_t Sum(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  return __builtin_add_overflow(a, b, &out) ? (a < 0 ? kLeast : kGreatest) : out;
}

std::int64_t Difference(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  return __builtin_sub_overflow(a, b, &out) ? (a < 0 ? kLeast : kGreatest) : out;
}

std::int64_t Product(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  return __builtin_mul_overflow(a, b, &out) ? ((a < 0) != (b < 0) ? kLeast : kGreatest) : out;
}

std::int64_t FigureOf(const ConditionStep& step, const QueueFigures& figures) {
  switch (step.op) {
    case ConditionOp::kWaiting:
      return figures.waiting;
    case ConditionOp::kFree:
      return figures.free;
    case ConditionOp::kReady:
      return figures.ready;
    case ConditionOp::kOldest:
      return figures.oldest_s;
    case ConditionOp::kStaffed:
      return figures.staffed;
    default:
      return step.literal;
  }
}

std::int64_t Combined(ConditionOp op, std::int64_t a, std::int64_t b) {
  switch (op) {
    case ConditionOp::kAdd:
      return Sum(a, b);
    case ConditionOp::kSubtract:
      return Difference(a, b);
    case ConditionOp::kMultiply:
      return Product(a, b);
    case ConditionOp::kLess:
      return a < b ? 1 : 0;
    case ConditionOp::kLessOrEqual:
      return a <= b ? 1 : 0;
    case ConditionOp::kGreater:
      return a > b ? 1 : 0;
    case ConditionOp::kGreaterOrEqual:
      return a >= b ? 1 : 0;
    case ConditionOp::kEqual:
      return a == b ? 1 : 0;
    case ConditionOp::kNotEqual:
      return a != b ? 1 : 0;
    case ConditionOp::kAnd:
      return (a & b) != 0 ? 1 : 0;
    case ConditionOp::kOr:
      return (a | b) != 0 ? 1 : 0;
    default:
      return 0;
  }
}

bool IsOperand(ConditionOp op) { return op <= ConditionOp::kOldest || op == ConditionOp::kStaffed; }
bool IsUnary(ConditionOp op) { return op == ConditionOp::kNegate || op == ConditionOp::kNot; }
bool TakesTruth(ConditionOp op) { return op >= ConditionOp::kAnd; }
bool GivesTruth(ConditionOp op) { return op >= ConditionOp::kLess; }

}  // namespace

bool Condition::Holds(const QueueFigures& figures) const {
  std::array<std::int64_t, limits::kMaxConditionSteps> stack{};
  std::size_t size = 0;
  for (const ConditionStep& step : program) {
    if (IsOperand(step.op)) {
      stack[size++] = FigureOf(step, figures);
    } else if (step.op == ConditionOp::kNegate) {
      stack[size - 1] = Difference(0, stack[size - 1]);
    } else if (step.op == ConditionOp::kNot) {
      stack[size - 1] = 1 - stack[size - 1];
    } else {
      stack[size - 2] = Combined(step.op, stack[size - 2], stack[size - 1]);
      --size;
    }
  }
  return size != 0 && stack[0] != 0;
}

unsigned Condition::Reads() const {
  unsigned reads = kReadsNothing;
  for (const ConditionStep& step : program) {
    if (step.op == ConditionOp::kWaiting) reads |= kReadsWaiting;
    if (step.op == ConditionOp::kFree) reads |= kReadsFree;
    if (step.op == ConditionOp::kReady) reads |= kReadsReady;
    if (step.op == ConditionOp::kOldest) reads |= kReadsOldest;
    if (step.op == ConditionOp::kStaffed) reads |= kReadsStaffed;
  }
  return reads;
}

bool Condition::IsSound() const {
  if (program.size() > limits::kMaxConditionSteps) return false;
  std::array<bool, limits::kMaxConditionSteps> is_truth{};
  std::size_t size = 0;
  for (const ConditionStep& step : program) {
    if (step.op != ConditionOp::kLiteral && step.literal != 0) return false;
    if (IsOperand(step.op)) {
      is_truth[size++] = false;
      continue;
    }
    const std::size_t takes = IsUnary(step.op) ? 1 : 2;
    if (size < takes) return false;
    for (std::size_t i = size - takes; i < size; ++i) {
      if (is_truth[i] != TakesTruth(step.op)) return false;
    }
    size -= takes - 1;
    is_truth[size - 1] = GivesTruth(step.op);
  }
  return size == 1 && is_truth[0];
}

}  // namespace routerd::model
