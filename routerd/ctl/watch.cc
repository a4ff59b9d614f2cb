#include <google/protobuf/util/time_util.h>

#include <memory>

#include "routerd/ctl/board.h"
#include "routerd/ctl/client.h"
#include "routerd/ctl/commands.h"
#include "routerd/ctl/context.h"
#include "routerd/ctl/options.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::ctl {
namespace {

// Home, then what is below and right of what we write is cleared.
constexpr const char* kRedraw = "\x1b[H\x1b[2J";

struct WatchWanted {
  v1::WatchStateRequest request;
  SpanMs interval_ms = 1'000;
  bool lines = false;
  std::int64_t count = 0;
};

void Show(const Context& context, const WatchWanted& wanted, const v1::WatchStateResponse& response,
          Board& board) {
  const auto lines = board.Take(response);
  if (context.json) {
    context.out << ToJson(response, JsonForm::kLine);
  } else if (context.terminal && !wanted.lines) {
    if (board.complete()) context.out << kRedraw << board.ToText();
  } else {
    for (const auto& line : lines) context.out << line << '\n';
  }
  context.out.flush();
}

ExitCode Watch(const Context& context, const WatchWanted& wanted) {
  v1::WatchStateRequest request = wanted.request;
  *request.mutable_min_interval() =
      google::protobuf::util::TimeUtil::MillisecondsToDuration(wanted.interval_ms);
  Board board;
  std::int64_t changes = 0;
  const auto handle = [&](const v1::WatchStateResponse& response) {
    changes += board.complete() ? 1 : 0;
    Show(context, wanted, response, board);
    return wanted.count == 0 || !board.complete() || changes < wanted.count;
  };
  if (auto failure = Client(context.target).Stream(kWatchState, request, handle)) {
    return context.Fail(*failure);
  }
  return ExitCode::kOk;
}

}  // namespace

void AddWatch(CLI::App& app, Context& context) {
  auto wanted = std::make_shared<WatchWanted>();
  CLI::App& command = AddCommand(
      app, context, "watch",
      "state as it changes: a table on a terminal, else a line for each change; ends with Ctrl-C",
      [&context, wanted] { return Watch(context, *wanted); });
  const auto part = [&](const char* name, void (v1::WatchStateRequest::*set)(bool),
                        const char* description) {
    AddFlag(
        command, name, [wanted, set] { (wanted->request.*set)(true); }, description);
  };
  part("--queues", &v1::WatchStateRequest::set_queues, "queues; none of the three = all of them");
  part("--agents", &v1::WatchStateRequest::set_agents, "agents (lines and JSON only)");
  part("--domain", &v1::WatchStateRequest::set_domain, "the domain's figures");
  AddFlag(
      command, "--lines", [wanted] { wanted->lines = true; }, "lines also on a terminal");
  AddSpan(command, "--interval", wanted->interval_ms, "at least so long between two looks; 1s");
  AddNumber(
      command, "--count", kCounts, [wanted](std::int64_t count) { wanted->count = count; },
      "end after so many changes; 0 = never");
}

}  // namespace routerd::ctl
