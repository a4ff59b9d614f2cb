#include "routerd/sim/trace_parser.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/compiler/nearest.h"
#include "routerd/compiler/report.h"
#include "routerd/sim/trace_fields.h"

namespace routerd::sim {
namespace {

namespace json = simdjson::ondemand;
static_assert(TraceParser::kPadding >= simdjson::SIMDJSON_PADDING);

// Thrown and caught in this file only.
struct WrongText {
  const char* at;  // nullptr: where the row begins
  std::string message;
  std::string hint;
};

[[noreturn]] void Throw(const char* at, std::string message, std::string hint = {}) {
  throw WrongText{at, std::move(message), std::move(hint)};
}

// A value together with where it stands and what it is called.
struct Named {
  json::value value;
  std::string_view name;
  const char* at;
};

std::string Q(std::string_view text) { return compiler::Quoted(text); }

std::int64_t Whole(Named& field, std::int64_t min, std::int64_t max, std::string_view what) {
  std::int64_t number = 0;
  const bool is_number = field.value.get_int64().get(number) == simdjson::SUCCESS;
  if (is_number && number >= min && number <= max) return number;
  Throw(field.at,
        Q(field.name) + " must be " + std::string(what) + " from " + std::to_string(min) + " to " +
            std::to_string(max),
        is_number ? "is " + std::to_string(number) : "write it without quotes and decimals");
}

SpanMs Span(Named& field) {
  return Whole(field, 0, limits::kMaxSpanMs, "a whole number of milliseconds");
}

std::string_view Text(Named& field, std::size_t max_bytes, bool may_be_empty = false) {
  std::string_view text;
  if (field.value.get_string().get(text) != simdjson::SUCCESS) {
    Throw(field.at, Q(field.name) + " must be a text", "write it in double quotes");
  }
  if (text.size() > max_bytes || (text.empty() && !may_be_empty)) {
    Throw(field.at, Q(field.name) + " must have 1 to " + std::to_string(max_bytes) + " bytes");
  }
  return text;
}

// Calls take(Named) for every member of an object; a name that stands twice is wrong.
template <typename F>
void EachMember(Named& field, std::string_view wanted, F take) {
  json::object object;
  if (field.value.get_object().get(object) != simdjson::SUCCESS) {
    Throw(field.at, Q(field.name) + " must be " + std::string(wanted));
  }
  std::vector<std::string_view> seen;
  for (json::field entry : object) {
    const char* const at = entry.key().raw() - 1;
    const std::string_view key = entry.unescaped_key();
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) {
      Throw(at, Q(key) + " stands twice in " + Q(field.name));
    }
    seen.push_back(key);
    take(Named{entry.value(), key, at});
  }
}

NamedLevels Levels(Named& field, std::size_t max, int min_level) {
  NamedLevels levels;
  EachMember(field, "an object of skills and levels", [&](Named skill) {
    const auto level = Whole(skill, min_level, limits::kMaxSkillLevel, "a level");
    if (level != 0) levels.emplace_back(skill.name, static_cast<int>(level));
  });
  if (levels.size() > max) {
    Throw(field.at, Q(field.name) + " has more than " + std::to_string(max) + " skills");
  }
  return levels;
}

std::vector<std::string> Groups(Named& field) {
  json::array array;
  if (field.value.get_array().get(array) != simdjson::SUCCESS) {
    Throw(field.at, "'groups' must be a list of names");
  }
  std::vector<std::string> groups;
  for (auto element : array) {
    Named group{element.value(), "groups", field.at};
    groups.emplace_back(Text(group, limits::kMaxIdBytes));
  }
  return groups;
}

void Attributes(Named& field, ContactRow& contact) {
  std::size_t bytes = 0;
  EachMember(field, "an object of texts", [&](Named attribute) {
    const auto text = Text(attribute, limits::kMaxAttributeBytes, true);
    bytes += attribute.name.size() + text.size();
    contact.attributes.emplace_back(attribute.name, text);
  });
  if (contact.attributes.size() > limits::kMaxAttributes || bytes > limits::kMaxAttributeBytes) {
    Throw(field.at, "'attributes' has more than " + std::to_string(limits::kMaxAttributes) +
                        " entries or " + std::to_string(limits::kMaxAttributeBytes) + " bytes");
  }
}

void Handle(Named& field, HandleTime& handle) {
  if (field.value.type() != json::json_type::object) {
    handle.otherwise_ms = Span(field);
    return;
  }
  EachMember(field, "a number or an object", [&](Named entry) {
    if (entry.name == "default") {
      handle.otherwise_ms = Span(entry);
    } else {
      handle.by_key.emplace_back(entry.name, Span(entry));
    }
  });
  if (!handle.otherwise_ms && handle.by_key.empty()) Throw(field.at, "'handle_ms' is empty");
}

Answering OneAnswer(Named& field) {
  if (field.value.type() != json::json_type::string) {
    return {Answering::Kind::kAccept, Span(field)};
  }
  const std::string_view word = Text(field, limits::kMaxIdBytes);
  if (word == "miss") return {Answering::Kind::kMiss, 0};
  if (word == "reject") return {Answering::Kind::kReject, 0};
  Throw(field.at, "'answer_ms' must be milliseconds, \"miss\" or \"reject\", not " + Q(word),
        compiler::DidYouMean(compiler::Nearest(word, {"miss", "reject"})));
}

void Answers(Named& field, std::vector<Answering>& answers) {
  json::array array;
  if (field.value.type() != json::json_type::array) {
    answers.push_back(OneAnswer(field));
    return;
  }
  array = field.value.get_array();
  for (auto element : array) {
    Named answer{element.value(), field.name, field.at};
    answers.push_back(OneAnswer(answer));
  }
  if (answers.empty() || answers.size() > limits::kMaxAnswersPerRow) {
    Throw(field.at, "'answer_ms' as a list has 1 to " + std::to_string(limits::kMaxAnswersPerRow) +
                        " elements");
  }
}

void True(Named& field) {
  bool value = false;
  if (field.value.get_bool().get(value) == simdjson::SUCCESS && value) return;
  Throw(field.at, Q(field.name) + " can only be true", "who is to leave has a row with logout");
}

bool Ready(Named& field) {
  const std::string_view word = Text(field, limits::kMaxIdBytes);
  if (word == "ready" || word == "not_ready") return word == "ready";
  Throw(field.at, "'state' must be \"ready\" or \"not_ready\", not " + Q(word),
        compiler::DidYouMean(compiler::Nearest(word, {"ready", "not_ready"})));
}

TraceField FieldOf(std::string_view name, const char* at) {
  for (std::size_t i = 0; i < kTraceFieldNames.size(); ++i) {
    if (kTraceFieldNames[i] == name) return static_cast<TraceField>(i);
  }
  const std::vector<std::string_view> known(kTraceFieldNames.begin(), kTraceFieldNames.end());
  Throw(at, "there is no field " + Q(name), compiler::DidYouMean(compiler::Nearest(name, known)));
}

void Clear(TraceRow& row) {
  row.agent.reason.clear();
  row.agent.skills.reset();
  row.agent.groups.reset();
  row.agent.ready = true;
  row.contact.priority.reset();
  row.contact.skills.clear();
  row.contact.attributes.clear();
  row.contact.handle = {};
  row.contact.wrap_up_ms.reset();
  row.contact.patience_ms.reset();
  row.contact.answers.clear();
}

}  // namespace

