#include "routerd/sim/outcome.h"

#include "routerd/sim/json_text.h"

namespace routerd::sim {
namespace {

void AppendTextField(std::string_view key, std::string_view text, std::string& to) {
  to += key;
  AppendText(text, to);
}

void AppendNumberField(std::string_view key, std::int64_t number, std::string& to) {
  to += key;
  AppendNumber(number, to);
}

void AppendTimeField(std::string_view key, const std::optional<TimeMs>& time, std::string& to) {
  if (time) AppendNumberField(key, *time, to);
}

}  // namespace

std::string_view Name(ContactOutcome outcome) {
  static constexpr std::string_view kNames[kContactOutcomes] = {"answered", "abandoned", "expired",
                                                                "refused", "waiting"};
  return kNames[static_cast<std::size_t>(outcome)];
}

void AppendRow(const Outcome& outcome, int run, std::string& to) {
  to += '{';
  if (run != 0) {
    AppendNumberField("\"run\":", run, to);
    to += ',';
  }
  AppendTextField("\"contact\":", outcome.contact, to);
  AppendTextField(",\"queue\":", outcome.queue, to);
  AppendTextField(",\"outcome\":", Name(outcome.outcome), to);
  if (!outcome.agent.empty()) AppendTextField(",\"agent\":", outcome.agent, to);
  AppendNumberField(",\"enqueued_ms\":", outcome.enqueued_ms, to);
  AppendTimeField(",\"offered_ms\":", outcome.offered_ms, to);
  AppendTimeField(",\"answered_ms\":", outcome.answered_ms, to);
  AppendTimeField(",\"ended_ms\":", outcome.ended_ms, to);
  AppendNumberField(",\"waited_ms\":", outcome.waited_ms, to);
  AppendNumberField(",\"steps\":", outcome.steps, to);
  AppendNumberField(",\"declined\":", outcome.declined, to);
  to += "}\n";
}

}  // namespace routerd::sim
