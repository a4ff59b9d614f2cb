// What a restart costs: a room of agents, with contacts waiting, and the records of a busy day, all
// of it through the engine and its journal in files; then the start that goes on from there, with
// and without a snapshot. Medians of rounds.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/compiler/compile.h"
#include "routerd/engine/direct_service.h"
#include "routerd/engine/recovery.h"
#include "routerd/engine/world_snapshot.h"
#include "routerd/journal/epoch_store.h"
#include "routerd/journal/file_journal.h"
#include "routerd/journal/posix_disk.h"

namespace {

using namespace routerd;  // NOLINT(google-build-using-namespace): a program of its own
using SteadyClock = std::chrono::steady_clock;

struct Options {
  int agents = 10'000;
  int queues = 100;
  int waiting = 100'000;
  int records = 1'000'000;
  int rounds = 3;
  int told = static_cast<int>(limits::kToldRecords);
  std::string directory = std::filesystem::temp_directory_path();
};

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "bench_restart: %s\n", why.c_str());
  std::exit(1);
}

double SecondsSince(SteadyClock::time_point begun) {
  return std::chrono::duration<double>(SteadyClock::now() - begun).count();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// Each agent has the skill of one queue, so that the queues of the busy are served and those of the
// waiting, which nobody serves, stay full.
std::shared_ptr<const model::Model> MakeModel(const Options& options) {
  std::string policy = "version: 1\nchannels:\n  email: {live: false}\nskills: [nobody";
  for (int i = 0; i < options.queues; ++i) policy += ", s" + std::to_string(i);
  policy += "]\nqueues:\n";
  for (int i = 0; i < options.queues; ++i) {
    const std::string no = std::to_string(i);
    policy += "  busy" + no + ": {require: {s" + no + ": 1}, wrap_up: {mode: none}}\n";
    policy += "  full" + no + ": {require: {nobody: 1}}\n";
  }
  policy += "agents:\n";
  for (int i = 0; i < options.agents; ++i) {
    policy += "  a" + std::to_string(i) + ": {skills: {s" + std::to_string(i % options.queues) +
              ": 5}}\n";
  }
  auto compiled = compiler::Compile({"bench.yaml", policy}, nullptr);
  if (compiled.model == nullptr) Die(compiler::ToText(compiled.findings));
  return std::move(compiled.model);
}

// Commands in batches, as a loaded writer takes them.
class Room {
 public:
  Room(const Options& options, engine::DirectService& service)
      : options_(options), service_(service) {}

  void Fill() {
    engine::Envelope open;
    open.client = "pbx";
    open.command = engine::OpenSession{
        engine::SessionKind::kGateway, {}, std::make_shared<engine::Outbox>(kOutbox), {}};
    open.done = [this](const engine::Answer& answer) { session_ = answer.session; };
    service_.RunNow(std::move(open));
    for (int i = 0; i < options_.agents; ++i) {
      engine::LogIn command;
      command.agent = "a" + std::to_string(i);
      command.ready = true;
      Submit(engine::Role::kDesktop, "desk-" + std::to_string(i % 50), std::move(command));
    }
    for (int i = 0; i < options_.waiting; ++i) {
      Arrive("w" + std::to_string(i), "full" + std::to_string(i % options_.queues));
    }
    Flush();
  }

  // Life cycles until the journal has so many records.
  void Work(std::uint64_t head) {
    while (service_.engine().figures().head.sequence < head) {
      for (int i = 0; i < kBatch; ++i) {
        Arrive("c" + std::to_string(next_), "busy" + std::to_string(next_ % options_.queues));
        ++next_;
      }
      Flush();
      for (const auto& [contact, offer] : std::exchange(offered_, {})) {
        Submit(engine::Role::kOperations, "bench", engine::AcceptOffer{offer, {}});
        accepted_.push_back(contact);
      }
      Flush();
      for (const std::string& contact : std::exchange(accepted_, {})) {
        Submit(engine::Role::kGateway, "pbx", engine::EndContact{contact});
      }
      Flush();
    }
  }

 private:
  static constexpr int kBatch = 256;
  static constexpr std::size_t kOutbox = 1;  // what it would be told is not read

  void Arrive(std::string id, std::string queue) {
    engine::Arrive command;
    command.contact = std::move(id);
    command.channel = "email";
    command.queue = std::move(queue);
    Submit(engine::Role::kGateway, "pbx", std::move(command));
  }
  void Submit(engine::Role role, std::string client, engine::Command command) {
    engine::Envelope envelope;
    envelope.role = role;
    envelope.client = std::move(client);
    envelope.session = session_;
    envelope.request_id = "r" + std::to_string(requests_++);
    envelope.body_hash = 1;
    envelope.command = std::move(command);
    envelope.done = [this](const engine::Answer& answer) {
      if (!answer.status.ok()) Die(answer.status.message());
      answered_ = std::max(answered_, answer.number);
      if (answer.contact && answer.contact->status.state == core::ContactState::kOffered) {
        offered_.emplace_back(answer.contact->identity->id, answer.contact->status.offer);
      }
    };
    service_.Submit(std::move(envelope));
    if (++pending_ >= kBatch) Flush();
  }
  void Flush() {
    pending_ = 0;
    if (const Status run = service_.RunPending(); !run.ok()) Die(run.message());
    service_.AckAnswers(session_, answered_);
  }

  const Options& options_;
  engine::DirectService& service_;
  std::string session_;
  std::uint64_t requests_ = 0;
  std::uint64_t answered_ = 0;
  int pending_ = 0;
  int next_ = 0;
  std::deque<std::pair<std::string, OfferId>> offered_;
  std::deque<std::string> accepted_;
};

struct Start {
  double load_s = 0;
  double start_s = 0;
  std::uint64_t replayed = 0;
};

class Bench {
 public:
  explicit Bench(Options options) : options_(std::move(options)) {
    directory_ = options_.directory + "/routerd-bench-restart";
    std::filesystem::remove_all(directory_);
  }
  ~Bench() { std::filesystem::remove_all(directory_); }

  void Run() {
    Record();
    std::printf("%d agents, %d queues, %d waiting; median of %d rounds\n", options_.agents,
                2 * options_.queues, options_.waiting, options_.rounds);
    Print("all replayed", {});
    Print("from a snapshot before the work", early_);
    Print("from a snapshot at the end", late_);
    std::printf("snapshot: %.1f MB, saved in %.0f ms (median)\n",
                static_cast<double>(late_.size()) / 1e6, Median(save_ms_));
  }

 private:
  std::unique_ptr<journal::FileJournal> Journal(std::uint64_t read_from) {
    journal::FileJournalOptions options;
    options.directory = directory_;
    options.durability = journal::Durability::kOff;
    options.read_from = read_from;
    return std::make_unique<journal::FileJournal>(options, disk_, epochs_, clock_);
  }
  engine::EngineOptions EngineOptions() {
    engine::EngineOptions options;
    options.model = model_;
    options.told_records = static_cast<std::size_t>(options_.told);
    return options;
  }

  void Record() {
    model_ = MakeModel(options_);
    const auto files = Journal(0);
    auto started = engine::Engine::Start(EngineOptions(), clock_, *files);
    if (!started.ok()) Die(started.status().message());
    engine::DirectService service(std::move(started).value());
    Room room(options_, service);
    room.Fill();
    service.engine().Save(early_);
    early_at_ = service.engine().figures().head;
    const SteadyClock::time_point begun = SteadyClock::now();
    room.Work(early_at_.sequence + static_cast<std::uint64_t>(options_.records));
    const double seconds = SecondsSince(begun);
    head_ = service.engine().figures().head;
    std::printf("%llu records made in %.1f s, %.0f bytes each in the journal\n",
                static_cast<unsigned long long>(head_.sequence - early_at_.sequence), seconds,
                BytesPerRecord());
    for (int i = 0; i < options_.rounds; ++i) {
      late_.clear();
      const SteadyClock::time_point saving = SteadyClock::now();
      service.engine().Save(late_);
      save_ms_.push_back(SecondsSince(saving) * 1e3);
    }
    if (const Status closed = service.engine().Close(); !closed.ok()) Die(closed.message());
  }

  [[nodiscard]] double BytesPerRecord() const {
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      if (entry.path().extension() == ".segment") bytes += entry.file_size();
    }
    return static_cast<double>(bytes) / static_cast<double>(head_.sequence);
  }

  Start Once(const std::string& snapshot) {
    Start start;
    const SteadyClock::time_point begun = SteadyClock::now();
    engine::EngineOptions options = EngineOptions();
    std::uint64_t read_from = 0;
    if (!snapshot.empty()) {
      auto loaded = engine::LoadWorld(clock_, snapshot);
      if (!loaded.ok()) Die(loaded.status().message());
      const Position at = &snapshot == &early_ ? early_at_ : head_;
      options.snapshot = engine::StartSnapshot{std::move(loaded).value(), at};
      read_from = at.sequence + 1;
      start.load_s = SecondsSince(begun);
    }
    const auto files = Journal(read_from);
    auto engine = engine::Engine::Start(std::move(options), clock_, *files);
    if (!engine.ok()) Die(engine.status().message());
    start.start_s = SecondsSince(begun);
    start.replayed = engine.value()->replayed();
    return start;
  }

  void Print(const char* what, const std::string& snapshot) {
    const std::string& named = snapshot == early_ ? early_ : snapshot == late_ ? late_ : snapshot;
    std::vector<double> start_s;
    std::vector<double> load_s;
    std::uint64_t replayed = 0;
    for (int i = 0; i < options_.rounds; ++i) {
      const Start start = Once(named);
      start_s.push_back(start.start_s);
      load_s.push_back(start.load_s);
      replayed = start.replayed;
    }
    const double replaying = Median(start_s) - Median(load_s);
    std::printf("%-34s start %.2f s (snapshot %.2f s), %llu records replayed, %.0f records/s\n",
                what, Median(start_s), Median(load_s), static_cast<unsigned long long>(replayed),
                static_cast<double>(replayed) / replaying);
  }

  const Options options_;
  std::string directory_;
  SystemClock clock_;
  journal::PosixDisk disk_;
  journal::MemoryEpochStore epochs_;
  std::shared_ptr<const model::Model> model_;
  std::string early_;
  std::string late_;
  Position early_at_;
  Position head_;
  std::vector<double> save_ms_;
};

Options Parse(int argc, char** argv) {
  Options options;
  const std::pair<const char*, int*> numbers[] = {
      {"--agents", &options.agents},   {"--queues", &options.queues},
      {"--waiting", &options.waiting}, {"--records", &options.records},
      {"--rounds", &options.rounds},   {"--told", &options.told}};
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto* found = std::find_if(std::begin(numbers), std::end(numbers),
                                     [&word](const auto& number) { return word == number.first; });
    if (found != std::end(numbers) && i + 1 < argc) {
      *found->second = std::atoi(argv[++i]);
    } else if (word == "--directory" && i + 1 < argc) {
      options.directory = argv[++i];
    } else {
      std::printf(
          "usage: bench_restart [--agents N] [--queues N] [--waiting N] [--records N] [--rounds N] "
          "[--told N] [--directory DIR]\n");
      std::exit(word == "--help" ? 0 : 2);
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) { Bench(Parse(argc, argv)).Run(); }
