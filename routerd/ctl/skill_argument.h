// Skills as the command line has them.
#pragma once

#include <string>

namespace routerd::ctl {

// `english:5` → {"english", 5}; the level may be left out where `default_level` is one. Throws
// UsageError with the option's name.
struct SkillArgument {
  std::string skill;
  int level = 0;
};
[[nodiscard]] SkillArgument ParseSkill(const std::string& option, const std::string& text,
                                       int default_level);

}  // namespace routerd::ctl
