#include "routerd/daemon/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace routerd::daemon {
namespace {

using testing::HasSubstr;

std::variant<Flags, EarlyExit> Parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "routerd");
  return ParseFlags(static_cast<int>(arguments.size()), arguments.data());
}

EarlyExit Exit(const std::vector<const char*>& arguments) {
  const auto parsed = Parse(arguments);
  const auto* exit = std::get_if<EarlyExit>(&parsed);
  return exit != nullptr ? *exit : EarlyExit{ExitCode::kOk, "(did not exit)"};
}

TEST(Flags, WinOverTheFile) {
  const auto parsed = Parse({"--policy", "p.yaml", "--state-dir=s", "--grpc", "127.0.0.1:0",
                             "--http", "0.0.0.0:80", "--redis", "/r.sock", "--insecure-listen",
                             "--log-level", "warn", "--ports-file", "ports", "--check"});
  const Flags& flags = std::get<Flags>(parsed);
  EXPECT_EQ(flags.ports_file, "ports");
  EXPECT_TRUE(flags.check);
  Config config;
  config.redis.enabled = false;
  ApplyFlags(flags, config);
  EXPECT_EQ(config.policy, "p.yaml");
  EXPECT_EQ(config.state_dir, "s");
  EXPECT_EQ(config.listen.grpc.port, 0);
  EXPECT_EQ(config.listen.http.host, "0.0.0.0");
  EXPECT_TRUE(config.listen.insecure);
  EXPECT_TRUE(config.redis.enabled);
  EXPECT_EQ(config.redis.address.unix_path, "/r.sock");
  EXPECT_EQ(config.log.level, LogLevel::kWarn);
}

TEST(Flags, ThatAreNotGivenChangeNothing) {
  Config config;
  config.domain = "d";
  config.redis.enabled = false;
  config.listen.insecure = true;
  ApplyFlags(std::get<Flags>(Parse({})), config);
  EXPECT_FALSE(config.redis.enabled);
  EXPECT_TRUE(config.listen.insecure);
  EXPECT_EQ(config.policy, Config().policy);
}

TEST(Flags, CanSwitchRedisOff) {
  Config config;
  ApplyFlags(std::get<Flags>(Parse({"--no-redis"})), config);
  EXPECT_FALSE(config.redis.enabled);
}

TEST(Flags, AnswerForHelpAndVersion) {
  const EarlyExit help = Exit({"--help"});
  EXPECT_EQ(help.code, ExitCode::kOk);
  EXPECT_THAT(help.text, HasSubstr("--insecure-listen"));
  EXPECT_THAT(help.text, HasSubstr("  65  the policy has errors"));
  const EarlyExit version = Exit({"--version"});
  EXPECT_EQ(version.code, ExitCode::kOk);
  EXPECT_THAT(version.text, testing::ContainsRegex("^routerd [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_THAT(version.text, HasSubstr("rules version "));
  EXPECT_THAT(version.text, HasSubstr("gRPC 1."));
}

TEST(Flags, RefuseWhatTheyDoNotKnow) {
  for (const auto& arguments :
       std::vector<std::vector<const char*>>{{"--polcy", "x"},
                                             {"stray"},
                                             {"--config"},
                                             {"--grpc", "nowhere"},
                                             {"--log-level", "loud"},
                                             {"--redis", "h:1", "--no-redis"}}) {
    EXPECT_EQ(Exit(arguments).code, ExitCode::kUsage) << arguments[0];
  }
  EXPECT_THAT(Exit({"--log-level", "wran"}).text, HasSubstr("did you mean 'warn'?"));
}

}  // namespace
}  // namespace routerd::daemon
