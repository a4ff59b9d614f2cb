// Rows and columns for people.
#pragma once

#include <string>
#include <vector>

namespace routerd::ctl {

struct Column {
  std::string title;
  bool right = false;  // numbers and durations
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  // As many cells as columns; an empty one is shown as `-`.
  void Row(std::vector<std::string> cells);
  [[nodiscard]] bool empty() const { return rows_.empty(); }

  // The header and the rows, each column as wide as its widest cell, two blanks between.
  [[nodiscard]] std::string ToText() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

// `name   value` lines, the values below one another.
[[nodiscard]] std::string NameValueText(
    const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace routerd::ctl
