// The command line: commands with their options and arguments. Only options.cc knows the parser,
// CLI11, whose header is dear to compile.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/ctl/exit_code.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace routerd::ctl {

struct Context;

// The command line is wrong; what() says how. The functions below may throw it out of what they
// were given for taking in a value.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// An option (`--queue`, `--output,-o`), or an argument when its name has no dash.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}
  Option Required() const;
  Option Excludes(Option other) const;
  // What the help shows for the value, and for the value when none is given.
  Option Type(const std::string& word) const;
  Option Default(const std::string& text) const;
  // The variable that has the value when the command line has none.
  Option Environment(const std::string& variable) const;

 private:
  CLI::Option* option_;
};

// A command line of subcommands, of which one is to be named.
std::shared_ptr<CLI::App> MakeCommandLine(const std::string& name, const std::string& description,
                                          const std::string& version);

// Takes in what there is. Gives what shall be shown instead of running a command, when help or the
// version was asked for. Throws UsageError.
std::optional<std::string> Parse(CLI::App& app, int argc, const char* const* argv);

// A subcommand that runs `run` when it is the one chosen, and that takes the global options too.
CLI::App& AddCommand(CLI::App& app, Context& context, const std::string& name,
                     const std::string& description, std::function<ExitCode()> run);

// One whose own subcommands are to be named.
CLI::App& AddGroup(CLI::App& app, const std::string& name, const std::string& description);

// `count` of the command's options and arguments must be there at least.
void RequireOptions(CLI::App& command, std::size_t count);

// Stands below the command's help.
void SetFooter(CLI::App& command, const std::string& text);

using TakeText = std::function<void(const std::string&)>;
Option AddText(CLI::App& app, const std::string& name, const TakeText& take,
               const std::string& description);

// May be given several times, or with several values.
using TakeTexts = std::function<void(const std::vector<std::string>&)>;
Option AddTexts(CLI::App& app, const std::string& name, const TakeTexts& take,
                const std::string& description);

// One of `words`.
Option AddWord(CLI::App& app, const std::string& name, const std::vector<std::string>& words,
               const TakeText& take, const std::string& description);

// One of `words`, or several with commas.
Option AddWords(CLI::App& app, const std::string& name, const std::vector<std::string>& words,
                const TakeTexts& take, const std::string& description);

struct Range {
  std::int64_t min = 0;
  std::int64_t max = 0;
};
// Of things to show before the end; 0 = no end.
inline constexpr Range kCounts = {0, 1'000'000'000};
Option AddNumber(CLI::App& app, const std::string& name, Range range,
                 std::function<void(std::int64_t)> take, const std::string& description);

// `20s`, `1m30s`.
Option AddSpan(CLI::App& app, const std::string& name, std::function<void(SpanMs)> take,
               const std::string& description);
Option AddSpan(CLI::App& app, const std::string& name, SpanMs& out, const std::string& description);

Option AddFlag(CLI::App& app, const std::string& name, std::function<void()> take,
               const std::string& description);

}  // namespace routerd::ctl
