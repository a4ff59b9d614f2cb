#include "routerd/compiler/syntax.h"

#include <yaml-cpp/exceptions.h>

#include <algorithm>
#include <iterator>

#include "routerd/compiler/document.h"
#include "routerd/compiler/report.h"

namespace routerd::compiler {
namespace {

// yaml-cpp says what its scanner saw; people want to know what to look for.
struct Wording {
  const char* theirs;
  const char* message;
  const char* hint;
};
const Wording kWordings[] = {
    {YAML::ErrorMsg::MAP_VALUE, "a ':' stands where no key can end",
     "look for a value that holds ': ' and needs quotes, or for a line indented too far"},
    {YAML::ErrorMsg::MAP_KEY, "a key stands where none can", "check the indentation"},
    {YAML::ErrorMsg::BLOCK_ENTRY, "a '- ' stands where no list can", "check the indentation"},
    {YAML::ErrorMsg::END_OF_MAP, "this line does not belong to the map above",
     "check the indentation and that each key ends with ':'"},
    {YAML::ErrorMsg::END_OF_SEQ, "this line does not belong to the list above",
     "check the indentation and that each element begins with '- '"},
    {YAML::ErrorMsg::END_OF_MAP_FLOW, "a '{' is never closed, or a ',' is missing in it",
     "look for quotes that never end, too"},
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, "a '[' is never closed, or a ',' is missing in it",
     "look for quotes that never end, too"},
    {YAML::ErrorMsg::FLOW_END, "a ']' or '}' closes nothing", ""},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "a quoted text never ends", "close the quotes"},
    {YAML::ErrorMsg::DOC_IN_SCALAR, "a quoted text never ends", "close the quotes"},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "a character that means nothing to YAML here",
     "put the text in quotes"},
    {YAML::ErrorMsg::UNKNOWN_ANCHOR, "this alias names no anchor",
     "an anchor stands before it: &name"},
};

// Column of a tab before the first character of a line, 0 when there is none.
int TabInIndentation(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return 0;
    text.remove_prefix(end + 1);
  }
  const std::string_view indentation = text.substr(0, text.find_first_not_of(" \t"));
  const auto tab = indentation.find('\t');
  return tab == std::string_view::npos ? 0 : static_cast<int>(tab) + 1;
}

}  // namespace

void ReportSyntax(const YAML::Exception& e, std::string_view text, const YamlNode* open,
                  Report& report) {
  int line = e.mark.is_null() ? 1 : e.mark.line + 1;
  int column = e.mark.is_null() ? 1 : e.mark.column + 1;
  if (const int tab = TabInIndentation(text, line); tab != 0) {
    report.ErrorAt(line, tab, "syntax", "a tab in the indentation", "indent with spaces");
    return;
  }
  // What was never closed is best shown where it was opened.
  if (open != nullptr &&
      (e.msg == YAML::ErrorMsg::END_OF_MAP_FLOW || e.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW)) {
    line = open->line;
    column = open->column;
  }
  const auto* const known = std::find_if(std::begin(kWordings), std::end(kWordings),
                                         [&](const Wording& w) { return e.msg == w.theirs; });
  if (known != std::end(kWordings)) {
    report.ErrorAt(line, column, "syntax", known->message, known->hint);
  } else {
    report.ErrorAt(line, column, "syntax", e.msg.empty() ? "not YAML" : e.msg);
  }
}

bool NeverCloses(std::string_view rest) {
  if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return false;
  const char quote = rest[0];
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\\' && quote == '"') {
      ++i;
    } else if (rest[i] == quote) {
      if (quote == '"' || !rest.substr(i + 1).starts_with('\'')) return false;
      ++i;
    }
  }
  return true;
}

}  // namespace routerd::compiler
