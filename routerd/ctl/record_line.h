// A record of the journal in one line.
#pragma once

#include <cstdint>
#include <string>

#include "routerd/base/ids.h"
#include "routerd/ctl/record_names.h"
#include "routerd/journal/batch.h"

namespace routerd::ctl {

// `start`, `timers`, …
[[nodiscard]] const char* KindName(journal::RecordKind kind);

// Reads record after record, each with the names that it and those before it have told. Total:
// what cannot be read is shown as that.
class RecordLines {
 public:
  // What it means is learned, and nothing is made of it.
  void Pass(const journal::RecordView& record);
  // `TIME POSITION KIND FIELDS | IDENTITY`, or an object; ends with a line feed.
  [[nodiscard]] std::string Line(const journal::BatchHeader& batch, std::uint64_t sequence,
                                 const journal::RecordView& record, bool json);

  [[nodiscard]] RecordNames& names() { return names_; }

 private:
  RecordNames names_;
};

}  // namespace routerd::ctl
