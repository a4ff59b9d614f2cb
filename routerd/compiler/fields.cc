#include "routerd/compiler/fields.h"

#include <algorithm>
#include <unordered_map>

#include "routerd/compiler/nearest.h"
#include "routerd/compiler/values.h"

namespace routerd::compiler {
namespace {

std::string_view KindWord(const YamlNode& node) {
  switch (node.kind) {
    case NodeKind::kNull:
      return "nothing";
    case NodeKind::kScalar:
      return node.quoted ? "a text in quotes" : "a word";
    case NodeKind::kList:
      return "a list";
    case NodeKind::kMap:
      return "a map";
  }
  return "something else";
}

bool IsEmpty(const YamlNode* node) { return node == nullptr || node->kind == NodeKind::kNull; }

// YAML 1.1 read more words as truth values; people still write them.
void ReportNoFlag(const YamlNode& node, const std::string& where, Report& report) {
  const std::string& text = node.text;
  const bool meant_true = text == "yes" || text == "on" || text == "True" || text == "y";
  const bool meant_false = text == "no" || text == "off" || text == "False" || text == "n";
  if (node.quoted || (!meant_true && !meant_false)) {
    ReportWrongType(node, where, "true or false", report);
    return;
  }
  report.Error(node, "wrong_type", where + " must be true or false, not " + Quoted(text),
               meant_true ? "write true" : "write false");
}

bool IsDigits(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos &&
         text[0] != '0';
}

bool CheckKey(const YamlNode& key, const std::string& where, Report& report) {
  if (key.kind != NodeKind::kScalar) {
    report.Error(key, "wrong_type",
                 where + ": a key must be a word, not " + std::string(KindWord(key)),
                 key.kind == NodeKind::kNull ? "a name like 'null' or '~' needs quotes" : "");
    return false;
  }
  if (key.text == "<<" && !key.quoted) {
    report.Error(key, "unknown_key", where + ": merge keys ('<<') are not part of the language",
                 "an alias may stand as a whole value");
    return false;
  }
  return true;
}

}  // namespace

void ReportWrongType(const YamlNode& node, const std::string& where, std::string_view wanted,
                     Report& report) {
  const std::string found = node.kind == NodeKind::kScalar && !node.quoted
                                ? Quoted(node.text)
                                : std::string(KindWord(node));
  std::string hint;
  if (node.kind == NodeKind::kNull) hint = "give a value or remove the key";
  if (node.quoted && wanted != "a list" && wanted != "a map") hint = "remove the quotes";
  if (node.kind == NodeKind::kScalar && wanted == "a list") {
    hint = "write [" + Shown(node.text) + "]";
  }
  if (hint.size() > 60) hint.clear();
  report.Error(node, "wrong_type", where + " must be " + std::string(wanted) + ", not " + found,
               hint);
}

std::vector<Entry> EntriesOf(const YamlNode* map, const std::string& where, Report& report) {
  std::vector<Entry> entries;
  if (IsEmpty(map)) return entries;
  if (map->kind != NodeKind::kMap) {
    ReportWrongType(*map, where, "a map", report);
    return entries;
  }
  std::unordered_map<std::string_view, int> line_of;
  for (std::size_t i = 0; i + 1 < map->children.size(); i += 2) {
    const YamlNode& key = *map->children[i];
    if (!CheckKey(key, where, report)) continue;
    const auto [first, inserted] = line_of.try_emplace(key.text, key.line);
    if (!inserted) {
      const std::string place = where.empty() ? "the policy" : where;
      report.Error(key, "duplicate_key", place + ": " + Quoted(key.text) + " stands here again",
                   "it is in line " + std::to_string(first->second) + " already");
      continue;
    }
    entries.push_back({&key, map->children[i + 1]});
  }
  return entries;
}

std::vector<const YamlNode*> ElementsOf(const YamlNode* list, const std::string& where,
                                        Report& report) {
  if (IsEmpty(list)) return {};
  if (list->kind != NodeKind::kList) {
    ReportWrongType(*list, where, "a list", report);
    return {};
  }
  return list->children;
}

Fields::Fields(const YamlNode* map, std::string where, Report& report)
    : where_(std::move(where)), report_(report) {
  for (const Entry& entry : EntriesOf(map, where_, report_)) fields_.push_back({entry});
}

const YamlNode* Fields::Find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.push_back(key);
  for (Field& field : fields_) {
    if (field.entry.key->text != key) continue;
    field.asked = true;
    return field.entry.value;
  }
  return nullptr;
}

