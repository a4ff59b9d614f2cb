#include <charconv>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "routerd/ctl/client.h"
#include "routerd/ctl/commands.h"
#include "routerd/ctl/context.h"
#include "routerd/ctl/event_line.h"
#include "routerd/ctl/options.h"
#include "routerd/v1/events.pb.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::ctl {
namespace {

struct EventsWanted {
  std::optional<v1::Position> after;
  bool follow = false;
  std::int64_t count = 0;
};

v1::Position ParsePosition(const std::string& option, const std::string& text) {
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  const char* const end = text.data() + text.size();
  const auto [dash, first] = std::from_chars(text.data(), end, epoch);
  const bool good = first == std::errc() && dash != end && *dash == '-';
  const auto [stop, second] = std::from_chars(good ? dash + 1 : end, end, sequence);
  if (!good || second != std::errc() || stop != end) {
    throw UsageError(option + ": '" + text + "' is not EPOCH-SEQUENCE, like 3-4711");
  }
  v1::Position out;
  out.set_epoch(epoch);
  out.set_sequence(sequence);
  return out;
}

bool Reached(const v1::Position& at, const v1::Position& head) {
  return std::make_pair(at.epoch(), at.sequence()) >= std::make_pair(head.epoch(), head.sequence());
}

ExitCode ShowEvents(const Context& context, const EventsWanted& wanted) {
  Client client(context.target);
  v1::StreamEventsRequest request;
  v1::GetStatusResponse status;
  if (wanted.after) *request.mutable_after() = *wanted.after;
  if (!wanted.follow) {
    // Up to what has happened by now; without a start from the first that is kept.
    if (!wanted.after) request.mutable_after();
    if (auto failure = client.Call(kGetStatus, v1::GetStatusRequest(), status)) {
      return context.Fail(*failure);
    }
    if (Reached(request.after(), status.position())) return ExitCode::kOk;
  }
  std::int64_t shown = 0;
  const auto handle = [&](const v1::StreamEventsResponse& response) {
    for (const v1::Event& event : response.events()) {
      context.out << (context.json ? ToJson(event, JsonForm::kLine) : EventLine(event) + "\n");
      if (++shown == wanted.count) return false;
    }
    context.out.flush();
    return wanted.follow || !Reached(response.position(), status.position());
  };
  if (auto failure = client.Stream(kStreamEvents, request, handle)) {
    return context.Fail(*failure);
  }
  return ExitCode::kOk;
}

}  // namespace

void AddEvents(CLI::App& app, Context& context) {
  auto wanted = std::make_shared<EventsWanted>();
  CLI::App& command =
      AddCommand(app, context, "events",
                 "what has happened: TIME POSITION.INDEX KIND FIELDS, oldest first (times in UTC)",
                 [&context, wanted] { return ShowEvents(context, *wanted); });
  AddText(
      command, "--from",
      [wanted](const std::string& text) { wanted->after = ParsePosition("--from", text); },
      "events after this position; without it all that are kept, or with --follow none of them")
      .Type("EPOCH-SEQUENCE");
  AddFlag(
      command, "--follow,-f", [wanted] { wanted->follow = true; }, "go on with what happens next");
  AddNumber(
      command, "--count", kCounts, [wanted](std::int64_t count) { wanted->count = count; },
      "end after so many events; 0 = never");
}

}  // namespace routerd::ctl
