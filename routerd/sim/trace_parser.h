// One row of a trace from its text. Only trace_parser.cc knows the JSON library.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "routerd/sim/trace_row.h"

namespace routerd::sim {

class TraceParser {
 public:
  // So many bytes behind the text must be there to be read, whatever they hold.
  static constexpr std::size_t kPadding = 64;

  struct Wrong {
    std::size_t offset = 0;  // in the text, in bytes
    std::string message;
    std::string hint;
  };

  TraceParser();
  TraceParser(const TraceParser&) = delete;
  TraceParser& operator=(const TraceParser&) = delete;
  ~TraceParser();

  // Fills in the row, of which `line` is left alone; or says what is wrong.
  std::optional<Wrong> Parse(std::string_view text, TraceRow& row);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace routerd::sim
