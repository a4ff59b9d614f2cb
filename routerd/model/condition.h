// A condition of the policy on how a queue stands: `queue.waiting > 10 && queue.free == 0`. The
// compiler turns the text into a short program for a stack; the core runs it, once per queue and
// change, never per contact. Whole numbers only.
#pragma once

#include <cstdint>
#include <vector>

namespace routerd::model {

// What conditions read of a queue.
struct QueueFigures {
  std::int64_t waiting = 0;  // contacts that wait, those of absent gateways among them
  std::int64_t free = 0;     // of `ready`: who could be offered a contact on some channel now
  std::int64_t ready = 0;  // members of step 0 who meet the queue's own requirements and are ready
  std::int64_t oldest_s = 0;  // whole seconds of the oldest waiting visit, as of the last tick
  std::int64_t staffed = 0;   // like `ready`, whoever is logged in
  friend bool operator==(const QueueFigures&, const QueueFigures&) = default;
};

// Each takes its operands from the stack, the right one first, and leaves its result there. Numbers
// are part of the encoding: append, never renumber.
enum class ConditionOp : std::uint8_t {
  kLiteral,
  kWaiting,
  kFree,
  kReady,
  kOldest,
  // Two numbers to a number; what does not fit into 64 bits becomes the greatest or least that
  // does.
  kAdd,
  kSubtract,
  kMultiply,
  kNegate,  // one number
  // Two numbers to a truth value.
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kEqual,
  kNotEqual,
  // Truth values.
  kAnd,
  kOr,
  kNot,
  // A number.
  kStaffed,
};

struct ConditionStep {
  ConditionOp op = ConditionOp::kLiteral;
  std::int64_t literal = 0;  // of kLiteral; else 0
  friend bool operator==(const ConditionStep&, const ConditionStep&) = default;
};

// Which figures a condition reads, as bits.
enum ConditionReads : unsigned {
  kReadsNothing = 0,
  kReadsWaiting = 1,
  kReadsFree = 2,
  kReadsReady = 4,
  kReadsOldest = 8,
  kReadsStaffed = 16,
};

struct Condition {
  std::vector<ConditionStep> program;
  [[nodiscard]] bool Holds(const QueueFigures& figures) const;
  [[nodiscard]] unsigned Reads() const;
  // One truth value comes out, every operand is of its kind, and the limits are kept.
  [[nodiscard]] bool IsSound() const;
  friend bool operator==(const Condition&, const Condition&) = default;
};

}  // namespace routerd::model
