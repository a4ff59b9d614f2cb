// Reads a trace: one JSON object a line, as a stream. Whatever is wrong is told with its line and
// column, and the reading goes on behind it.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/compiler/finding.h"
#include "routerd/sim/trace_row.h"

namespace routerd::sim {

class TraceReader final : public TraceSource {
 public:
  // `file`: as it shall stand in findings. `in` must outlive this.
  TraceReader(std::string file, std::istream& in);
  ~TraceReader() override;

  // The next row that is well formed.
  bool Next(TraceRow& row) override;

  // What the policy says of the row given last: there is no such queue, and so on.
  void Add(const RowProblem& problem);
  // The same of an earlier row.
  void AddOfLine(std::int64_t line, const RowProblem& problem);

  [[nodiscard]] const std::vector<compiler::Finding>& findings() const { return findings_; }
  // There are so many findings that the rest is not worth reading.
  [[nodiscard]] bool full() const;

 private:
  struct Parser;
  bool NextLine();
  void Fill();
  void AddAt(std::int64_t line, std::size_t offset, std::string code, std::string message,
             std::string hint);
  [[nodiscard]] bool InOrder(const TraceRow& row);

  const std::string file_;
  std::istream& in_;
  std::vector<char> buffer_;  // with room behind the text that the parser may look at
  std::size_t begin_ = 0;     // of what has not been read
  std::size_t end_ = 0;
  std::size_t scanned_ = 0;  // up to here there is no end of line
  bool at_end_ = false;
  std::string_view line_;  // in buffer_
  std::int64_t line_number_ = 0;
  TimeMs last_at_ms_ = 0;
  std::int64_t last_line_ = 0;
  std::unique_ptr<Parser> parser_;
  std::vector<compiler::Finding> findings_;
};

}  // namespace routerd::sim
