#include "routerd/ctl/options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <sstream>
#include <utility>

#include "routerd/compiler/values.h"
#include "routerd/ctl/context.h"

namespace routerd::ctl {

Option Option::Required() const {
  option_->required();
  return *this;
}

Option Option::Excludes(Option other) const {
  option_->excludes(other.option_);
  return *this;
}

Option Option::Type(const std::string& word) const {
  option_->type_name(word);
  return *this;
}

Option Option::Default(const std::string& text) const {
  option_->default_str(text);
  return *this;
}

Option Option::Environment(const std::string& variable) const {
  option_->envname(variable);
  return *this;
}

std::shared_ptr<CLI::App> MakeCommandLine(const std::string& name, const std::string& description,
                                          const std::string& version) {
  auto app = std::make_shared<CLI::App>(description, name);
  app->require_subcommand(1);
  app->set_help_flag("-h,--help", "print this text, or that of a command");
  app->set_version_flag("--version", name + " " + version);
  return app;
}

std::optional<std::string> Parse(CLI::App& app, int argc, const char* const* argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    std::ostringstream text;
    app.exit(asked, text, text);
    return text.str();
  } catch (const CLI::ParseError& error) {
    throw UsageError(error.what());
  }
  return std::nullopt;
}

CLI::App& AddCommand(CLI::App& app, Context& context, const std::string& name,
                     const std::string& description, std::function<ExitCode()> run) {
  CLI::App& command = *app.add_subcommand(name, description)->fallthrough();
  command.final_callback([&context, run = std::move(run)] { context.command = run; });
  command.footer("Options of all commands: routerctl --help.");
  return command;
}

CLI::App& AddGroup(CLI::App& app, const std::string& name, const std::string& description) {
  return *app.add_subcommand(name, description)->require_subcommand(1)->fallthrough();
}

void RequireOptions(CLI::App& command, std::size_t count) { command.require_option(count, 0); }

void SetFooter(CLI::App& command, const std::string& text) { command.footer(text); }

Option AddText(CLI::App& app, const std::string& name, const TakeText& take,
               const std::string& description) {
  return Option(app.add_option_function<std::string>(name, take, description));
}

Option AddTexts(CLI::App& app, const std::string& name, const TakeTexts& take,
                const std::string& description) {
  return Option(app.add_option_function<std::vector<std::string>>(name, take, description));
}

Option AddWord(CLI::App& app, const std::string& name, const std::vector<std::string>& words,
               const TakeText& take, const std::string& description) {
  auto* const option = app.add_option_function<std::string>(name, take, description);
  return Option(option->check(CLI::IsMember(words))->type_name("WORD"));
}

Option AddWords(CLI::App& app, const std::string& name, const std::vector<std::string>& words,
                const TakeTexts& take, const std::string& description) {
  auto* const option = app.add_option_function<std::vector<std::string>>(name, take, description);
  return Option(option->delimiter(',')->check(CLI::IsMember(words))->type_name("WORD[,WORD]"));
}

Option AddNumber(CLI::App& app, const std::string& name, Range range,
                 std::function<void(std::int64_t)> take, const std::string& description) {
  const auto read = [name, range, take = std::move(take)](const std::string& text) {
    std::int64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc() || stop != end || value < range.min || value > range.max) {
      throw UsageError(name + ": '" + text + "' is no whole number from " +
                       std::to_string(range.min) + " to " + std::to_string(range.max));
    }
    take(value);
  };
  return AddText(app, name, read, description).Type("NUMBER");
}

Option AddSpan(CLI::App& app, const std::string& name, std::function<void(SpanMs)> take,
               const std::string& description) {
  const auto read = [name, take = std::move(take)](const std::string& text) {
    const auto span = compiler::ParseSpan(text);
    if (!span) throw UsageError(name + ": '" + text + "' is no span like 20s or 1m30s");
    take(*span);
  };
  return AddText(app, name, read, description).Type("SPAN");
}

Option AddSpan(CLI::App& app, const std::string& name, SpanMs& out,
               const std::string& description) {
  return AddSpan(
      app, name, [&out](SpanMs span_ms) { out = span_ms; }, description);
}

Option AddFlag(CLI::App& app, const std::string& name, std::function<void()> take,
               const std::string& description) {
  return Option(app.add_flag_callback(name, std::move(take), description));
}

}  // namespace routerd::ctl
