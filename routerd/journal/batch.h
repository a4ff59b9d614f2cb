// What one append carries. The same bytes whatever keeps them: memory, a file, a consensus store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/ids.h"

namespace routerd::journal {

// What a record is about; its parts are opaque here, the engine reads and writes them. Numbers are
// part of the format: append, never renumber.
enum class RecordKind : std::uint8_t {
  kStart = 1,   // an empty state from here on; decision part: rules version and policy
  kEvent = 2,   // something happened to the core; decision part: the event
  kTimers = 3,  // what was due at the batch's time has fired; no decision part
  kClock = 4,   // the wall clock was found elsewhere; decision part: the new offset
  kNote = 5,  // nothing that decides anything: sessions, overrides kept for later; no decision part
  kRestart = 6,  // the router goes on after it was down; decision part: the rules version
};

inline constexpr std::size_t kRecordKinds = 6;
[[nodiscard]] constexpr bool IsRecordKind(std::uint8_t kind) {
  return kind >= 1 && kind <= kRecordKinds;
}

// A record as it lies in its batch.
struct RecordView {
  RecordKind kind = RecordKind::kEvent;
  std::string_view decision;  // all that replay and digests read
  std::string_view identity;  // names and other things of people; can be blanked in place
  bool blanked = false;       // there was an identity part, and it was blanked: it reads as empty
};

struct BatchHeader {
  std::uint32_t epoch = 0;
  std::uint64_t first_sequence = 0;   // of the first record; the others follow without gap
  TimeMs time = 0;                    // batch time
  SpanMs wall_offset_ms = 0;          // wall time = time + offset, after this batch
  std::uint64_t previous_digest = 0;  // of all decisions before this batch
  friend bool operator==(const BatchHeader&, const BatchHeader&) = default;
};

// Records lie one behind the other in one buffer that is used again for the next batch.
class Batch {
 public:
  BatchHeader header;

  void Clear() {
    header = {};
    bytes_.clear();
    records_.clear();
  }
  void Add(RecordKind kind, std::string_view decision, std::string_view identity,
           bool blanked = false) {
    bytes_ += decision;
    bytes_ += identity;
    records_.push_back({kind, blanked, bytes_.size() - identity.size(), bytes_.size()});
  }
  // More of the last record's identity part.
  void ExtendIdentity(std::string_view more) {
    bytes_ += more;
    records_.back().end = bytes_.size();
  }
  [[nodiscard]] std::size_t size() const { return records_.size(); }
  [[nodiscard]] bool empty() const { return records_.empty(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }
  // All parts in order: each record's decision part, then its identity part.
  [[nodiscard]] std::string_view parts() const { return bytes_; }
  // Good until the next Add or Clear.
  [[nodiscard]] RecordView at(std::size_t i) const {
    const std::string_view all = bytes_;
    const std::size_t begin = i == 0 ? 0 : records_[i - 1].end;
    const Entry& e = records_[i];
    return {e.kind, all.substr(begin, e.identity - begin),
            all.substr(e.identity, e.end - e.identity), e.blanked};
  }
  // Sequence of the last record; first_sequence - 1 when there is none.
  [[nodiscard]] std::uint64_t last_sequence() const {
    return header.first_sequence + records_.size() - 1;
  }
  friend bool operator==(const Batch&, const Batch&) = default;

 private:
  struct Entry {
    RecordKind kind;
    bool blanked;
    std::size_t identity;  // where the identity part begins
    std::size_t end;
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  std::string bytes_;
  std::vector<Entry> records_;
};

}  // namespace routerd::journal
