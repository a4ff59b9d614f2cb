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
    AgentLogsIn login;
    login.agent = AgentNo(0);
    login.channels = 1;
    login.ready = true;
    EXPECT_TRUE(Apply(login).ok());
    ContactArrives arrival;
    arrival.queue = QueueNo(0);
    arrival.channel = ChannelNo(0);
    arrival.gateway = GatewayNo(0);
    const ContactNo contact = Apply(arrival).contact;
    for (const Effect& effect : Effects(effects_)) {
      if (const auto* made = std::get_if<OfferMade>(&effect)) {
        EXPECT_TRUE(Apply(OfferAccepted{made->offer}).ok());
      }
    }
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
