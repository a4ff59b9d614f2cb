// What the file journal costs: group commit against bare loops that write the same bytes to the
// same disk in the same run, and how fast a journal is read at a start. Medians of rounds.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/journal/epoch_store.h"
#include "routerd/journal/file_journal.h"
#include "routerd/journal/frame.h"
#include "routerd/journal/posix_disk.h"

namespace {

using routerd::journal::Appended;
using routerd::journal::Batch;
using routerd::journal::Durability;
using routerd::journal::FileJournal;
using routerd::journal::FileJournalOptions;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kDecisionBytes = 48;  // about what an arrival or an accept takes
constexpr std::size_t kIdentityBytes = 40;
constexpr off_t kPreallocatedBytes = 64 << 20;

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "bench_journal: %s\n", why.c_str());
  std::exit(1);
}

Batch MakeBatch(std::uint32_t epoch, std::uint64_t first, std::size_t records) {
  Batch batch;
  batch.header.epoch = epoch;
  batch.header.first_sequence = first;
  for (std::size_t i = 0; i < records; ++i) {
    std::string decision = std::to_string(first + i);
    decision.resize(kDecisionBytes, 'd');
    batch.Add(routerd::journal::RecordKind::kEvent, decision, std::string(kIdentityBytes, 'i'));
  }
  return batch;
}

struct Round {
  double p50_us = 0;
  double p99_us = 0;
  double records_per_s = 0;
};

// Calls `once` until the time is over.
Round Measure(std::size_t records, int run_ms, const std::function<void()>& once) {
  std::vector<double> took_us;
  const auto start = SteadyClock::now();
  auto before = start;
  while (before - start < std::chrono::milliseconds(run_ms)) {
    once();
    const auto after = SteadyClock::now();
    took_us.push_back(std::chrono::duration<double, std::micro>(after - before).count());
    before = after;
  }
  const double seconds = std::chrono::duration<double>(before - start).count();
  std::sort(took_us.begin(), took_us.end());
  const std::size_t n = took_us.size();
  return {took_us[n / 2], took_us[n * 99 / 100], static_cast<double>(n * records) / seconds};
}

// Writes the bytes of a frame and syncs, as simply as can be.
class BareLoop {
 public:
  BareLoop(const std::string& path, bool preallocated)
      : fd_(open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)),
        limit_(preallocated ? kPreallocatedBytes : 0) {
    if (fd_ < 0) Die("cannot create " + path);
    if (preallocated && posix_fallocate(fd_, 0, limit_) != 0) Die("cannot allocate " + path);
  }
  ~BareLoop() { close(fd_); }
  BareLoop(const BareLoop&) = delete;
  BareLoop& operator=(const BareLoop&) = delete;

  void Append(const std::string& bytes) {
    const auto size = static_cast<off_t>(bytes.size());
    if (limit_ > 0 && end_ + size > limit_) end_ = 0;
    if (pwrite(fd_, bytes.data(), bytes.size(), end_) != size || fdatasync(fd_) != 0) {
      Die("cannot write");
    }
    end_ += size;
  }

 private:
  int fd_;
  off_t limit_;
  off_t end_ = 0;
};

Round Median(std::vector<Round> rounds) {
  const auto median = [&](double Round::*what) {
    std::sort(rounds.begin(), rounds.end(),
              [&](const Round& a, const Round& b) { return a.*what < b.*what; });
    return rounds[rounds.size() / 2].*what;
  };
  return {median(&Round::p50_us), median(&Round::p99_us), median(&Round::records_per_s)};
}

void Print(const char* what, std::size_t records, const Round& round, const Round& bare) {
  std::printf("%-24s %7zu %10.0f %10.0f %14.0f %8.2f\n", what, records, round.p50_us, round.p99_us,
              round.records_per_s, round.records_per_s / bare.records_per_s);
  std::fflush(stdout);
}

