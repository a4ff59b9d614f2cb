// What a journal's record says, as names and values: a line for people, an object for scripts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace routerd::ctl {

struct RecordField {
  std::string name;
  std::variant<std::string, std::int64_t, bool, std::vector<std::string>> value;
};

// In the order of adding, each name once: the same value again is left out, another one gets the
// name with a number behind it.
class RecordFields {
 public:
  void Text(std::string_view name, std::string_view value);  // an empty one is left out
  void Number(std::string_view name, std::int64_t value);
  void Flag(std::string_view name, bool value);
  void Texts(std::string_view name, std::vector<std::string> value);  // likewise

  [[nodiscard]] bool empty() const { return fields_.empty(); }
  // `queue=sales skills=english:5,german:2`: control characters are written out.
  [[nodiscard]] std::string ToText() const;
  [[nodiscard]] std::string ToJson() const;

 private:
  using Value = decltype(RecordField::value);
  void Add(std::string_view name, Value value);

  std::vector<RecordField> fields_;
};

}  // namespace routerd::ctl
