// Declined pairs, as the agent knows them.
#include <gtest/gtest.h>

#include "tests/unit/core/small_core.h"

namespace routerd::core {
namespace {

class BarsTest : public SmallCoreTest {
 protected:
  BarsTest() : SmallCoreTest(SmallModel(2)) {}

  // The offer that the last event made; invalid: none.
  [[nodiscard]] OfferId Offered() const {
    for (const Effect& effect : effects_) {
      if (const auto* made = std::get_if<OfferMade>(&effect)) return made->offer;
    }
    return {};
  }
};

// A batch has one time: he may decline a contact again that was moved to another queue meanwhile.
TEST_F(BarsTest, DeclinedTwiceInOneInstantIsKnownOnce) {
  AgentLogsIn login;
  login.agent = AgentNo(0);
  login.channels = 1;
  login.ready = true;
  ASSERT_TRUE(Apply(login).ok());
  ContactArrives arrival;
  arrival.queue = QueueNo(0);
  arrival.channel = ChannelNo(0);
  arrival.gateway = GatewayNo(0);
  const ContactNo contact = Apply(arrival).contact;
  ASSERT_TRUE(contact.valid());
  ASSERT_TRUE(Apply(OfferRejected{Offered()}).ok());
  ASSERT_TRUE(Apply(ContactTransferred{contact, QueueNo(1), {}, {}}).ok());
  ASSERT_TRUE(Apply(OfferRejected{Offered()}).ok());
  EXPECT_EQ(core_.CheckInvariants(now_), "");
}

}  // namespace
}  // namespace routerd::core
