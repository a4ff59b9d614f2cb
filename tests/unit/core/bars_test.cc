// Declined pairs, as the agent knows them.
#include <gtest/gtest.h>

#include "tests/unit/core/small_core.h"

namespace routerd::core {
namespace {

class BarsTest : public SmallCoreTest {
 protected:
  BarsTest() : SmallCoreTest(SmallModel(2)) {}
};

// A batch has one time: he may decline a contact again that was moved to another queue meanwhile.
TEST_F(BarsTest, DeclinedTwiceInOneInstantIsKnownOnce) {
  LogInReady(0);
  const ContactNo contact = ArriveIn(0);
  ASSERT_TRUE(contact.valid());
  ASSERT_TRUE(Apply(OfferRejected{Offered().offer}).ok());
  ASSERT_TRUE(Apply(ContactTransferred{contact, QueueNo(1), {}, {}}).ok());
  ASSERT_TRUE(Apply(OfferRejected{Offered().offer}).ok());
  EXPECT_EQ(core_.CheckInvariants(now_), "");
}

}  // namespace
}  // namespace routerd::core
