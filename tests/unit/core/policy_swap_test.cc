// A policy that no longer has a queue.
#include <gtest/gtest.h>

#include "tests/unit/core/small_core.h"

namespace routerd::core {
namespace {

class PolicySwapTest : public SmallCoreTest {
 protected:
  PolicySwapTest() : SmallCoreTest(Mandatory()) {}

  static std::shared_ptr<model::Model> Mandatory() {
    auto model = SmallModel(2);
    model->channels[0].connect = false;
    model->channels[0].wrap_up.mode = model::WrapUpMode::kMandatory;
    return model;
  }

  Applied Remove(std::size_t queue) {
    auto model = Mandatory();
    model->queues[queue].name.clear();
    return Apply(PolicySwapped{model, {}});
  }

  // One that an agent has.
  ContactNo Answered() {
    LogInReady(0);
    const ContactNo contact = ArriveIn(0);
    EXPECT_TRUE(Apply(OfferAccepted{Offered().offer}).ok());
    EXPECT_EQ(core_.FindContact(contact)->state, ContactState::kAssigned);
    return contact;
  }
};

TEST_F(PolicySwapTest, KeepsAQueueThatSomebodyWaitsIn) {
  const ContactNo contact = Answered();
  ASSERT_TRUE(Apply(ContactTransferred{contact, QueueNo(1), {}, {}}).ok());
  EXPECT_EQ(Remove(1).refusal, Refusal::kQueueHasContacts);
}

// Whoever had it before its transfer may still write it up: it is in no queue for that.
TEST_F(PolicySwapTest, MayRemoveTheQueueOfOneThatHasEnded) {
  const ContactNo contact = Answered();
  ASSERT_TRUE(Apply(ContactTransferred{contact, QueueNo(1), {}, {}}).ok());
  ASSERT_TRUE(Apply(ContactEnds{contact}).ok());
  EXPECT_EQ(Remove(1).refusal, Refusal::kNone);
  EXPECT_EQ(core_.CheckInvariants(now_), "");
  EXPECT_EQ(Apply(QueueModeSet{QueueNo(1), {}}).refusal, Refusal::kUnknownQueue);
  EXPECT_TRUE(Apply(AgentEndsWrapUp{AgentNo(0), contact}).ok());
  EXPECT_EQ(core_.CheckInvariants(now_), "");
}

}  // namespace
}  // namespace routerd::core
