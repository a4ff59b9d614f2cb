#include "routerd/ctl/commands.h"

#include <charconv>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/compiler/values.h"

namespace routerd::ctl {

CLI::App* AddCommand(CLI::App& app, Context& context, const std::string& name,
                     const std::string& description, std::function<ExitCode()> run) {
  CLI::App* command = app.add_subcommand(name, description)->fallthrough();
  command->final_callback([&context, run = std::move(run)] { context.command = run; });
  command->footer("Options of all commands: routerctl --help.");
  return command;
}

CLI::Option* AddSpan(CLI::App& app, const std::string& name, SpanMs& out,
                     const std::string& description) {
  return app
      .add_option_function<std::string>(
          name,
          [name, &out](const std::string& text) {
            const auto span = compiler::ParseSpan(text);
            if (!span)
              throw CLI::ValidationError(name, "'" + text + "' is no span like 20s or 1m30s");
            out = *span;
          },
          description)
      ->type_name("SPAN");
}

CLI::Option* AddWords(CLI::App& app, const std::string& name, std::vector<std::string>& out,
                      const std::vector<std::string>& words, const std::string& description) {
  return app.add_option(name, out, description)
      ->delimiter(',')
      ->check(CLI::IsMember(words))
      ->type_name("WORD[,WORD]");
}

SkillArgument ParseSkill(const std::string& option, const std::string& text, int default_level) {
  SkillArgument out;
  const auto colon = text.rfind(':');
  out.skill = text.substr(0, colon);
  out.level = default_level;
  if (colon != std::string::npos) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, out.level);
    if (error != std::errc() || stop != end) out.level = 0;
  }
  if (out.skill.empty() || out.level < 1 || out.level > limits::kMaxSkillLevel) {
    throw CLI::ValidationError(option, "'" + text + "' is not SKILL:LEVEL with a level of 1 to " +
                                           std::to_string(limits::kMaxSkillLevel));
  }
  return out;
}

}  // namespace routerd::ctl
