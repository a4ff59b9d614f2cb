// A row as a line of a trace: what trace_reader.h reads.
#include <string>

#include "routerd/sim/json_text.h"
#include "routerd/sim/workload_source.h"

namespace routerd::sim {
namespace {

void Key(const char* key, std::string& to) {
  to += ",\"";
  to += key;
  to += "\":";
}

void KeyText(const char* key, const std::string& text, std::string& to) {
  Key(key, to);
  AppendText(text, to);
}

void KeyNumber(const char* key, std::int64_t number, std::string& to) {
  Key(key, to);
  AppendNumber(number, to);
}

// {"key":value,…}
template <typename List, typename F>
void Object(const List& list, F append_value, std::string& to) {
  char before = '{';
  for (const auto& [key, value] : list) {
    to += before;
    AppendText(key, to);
    to += ':';
    append_value(value);
    before = ',';
  }
  if (before == '{') to += before;
  to += '}';
}

void AppendLevels(const NamedLevels& levels, std::string& to) {
  Key("skills", to);
  Object(
      levels, [&to](int level) { AppendNumber(level, to); }, to);
}

void AppendAgent(const AgentRow& agent, std::string& to) {
  if (agent.kind == AgentRow::Kind::kLogOut) {
    to += ",\"logout\":true";
    return;
  }
  const bool log_in = agent.kind == AgentRow::Kind::kLogIn;
  if (log_in) to += ",\"login\":true";
  if (!log_in || !agent.ready) KeyText("state", agent.ready ? "ready" : "not_ready", to);
  if (!agent.reason.empty()) KeyText("reason", agent.reason, to);
  if (agent.skills) AppendLevels(*agent.skills, to);
  if (!agent.groups) return;
  Key("groups", to);
  to += '[';
  for (const std::string& group : *agent.groups) {
    if (&group != &agent.groups->front()) to += ',';
    AppendText(group, to);
  }
  to += ']';
}

void AppendHandle(const HandleTime& handle, std::string& to) {
  if (handle.by_key.empty()) {
    KeyNumber("handle_ms", handle.otherwise_ms.value_or(0), to);
    return;
  }
  auto all = handle.by_key;
  if (handle.otherwise_ms) all.emplace_back("default", *handle.otherwise_ms);
  Key("handle_ms", to);
  Object(
      all, [&to](SpanMs span) { AppendNumber(span, to); }, to);
}

void AppendAnswers(const std::vector<Answering>& answers, std::string& to) {
  if (answers.empty()) return;
  Key("answer_ms", to);
  if (answers.size() > 1) to += '[';
  for (const Answering& answer : answers) {
    if (&answer != &answers.front()) to += ',';
    if (answer.kind == Answering::Kind::kAccept) {
      AppendNumber(answer.after_ms, to);
    } else {
      AppendText(answer.kind == Answering::Kind::kMiss ? "miss" : "reject", to);
    }
  }
  if (answers.size() > 1) to += ']';
}

void AppendContact(const ContactRow& contact, std::string& to) {
  KeyText("channel", contact.channel, to);
  KeyText("queue", contact.queue, to);
  if (contact.priority) KeyNumber("priority", *contact.priority, to);
  if (!contact.skills.empty()) AppendLevels(contact.skills, to);
  if (!contact.attributes.empty()) {
    Key("attributes", to);
    Object(
        contact.attributes, [&to](const std::string& value) { AppendText(value, to); }, to);
  }
  AppendHandle(contact.handle, to);
  if (contact.wrap_up_ms) KeyNumber("wrap_up_ms", *contact.wrap_up_ms, to);
  if (contact.patience_ms) KeyNumber("patience_ms", *contact.patience_ms, to);
  AppendAnswers(contact.answers, to);
}

}  // namespace

void AppendTraceRow(const TraceRow& row, std::string& to) {
  const bool of_agent = row.kind == RowKind::kAgent;
  to += of_agent ? "{\"agent\":" : "{\"contact\":";
  AppendText(of_agent ? row.agent.agent : row.contact.contact, to);
  KeyNumber("at_ms", row.at_ms, to);
  if (of_agent) {
    AppendAgent(row.agent, to);
  } else {
    AppendContact(row.contact, to);
  }
  to += "}\n";
}

}  // namespace routerd::sim
