// The same commands give the same state and the same events; and the journal's decision parts alone
// give the same state again.
#include "routerd/engine/effect_digest.h"
#include "routerd/engine/record_codec.h"
#include "routerd/engine/record_note.h"
#include "tests/unit/engine/traffic.h"

namespace routerd::engine {
namespace {

class ReplayTest : public TrafficTest {};

bool Same(const Event& a, const Event& b) {
  return a.at == b.at && a.index == b.index && a.unix_ms == b.unix_ms && a.kind == b.kind &&
         a.queue == b.queue && a.agent == b.agent && a.offer == b.offer && a.outcome == b.outcome &&
         a.actor == b.actor && a.contact.status.state == b.contact.status.state;
}

TEST_F(ReplayTest, TheSameCommandsGiveTheSameStateAndEvents) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    std::uint64_t hash = 0;
    std::uint64_t digest = 0;
    std::vector<Event> events;
    for (int run = 0; run < 2; ++run) {
      clock_ = ManualClock(5'000, kWall);
      epochs_ = journal::MemoryEpochStore();
      journal::MemoryJournal fresh(epochs_);
      auto started = Engine::Start({.model = SharedTestModel()}, clock_, fresh);
      service_ = std::make_unique<DirectService>(std::move(started).value());
      Forget();
      Traffic(seed, 400);
      EXPECT_GT(contacts(), 40U);
      EXPECT_GT(offers(), 15U);
      if (run == 0) {
        hash = engine().core().StateHash();
        digest = engine().digest();
        events = History();
      } else {
        EXPECT_EQ(engine().core().StateHash(), hash);
        EXPECT_EQ(engine().digest(), digest);
        const std::vector<Event> again = History();
        ASSERT_EQ(again.size(), events.size());
        for (std::size_t i = 0; i < events.size(); ++i) {
          EXPECT_TRUE(Same(events[i], again[i])) << i;
        }
      }
      service_.reset();
    }
  }
}

TEST_F(ReplayTest, TheJournalsDecisionPartsGiveTheSameStateAgain) {
  Traffic(7, 600);
  Operations(ApplyPolicy{SharedTestModel(2), "text", "", {}});
  Operations(SetAgentSkills{"ann", {{"french", 3}}});
  Traffic(8, 200);
  std::unique_ptr<core::Core> core;
  EffectDigest digest;
  std::uint64_t expected = journal_->first_kept();
  const std::vector<journal::Batch> batches = journal_->Read(1, 1'000'000).value();
  for (const journal::Batch& batch : batches) {
    EXPECT_EQ(batch.header.first_sequence, expected) << "no gap";
    EXPECT_EQ(batch.header.previous_digest, digest.value()) << "at " << expected;
    digest.BeginBatch();
    for (std::size_t i = 0; i < batch.size(); ++i, ++expected) {
      const journal::RecordView record = batch.at(i);
      const core::Stamp stamp{{batch.header.epoch, expected}, batch.header.time};
      core::Effects effects;
      switch (record.kind) {
        case journal::RecordKind::kStart:
          core = std::make_unique<core::Core>(DecodeStart(record.decision).value().model);
          break;
        case journal::RecordKind::kEvent:
          static_cast<void>(core->Apply(stamp, DecodeEvent(record.decision).value(), effects));
          break;
        case journal::RecordKind::kTimers:
          core->FireTimers(stamp, effects);
          break;
        case journal::RecordKind::kClock:
          core->Apply(stamp, core::WallClockMoved{DecodeClock(record.decision).value()}, effects);
          break;
        case journal::RecordKind::kRestart:
          core->Apply(stamp, core::RouterRestarted{}, effects);
          break;
        case journal::RecordKind::kNote:
          EXPECT_TRUE(record.decision.empty());
          break;
      }
      digest.Add(record.kind, record.decision, effects);
    }
  }
  EXPECT_EQ(core->StateHash(), engine().core().StateHash());
  EXPECT_EQ(digest.value(), engine().digest());
}

// What a reader of the journal makes of the notes about a contact's attributes.
TEST_F(ReplayTest, TheJournalTellsAContactsAttributesAsTheyAreNow) {
  Arrive call = Call("c1");
  call.attributes = {{"lang", "de"}, {"tier", "gold"}};
  Gateway(call);
  Gateway(UpdateContact{"c1", 3, {}, {}, {}});
  const auto read = [this] {
    Attributes attributes;
    const std::vector<journal::Batch> batches = journal_->Read(1, 1'000'000).value();
    for (const journal::Batch& batch : batches) {
      for (std::size_t i = 0; i < batch.size(); ++i) {
        const auto note = ReadNote(batch.at(i).identity);
        for (const NoteField& field : note.value()) {
          if (field.tag == NoteTag::kNewAttributes) attributes.clear();
          if (field.tag == NoteTag::kAttributeKey) attributes.emplace_back(field.value, "");
          if (field.tag == NoteTag::kAttributeValue) attributes.back().second = field.value;
        }
      }
    }
    return attributes;
  };
  EXPECT_EQ(read(), call.attributes) << "an update of something else leaves them alone";
  const Attributes changed = {{std::string("mood"), ""}, {"tier", "iron"}};
  Gateway(UpdateContact{"c1", {}, {}, changed, {}});
  EXPECT_EQ(read(), changed);
  Gateway(UpdateContact{"c1", {}, {}, Attributes{}, {}});
  EXPECT_TRUE(read().empty()) << "all were taken away";
}

TEST_F(ReplayTest, NamesOfPeopleStandInIdentityPartsOnly) {
  Arrive call = Call("contact-id-1");
  call.customer_key = "customer-key-1";
  call.attributes = {{"lang", "value-1"}};
  Gateway(call);
  Gateway(UpdateContact{"contact-id-1", {}, {}, Attributes{{std::string("tier"), "value-2"}}, {}});
  Desktop(Ready("ann"));
  const std::vector<journal::Batch> batches = journal_->Read(2, 1'000'000).value();
  for (const journal::Batch& batch : batches) {
    for (std::size_t i = 0; i < batch.size(); ++i) {
      for (const char* secret :
           {"contact-id-1", "customer-key-1", "value-1", "value-2", "sip:ann", "ann"}) {
        EXPECT_EQ(batch.at(i).decision.find(secret), std::string_view::npos) << secret;
      }
    }
  }
}

}  // namespace
}  // namespace routerd::engine
