// The parts that need no engine: clock, inbox, feed, outbox, history, directories.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/engine/agent_directory.h"
#include "routerd/engine/batch_clock.h"
#include "routerd/engine/contact_directory.h"
#include "routerd/engine/feed.h"
#include "routerd/engine/history.h"
#include "routerd/engine/inbox.h"
#include "routerd/engine/nearest.h"
#include "routerd/engine/offer_names.h"

namespace routerd::engine {
namespace {

TEST(BatchClockTest, FollowsBootTimeAndNotTheWall) {
  ManualClock source(100, 1'000'000);
  BatchClock clock(source, 0);
  EXPECT_EQ(clock.now(), 1'000'000);
  source.Advance(50);
  EXPECT_EQ(clock.Tick(), 1'000'050);
  source.JumpWall(-3'600'000);
  EXPECT_EQ(clock.Tick(), 1'000'050);
  EXPECT_EQ(clock.WallMoved(), -3'600'000);
  clock.MoveOffset(-3'600'000);
  EXPECT_EQ(clock.WallMoved(), 0);
  EXPECT_EQ(clock.ToUnix(clock.now()), source.WallMs());
}

TEST(BatchClockTest, StartsWhereTheHistoryEndedIfTheWallIsBehind) {
  ManualClock source(0, 1'000);
  BatchClock clock(source, 5'000);
  EXPECT_EQ(clock.now(), 5'000);
  EXPECT_EQ(clock.ToUnix(clock.now()), 1'000);
  source.Advance(10);
  EXPECT_EQ(clock.Tick(), 5'010);
}

TEST(BatchClockTest, SmallDriftIsNotLookedAt) {
  ManualClock source(0, 1'000);
  const BatchClock clock(source, 0);
  source.JumpWall(100);
  EXPECT_EQ(clock.WallMoved(), 0);
  source.JumpWall(1);
  EXPECT_EQ(clock.WallMoved(), 101);
}

TEST(InboxTest, WhatIsTakenCountsUntilItIsDone) {
  Inbox inbox(2);
  Envelope e;
  EXPECT_EQ(inbox.Push(e), Inbox::Pushed::kTaken);
  EXPECT_EQ(inbox.Push(e), Inbox::Pushed::kTaken);
  EXPECT_EQ(inbox.Push(e), Inbox::Pushed::kFull);
  Inbox::Taken taken;
  inbox.Wait(std::nullopt, taken);
  EXPECT_EQ(taken.envelopes.size(), 2U);
  EXPECT_EQ(inbox.Push(e), Inbox::Pushed::kFull);
  inbox.Done(1);
  EXPECT_EQ(inbox.Push(e), Inbox::Pushed::kTaken);
  EXPECT_EQ(inbox.depth(), 2U);
}

TEST(InboxTest, WhatMustBeHeardOfIsTakenBeyondTheCapacity) {
  Inbox inbox(1);
  Envelope e;
  EXPECT_EQ(inbox.Push(e), Inbox::Pushed::kTaken);
  EXPECT_EQ(inbox.Push(e), Inbox::Pushed::kFull);
  EXPECT_EQ(inbox.PushAlways(e), Inbox::Pushed::kTaken);
  EXPECT_EQ(inbox.depth(), 2U);
}

TEST(InboxTest, ClosedItTakesNothingAndGivesWhatIsIn) {
  Inbox inbox(2);
  Envelope e;
  EXPECT_EQ(inbox.Push(e), Inbox::Pushed::kTaken);
  inbox.Close();
  EXPECT_EQ(inbox.Push(e), Inbox::Pushed::kClosed);
  EXPECT_FALSE(inbox.Post([] {}));
  Inbox::Taken taken;
  inbox.Wait(std::nullopt, taken);
  EXPECT_EQ(taken.envelopes.size(), 1U);
}

TEST(InboxTest, AWakeEndsAWait) {
  Inbox inbox(2);
  inbox.Wake();
  Inbox::Taken taken;
  inbox.Wait(std::nullopt, taken);
  EXPECT_TRUE(taken.envelopes.empty());
}

std::shared_ptr<const EventBatch> BatchAt(std::uint64_t sequence, std::size_t events) {
  auto batch = std::make_shared<EventBatch>();
  batch->last = {1, sequence};
  batch->events.resize(events);
  return batch;
}

TEST(FeedTest, OverCapacityItDropsEverythingAndSaysSoOnce) {
  Feed feed(2);
  int woken = 0;
  feed.SetWaker([&woken] { ++woken; });
  for (std::uint64_t i = 1; i <= 3; ++i) feed.Push(BatchAt(i, 1));
  EXPECT_EQ(woken, 1);
  Feed::Drained drained = feed.Drain();
  EXPECT_TRUE(drained.lost);
  ASSERT_EQ(drained.batches.size(), 1U);
  EXPECT_EQ(drained.batches[0]->last.sequence, 3U);
  feed.Push(BatchAt(4, 1));
  EXPECT_FALSE(feed.Drain().lost);
  EXPECT_EQ(woken, 2);
}

TEST(FeedTest, ManyEventsAreTooManyToo) {
  Feed feed(100);
  feed.Push(BatchAt(1, limits::kFeedEvents));
  feed.Push(BatchAt(2, 1));
  const Feed::Drained drained = feed.Drain();
  EXPECT_TRUE(drained.lost);
  EXPECT_EQ(drained.batches.size(), 1U);
}

TEST(OutboxTest, OverCapacityItIsLostForGood) {
  Outbox outbox(2);
  int woken = 0;
  outbox.SetWaker([&woken] { ++woken; });
  for (int i = 0; i < 3; ++i) outbox.Push({std::make_shared<const Event>(), ""});
  EXPECT_EQ(woken, 2) << "when something came, and when it overflowed";
  EXPECT_TRUE(outbox.overflowed());
  outbox.Push({std::make_shared<const Event>(), ""});
  const Outbox::Drained drained = outbox.Drain();
  EXPECT_TRUE(drained.overflowed);
  EXPECT_TRUE(drained.items.empty());
}

TEST(OutboxTest, ClosedItDropsAndSaysWhy) {
  Outbox outbox(2);
  outbox.Push({std::make_shared<const Event>(), "a"});
  outbox.Close("superseded");
  outbox.Push({std::make_shared<const Event>(), "b"});
  const Outbox::Drained drained = outbox.Drain();
  EXPECT_TRUE(drained.closed);
  EXPECT_EQ(drained.close_reason, "superseded");
  EXPECT_EQ(drained.items.size(), 1U);
}

TEST(HistoryTest, GivesWhatComesAfterAPosition) {
  History history(10, {1, 0});
  history.Add({1, 1}, BatchAt(2, 2));
  history.Add({1, 3}, BatchAt(3, 1));
  EXPECT_EQ(history.Read({}, 10).batches.size(), 2U);
  EXPECT_EQ(history.Read({1, 0}, 10).batches.size(), 2U);
  EXPECT_EQ(history.Read({1, 2}, 10).batches.size(), 1U);
  EXPECT_EQ(history.Read({0, 2}, 10).batches.size(), 1U) << "epoch 0: sequences alone";
  EXPECT_TRUE(history.Read({1, 3}, 10).batches.empty());
  EXPECT_FALSE(history.Read({1, 3}, 10).out_of_range);
  EXPECT_EQ(history.Read({}, 1).batches.size(), 1U);
}

TEST(HistoryTest, SaysWhatItNoLongerHolds) {
  History history(3, {1, 0});
  for (std::uint64_t i = 1; i <= 5; ++i) history.Add({1, i}, BatchAt(i, 1));
  const EventPage page = history.Read({1, 1}, 10);
  EXPECT_TRUE(page.out_of_range);
  EXPECT_EQ(page.first_kept, (Position{1, 3}));
  EXPECT_FALSE(history.Read({1, 2}, 10).out_of_range) << "what comes after it is all there";
  EXPECT_EQ(history.Read({1, 2}, 10).batches.size(), 3U);
}

TEST(HistoryTest, APositionOfAnotherHistoryIsOutOfRange) {
  History history(10, {2, 0});
  history.Add({2, 1}, BatchAt(1, 1));
  EXPECT_TRUE(history.Read({1, 50}, 10).out_of_range) << "of a run before";
  EXPECT_TRUE(history.Read({2, 9}, 10).out_of_range) << "not reached yet";
}

TEST(NearestTest, FindsTheWordThatWasMeant) {
  Nearest nearest("suport");
  for (const char* word : {"sales", "support", "supper"}) nearest.Try(word);
  EXPECT_EQ(nearest.Hint(), "; did you mean `support`?");
  Nearest nothing("xyz");
  nothing.Try("support");
  EXPECT_EQ(nothing.Hint(), "");
}

// On the writer's thread a hint must cost the same whatever the policy's size, and be the same on
// every machine.
TEST(NearestTest, AmongManyWordsOnlyThoseAroundThePlaceAreLookedAt) {
  std::vector<std::string> words;
  for (int i = 100'000; i < 300'000; ++i) words.push_back("agent-" + std::to_string(i));
  std::size_t looks = 0;
  const auto word_of = [&looks](const std::string& word) {
    ++looks;
    return std::string_view(word);
  };
  EXPECT_EQ(HintAmong(words, "agent-2000011", word_of), "; did you mean `agent-200001`?");
  EXPECT_LT(looks, 200U);
  looks = 0;
  EXPECT_EQ(HintAmong(words, "agent-200000-of-the-night-shift", word_of), "")
      << "words of another length cost a look";
  EXPECT_LT(looks, 2'100U);
  EXPECT_EQ(HintAmong(std::vector<std::string>{}, "agent", word_of), "");
}

TEST(NearestTest, AmongFewWordsAllAreTried) {
  const std::vector<std::string> words = {"billing", "sales", "support"};
  const auto word_of = [](const std::string& word) { return std::string_view(word); };
  EXPECT_EQ(HintAmong(words, "zupport", word_of), "; did you mean `support`?");
  EXPECT_EQ(HintAmong(words, "aales", word_of), "; did you mean `sales`?");
}

TEST(AgentDirectoryTest, AnAgentBelongsToOneClient) {
  AgentDirectory agents;
  std::vector<AgentNo> no;
  for (const char* id : {"a", "b", "c"}) no.push_back(agents.FindOrAdd(id));
  for (const AgentNo agent : no) agents.SetClient(agent, "one");
  agents.SetClient(no[0], "two");
  EXPECT_EQ(agents.OfClient("one").size(), 2U);
  EXPECT_EQ(agents.OfClient("two"), std::vector<AgentNo>{no[0]});
  for (const AgentNo agent : no) agents.SetClient(agent, {});
  EXPECT_TRUE(agents.OfClient("one").empty());
  EXPECT_TRUE(agents.OfClient("two").empty());
  EXPECT_EQ(agents.Find("b"), no[1]);
  EXPECT_FALSE(agents.Find("d").valid());
}

TEST(ContactDirectoryTest, EndedIdsAreRememberedForAWhile) {
  ContactDirectory contacts;
  auto identity = std::make_shared<ContactIdentity>();
  identity->id = "c1";
  ContactDirectory::Contact& contact = contacts.Add(ContactNo(4), identity);
  EXPECT_EQ(contacts.Find("c1"), &contact);
  contacts.End(contact, GatewayNo(0), 1'000);
  EXPECT_EQ(contacts.Find("c1"), nullptr);
  EXPECT_NE(contacts.Find(ContactNo(4)), nullptr) << "somebody may still write up";
  contacts.Forget(ContactNo(4));
  EXPECT_EQ(contacts.Find(ContactNo(4)), nullptr);
  contacts.ForgetEnded(1'000 + limits::kEndedContactMs - 1);
  EXPECT_NE(contacts.FindEnded("c1", 1'000 + limits::kEndedContactMs - 1), nullptr);
  EXPECT_EQ(contacts.FindEnded("c1", 1'000 + limits::kEndedContactMs), nullptr);
  EXPECT_EQ(contacts.ended(), 1U);
  contacts.ForgetEnded(1'000 + limits::kEndedContactMs);
  EXPECT_EQ(contacts.ended(), 0U);
}

// A batch must not wait until thousands of ids are let go; none of them is in the way meanwhile.
TEST(ContactDirectoryTest, EndedIdsAreLetGoLittleByLittle) {
  constexpr TimeMs kOver = 1'000 + limits::kEndedContactMs;
  ContactDirectory contacts;
  const std::size_t n = 2 * limits::kForgetPerBatch;
  for (std::size_t i = 0; i < n; ++i) contacts.AddRefused(std::to_string(i), {}, 1'000);
  contacts.ForgetEnded(kOver);
  EXPECT_EQ(contacts.ended(), n - limits::kForgetPerBatch);
  const std::string last = std::to_string(n - 1);
  EXPECT_EQ(contacts.FindEnded(last, kOver), nullptr);
  contacts.AddRefused(last, {}, kOver);
  EXPECT_NE(contacts.FindEnded(last, kOver), nullptr) << "used, and ended, once more";
  contacts.ForgetEnded(kOver);
  EXPECT_EQ(contacts.ended(), 1U);
  EXPECT_NE(contacts.FindEnded(last, kOver), nullptr);
  contacts.ForgetEnded(kOver + limits::kEndedContactMs);
  EXPECT_EQ(contacts.ended(), 0U);
}

TEST(OfferNamesTest, ADrainWaitsForTheOffersThatWereOpen) {
  OfferNames offers;
  const OfferId old{{1, 5}, 0};
  const OfferId later{{1, 9}, 0};
  offers.Made(old, ContactNo(1), AgentNo(1));
  offers.Mark(7);
  offers.Made(later, ContactNo(2), AgentNo(2));
  EXPECT_EQ(offers.open_at_mark(), 1U);
  offers.Ended(later);
  EXPECT_EQ(offers.open_at_mark(), 1U);
  offers.Ended(old);
  offers.Ended(old);
  EXPECT_EQ(offers.open_at_mark(), 0U);
  EXPECT_EQ(offers.open(), 0U);
  EXPECT_FALSE(offers.Find(old)->open);
}

}  // namespace
}  // namespace routerd::engine
