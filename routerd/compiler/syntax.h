// What is wrong with a text that is not YAML, in words that tell where to look.
#pragma once

#include <string_view>

namespace YAML {
class Exception;
}

namespace routerd::compiler {

class Report;
struct YamlNode;

// `open` is the list or map that had begun and not ended, null for none.
void ReportSyntax(const YAML::Exception& e, std::string_view text, const YamlNode* open,
                  Report& report);

// `rest` begins with a quote, and no quote ends it: yaml-cpp takes that for a text, and a file that
// was cut off in the middle of one for whole. False where it begins with anything else.
bool NeverCloses(std::string_view rest);

}  // namespace routerd::compiler
