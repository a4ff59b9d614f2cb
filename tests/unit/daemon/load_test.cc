#include "routerd/daemon/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/daemon/temporary_dir.h"

namespace routerd::daemon {
namespace {

using testing::HasSubstr;

constexpr const char* kLoadedPolicy = "version: 1\nchannels: {chat: }\nqueues: {sales: }\n";

// A file that only its owner can write.
std::string Own(const TemporaryDir& dir, const char* name, std::string_view content) {
  std::string path = dir.File(name, content);
  chmod(path.c_str(), 0600);
  return path;
}

EarlyExit Failure(const Flags& flags) {
  const auto config = LoadConfig(flags);
  const auto* exit = std::get_if<EarlyExit>(&config);
  return exit != nullptr ? *exit : EarlyExit{};
}

TEST(LoadConfig, WithoutAFileTakesTheDefaultsAndTheFlags) {
  Flags flags;
  flags.policy = "p.yaml";
  const auto config = LoadConfig(flags);
  EXPECT_EQ(std::get<Config>(config).policy, "p.yaml");
}

TEST(LoadConfig, ListensOnOneAddressForLocalhost) {
  Flags flags;
  flags.grpc = Endpoint{"localhost", 0, ""};
  EXPECT_EQ(std::get<Config>(LoadConfig(flags)).listen.grpc.host, "127.0.0.1");
}

TEST(LoadConfig, GivesTheCodeAndEveryFinding) {
  const TemporaryDir dir;
  Flags flags;
  flags.config = dir.Path("none.yaml");
  EXPECT_EQ(Failure(flags).code, ExitCode::kNoInput);
  flags.config = Own(dir, "bad.yaml", "domian: a\nlisten: {grpc: \"0.0.0.0:1\"}\n");
  const EarlyExit bad = Failure(flags);
  EXPECT_EQ(bad.code, ExitCode::kBadConfig);
  EXPECT_THAT(bad.text, HasSubstr("bad.yaml:1:1: error: unknown key 'domian'"));
  EXPECT_THAT(bad.text, HasSubstr("routerd: listen.grpc: other machines reach 0.0.0.0:1"));
}

TEST(LoadConfig, AFlagCanMendTheFile) {
  const TemporaryDir dir;
  Flags flags;
  flags.config = Own(dir, "r.yaml", "listen: {grpc: \"0.0.0.0:1\"}\n");
  flags.insecure_listen = true;
  EXPECT_TRUE(std::get<Config>(LoadConfig(flags)).listen.insecure);
}

TEST(LoadPolicy, KeepsTheTextAndWhatItMeans) {
  const TemporaryDir dir;
  const auto policy = LoadPolicy(Own(dir, "p.yaml", kLoadedPolicy), nullptr);
  EXPECT_EQ(std::get<LoadedPolicy>(policy).source, kLoadedPolicy);
  EXPECT_EQ(std::get<LoadedPolicy>(policy).compiled.model->version, 1U);
}

TEST(LoadPolicy, RefusesOneThatEverybodyCanChange) {
  const TemporaryDir dir;
  const std::string path = Own(dir, "p.yaml", kLoadedPolicy);
  chmod(path.c_str(), 0666);
  const auto policy = LoadPolicy(path, nullptr);
  EXPECT_EQ(std::get<EarlyExit>(policy).code, ExitCode::kNoInput);
  EXPECT_THAT(std::get<EarlyExit>(policy).text, HasSubstr("chmod o-w"));
}

TEST(LoadRedisPassword, IsTheFileWithoutItsLineFeed) {
  const TemporaryDir dir;
  Config config;
  EXPECT_EQ(std::get<std::string>(LoadRedisPassword(config)), "");
  config.redis.password_file = Own(dir, "password", "s3cret\n");
  EXPECT_EQ(std::get<std::string>(LoadRedisPassword(config)), "s3cret");
  chmod(config.redis.password_file.c_str(), 0644);
  const auto refused = LoadRedisPassword(config);
  EXPECT_EQ(std::get<EarlyExit>(refused).code, ExitCode::kNoInput);
  EXPECT_THAT(std::get<EarlyExit>(refused).text, testing::Not(HasSubstr("s3cret")));
}

TEST(Check, LooksAtEverythingThatAStartReads) {
  const TemporaryDir dir;
  Config config;
  config.policy = Own(dir, "p.yaml", kLoadedPolicy);
  EXPECT_EQ(Check(config).code, ExitCode::kOk);
  config.redis.password_file = dir.Path("none");
  EXPECT_EQ(Check(config).code, ExitCode::kNoInput);
  config.redis.password_file = "";
  config.policy = Own(dir, "bad.yaml", "version: 1\nqueus: {}\n");
  EXPECT_EQ(Check(config).code, ExitCode::kBadPolicy);
  EXPECT_THAT(Check(config).text, HasSubstr("bad.yaml:2:1: error: "));
}

}  // namespace
}  // namespace routerd::daemon
