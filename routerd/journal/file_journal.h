// The journal in files of one directory. README.md: format, promises, recovery.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/base/limits.h"
#include "routerd/base/status.h"
#include "routerd/journal/disk.h"
#include "routerd/journal/epoch_store.h"
#include "routerd/journal/erase.h"
#include "routerd/journal/journal.h"
#include "routerd/journal/log_reader.h"
#include "routerd/journal/recovery.h"
#include "routerd/journal/segment_supply.h"

namespace routerd::journal {

// When what was appended is synced.
enum class Durability : std::uint8_t {
  kSync,      // before Append returns
  kInterval,  // within interval_ms, by the owner's calls of Sync
  kOff,       // when a segment is full, at Close, and when the system sees fit
};

struct FileJournalOptions {
  std::string directory;  // made if it is not there; the one that holds it must be
  std::string domain = "default";
  Durability durability = Durability::kSync;
  SpanMs interval_ms = 5;
  std::uint64_t segment_bytes = limits::kSegmentBytes;
  // The first record that the owner will read: one after its snapshot's. Open fails when it is not
  // kept, nor the next to be written; what is older is checked when it is read. 0: all is checked,
  // wherever it begins.
  std::uint64_t read_from = 0;
};

// One thread at a time. What is passed in outlives it. When it goes, files are closed and nothing
// is written: that is what Close is for.
class FileJournal final : public Journal {
 public:
  FileJournal(FileJournalOptions options, Disk& disk, EpochStore& epochs, const Clock& clock);
  ~FileJournal() override;

  // Besides what Journal says: kFailedPrecondition: another process uses the directory; the journal
  // is damaged (reason `journal_damaged`), another domain's, or of another version.
  Result<std::uint32_t> Open() override;
  Appended Append(const Batch& batch) override;
  [[nodiscard]] Position head() const override { return head_; }
  [[nodiscard]] std::uint64_t first_kept() const override;
  // A Read that begins where the last one ended is quick; another one looks for its place in the
  // segment. Damaged, where the history is.
  [[nodiscard]] Result<std::vector<Batch>> Read(std::uint64_t from,
                                                std::size_t max_batches) const override;
  [[nodiscard]] std::optional<TimeMs> SyncDue() const override;
  Status Sync() override;
  void Prepare() override;
  [[nodiscard]] bool low_on_space() const override { return supply_.is_short(); }
  [[nodiscard]] const Status& trouble() const override { return trouble_; }
  Status Close() override;
  // As BlankIdentity, up to head(), after a sync; what is read afterwards shows it. A crash in it
  // leaves parts as they were: append the request first, and run it again after a start; Open only
  // finishes parts that were begun. Errors, besides: the journal is not open, or has failed.
  Result<EraseReport> Blank(const RecordMatcher& matches);
  // Whole segments.
  Status Trim(std::uint64_t upto) override;
  [[nodiscard]] std::string_view backend() const override { return "file"; }
  [[nodiscard]] bool durable() const override { return true; }

  // The last record that is surely on the disk: what a power cut leaves at least.
  [[nodiscard]] std::uint64_t durable_upto() const { return durable_upto_; }
  // From the oldest to the one that is written.
  [[nodiscard]] const std::vector<SegmentInfo>& segments() const { return segments_; }
  // What Open found; `torn` is to be told to people.
  [[nodiscard]] const ScannedLog& recovered() const { return recovered_; }

 private:
  struct Written {  // the last frame
    std::uint64_t first = 0;
    std::uint64_t durable_upto = 0;
    FramePlace place;
    bool batch = false;  // not a mark
  };

  Status TakeLock();
  Status Recover();
  [[nodiscard]] Status CheckReadFrom() const;
  Status Begin();
  Appended WriteMark();
  Appended Store(const Batch& batch);
  Appended StoreHere(const Batch& batch);
  Appended StoreInNext(const Batch& batch, std::uint64_t frame_bytes);
  Status Named(const std::string& path, const SegmentHeader& header);
  void Encode(const Batch& batch, const FramePlace& place);
  void Commit(const Batch& batch, const FramePlace& place);
  [[nodiscard]] bool IsLast(const Batch& batch);
  Status SyncFile();
  Status Confirm();
  Status ClearRefused();
  Appended Refuse(const Status& why);
  Appended Fail(const Status& why);
  [[nodiscard]] std::uint64_t NewSalt();

  const FileJournalOptions options_;
  const std::uint32_t domain_;
  Disk& disk_;
  EpochStore& epochs_;
  const Clock& clock_;
  std::unique_ptr<DiskLock> lock_;
  SegmentSupply supply_;

  std::uint32_t epoch_ = 0;  // 0: not open
  bool failed_ = false;
  bool confirmed_ = true;  // no batch was appended since the last mark
  Status trouble_{Code::kFailedPrecondition, "the journal is not open"};
  ScannedLog recovered_;

  std::vector<SegmentInfo> segments_;
  std::unique_ptr<DiskFile> file_;  // the last segment
  std::uint64_t end_ = 0;           // where the next frame goes in it
  std::uint64_t refused_end_ = 0;   // bytes of a refused batch may lie up to here
  Position head_;
  BatchHeader last_batch_;
  std::uint64_t durable_upto_ = 0;
  std::optional<TimeMs> unsynced_since_;
  std::uint64_t salts_ = 0;           // given so far
  std::optional<TimeMs> prepare_at_;  // it has failed: not again before then

  std::string frame_;    // being made
  std::string written_;  // the bytes of the last one
  Written last_;

  mutable LogReader reader_;
  mutable std::uint64_t reader_next_ = 0;  // what it gives next; 0: it must look for its place
};

}  // namespace routerd::journal
