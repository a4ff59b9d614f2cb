// What a command of routerctl works with.
#pragma once

#include <functional>
#include <ostream>
#include <string>

#include "routerd/ctl/client.h"
#include "routerd/ctl/exit_code.h"
#include "routerd/ctl/json.h"

namespace routerd::ctl {

struct Context {
  std::ostream& out;
  std::ostream& err;
  bool terminal = false;  // `out` is one, and is redrawn in place where that helps
  bool json = false;
  Target target;
  std::function<ExitCode()> command;  // set by the subcommand that the command line names

  // Tells what went wrong; gives the code to end with.
  [[nodiscard]] ExitCode Fail(const Failure& failure) const {
    err << (json ? failure.ToJson() : failure.ToText());
    return failure.exit_code;
  }
  // The same for what has nothing to do with the daemon.
  [[nodiscard]] ExitCode Fail(const std::string& message) const {
    err << (json ? R"({"error":{"message":)" + JsonQuoted(message) + "}}\n"
                 : "routerctl: " + message + "\n");
    return ExitCode::kFailed;
  }
  // Prints the answer: as JSON, or what `text` makes of it.
  template <typename Message, typename Text>
  ExitCode Print(const Message& message, const Text& text) const {
    out << (json ? ToJson(message, JsonForm::kIndented) : text(message));
    return ExitCode::kOk;
  }
};

}  // namespace routerd::ctl
