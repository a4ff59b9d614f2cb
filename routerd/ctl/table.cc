#include "routerd/ctl/table.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "routerd/ctl/text.h"

namespace routerd::ctl {

void Table::Row(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  for (std::string& cell : cells) cell = cell.empty() ? "-" : Printable(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::ToText() const {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::size_t width = Width(columns_[i].title);
    for (const auto& row : rows_) width = std::max(width, Width(row[i]));
    widths.push_back(width);
  }
  std::string out;
  const auto append = [&](std::size_t i, const std::string& cell) {
    const std::string gap(widths[i] - Width(cell), ' ');
    if (i > 0) out += "  ";
    if (columns_[i].right) {
      out += gap + cell;
    } else if (i + 1 == columns_.size()) {
      out += cell;
    } else {
      out += cell + gap;
    }
  };
  for (std::size_t i = 0; i < columns_.size(); ++i) append(i, columns_[i].title);
  out += '\n';
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < columns_.size(); ++i) append(i, row[i]);
    out += '\n';
  }
  return out;
}

std::string NameValueText(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::size_t width = 0;
  for (const auto& [name, value] : fields) width = std::max(width, Width(name));
  std::string out;
  for (const auto& [name, value] : fields) {
    out.append(name).append(width - Width(name) + 2, ' ').append(value).append(1, '\n');
  }
  return out;
}

}  // namespace routerd::ctl
