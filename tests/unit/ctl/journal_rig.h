// A router's journal on the machine's disk, made by the engine, and routerctl run on it.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/clock.h"
#include "routerd/ctl/run.h"
#include "routerd/engine/direct_service.h"
#include "routerd/engine/stored_snapshot.h"
#include "routerd/journal/epoch_file.h"
#include "routerd/journal/file_journal.h"
#include "routerd/journal/posix_disk.h"
#include "tests/unit/engine/test_model.h"
#include "tests/unit/journal/temp_folder.h"

namespace routerd::ctl {

struct Ran {
  ExitCode code;
  std::string out;
  std::string err;
};

inline Ran RunCtl(const std::vector<std::string>& arguments) {
  std::vector<const char*> argv = {"routerctl"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  std::ostringstream out;
  std::ostringstream err;
  const ExitCode code = Run(static_cast<int>(argv.size()), argv.data(), {out, err});
  return {code, out.str(), err.str()};
}

// One thread. Segments of 4 KiB.
class JournalRig {
 public:
  JournalRig() {
    journal::FileJournalOptions options;
    options.directory = directory();
    options.segment_bytes = 4'096;
    journal_ = std::make_unique<journal::FileJournal>(options, disk_, epochs_, clock_);
    engine::EngineOptions engine_options;
    model::Model model = engine::TestModel();
    model.contact_attributes = {{"iban", true}, {"lang", false}};
    engine_options.model = std::make_shared<const model::Model>(std::move(model));
    engine_options.policy_source = "the policy";
    auto engine = engine::Engine::Start(std::move(engine_options), clock_, *journal_);
    EXPECT_TRUE(engine.ok()) << engine.status().message();
    service_ = std::make_unique<engine::DirectService>(std::move(engine).value());
  }

  [[nodiscard]] std::string directory() const { return folder_.path("journal"); }
  [[nodiscard]] std::string state() const { return folder_.path(); }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_.path(name); }
  [[nodiscard]] journal::FileJournal& journal() { return *journal_; }
  [[nodiscard]] engine::Engine& engine() { return service_->engine(); }
  [[nodiscard]] std::uint64_t last() { return engine().figures().head.sequence; }

  engine::Answer Do(engine::Role role, std::string client, engine::Command command,
                    std::string request_id = {}) {
    engine::Envelope envelope;
    envelope.role = role;
    envelope.client = std::move(client);
    envelope.command = std::move(command);
    envelope.request_id = std::move(request_id);
    engine::Answer given;
    envelope.done = [&given](const engine::Answer& answer) { given = answer; };
    service_->RunNow(std::move(envelope));
    EXPECT_TRUE(given.status.ok()) << given.status.message();
    return given;
  }
  void LogIn(const std::string& agent) {
    engine::LogIn c;
    c.agent = agent;
    c.endpoints = {{"voice", "sip:secret-" + agent}};
    c.ready = true;
    Do(engine::Role::kDesktop, "desk", c);
  }
  // Of a customer who is not to be known.
  void Arrive(const std::string& id, const std::string& queue = "sales") {
    engine::Arrive c;
    c.contact = id;
    c.channel = "voice";
    c.queue = queue;
    c.customer_key = "customer-of-" + id;
    c.attributes = {{"iban", "DE-secret-of-" + id}, {"lang", "de"}};
    c.requirements = {{"german", 3}};
    Do(engine::Role::kGateway, "pbx", c, "request-" + id);
  }
  void Arrivals(int count) {
    for (int i = 0; i < count; ++i) Arrive("call-" + std::to_string(i));
  }
  // As the follower does.
  void SaveSnapshot() {
    std::string body;
    engine().Save(body);
    journal::SnapshotStore store(disk_, directory(), "default");
    auto writer = store.Begin(engine().figures().head);
    ASSERT_TRUE(writer.ok()) << writer.status().message();
    ASSERT_TRUE(writer.value()->Write(body).ok());
    ASSERT_TRUE(writer.value()->Commit(engine().core().StateHash()).ok());
  }

  // The file that holds record `sequence`.
  [[nodiscard]] std::string SegmentOf(std::uint64_t sequence) {
    std::string path;
    for (const journal::SegmentInfo& segment : journal_->segments()) {
      if (segment.first() <= sequence) path = segment.path;
    }
    return path;
  }
  static std::string Content(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void Change(const std::string& path, std::size_t at, const std::string& bytes) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(at));
    file << bytes;
  }

 private:
  journal::TempFolder folder_;
  ManualClock clock_{5'000, 1'700'000'000'000};
  journal::PosixDisk disk_;
  journal::EpochFile epochs_{folder_.path("epoch")};
  std::unique_ptr<journal::FileJournal> journal_;
  std::unique_ptr<engine::DirectService> service_;
};

}  // namespace routerd::ctl
