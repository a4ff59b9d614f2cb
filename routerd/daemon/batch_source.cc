#include "routerd/daemon/batch_source.h"

namespace routerd::daemon {

// Whole frames stand in the files before they are synced: only what was released is looked at.
Result<bool> BatchSource::operator()(std::uint64_t after, journal::Batch& batch) {
  if (after >= service_->figures().head.sequence) return false;
  if (given_ == 0 || given_ != after) {
    Status found = reader_->Seek(after + 1);
    if (!found.ok()) return found;
  }
  given_ = 0;
  for (;;) {
    const Result<bool> more = reader_->Next();
    if (!more.ok()) return more;
    if (!more.value()) {
      given_ = after;
      return false;
    }
    if (reader_->records().empty()) continue;  // a mark
    batch = reader_->ToBatch();
    if (batch.last_sequence() <= after) continue;
    given_ = batch.last_sequence();
    return true;
  }
}

}  // namespace routerd::daemon
