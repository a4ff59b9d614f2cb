// A day that an earlier version has journaled is done again to the same state, from its first
// record and from its snapshot; and it is gone on with.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "routerd/base/clock.h"
#include "routerd/engine/direct_service.h"
#include "routerd/engine/recovery.h"
#include "routerd/engine/world_snapshot.h"
#include "routerd/journal/epoch_store.h"
#include "routerd/journal/file_journal.h"
#include "routerd/journal/posix_disk.h"
#include "routerd/journal/snapshot_store.h"
#include "tests/unit/engine/test_model.h"

namespace routerd::engine {
namespace {

const std::string kFixtures = ROUTERD_COMPAT_FIXTURES;
constexpr TimeMs kWall = 1'700'000'000'000;

// What came of the day under the rules of then.
constexpr std::uint32_t kRules = 3;
constexpr std::uint64_t kDigest = 11'068'862'108'496'482'020ULL;
constexpr std::uint64_t kStateHash = 7'158'245'773'237'724'981;
constexpr std::size_t kContacts = 7;

journal::FileJournalOptions OptionsFor(const std::string& directory, std::uint64_t read_from = 0) {
  journal::FileJournalOptions options;
  options.directory = directory;
  options.segment_bytes = 4'096;
  options.read_from = read_from;
  return options;
}

// Kinds of every sort, two epochs, a policy and overrides, refusals that were remembered.
class Day {
 public:
  explicit Day(std::string directory) : directory_(std::move(directory)) {}

