#include "load-tests/customer.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace routerd::load {
namespace {

ChannelBehaviour Behaviour() {
  ChannelBehaviour behaviour;
  behaviour.destinations = {{"billing", 1, {}}, {"sales", 2, {}}, {"vip", 1, {}}};
  std::string error;
  Distribution::Parse("lognormal:30s:0.7", &behaviour.handle, &error);
  Distribution::Parse("exp:60s", &behaviour.patience, &error);
  Distribution::Parse("uniform:200ms:900ms", &behaviour.connect, &error);
  Distribution::Parse("exp:5s", &behaviour.hold, &error);
  behaviour.hold_share = 0.2;
  behaviour.transfer_share = 0.1;
  behaviour.connect_failed_share = 0.05;
  return behaviour;
}

class CustomerTest : public testing::Test {
 protected:
  [[nodiscard]] Customer Number(std::uint64_t n) const {
    return {&behaviour_, Random(1, "customers").Split(n)};
  }

  ChannelBehaviour behaviour_ = Behaviour();
};

// However often the router has offered, connected and lost him, and in whatever order.
TEST_F(CustomerTest, IsTheSameWhateverHappensToHim) {
  const Customer calm = Number(7);
  const Customer tossed = Number(7);
  for (std::uint64_t n = 0; n < 9; ++n) {
    static_cast<void>(tossed.Connect(n));
    static_cast<void>(tossed.Ring(n, {}));
    static_cast<void>(tossed.TransferredTo(n, 0));
  }
  static_cast<void>(tossed.Talk(1));
  EXPECT_EQ(calm.FirstDestination(), tossed.FirstDestination());
  EXPECT_EQ(calm.Key(), tossed.Key());
  EXPECT_EQ(calm.Patience(0), tossed.Patience(0));
  EXPECT_EQ(calm.Connect(0).delay, tossed.Connect(0).delay);
  EXPECT_EQ(calm.Talk(0).handle, tossed.Talk(0).handle);
  EXPECT_EQ(calm.Talk(0).before_hold, tossed.Talk(0).before_hold);
  EXPECT_EQ(calm.TransferredTo(0, 1), tossed.TransferredTo(0, 1));
}

TEST_F(CustomerTest, IsNobodyElse) {
  std::set<Span> handles;
  std::set<std::string> keys;
  for (std::uint64_t n = 0; n < 1'000; ++n) {
    handles.insert(Number(n).Talk(0).handle);
    keys.insert(Number(n).Key());
  }
  EXPECT_EQ(handles.size(), 1'000u);
  EXPECT_GT(keys.size(), 990u);
  EXPECT_NE(Number(1).Talk(0).handle, Number(1).Talk(1).handle);
  EXPECT_NE(Number(1).Patience(0), Number(1).Patience(1));
}

TEST_F(CustomerTest, GoesWhereTheWeightsSay) {
  std::map<std::size_t, int> counts;
  for (std::uint64_t n = 0; n < 20'000; ++n) ++counts[Number(n).FirstDestination()];
  EXPECT_NEAR(counts[0], 5'000, 250);
  EXPECT_NEAR(counts[1], 10'000, 300);
  EXPECT_NEAR(counts[2], 5'000, 250);
}

TEST_F(CustomerTest, IsTransferredElsewhere) {
  for (std::uint64_t n = 0; n < 100; ++n) {
    for (std::size_t from = 0; from < 3; ++from) EXPECT_NE(Number(n).TransferredTo(0, from), from);
  }
}

TEST_F(CustomerTest, IsAsTheSharesSay) {
  int holds = 0;
  int transferred = 0;
  int fails = 0;
  double handle = 0;
  for (std::uint64_t n = 0; n < 20'000; ++n) {
    const Customer::Conversation talk = Number(n).Talk(0);
    holds += talk.holds ? 1 : 0;
    transferred += talk.transferred ? 1 : 0;
    fails += Number(n).Connect(0).fails ? 1 : 0;
    handle += Seconds(talk.handle);
    EXPECT_LE(talk.before_hold, talk.handle);
  }
  EXPECT_NEAR(holds, 4'000, 250);
  EXPECT_NEAR(transferred, 2'000, 200);
  EXPECT_NEAR(fails, 1'000, 150);
  EXPECT_NEAR(handle / 20'000, 30, 1);
}

}  // namespace
}  // namespace routerd::load
