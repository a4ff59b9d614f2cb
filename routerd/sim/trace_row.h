// One row of a trace as plain values: what an agent does, or a contact and all that is known of it.
// The format is public: README.md has it field by field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/ids.h"

namespace routerd::sim {

using NamedLevels = std::vector<std::pair<std::string, int>>;

struct AgentRow {
  enum class Kind : std::uint8_t { kLogIn, kState, kLogOut };
  Kind kind = Kind::kLogIn;
  std::string agent;
  bool ready = true;
  std::string reason;                              // of not ready; may be empty
  std::optional<NamedLevels> skills;               // absent: the policy's
  std::optional<std::vector<std::string>> groups;  // absent: the policy's
};

// How long an agent and the customer are together. A key is an agent's id, a level (`5`) or a level
// of a named skill (`billing:5`).
struct HandleTime {
  std::optional<SpanMs> otherwise_ms;
  std::vector<std::pair<std::string, SpanMs>> by_key;
};

// What becomes of an offer.
struct Answering {
  enum class Kind : std::uint8_t { kAccept, kMiss, kReject };
  Kind kind = Kind::kAccept;
  SpanMs after_ms = 0;  // of an accept
};

struct ContactRow {
  std::string contact;
  std::string channel;
  std::string queue;
  std::optional<int> priority;  // absent: the queue's
  NamedLevels skills;
  std::vector<std::pair<std::string, std::string>> attributes;
  HandleTime handle;
  std::optional<SpanMs> wrap_up_ms;   // absent: as the policy says
  std::optional<SpanMs> patience_ms;  // absent: never gives up
  std::vector<Answering> answers;     // the n-th offer's, then the last; empty: accepted at once
};

enum class RowKind : std::uint8_t { kAgent, kContact };

// Made once and filled again for every row.
struct TraceRow {
  std::int64_t line = 0;  // 1-based; 0: it stands in no file
  TimeMs at_ms = 0;
  RowKind kind = RowKind::kAgent;
  AgentRow agent;
  ContactRow contact;
};

// Where rows come from, in the order of their time.
class TraceSource {
 public:
  TraceSource() = default;
  TraceSource(const TraceSource&) = delete;
  TraceSource& operator=(const TraceSource&) = delete;
  virtual ~TraceSource() = default;
  // False: there are no more.
  virtual bool Next(TraceRow& row) = 0;
};

// What a row says that cannot be.
struct RowProblem {
  std::string key;   // of the field
  std::string name;  // inside of it; empty: the field as a whole
  std::string message;
  std::string hint;
};

}  // namespace routerd::sim
