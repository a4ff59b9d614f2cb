#include "routerd/daemon/log.h"

#include <gmock/gmock.h>
#include <grpc/support/log.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <sstream>

namespace routerd::daemon {
namespace {

class LogTest : public testing::Test {
 protected:
  void TearDown() override { SetUpLog({}); }
  void LogAs(LogLevel level, LogFormat format) {
    SetUpLog({level, format}, std::make_shared<spdlog::sinks::ostream_sink_mt>(out_));
  }
  std::ostringstream out_;
};

constexpr const char* kTime = "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z";

TEST_F(LogTest, TextIsOneLineWithTimeAndLevel) {
  LogAs(LogLevel::kInfo, LogFormat::kText);
  spdlog::info("redis: connected to {}", "here");
  EXPECT_THAT(out_.str(),
              testing::MatchesRegex(std::string(kTime) + " info  redis: connected to here\n"));
}

TEST_F(LogTest, JsonIsOneObjectALine) {
  LogAs(LogLevel::kInfo, LogFormat::kJson);
  spdlog::error("a \"quoted\" word\\");
  EXPECT_THAT(out_.str(), testing::MatchesRegex(
                              "\\{\"time\":\"" + std::string(kTime) +
                              R"(","level":"error","message":"a \\"quoted\\" word\\\\"\})" + "\n"));
}

TEST_F(LogTest, AMessageCannotForgeAnother) {
  LogAs(LogLevel::kInfo, LogFormat::kText);
  spdlog::info("a\nb\x1b[31m");
  EXPECT_THAT(out_.str(), testing::EndsWith("a\\nb\\u001b[31m\n"));
}

TEST_F(LogTest, GrpcsErrorsAreOursToTellAndNothingElseOfIt) {
  LogAs(LogLevel::kTrace, LogFormat::kJson);
  gpr_log(GPR_INFO, "peer ipv4:192.0.2.1:1234");
  gpr_log(GPR_DEBUG, "peer ipv4:192.0.2.1:1234");
  EXPECT_EQ(out_.str(), "");
  gpr_log(GPR_ERROR, "it \"failed\"\nin two lines");
  EXPECT_THAT(out_.str(), testing::MatchesRegex(
                              "\\{\"time\":\"" + std::string(kTime) +
                              R"(","level":"warn","message":"grpc: it \\"failed\\"\\nin two)" +
                              " lines\"\\}\n"));
}

TEST_F(LogTest, WhatIsBelowTheLevelIsNotTold) {
  LogAs(LogLevel::kWarn, LogFormat::kText);
  spdlog::info("quiet");
  EXPECT_EQ(out_.str(), "");
  spdlog::warn("loud");
  EXPECT_THAT(out_.str(), testing::HasSubstr(" warn  loud"));
}

}  // namespace
}  // namespace routerd::daemon