void BenchCommit(const std::filesystem::path& folder, std::size_t records, int rounds, int run_ms) {
  routerd::journal::PosixDisk disk;
  routerd::journal::MemoryEpochStore epochs;
  const routerd::SystemClock clock;
  FileJournalOptions options;
  options.directory = (folder / ("commit-" + std::to_string(records))).string();
  FileJournal journal(options, disk, epochs, clock);
  const auto opened = journal.Open();
  if (!opened.ok()) Die(opened.status().message());
  BareLoop appended((folder / "appended").string(), false);
  BareLoop preallocated((folder / "preallocated").string(), true);
  std::string bytes;
  EncodeFrame(MakeBatch(1, 1, records), 1, 0, {1, 0}, bytes);
  std::vector<Round> ours;
  std::vector<Round> bare;
  std::vector<Round> bare_preallocated;
  Batch batch = MakeBatch(opened.value(), 1, records);
  for (int r = 0; r < rounds; ++r) {
    ours.push_back(Measure(records, run_ms, [&] {
      batch.header.first_sequence = journal.head().sequence + 1;
      if (journal.Append(batch) != Appended::kCommitted) Die(journal.trouble().message());
    }));
    bare.push_back(Measure(records, run_ms, [&] { appended.Append(bytes); }));
    bare_preallocated.push_back(Measure(records, run_ms, [&] { preallocated.Append(bytes); }));
  }
  const Round base = Median(bare);
  Print("journal", records, Median(ours), base);
  Print("append + fdatasync", records, base, base);
  Print("preallocated, likewise", records, Median(bare_preallocated), base);
}

void BenchRecovery(const std::filesystem::path& folder, std::uint64_t records, int rounds) {
  routerd::journal::PosixDisk disk;
  routerd::journal::MemoryEpochStore epochs;
  const routerd::SystemClock clock;
  FileJournalOptions options;
  options.directory = (folder / "recovery").string();
  options.durability = Durability::kOff;
  {
    FileJournal journal(options, disk, epochs, clock);
    const auto epoch = journal.Open();
    if (!epoch.ok()) Die(epoch.status().message());
    while (journal.head().sequence < records) {
      const Batch batch = MakeBatch(epoch.value(), journal.head().sequence + 1, 16);
      if (journal.Append(batch) != Appended::kCommitted) Die(journal.trouble().message());
    }
    if (!journal.Close().ok()) Die("cannot close");
  }
  std::vector<double> opens;
  std::vector<double> reads;
  for (int r = 0; r < rounds; ++r) {
    FileJournal journal(options, disk, epochs, clock);
    const auto start = SteadyClock::now();
    if (!journal.Open().ok()) Die("cannot open");
    const auto opened = SteadyClock::now();
    for (std::uint64_t at = 1; at <= journal.head().sequence;) {
      const auto batches = journal.Read(at, 1'024);
      if (!batches.ok()) Die(batches.status().message());
      at = batches.value().back().last_sequence() + 1;
    }
    const auto read = SteadyClock::now();
    const auto rate = [&](auto span) {
      return static_cast<double>(journal.head().sequence) /
             std::chrono::duration<double>(span).count();
    };
    opens.push_back(rate(opened - start));
    reads.push_back(rate(read - opened));
  }
  std::sort(opens.begin(), opens.end());
  std::sort(reads.begin(), reads.end());
  std::printf("\n%-24s %14.0f records/s\n%-24s %14.0f records/s\n", "checked at a start",
              opens[opens.size() / 2], "read as batches", reads[reads.size() / 2]);
}

constexpr char kUsage[] =
    "Usage: bench_journal [--dir DIRECTORY] [--rounds N] [--ms N] [--records N]\n"
    "  --dir DIRECTORY  on the disk that is measured (build, or else the temporary directory)\n"
    "  --rounds N       of which the medians count (7)\n"
    "  --ms N           of one loop in a round (500)\n"
    "  --records N      that are read at a start (2000000)\n"
    "The last column is the throughput against append + fdatasync.\n";

}  // namespace

int main(int argc, char** argv) {
  std::filesystem::path parent = std::filesystem::is_directory("build")
                                     ? std::filesystem::path("build")
                                     : std::filesystem::temp_directory_path();
  int rounds = 7;
  int run_ms = 500;
  std::uint64_t records = 2'000'000;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    if (i + 1 == argc) Die(std::string("wrong usage\n") + kUsage);
    const char* value = argv[++i];
    if (option == "--dir") {
      parent = value;
    } else if (option == "--rounds") {
      rounds = std::max(1, std::atoi(value));
    } else if (option == "--ms") {
      run_ms = std::max(1, std::atoi(value));
    } else if (option == "--records") {
      records = std::strtoull(value, nullptr, 10);
    } else {
      Die(std::string("wrong usage\n") + kUsage);
    }
  }
  std::string name = (parent / "bench_journal-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) Die("cannot make a directory in " + parent.string());
  const std::filesystem::path folder = name;
  std::printf("%-24s %7s %10s %10s %14s %8s\n", "loop", "batch", "p50 us", "p99 us", "records/s",
              "ratio");
  for (const std::size_t batch : {1, 16, 256}) BenchCommit(folder, batch, rounds, run_ms);
  BenchRecovery(folder, records, rounds);
  std::filesystem::remove_all(folder);
  return 0;
}
