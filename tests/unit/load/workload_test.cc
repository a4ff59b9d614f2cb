#include "load-tests/workload.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

std::vector<std::string> Found(const std::string& channel, const std::vector<std::string>& queues) {
  std::vector<std::string> names;
  for (const Destination& destination : FindDestinations(channel, queues)) {
    names.push_back(destination.queue);
  }
  return names;
}

using Names = std::vector<std::string>;

TEST(Workload, KnowsTheQueuesOfTheOmnichannelPolicy) {
  const Names queues = {"billing", "chat_sales",     "chat_support", "mailbox", "sales",
                        "support", "support_german", "technical",    "vip"};
  EXPECT_EQ(Found("voice", queues).size(), 6u);
  EXPECT_EQ(Found("chat", queues), (Names{"chat_sales", "chat_support"}));
  EXPECT_EQ(Found("email", queues), (Names{"mailbox"}));
}

TEST(Workload, TakesQueuesThatCarryTheChannelsName) {
  EXPECT_EQ(Found("social", {"help", "social_eu", "social_us"}), (Names{"social_eu", "social_us"}));
}

TEST(Workload, TakesAllQueuesWhereNoneSaysMore) {
  EXPECT_EQ(Found("voice", {"main", "other"}), (Names{"main", "other"}));
  EXPECT_EQ(Found("voice", {}), Names());
}

}  // namespace
}  // namespace routerd::load
