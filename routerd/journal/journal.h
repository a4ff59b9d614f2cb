// Where batches become durable. Nothing outside this folder may assume what is behind it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/base/status.h"
#include "routerd/journal/batch.h"

namespace routerd::journal {

enum class Appended : std::uint8_t {
  kCommitted,  // as durable as the backend promises: its effects may leave
  kFenced,     // a greater epoch writes; nothing was stored, this writer's time is over
  kUnknown,    // stored or not: append the same bytes again, or read the log, to find out
  kNoSpace,    // nothing was stored; the same append may succeed later
  kFailed,     // the state of the log cannot be known: no further append by this process
};

// One writer's thread calls Open, Append, Sync, Prepare, Trim and Close; the rest likewise, or
// while that thread stands still.
class Journal {
 public:
  virtual ~Journal() = default;

  // Takes a new epoch, greater than every one before, and fences the writers of those. Call first.
  virtual Result<std::uint32_t> Open() = 0;

  // `batch.header` must name the epoch that Open gave and the sequence after head(), the batch must
  // not be empty; else kFailed. The batch that was appended last may be appended again, with the
  // same bytes: kCommitted, and nothing is stored twice.
  virtual Appended Append(const Batch& batch) = 0;

  // The last record that was committed; {0, 0}: none was ever written.
  [[nodiscard]] virtual Position head() const = 0;
  // The oldest sequence that Read can give; head() + 1 when none is kept.
  [[nodiscard]] virtual std::uint64_t first_kept() const = 0;

  // Whole batches, from the one that holds `from` on, at most `max_batches`; fewer where they are
  // more than kMaxReadBytes, at least one. kOutOfRange: `from`
  // lies before first_kept() or after head() + 1.
  [[nodiscard]] virtual Result<std::vector<Batch>> Read(std::uint64_t from,
                                                        std::size_t max_batches) const = 0;

  // When Sync is to be called next, as Clock::BootMs counts; nothing: there is no need.
  [[nodiscard]] virtual std::optional<TimeMs> SyncDue() const = 0;
  // Makes all that was committed as durable as the backend can. After an error no Append succeeds.
  virtual Status Sync() = 0;

  // Makes ready what later appends will need, so that these take less time. Call when there is
  // nothing else to do, and now and then while low_on_space().
  virtual void Prepare() = 0;
  // What is appended from now on lives from a reserve: take no new work, let open work end.
  [[nodiscard]] virtual bool low_on_space() const = 0;
  // Why the last Append was answered kNoSpace or kFailed; for people.
  [[nodiscard]] virtual const Status& trouble() const = 0;

  // Syncs, and says in the journal that it ended in order. Nothing is appended afterwards.
  virtual Status Close() = 0;

  // Batches that end at or before `upto` may be forgotten. The last batch always stays.
  virtual Status Trim(std::uint64_t upto) = 0;

  // For people: `memory`, `file`.
  [[nodiscard]] virtual std::string_view backend() const = 0;
  // What survives a crash of the process: nothing of a memory journal.
  [[nodiscard]] virtual bool durable() const = 0;
};

}  // namespace routerd::journal
