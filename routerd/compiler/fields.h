// Reading maps of a policy: each key is asked for once, and what nobody asked for is unknown. The
// keys a map knows are thereby written down in one place, where they are read.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/compiler/document.h"
#include "routerd/compiler/report.h"

namespace routerd::compiler {

struct Entry {
  const YamlNode* key = nullptr;    // a scalar
  const YamlNode* value = nullptr;  // of any kind
};

// The map's entries in the order of the text. Reports keys that stand twice (the first counts) and
// keys that are no text. Null or "nothing" gives none; any other kind is reported.
std::vector<Entry> EntriesOf(const YamlNode* map, const std::string& where, Report& report);

// A list's elements. Null or "nothing" gives none; any other kind is reported.
std::vector<const YamlNode*> ElementsOf(const YamlNode* list, const std::string& where,
                                        Report& report);

// `wrong_type`: `where` must be `wanted`, and is something else.
void ReportWrongType(const YamlNode& node, const std::string& where, std::string_view wanted,
                     Report& report);

class Fields {
 public:
  // `where` names the map in messages: `queue 'billing'`. Keys and report must outlive this.
  Fields(const YamlNode* map, std::string where, Report& report);

  // The value of a key, null when it is not there. The keys asked for are the keys there are.
  const YamlNode* Find(std::string_view key);

  // Each leaves `out` alone when the key is not there, and reports and leaves it alone when the
  // value is not what it must be. True: `out` was set.
  bool Flag(std::string_view key, bool& out);
  bool Number(std::string_view key, std::int64_t min, std::int64_t max, int& out);
  bool Span(std::string_view key, SpanMs min, SpanMs max, SpanMs& out);
  template <typename Enum>
  using Words = std::span<const std::pair<std::string_view, Enum>>;
  template <typename Enum>
  bool Word(std::string_view key, Words<Enum> words, Enum& out);

  // Reports every key that nobody asked for. Last of all.
  void Finish();

  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] std::string Where(std::string_view key) const;
  [[nodiscard]] Report& report() { return report_; }

 private:
  struct Field {
    Entry entry;
    bool asked = false;
  };
  // The text of a scalar, or null after reporting.
  const std::string* ScalarOf(const YamlNode& node, std::string_view key, std::string_view wanted);
  void ReportUnknownWord(const YamlNode& node, std::string_view key,
                         const std::vector<std::string_view>& words);

  std::string where_;
  Report& report_;
  std::vector<Field> fields_;
  std::vector<std::string_view> known_;
};

// The number in a scalar, or nothing after reporting `wrong_type` or `out_of_range`.
bool ReadNumber(const YamlNode& node, const std::string& where, std::int64_t min, std::int64_t max,
                int& out, Report& report);
bool ReadSpan(const YamlNode& node, const std::string& where, SpanMs min, SpanMs max, SpanMs& out,
              Report& report);

template <typename Enum>
bool Fields::Word(std::string_view key, Words<Enum> words, Enum& out) {
  const YamlNode* node = Find(key);
  if (node == nullptr) return false;
  const std::string* text = ScalarOf(*node, key, "a word");
  if (text == nullptr) return false;
  std::vector<std::string_view> known;
  for (const auto& [word, value] : words) {
    if (*text == word) {
      out = value;
      return true;
    }
    known.push_back(word);
  }
  ReportUnknownWord(*node, key, known);
  return false;
}

}  // namespace routerd::compiler
