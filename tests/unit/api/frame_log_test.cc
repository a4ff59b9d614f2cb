#include "routerd/api/frame_log.h"

#include <gtest/gtest.h>

#include "routerd/v1/contact_gateway.pb.h"

namespace routerd::api {
namespace {

using Out = v1::OpenGatewaySessionResponse;

TEST(FrameLog, NumbersFromOneAndSendsEachOnce) {
  FrameLog<Out> log;
  EXPECT_EQ(log.Append(std::make_shared<Out>(), 2)->number(), 1U);
  EXPECT_EQ(log.Append(std::make_shared<Out>(), 3)->number(), 2U);
  EXPECT_EQ(log.units(), 5U);
  EXPECT_EQ(log.Next(), nullptr);
}

TEST(FrameLog, ForgetsWhatIsAcknowledged) {
  FrameLog<Out> log;
  for (int i = 0; i < 4; ++i) log.Append(std::make_shared<Out>(), 1);
  EXPECT_TRUE(log.Acknowledge(3));
  EXPECT_EQ(log.units(), 1U);
  EXPECT_TRUE(log.Acknowledge(2));  // late and of no effect
  EXPECT_FALSE(log.Acknowledge(5));
  EXPECT_TRUE(log.Acknowledge(4));
  EXPECT_EQ(log.units(), 0U);
}

TEST(FrameLog, HoldsWhatAResumeNeeds) {
  FrameLog<Out> log;
  EXPECT_TRUE(log.Holds(0));
  for (int i = 0; i < 4; ++i) log.Append(std::make_shared<Out>(), 1);
  log.Acknowledge(2);
  EXPECT_FALSE(log.Holds(1));  // frame 2 is gone
  EXPECT_TRUE(log.Holds(2));
  EXPECT_TRUE(log.Holds(4));
  EXPECT_FALSE(log.Holds(5));  // never sent
}

TEST(FrameLog, SendsAgainAfterARewindThenGoesOn) {
  FrameLog<Out> log;
  for (int i = 0; i < 3; ++i) log.Append(std::make_shared<Out>(), 1);
  log.Rewind(1);
  EXPECT_EQ(log.Next()->number(), 2U);
  log.Acknowledge(3);  // while it is being sent again
  EXPECT_EQ(log.Next(), nullptr);
  EXPECT_EQ(log.Append(std::make_shared<Out>(), 1)->number(), 4U);
  log.Rewind(3);
  EXPECT_EQ(log.Next()->number(), 4U);
}

TEST(FrameLog, GoesOnAfterFramesOfAnotherRouter) {
  FrameLog<Out> log;
  log.GoOnAfter(7);
  EXPECT_TRUE(log.Holds(7));
  EXPECT_FALSE(log.Holds(6));
  EXPECT_FALSE(log.Holds(8));
  EXPECT_EQ(log.Next(), nullptr);
  EXPECT_TRUE(log.Acknowledge(7));
  EXPECT_FALSE(log.Acknowledge(8));
  EXPECT_EQ(log.Append(std::make_shared<Out>(), 1)->number(), 8U);
  log.Rewind(7);
  EXPECT_EQ(log.Next()->number(), 8U);
}

}  // namespace
}  // namespace routerd::api