  void Write() {
    Start();
    Open(SessionKind::kGateway, "pbx");
    Open(SessionKind::kDesktop, "desk");
    for (const char* agent : {"ann", "bob"}) LogInReady(agent);
    Calls();
    SaveSnapshot();
    Operations(ApplyPolicy{SharedTestModel(2), "the second policy", "for the evening", {}});
    Operations(SetQueueMode{"small", model::QueueMode::kClosed, 3'600'000});
    Operations(SetAgentSkills{"cid", {{"french", 4}}});
    Calls();
    clock_.Advance(90'000);
    clock_.JumpWall(-5'000);
    Start();  // as after a crash
    Calls();
    EXPECT_TRUE(service_->engine().Close().ok());
  }

 private:
  void Start() {
    service_.reset();
    journal_.reset();
    journal_ =
        std::make_unique<journal::FileJournal>(OptionsFor(directory_), disk_, epochs_, clock_);
    auto engine = Engine::Start({.model = SharedTestModel(), .policy_source = "the first policy"},
                                clock_, *journal_);
    ASSERT_TRUE(engine.ok()) << engine.status().message();
    service_ = std::make_unique<DirectService>(std::move(engine).value());
  }
  Answer Do(Role role, const char* client, Command command) {
    Envelope envelope;
    envelope.role = role;
    envelope.client = client;
    envelope.request_id = "r" + std::to_string(++requests_);
    envelope.body_hash = 7;
    envelope.command = std::move(command);
    std::optional<Answer> given;
    envelope.done = [&given](const Answer& answer) { given = answer; };
    service_->RunNow(std::move(envelope));
    clock_.Advance(250);
    return given.value_or(Answer{});
  }
  void Operations(Command command) { Do(Role::kOperations, "console", std::move(command)); }
  void Open(SessionKind kind, const char* client) {
    const Role role = kind == SessionKind::kGateway ? Role::kGateway : Role::kDesktop;
    Do(role, client, OpenSession{kind, {}, std::make_shared<Outbox>(1'000), {}});
  }
  void LogInReady(const char* agent) {
    LogIn command;
    command.agent = agent;
    command.endpoints = {{"voice", std::string("sip:") + agent}, {"chat", agent}};
    command.ready = true;
    Do(Role::kDesktop, "desk", command);
  }
  Answer Call(const char* channel, const char* queue) {
    Arrive command;
    command.contact = "c" + std::to_string(++contacts_);
    command.channel = channel;
    command.queue = queue;
    command.customer_key = "k" + std::to_string(contacts_ % 3);
    command.attributes = {{"lang", "de"}, {"tier", "gold"}};
    return Do(Role::kGateway, "pbx", command);
  }

  void Calls() {
    const Answer voice = Call("voice", "sales");
    const std::string id = "c" + std::to_string(contacts_);
    Do(Role::kDesktop, "desk", AcceptOffer{voice.contact->status.offer, {}});
    Do(Role::kGateway, "pbx", Connected{id, voice.contact->status.offer});
    Do(Role::kGateway, "pbx", UpdateContact{id, 3, {}, Attributes{{"mood", "good"}}, {}});
    Call("chat", "support");
    const Answer chat = Call("chat", "sales");
    Do(Role::kDesktop, "desk", RejectOffer{chat.contact->status.offer, {}, "busy"});
    Do(Role::kGateway, "pbx", Hold{id, true});
    Do(Role::kGateway, "pbx", EndContact{id});
    Call("voice", "small");
    Do(Role::kGateway, "pbx",
       TransferContact{"c" + std::to_string(contacts_), "sales", {}, {}, false});
    Do(Role::kGateway, "pbx", EndContact{"nobody"});
    Do(Role::kDesktop, "desk", SetPresence{"bob", false, {}, {}});
    clock_.Advance(31'000);
    EXPECT_TRUE(service_->RunPending().ok());
    Do(Role::kDesktop, "desk", SetPresence{"bob", true, {}, {}});
  }

  void SaveSnapshot() {
    journal::SnapshotStore store(disk_, directory_, "default");
    std::string body;
    service_->engine().Save(body);
    auto writer = store.Begin(service_->engine().last());
    ASSERT_TRUE(writer.ok());
    EXPECT_TRUE(writer.value()->Write(body).ok());
    EXPECT_TRUE(writer.value()->Commit(service_->engine().core().StateHash()).ok());
  }

  const std::string directory_;
  ManualClock clock_{5'000, kWall};
  journal::PosixDisk disk_;
  journal::MemoryEpochStore epochs_;
  std::unique_ptr<journal::FileJournal> journal_;
  std::unique_ptr<DirectService> service_;
  int requests_ = 0;
  int contacts_ = 0;
};

class EngineFixtureTest : public ::testing::Test {
 protected:
  EngineFixtureTest() {
    std::string name = (std::filesystem::temp_directory_path() / "routerd-compat-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    std::filesystem::copy(kFixtures + "/engine_v1", folder_ / "journal");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string directory() const { return (folder_ / "journal").string(); }
  std::optional<StartSnapshot> LoadSnapshot() {
    journal::SnapshotStore store(disk_, directory(), "default");
    auto loaded = store.LoadNewest();
    if (!loaded.ok() || loaded.value().reader == nullptr) return std::nullopt;
    std::string body;
    for (auto piece = loaded.value().reader->Next(); piece.ok() && !piece.value().empty();
         piece = loaded.value().reader->Next()) {
      body += piece.value();
    }
    auto world = LoadWorld(clock_, body);
    EXPECT_TRUE(world.ok()) << world.status().message();
    if (!world.ok()) return std::nullopt;
    return StartSnapshot{std::move(world).value(), loaded.value().reader->info().at};
  }

  std::filesystem::path folder_;
  const ManualClock clock_{5'000, kWall + 10 * 60'000};
  journal::PosixDisk disk_;
  journal::MemoryEpochStore epochs_;
};

TEST_F(EngineFixtureTest, IsDoneAgainToTheSameState) {
  for (const bool from_snapshot : {false, true}) {
    std::optional<StartSnapshot> snapshot;
    if (from_snapshot) {
      snapshot = LoadSnapshot();
      ASSERT_TRUE(snapshot);
    }
    journal::FileJournal journal(OptionsFor(directory()), disk_, epochs_, clock_);
    ASSERT_TRUE(journal.Open().ok());
    auto recovered = Recover(std::move(snapshot), journal, clock_, 1'000);
    if (core::kRulesVersion != kRules) {
      EXPECT_EQ(recovered.status().code(), Code::kFailedPrecondition) << "decided by other rules";
      continue;
    }
    ASSERT_TRUE(recovered.ok()) << recovered.status().message();
    const Realm& realm = recovered.value().realm;
    EXPECT_EQ(realm.applier->digest(), kDigest);
    EXPECT_EQ(realm.world->core.StateHash(), kStateHash);
    EXPECT_EQ(realm.world->core.contact_count(), kContacts);
    EXPECT_EQ(realm.world->policy->source, "the second policy");
    EXPECT_EQ(realm.world->core.CheckInvariants(realm.world->clock.now()), "");
  }
}

TEST_F(EngineFixtureTest, IsGoneOnWith) {
  if (core::kRulesVersion != kRules) GTEST_SKIP() << "decided by other rules";
  journal::FileJournal journal(OptionsFor(directory()), disk_, epochs_, clock_);
  auto engine = Engine::Start({.model = SharedTestModel()}, clock_, journal);
  ASSERT_TRUE(engine.ok()) << engine.status().message();
  EXPECT_TRUE(engine.value()->recovered());
  EXPECT_EQ(engine.value()->epoch(), 3U);
  EXPECT_EQ(engine.value()->core().CheckInvariants(engine.value()->now()), "");
}

// ROUTERD_COMPAT_WRITE=DIRECTORY makes it write a day of today's version there.
TEST_F(EngineFixtureTest, IsWhatThisVersionWrites) {
  const char* wanted = std::getenv("ROUTERD_COMPAT_WRITE");
  const std::string written = wanted != nullptr ? wanted : (folder_ / "written").string();
  Day(written).Write();
  if (wanted != nullptr) return;
  for (const auto& entry : std::filesystem::directory_iterator(kFixtures + "/engine_v1")) {
    const std::string name = entry.path().filename().string();
    const auto now = journal::ReadWhole(disk_, std::filesystem::path(written) / name, 1 << 20);
    ASSERT_TRUE(now.ok()) << now.status().message();
    EXPECT_TRUE(now.value() == journal::ReadWhole(disk_, entry.path().string(), 1 << 20).value())
        << name << ": a changed format has a version, and a fixture, of its own";
  }
}

}  // namespace
}  // namespace routerd::engine
