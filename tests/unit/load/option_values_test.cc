#include "load-tests/option_values.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

TEST(OptionValues, ADestinationIsAQueueWithWeightAndSkills) {
  Destination plain;
  EXPECT_EQ(ParseDestination("sales", &plain), "");
  EXPECT_EQ(plain.queue, "sales");
  EXPECT_EQ(plain.weight, 1);
  Destination full;
  EXPECT_EQ(ParseDestination("support:2.5,french:5,vip:1", &full), "");
  EXPECT_EQ(full.queue, "support");
  EXPECT_EQ(full.weight, 2.5);
  const std::vector<std::pair<std::string, int>> skills = {{"french", 5}, {"vip", 1}};
  EXPECT_EQ(full.skills, skills);
}

TEST(OptionValues, ABadDestinationIsRefused) {
  for (const char* text :
       {"", ":2", "sales:x", "sales:0", "sales,french", "sales,french:11", "sales,:3"}) {
    Destination destination;
    EXPECT_NE(ParseDestination(text, &destination), "") << text;
  }
}

TEST(OptionValues, AShareIsAPartOfOneOrAPercentage) {
  double share = 0;
  EXPECT_EQ(ParseShare("0.05", &share), "");
  EXPECT_EQ(share, 0.05);
  EXPECT_EQ(ParseShare("5%", &share), "");
  EXPECT_EQ(share, 0.05);
  for (const char* text : {"", "5", "101%", "-1%", "x"}) {
    EXPECT_NE(ParseShare(text, &share), "") << text;
  }
}

TEST(OptionValues, ALimitIsUnitsAndMost) {
  ChannelLimit limit;
  EXPECT_EQ(ParseLimit("25:4", &limit), "");
  EXPECT_EQ(limit.units, 25);
  EXPECT_EQ(limit.most, 4);
  EXPECT_TRUE(limit.wrap_up_holds);
  EXPECT_EQ(ParseLimit("20:5:free", &limit), "");
  EXPECT_FALSE(limit.wrap_up_holds);
  EXPECT_TRUE(limit.in_every_queue);
  for (const char* text : {"", "25", "25:4:no", "0:1", "101:1", "25:17"}) {
    EXPECT_NE(ParseLimit(text, &limit), "") << text;
  }
}

}  // namespace
}  // namespace routerd::load
