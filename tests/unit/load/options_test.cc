#include "load-tests/options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace routerd::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::optional<Options> Parsed(std::vector<std::string> arguments, int* exit_code) {
  arguments.insert(arguments.begin(), "routerd-load");
  std::vector<char*> argv;
  argv.reserve(arguments.size());
  for (std::string& argument : arguments) argv.push_back(argument.data());
  return ParseOptions(static_cast<int>(argv.size()), argv.data(), exit_code);
}

Options Good(const std::vector<std::string>& arguments) {
  int exit_code = -1;
  const auto options = Parsed(arguments, &exit_code);
  EXPECT_TRUE(options.has_value());
  return options.value_or(Options());
}

int Bad(const std::vector<std::string>& arguments) {
  int exit_code = -1;
  EXPECT_FALSE(Parsed(arguments, &exit_code).has_value());
  return exit_code;
}

TEST(Options, RunTheCanonicalWorkloadWhenNothingIsSaid) {
  const Options options = Good({});
  EXPECT_EQ(options.mode, Mode::kRun);
  ASSERT_EQ(options.plan.channels.size(), 3u);
  EXPECT_EQ(options.plan.channels[0].channel, "voice");
  EXPECT_TRUE(options.plan.limits.channels.empty());  // the policy says
  EXPECT_FALSE(options.plan.run_id.empty());
  EXPECT_EQ(options.plan.agents.channels.size(), 3u);
}

TEST(Options, KnowTheirCommands) {
  EXPECT_EQ(Good({"--seed", "4"}).mode, Mode::kRun);
  EXPECT_EQ(Good({"run", "--seed", "4"}).plan.seed, 4u);
  EXPECT_EQ(Good({"throughput"}).mode, Mode::kThroughput);
  const Options demo =
      Good({"demo", "--grpc", "h:1", "--metrics", "h:2", "--redis", "h:3", "--seconds", "20"});
  EXPECT_EQ(demo.mode, Mode::kDemo);
  EXPECT_EQ(demo.plan.grpc, "h:1");
  EXPECT_EQ(demo.metrics, "h:2");
  EXPECT_EQ(demo.redis, "h:3");
  EXPECT_EQ(demo.arrivals, seconds(20));
  EXPECT_FALSE(Good({"demo"}).arrivals.has_value());
}

TEST(Options, RunOnlyTheChannelsThatHaveARate) {
  const Options options = Good({"--rate", "chat=12.5", "--rate", "social=1", "--handle", "chat=2s",
                                "--handle", "social=exp:1s", "--queue", "chat=help:2", "--queue",
                                "chat=sales", "--limit", "social=10:10", "--endpoint", "chat=c"});
  ASSERT_EQ(options.plan.channels.size(), 2u);
  const ChannelBehaviour& chat = options.plan.channels[0];
  EXPECT_EQ(chat.per_second, 12.5);
  EXPECT_EQ(chat.handle.Mean(), seconds(2));
  ASSERT_EQ(chat.destinations.size(), 2u);
  EXPECT_EQ(chat.destinations[0].weight, 2);
  EXPECT_EQ(options.plan.channels[1].handle.Mean(), seconds(1));
  EXPECT_EQ(options.plan.limits.channels.at("social").most, 10);
  const std::vector<std::pair<std::string, std::string>> channels = {{"chat", "c"}, {"social", ""}};
  EXPECT_EQ(options.plan.agents.channels, channels);
}

TEST(Options, MeanAllChannelsWhereNoneIsNamed) {
  for (const ChannelBehaviour& channel : Good({"--handle", "7s"}).plan.channels) {
    EXPECT_EQ(channel.handle.Mean(), seconds(7));
  }
}

TEST(Options, MakeEverythingFaster) {
  const Options options =
      Good({"--rate", "chat=2", "--handle", "10s", "--speed", "10", "--answer", "1s"});
  EXPECT_EQ(options.plan.channels[0].per_second, 20);
  EXPECT_EQ(options.plan.channels[0].handle.Mean(), seconds(1));
  EXPECT_EQ(options.plan.agents.answer.Mean(), milliseconds(100));
}

TEST(Options, LetArrivalsBeRejectedOnlyWhenAsked) {
  EXPECT_FALSE(Good({}).allow_rejected);
  EXPECT_TRUE(Good({"--allow-rejected"}).allow_rejected);
}

TEST(Options, WaitForARouterOnlyWhenAsked) {
  EXPECT_EQ(Good({}).plan.reconnect, Span::zero());
  EXPECT_EQ(Good({"--reconnect", "30s"}).plan.reconnect, seconds(30));
  EXPECT_EQ(Bad({"--reconnect", "soon"}), 2);
}

TEST(Options, SwitchBreaksOff) {
  EXPECT_TRUE(Good({}).plan.agents.breaks);
  EXPECT_FALSE(Good({"--break-every", "0"}).plan.agents.breaks);
}

TEST(Options, SearchWithContactsOfAFractionOfASecond) {
  const Options options = Good({"throughput"});
  EXPECT_EQ(options.plan.channels.size(), 3u);
  EXPECT_EQ(options.plan.channels[0].handle.Mean(), milliseconds(100));
  EXPECT_FALSE(options.plan.agents.breaks);
  EXPECT_EQ(options.bound, milliseconds(50));
}

TEST(Options, BoundTheSearch) {
  const Options options = Good({"throughput", "--start-rate", "500", "--max-rate", "900"});
  EXPECT_EQ(options.start_rate, 500);
  EXPECT_EQ(options.max_rate, 900);
  EXPECT_EQ(Bad({"throughput", "--start-rate", "0"}), 2);
  EXPECT_EQ(Bad({"throughput", "--start-rate", "1e9"}), 2);
  EXPECT_EQ(Bad({"throughput", "--start-rate", "500", "--max-rate", "400"}), 2);
  EXPECT_EQ(Bad({"throughput", "--max-rate", "inf"}), 2);
  EXPECT_EQ(Bad({"throughput", "--step", "0"}), 2);
  EXPECT_EQ(Bad({"throughput", "--step", "1h"}), 2);
  EXPECT_EQ(Bad({"throughput", "--bound", "0"}), 2);
  EXPECT_EQ(Bad({"throughput", "--measure", "0"}), 2);
  EXPECT_EQ(Bad({"throughput", "--start-rate", "10", "--step", "5s"}), 2);  // 50 contacts
}

TEST(Options, BoundTheRateOfAllChannels) {
  EXPECT_EQ(Bad({"--rate", "chat=200000"}), 2);
  EXPECT_EQ(Bad({"--rate", "chat=1000", "--speed", "1000"}), 2);
}

TEST(Options, RefuseWhatTheyDoNotUnderstand) {
  EXPECT_EQ(Bad({"dance"}), 2);
  EXPECT_EQ(Bad({"--handle", "long"}), 2);
  EXPECT_EQ(Bad({"--handle", "fax=2s"}), 2);
  EXPECT_EQ(Bad({"--queue", "sales"}), 2);
  EXPECT_EQ(Bad({"--rate", "12"}), 2);
  EXPECT_EQ(Bad({"--rate", "chat=0"}), 2);
  EXPECT_EQ(Bad({"--seconds", "0"}), 2);
  EXPECT_EQ(Bad({"--drain", "20"}), 2);
  EXPECT_EQ(Bad({"--speed", "0"}), 2);
  EXPECT_EQ(Bad({"run", "--metrics", "h:1"}), 2);
}

TEST(Options, GiveHelp) { EXPECT_EQ(Bad({"--help"}), 0); }

}  // namespace
}  // namespace routerd::load