std::string Fields::Where(std::string_view key) const {
  return where_.empty() ? std::string(key) : where_ + ": " + std::string(key);
}

const std::string* Fields::ScalarOf(const YamlNode& node, std::string_view key,
                                    std::string_view wanted) {
  if (node.kind == NodeKind::kScalar) return &node.text;
  ReportWrongType(node, Where(key), wanted, report_);
  return nullptr;
}

bool Fields::Flag(std::string_view key, bool& out) {
  const YamlNode* node = Find(key);
  if (node == nullptr) return false;
  const bool plain = node->kind == NodeKind::kScalar && !node->quoted;
  if (!plain || (node->text != "true" && node->text != "false")) {
    ReportNoFlag(*node, Where(key), report_);
    return false;
  }
  out = node->text == "true";
  return true;
}

bool Fields::Number(std::string_view key, std::int64_t min, std::int64_t max, int& out) {
  const YamlNode* node = Find(key);
  return node != nullptr && ReadNumber(*node, Where(key), min, max, out, report_);
}

bool Fields::Span(std::string_view key, SpanMs min, SpanMs max, SpanMs& out) {
  const YamlNode* node = Find(key);
  return node != nullptr && ReadSpan(*node, Where(key), min, max, out, report_);
}

void Fields::ReportUnknownWord(const YamlNode& node, std::string_view key,
                               const std::vector<std::string_view>& words) {
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) list += i + 1 == words.size() ? " or " : ", ";
    list += words[i];
  }
  report_.Error(node, "unknown_word",
                Where(key) + " must be " + list + ", not " + Quoted(node.text),
                DidYouMean(Nearest(node.text, words)));
}

void Fields::Finish() {
  for (const Field& field : fields_) {
    if (field.asked) continue;
    const YamlNode& key = *field.entry.key;
    const std::string place = where_.empty() ? "" : where_ + ": ";
    report_.Error(key, "unknown_key", place + "unknown key " + Quoted(key.text),
                  NearestKey(key.text, known_));
  }
}

bool ReadNumber(const YamlNode& node, const std::string& where, std::int64_t min, std::int64_t max,
                int& out, Report& report) {
  const auto value =
      node.kind == NodeKind::kScalar && !node.quoted ? ParseInteger(node.text) : std::nullopt;
  const bool too_long =
      !value && node.kind == NodeKind::kScalar && !node.quoted && IsDigits(node.text);
  if (!value && !too_long) {
    ReportWrongType(node, where, "a whole number", report);
    return false;
  }
  if (too_long || *value < min || *value > max) {
    report.Error(node, "out_of_range",
                 where + " must be " + std::to_string(min) + " to " + std::to_string(max) +
                     ", not " + Quoted(node.text));
    return false;
  }
  out = static_cast<int>(*value);
  return true;
}

bool ReadSpan(const YamlNode& node, const std::string& where, SpanMs min, SpanMs max, SpanMs& out,
              Report& report) {
  if (node.kind != NodeKind::kScalar) {
    ReportWrongType(node, where, "a duration", report);
    return false;
  }
  const auto span_ms = ParseSpan(node.text);
  if (!span_ms) {
    const bool bare = ParseInteger(node.text).value_or(-1) >= 0;
    report.Error(node, "bad_duration", where + " must be a duration, not " + Quoted(node.text),
                 bare ? "a duration has a unit: " + node.text + "s, or " + node.text + "ms"
                      : "write it like 20s, 500ms, 2m or 1h30m; at most 400d");
    return false;
  }
  if (*span_ms < min || *span_ms > max) {
    report.Error(
        node, "out_of_range",
        where + " must be " + SpanText(min) + " to " + SpanText(max) + ", not " + node.text);
    return false;
  }
  out = *span_ms;
  return true;
}

}  // namespace routerd::compiler
