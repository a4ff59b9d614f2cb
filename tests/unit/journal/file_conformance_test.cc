// The file journal keeps what every backend promises, on both disks and with each durability.
#include <gtest/gtest.h>

#include <memory>

#include "routerd/journal/file_journal.h"
#include "routerd/journal/memory_disk.h"
#include "routerd/journal/posix_disk.h"
#include "tests/unit/journal/conformance.h"
#include "tests/unit/journal/temp_folder.h"

namespace routerd::journal {
namespace {

template <typename DiskType, Durability kDurability, std::uint64_t kBytes>
class FileHarness {
 public:
  FileHarness() { Make(); }
  Journal& journal() { return *journal_; }
  void Reopen() { Make(); }

 private:
  void Make() {
    journal_.reset();
    FileJournalOptions options;
    options.directory = folder_.path("journal");
    options.durability = kDurability;
    options.segment_bytes = kBytes;
    journal_ = std::make_unique<FileJournal>(options, disk_, epochs_, clock_);
  }

  TempFolder folder_;
  DiskType disk_;
  MemoryEpochStore epochs_;
  ManualClock clock_;
  std::unique_ptr<FileJournal> journal_;
};

using PosixSync = FileHarness<PosixDisk, Durability::kSync, 65'536>;
using PosixOff = FileHarness<PosixDisk, Durability::kOff, 300>;
using MemorySync = FileHarness<MemoryDisk, Durability::kSync, 300>;
using MemoryInterval = FileHarness<MemoryDisk, Durability::kInterval, 1'024>;

INSTANTIATE_TYPED_TEST_SUITE_P(FilePosixSync, JournalConformance, PosixSync);
INSTANTIATE_TYPED_TEST_SUITE_P(FilePosixOff, JournalConformance, PosixOff);
INSTANTIATE_TYPED_TEST_SUITE_P(FileMemorySync, JournalConformance, MemorySync);
INSTANTIATE_TYPED_TEST_SUITE_P(FileMemoryInterval, JournalConformance, MemoryInterval);

}  // namespace
}  // namespace routerd::journal
