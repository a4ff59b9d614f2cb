#include "routerd/sim/trace_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/sim/trace_parser.h"

namespace routerd::sim {
namespace {

constexpr std::size_t kReadBytes = 1024 * 1024;
static_assert(kReadBytes >= limits::kMaxTraceRowBytes);

// The text up to `offset` in characters, as editors count.
int ColumnAt(std::string_view line, std::size_t offset) {
  int column = 1;
  for (const char c : line.substr(0, offset)) {
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) ++column;
  }
  return column;
}

// Where a name, or else a key, stands in a row that is known to be well formed.
std::size_t Place(std::string_view line, const RowProblem& problem) {
  const std::size_t key = line.find('"' + problem.key + '"');
  if (key == std::string_view::npos) return 0;
  if (problem.name.empty()) return key;
  const std::size_t name = line.find('"' + problem.name + '"', key + problem.key.size() + 2);
  return name == std::string_view::npos ? key : name;
}

}  // namespace

struct TraceReader::Parser : TraceParser {};

TraceReader::TraceReader(std::string file, std::istream& in)
    : file_(std::move(file)),
      in_(in),
      buffer_(2 * kReadBytes + TraceParser::kPadding),
      parser_(std::make_unique<Parser>()) {}

TraceReader::~TraceReader() = default;

bool TraceReader::full() const { return findings_.size() >= limits::kMaxTraceFindings; }

void TraceReader::AddAt(std::int64_t line, std::size_t offset, std::string code,
                        std::string message, std::string hint) {
  if (full()) return;
  compiler::Finding& finding = findings_.emplace_back();
  finding.file = file_;
  finding.line = static_cast<int>(line);
  finding.column = ColumnAt(line_, offset);
  finding.code = std::move(code);
  finding.message = std::move(message);
  finding.hint = std::move(hint);
}

void TraceReader::Add(const RowProblem& problem) {
  AddAt(line_number_, Place(line_, problem), "bad_row", problem.message, problem.hint);
}

void TraceReader::AddOfLine(std::int64_t line, const RowProblem& problem) {
  AddAt(line, 0, "bad_row", problem.message, problem.hint);
}

// Moves what has not been read to the front, and reads on behind it.
void TraceReader::Fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  scanned_ -= begin_;
  begin_ = 0;
  in_.read(buffer_.data() + end_, kReadBytes);
  const auto got = static_cast<std::size_t>(in_.gcount());
  end_ += got;
  at_end_ = got == 0;
}

// False: there are no more lines.
bool TraceReader::NextLine() {
  for (;;) {
    const void* found = std::memchr(buffer_.data() + scanned_, '\n', end_ - scanned_);
    const char* const text = buffer_.data() + begin_;
    if (found != nullptr || (at_end_ && begin_ < end_)) {
      const char* const stop =
          found == nullptr ? buffer_.data() + end_ : static_cast<const char*>(found);
      line_ = std::string_view(text, static_cast<std::size_t>(stop - text));
      begin_ = scanned_ = std::min(end_, begin_ + line_.size() + 1);
      ++line_number_;
      return true;
    }
    if (at_end_) return false;
    scanned_ = end_;
    // What is left of a row that is far too long is told as one when its end comes.
    if (end_ - begin_ > limits::kMaxTraceRowBytes) {
      ++line_number_;
      line_ = {};
      AddAt(line_number_, 0, "too_large",
            "a row has at most " + std::to_string(limits::kMaxTraceRowBytes) + " bytes",
            "one JSON object a line; the rest of the file is not read");
      at_end_ = true;
      begin_ = end_;
      return false;
    }
    Fill();
  }
}

bool TraceReader::InOrder(const TraceRow& row) {
  if (row.at_ms >= last_at_ms_) {
    last_at_ms_ = row.at_ms;
    last_line_ = line_number_;
    return true;
  }
  Add({"at_ms",
       {},
       "at_ms " + std::to_string(row.at_ms) + " comes after " + std::to_string(last_at_ms_) +
           " in line " + std::to_string(last_line_),
       "sort the rows by at_ms"});
  return false;
}

bool TraceReader::Next(TraceRow& row) {
  while (!full() && NextLine()) {
    if (line_.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (line_.size() > limits::kMaxTraceRowBytes) {
      AddAt(line_number_, 0, "too_large",
            "a row has at most " + std::to_string(limits::kMaxTraceRowBytes) + " bytes",
            "one JSON object a line");
      continue;
    }
    row.line = line_number_;
    const auto wrong = parser_->Parse(line_, row);
    if (!wrong && InOrder(row)) return true;
    if (wrong) AddAt(line_number_, wrong->offset, "bad_row", wrong->message, wrong->hint);
  }
  return false;
}

}  // namespace routerd::sim
