#include "routerd/ctl/skill_argument.h"

#include <charconv>

#include "routerd/base/limits.h"
#include "routerd/ctl/options.h"

namespace routerd::ctl {

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
    throw UsageError(option + ": '" + text + "' is not SKILL:LEVEL with a level of 1 to " +
                     std::to_string(limits::kMaxSkillLevel));
  }
  return out;
}

}  // namespace routerd::ctl
