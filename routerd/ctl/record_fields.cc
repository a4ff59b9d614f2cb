#include "routerd/ctl/record_fields.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include "routerd/ctl/describe.h"
#include "routerd/ctl/json.h"
#include "routerd/ctl/text.h"

namespace routerd::ctl {
namespace {

std::string Listed(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) {
    if (!out.empty()) out += ',';
    out += Printable(text);
  }
  return out;
}

std::string JsonList(const std::vector<std::string>& texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    out += JsonQuoted(text);
  }
  return out + "]";
}

std::string JsonOf(const RecordField& field) {
  return std::visit(
      []<typename T>(const T& value) -> std::string {
        if constexpr (std::is_same_v<T, std::string>) {
          return JsonQuoted(value);
        } else if constexpr (std::is_same_v<T, bool>) {
          return value ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          return std::to_string(value);
        } else {
          return JsonList(value);
        }
      },
      field.value);
}

std::string TextOf(const RecordField& field) {
  return std::visit(
      []<typename T>(const T& value) -> std::string {
        if constexpr (std::is_same_v<T, std::string>) {
          return Printable(value);
        } else if constexpr (std::is_same_v<T, bool>) {
          return value ? "yes" : "no";
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          return std::to_string(value);
        } else {
          return Listed(value);
        }
      },
      field.value);
}

}  // namespace

void RecordFields::Add(std::string_view name, Value value) {
  std::string unique(name);
  for (int n = 2;; ++n) {
    const auto same = std::find_if(fields_.begin(), fields_.end(),
                                   [&](const RecordField& field) { return field.name == unique; });
    if (same == fields_.end()) break;
    if (same->value == value) return;
    unique = std::string(name) + "_" + std::to_string(n);
  }
  fields_.push_back({std::move(unique), std::move(value)});
}

void RecordFields::Text(std::string_view name, std::string_view value) {
  if (!value.empty()) Add(name, std::string(value));
}

void RecordFields::Number(std::string_view name, std::int64_t value) { Add(name, value); }

void RecordFields::Flag(std::string_view name, bool value) { Add(name, value); }

void RecordFields::Texts(std::string_view name, std::vector<std::string> value) {
  if (!value.empty()) Add(name, std::move(value));
}

std::string RecordFields::ToText() const {
  Fields texts;
  texts.reserve(fields_.size());
  for (const RecordField& field : fields_) texts.emplace_back(field.name, TextOf(field));
  return Inline(texts);
}

std::string RecordFields::ToJson() const {
  std::string out = "{";
  for (const RecordField& field : fields_) {
    if (out.size() > 1) out += ',';
    out += JsonQuoted(field.name) + ":" + JsonOf(field);
  }
  return out + "}";
}

}  // namespace routerd::ctl
