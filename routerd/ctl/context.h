// What a command of routerctl works with.
#pragma once

#include <functional>
#include <ostream>

#include "routerd/ctl/exit_code.h"
#include "routerd/ctl/json.h"
#include "routerd/ctl/target.h"

namespace routerd::ctl {

struct Failure;

struct Context {
  std::ostream& out;
  std::ostream& err;
  bool terminal = false;  // `out` is one, and is redrawn in place where that helps
  bool json = false;
  Target target;
  std::function<ExitCode()> command;  // set by the subcommand that the command line names

  // Tells what went wrong; gives the code to end with.
  [[nodiscard]] ExitCode Fail(const Failure& failure) const;

  // Prints the answer: as JSON, or what `text` makes of it.
  template <typename Message, typename Text>
  ExitCode Print(const Message& message, const Text& text) const {
    out << (json ? ToJson(message, JsonForm::kIndented) : text(message));
    return ExitCode::kOk;
  }
};

}  // namespace routerd::ctl
