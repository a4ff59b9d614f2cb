// What a limit has played first.
#include <gtest/gtest.h>

#include "routerd/compiler/compile.h"
#include "tests/unit/compiler/support.h"

namespace routerd::compiler {
namespace {

using model::Model;

TEST(TreatmentTest, ALimitMayTreatBeforeItDoesWhatItDoes) {
  const Model model = Good(
      "version: 1\nchannels: {voice: , callback: }\n"
      "treatments: {sorry: {time: 20s}, form: }\n"
      "queues:\n"
      "  a: {when_closed: {treat: sorry, overflow: b}, max_waiting: 5, when_full: {treat: form}}\n"
      "  b: {max_wait: 5m, when_waited: offer_callback}\n");
  ASSERT_EQ(model.treatments.size(), 3U);
  EXPECT_EQ(model.treatments[0], (model::Treatment{"sorry", 20'000}));
  EXPECT_EQ(model.treatments[1], (model::Treatment{"form", 60'000}));
  EXPECT_EQ(model.treatments[2], (model::Treatment{"offer_callback", 60'000}));
  EXPECT_EQ(model.queues[0].when_closed, (model::AtLimit{TreatmentNo(0), QueueNo(1)}));
  EXPECT_EQ(model.queues[0].when_full, (model::AtLimit{TreatmentNo(1), QueueNo()}));
  EXPECT_EQ(model.queues[1].when_waited, (model::AtLimit{TreatmentNo(2), QueueNo()}));
}

TEST(TreatmentTest, ItKeepsItsNumberAndOneThatIsGoneLeavesItBehind) {
  const Model model = Good(
      "version: 1\nchannels: {voice: , callback: }\ntreatments: {sorry: , form: }\n"
      "queues: {a: {when_closed: {treat: sorry}, max_waiting: 1, when_full: {treat: form}}}\n");
  const Model next = Good(
      "version: 1\nchannels: {voice: , callback: }\n"
      "treatments: {offer_callback: {time: 5s}, form: }\n"
      "queues: {a: {when_closed: {treat: offer_callback}, max_waiting: 1, "
      "when_full: {treat: form}}}\n",
      &model);
  ASSERT_EQ(next.treatments.size(), 3U);
  EXPECT_EQ(next.treatments[0].name, "");
  EXPECT_EQ(next.treatments[1].name, "form");
  EXPECT_EQ(next.treatments[2], (model::Treatment{"offer_callback", 5'000}));
  EXPECT_EQ(next.queues[0].when_closed.treat, TreatmentNo(2));
}

TEST(TreatmentTest, WithoutATreatmentNothingIsPlayed) {
  const Model model =
      Good("version: 1\nchannels: {voice: }\nqueues: {a: , b: {when_closed: {overflow: a}}}\n");
  EXPECT_TRUE(model.treatments.empty());
  EXPECT_FALSE(model.queues[1].when_closed.treat.valid());
}

}  // namespace
}  // namespace routerd::compiler