struct TraceParser::Impl {
  json::parser parser;
  std::uint32_t seen = 0;
  std::array<const char*, kTraceFieldNames.size()> at{};

  void Read(std::string_view text, TraceRow& row);
  void Take(TraceField field, Named value, TraceRow& row);
  void TakeOfContact(TraceField field, Named& value, ContactRow& contact);
  void Check(TraceRow& row) const;
  void CheckAgent(AgentRow& agent) const;
  void Need(TraceField field, const std::string& why) const;
  void Only(std::uint32_t allowed, std::string_view row) const;
  [[nodiscard]] bool Has(TraceField field) const { return (seen & Bit(field)) != 0; }
};

void TraceParser::Impl::TakeOfContact(TraceField field, Named& value, ContactRow& contact) {
  switch (field) {
    case TraceField::kContact:
      contact.contact = Text(value, limits::kMaxIdBytes);
      return;
    case TraceField::kChannel:
      contact.channel = Text(value, limits::kMaxIdBytes);
      return;
    case TraceField::kQueue:
      contact.queue = Text(value, limits::kMaxIdBytes);
      return;
    case TraceField::kPriority:
      contact.priority = static_cast<int>(
          Whole(value, limits::kMinPriority, limits::kMaxPriority, "a whole number"));
      return;
    case TraceField::kAttributes:
      return Attributes(value, contact);
    case TraceField::kHandleMs:
      return Handle(value, contact.handle);
    case TraceField::kWrapUpMs:
      contact.wrap_up_ms = Span(value);
      return;
    case TraceField::kPatienceMs:
      contact.patience_ms = Span(value);
      return;
    default:
      return Answers(value, contact.answers);
  }
}

void TraceParser::Impl::Take(TraceField field, Named value, TraceRow& row) {
  switch (field) {
    case TraceField::kAgent:
      row.agent.agent = Text(value, limits::kMaxIdBytes);
      return;
    case TraceField::kAtMs:
      row.at_ms = Whole(value, 0, limits::kMaxTraceMs, "a whole number of milliseconds");
      return;
    case TraceField::kLogin:
    case TraceField::kLogout:
      return True(value);
    case TraceField::kState:
      row.agent.ready = Ready(value);
      return;
    case TraceField::kReason:
      row.agent.reason = Text(value, limits::kMaxIdBytes);
      return;
    case TraceField::kGroups:
      row.agent.groups = Groups(value);
      return;
    case TraceField::kSkills:
      // An agent's and a contact's; which of them is known when all has been read.
      row.contact.skills = Levels(value, limits::kMaxSkillsPerAgent, 0);
      return;
    default:
      return TakeOfContact(field, value, row.contact);
  }
}

