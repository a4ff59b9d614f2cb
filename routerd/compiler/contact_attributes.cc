// `contact_attributes:`, the attributes of contacts that are kept.
#include <algorithm>
#include <string>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/sections.h"

namespace routerd::compiler {
namespace {

constexpr std::string_view kSection = "contact_attributes";

// A list of names, or a map from names to what more there is to say.
std::vector<Entry> NamedIn(const YamlNode* section, Report& report) {
  const std::string where(kSection);
  if (section != nullptr && section->kind == NodeKind::kMap) {
    return EntriesOf(section, where, report);
  }
  std::vector<Entry> named;
  for (const YamlNode* element : ElementsOf(section, where, report)) {
    if (element->kind == NodeKind::kScalar) {
      named.push_back({element, nullptr});
    } else {
      ReportWrongType(*element, where + ": each element", "a name", report);
    }
  }
  return named;
}

}  // namespace

void CompileContactAttributes(const YamlNode* section, Context& context, model::Model& model) {
  NameTable names("contact attribute", limits::kMaxContactAttributes);  // they have no numbers
  const std::vector<Entry> named = NamedIn(section, context.report);
  if (named.size() > limits::kMaxContactAttributes) {
    context.report.Error(*section, "too_many",
                         std::string(kSection) + " has " + std::to_string(named.size()) +
                             ", at most " + std::to_string(limits::kMaxContactAttributes));
    return;
  }
  for (const auto& [key, details] : named) {
    model::ContactAttribute attribute{key->text};
    Fields fields(details, std::string(kSection) + ": " + Shown(key->text), context.report);
    fields.Flag("sensitive", attribute.sensitive);
    fields.Finish();
    if (!model::IsAttributeKey(key->text)) {
      context.report.Error(*key, "bad_name", Quoted(key->text) + " cannot name a contact attribute",
                           "it has 1 to " + std::to_string(limits::kMaxAttributeKeyBytes) +
                               " letters A to Z, digits and _ . -");
    } else if (names.Declare(*key, key->text, context.report)) {
      model.contact_attributes.push_back(std::move(attribute));
    }
  }
  std::sort(model.contact_attributes.begin(), model.contact_attributes.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
}

}  // namespace routerd::compiler
