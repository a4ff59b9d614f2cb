// Contacts that every ready agent has declined for good.
#include <gtest/gtest.h>

#include "tests/unit/core/small_core.h"

namespace routerd::core {
namespace {

std::shared_ptr<model::Model> DeclinedForGood() {
  auto model = SmallModel(1);
  model->channels[0].connect = false;
  model->channels[0].units = 25;
  model->channels[0].max_per_agent = 4;
  model->channels[0].wrap_up.mode = model::WrapUpMode::kNone;
  model->queues[0].retry = model::Retry::kNever;
  return model;
}

class StuckTest : public SmallCoreTest {
 protected:
  StuckTest() : SmallCoreTest(DeclinedForGood()) {}

  // What the last event told of it.
  [[nodiscard]] std::optional<bool> Stuck(ContactNo contact) const {
    std::optional<bool> stuck;
    for (const Effect& effect : effects_) {
      const auto* told = std::get_if<ContactStuck>(&effect);
      if (told != nullptr && told->contact == contact) stuck = told->stuck;
    }
    return stuck;
  }
};

// Of two who ask, nobody answers; one who is no longer of them may.
TEST_F(StuckTest, AQuestionIsNoLongerWhenOneOfTwoWhoAskLeaves) {
  LogInReady(0);
  const ContactNo parent = ArriveIn(0);
  ASSERT_TRUE(Apply(OfferAccepted{Offered().offer}).ok());
  LogInReady(1);
  ConsultStarts consult;
  consult.contact = parent;
  consult.queue = QueueNo(0);
  const ContactNo first = Apply(consult).contact;
  ASSERT_TRUE(Apply(OfferAccepted{Offered().offer}).ok());
  ASSERT_TRUE(Apply(ConsultJoins{first}).ok());
  LogInReady(2);
  const ContactNo question = Apply(consult).contact;
  ASSERT_EQ(Offered().agent, AgentNo(2));
  ASSERT_TRUE(Apply(OfferRejected{Offered().offer}).ok());
  ASSERT_EQ(Stuck(question), true);
  ASSERT_TRUE(Apply(HolderLeaves{parent, AgentNo(0)}).ok());
  EXPECT_EQ(Offered().agent, AgentNo(0));
  EXPECT_EQ(Stuck(question), false);
}

}  // namespace
}  // namespace routerd::core