void TraceParser::Impl::Read(std::string_view text, TraceRow& row) {
  Clear(row);
  seen = 0;
  json::document document = parser.iterate(text.data(), text.size(), text.size() + kPadding);
  json::object object;
  if (const auto error = document.get_object().get(object); error != simdjson::SUCCESS) {
    if (error != simdjson::INCORRECT_TYPE) throw simdjson::simdjson_error(error);
    Throw(nullptr, "a row must be a JSON object",
          R"(like {"agent":"a1","at_ms":0,"login":true}, one a line)");
  }
  for (json::field entry : object) {
    const char* const key_at = entry.key().raw() - 1;
    const std::string_view name = entry.unescaped_key();
    const TraceField field = FieldOf(name, key_at);
    if (Has(field)) Throw(key_at, Q(name) + " stands twice");
    seen |= Bit(field);
    at[static_cast<std::size_t>(field)] = key_at;
    Take(field, Named{entry.value(), name, key_at}, row);
  }
  if (const char* rest = nullptr; document.current_location().get(rest) == simdjson::SUCCESS) {
    Throw(rest, "something stands behind the object", "one JSON object a line");
  }
  Check(row);
}

void TraceParser::Impl::Need(TraceField field, const std::string& why) const {
  if (Has(field)) return;
  Throw(nullptr, Q(kTraceFieldNames[static_cast<std::size_t>(field)]) + " is missing", why);
}

void TraceParser::Impl::Only(std::uint32_t allowed, std::string_view row) const {
  const std::uint32_t beyond = seen & ~allowed;
  if (beyond == 0) return;
  const auto first = static_cast<std::size_t>(__builtin_ctz(beyond));
  Throw(at[first], Q(kTraceFieldNames[first]) + " has no meaning in " + std::string(row));
}

void TraceParser::Impl::CheckAgent(AgentRow& agent) const {
  if (Has(TraceField::kLogin)) {
    agent.kind = AgentRow::Kind::kLogIn;
    Only(kLogInFields, "a row that logs an agent in");
  } else if (Has(TraceField::kLogout)) {
    agent.kind = AgentRow::Kind::kLogOut;
    Only(kLogOutFields, "a row that logs an agent out");
  } else if (Has(TraceField::kState)) {
    agent.kind = AgentRow::Kind::kState;
    Only(kStateFields, "a row that sets an agent's state");
  } else {
    Throw(nullptr, "the row does not say what the agent does",
          R"(add "login":true, "logout":true or "state":"ready")");
  }
  if (Has(TraceField::kReason) && agent.ready) {
    Throw(at[static_cast<std::size_t>(TraceField::kReason)],
          "'reason' is why an agent is not ready", R"(add "state":"not_ready", or leave it out)");
  }
}

void TraceParser::Impl::Check(TraceRow& row) const {
  const bool of_agent = Has(TraceField::kAgent);
  if (of_agent == Has(TraceField::kContact)) {
    Throw(nullptr,
          of_agent ? "a row is about an agent or about a contact, not both"
                   : "a row is about an agent or about a contact",
          R"(it has either "agent" or "contact")");
  }
  row.kind = of_agent ? RowKind::kAgent : RowKind::kContact;
  Need(TraceField::kAtMs, "when it happens, in milliseconds since any instant you like");
  if (of_agent) {
    CheckAgent(row.agent);
    if (Has(TraceField::kSkills)) row.agent.skills = std::move(row.contact.skills);
    return;
  }
  Only(kContactFields, "a row about a contact");
  Need(TraceField::kChannel, "how it comes: voice, chat, …");
  Need(TraceField::kQueue, "where it waits");
  Need(TraceField::kHandleMs, "how long agent and customer are together");
  if (row.contact.skills.size() > limits::kMaxRequirements) {
    Throw(at[static_cast<std::size_t>(TraceField::kSkills)],
          "a contact asks for at most " + std::to_string(limits::kMaxRequirements) + " skills");
  }
}

TraceParser::TraceParser() : impl_(std::make_unique<Impl>()) {}
TraceParser::~TraceParser() = default;

std::optional<TraceParser::Wrong> TraceParser::Parse(std::string_view text, TraceRow& row) {
  try {
    impl_->Read(text, row);
    return std::nullopt;
  } catch (const WrongText& wrong) {
    const auto offset = wrong.at == nullptr ? 0 : static_cast<std::size_t>(wrong.at - text.data());
    return Wrong{offset, wrong.message, wrong.hint};
  } catch (const simdjson::simdjson_error& error) {
    return Wrong{0, std::string("not well-formed JSON: ") + error.what(),
                 "one JSON object a line, nothing else"};
  }
}

}  // namespace routerd::sim
