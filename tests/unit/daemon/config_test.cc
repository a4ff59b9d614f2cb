#include "routerd/daemon/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "routerd/base/file.h"

namespace routerd::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string Findings(std::string_view text) {
  return compiler::ToText(ParseConfig("/etc/r.yaml", text).findings);
}

TEST(Config, IsSafeByDefault) {
  const Config config;
  EXPECT_TRUE(config.listen.grpc.IsLocal());
  EXPECT_TRUE(config.listen.http.IsLocal());
  EXPECT_FALSE(config.listen.insecure);
  EXPECT_THAT(CheckConfig(config), IsEmpty());
}

TEST(Config, OfCommentsAloneIsTheDefault) {
  const ParsedConfig parsed = ParseConfig("r.yaml", "# nothing\n\n  # here\n");
  EXPECT_THAT(parsed.findings, IsEmpty());
  EXPECT_EQ(parsed.config.domain, "default");
}

TEST(Config, TakesEveryKey) {
  const ParsedConfig parsed = ParseConfig("/etc/r.yaml", R"(
domain: berlin_1
state_dir: /srv/routerd
policy: policies/day.yaml
listen:
  grpc: unix:/run/routerd/grpc.sock
  http: "[::1]:0"
  insecure: true
redis:
  enabled: false
  address: /run/redis.sock
  username: routerd
  password_file: secret
journal: {durability: interval, interval: 20ms, keep: 2d, keep_bytes: 3TB, follow: false}
log: {level: debug, format: json}
limits:
  drain: 1m30s
)");
  EXPECT_EQ(compiler::ToText(parsed.findings), "");
  const Config& c = parsed.config;
  EXPECT_EQ(c.domain, "berlin_1");
  EXPECT_EQ(c.state_dir, "/srv/routerd");
  EXPECT_EQ(c.policy, "/etc/policies/day.yaml");
  EXPECT_EQ(c.listen.grpc.unix_path, "/run/routerd/grpc.sock");
  EXPECT_EQ(c.listen.http.ToText(), "[::1]:0");
  EXPECT_TRUE(c.listen.insecure);
  EXPECT_FALSE(c.redis.enabled);
  EXPECT_EQ(c.redis.address.unix_path, "/run/redis.sock");
  EXPECT_EQ(c.redis.username, "routerd");
  EXPECT_EQ(c.redis.password_file, "/etc/secret");
  EXPECT_EQ(c.journal.durability, Durability::kInterval);
  EXPECT_EQ(c.journal.interval_ms, 20);
  EXPECT_EQ(c.journal.keep_ms, 2LL * 24 * 3600 * 1000);
  EXPECT_EQ(c.journal.keep_bytes, 3'000'000'000'000U);
  EXPECT_FALSE(c.journal.follow);
  EXPECT_EQ(c.log.level, LogLevel::kDebug);
  EXPECT_EQ(c.log.format, LogFormat::kJson);
  EXPECT_EQ(c.limits.drain_ms, 90'000);
}

TEST(Config, TheExampleIsWhatHoldsByDefault) {
  const auto text = ReadFile(EXAMPLE_CONFIG, kMaxConfigBytes);
  ASSERT_TRUE(text.ok());
  const ParsedConfig parsed = ParseConfig("/etc/routerd/routerd.yaml", text.value());
  EXPECT_EQ(compiler::ToText(parsed.findings), "");
  const Config defaults;
  EXPECT_EQ(parsed.config.domain, defaults.domain);
  EXPECT_EQ(parsed.config.state_dir, defaults.state_dir);
  EXPECT_EQ(parsed.config.policy, defaults.policy);
  EXPECT_EQ(parsed.config.listen.grpc, defaults.listen.grpc);
  EXPECT_EQ(parsed.config.listen.http, defaults.listen.http);
  EXPECT_EQ(parsed.config.redis.enabled, defaults.redis.enabled);
  EXPECT_EQ(parsed.config.redis.address, defaults.redis.address);
  EXPECT_EQ(parsed.config.journal.durability, defaults.journal.durability);
  EXPECT_EQ(parsed.config.journal.interval_ms, defaults.journal.interval_ms);
  EXPECT_EQ(parsed.config.journal.keep_ms, defaults.journal.keep_ms);
  EXPECT_EQ(parsed.config.journal.keep_bytes, defaults.journal.keep_bytes);
  EXPECT_EQ(parsed.config.journal.follow, defaults.journal.follow);
  EXPECT_EQ(parsed.config.log.level, defaults.log.level);
  EXPECT_EQ(parsed.config.log.format, defaults.log.format);
  EXPECT_EQ(parsed.config.limits.drain_ms, defaults.limits.drain_ms);
}

TEST(Config, NamesPlaceAndNearestWordOfAnUnknownKey) {
  EXPECT_EQ(Findings("domain: a\nlisten:\n  gprc: 127.0.0.1:1\n"),
            "/etc/r.yaml:3:3: error: unknown key 'listen.gprc' (did you mean 'grpc'?)\n");
  EXPECT_THAT(Findings("journal: {file: x}\n"), HasSubstr("(known here: durability "));
}

TEST(Config, NamesPlaceAndFormOfAWrongValue) {
  EXPECT_EQ(Findings("log:\n  level: inof\n"),
            "/etc/r.yaml:2:10: error: log.level is one of trace, debug, info, warn or error, not "
            "'inof' (did you mean 'info'?)\n");
  EXPECT_THAT(Findings("redis: {enabled: yes}\n"), HasSubstr("is true or false, not 'yes'"));
  EXPECT_THAT(Findings("redis: {enabled: \"true\"}\n"), HasSubstr("is true or false"));
  EXPECT_THAT(Findings("domain: [a]\n"), HasSubstr("domain is a text, not a list"));
  EXPECT_THAT(Findings("domain:\n"), HasSubstr("domain is a text, not nothing"));
  EXPECT_THAT(Findings("listen: 7770\n"), HasSubstr("listen is a map of keys and values"));
  EXPECT_THAT(Findings("- domain\n"), HasSubstr("the configuration is a map"));
  EXPECT_THAT(Findings("listen: {grpc: localhost}\n"), HasSubstr("(an address is HOST:PORT"));
  EXPECT_THAT(Findings("journal: {durability: snyc}\n"),
              HasSubstr("one of sync, interval, off or memory, not 'snyc' (did you mean 'sync'?)"));
  EXPECT_THAT(Findings("journal: {interval: 0s}\n"), HasSubstr("a duration from 1ms to 10s"));
  EXPECT_THAT(Findings("journal: {keep_bytes: 20}\n"), HasSubstr("a size from 500MB to 1000TB"));
  EXPECT_THAT(Findings("journal: {keep_bytes: 1GiB}\n"), HasSubstr("such as 20GB"));
  EXPECT_THAT(Findings("journal: {keep_bytes: -1GB}\n"), HasSubstr("a size from 500MB"));
  EXPECT_THAT(Findings("limits: {drain: 20}\n"), HasSubstr("a duration from 0s to 10m"));
  EXPECT_THAT(Findings("limits: {drain: 11m}\n"), HasSubstr("a duration from 0s to 10m"));
}

TEST(Config, TellsEverythingThatIsWrongAtOnce) {
  const auto parsed = ParseConfig("r.yaml", "domian: a\npolicy: {}\ndomian: b\nlog: {levle: x}\n");
  EXPECT_EQ(parsed.findings.size(), 4U);
}

TEST(Config, RefusesAKeyGivenTwiceAndASecretInTheFile) {
  EXPECT_THAT(Findings("domain: a\ndomain: b\n"),
              HasSubstr(":2:1: error: 'domain' is given twice"));
  const std::string secret = Findings("redis:\n  password: hunter2\n");
  EXPECT_THAT(secret, HasSubstr(":2:3: error: a password does not stand in the configuration"));
  EXPECT_THAT(secret, testing::Not(HasSubstr("hunter2")));
}

TEST(Config, RefusesWhatIsNoYaml) {
  EXPECT_THAT(Findings("domain: a\n\tpolicy: b\n"), HasSubstr("error:"));
  EXPECT_THAT(Findings("domain: a\n---\ndomain: b\n"), HasSubstr("second document"));
}

TEST(CheckConfig, AsksForInsecureListenBeyondThisMachine) {
  Config config;
  config.listen.grpc = {"0.0.0.0", 7770, ""};
  EXPECT_THAT(CheckConfig(config), ElementsAre(HasSubstr("--insecure-listen")));
  config.listen.insecure = true;
  EXPECT_THAT(CheckConfig(config), IsEmpty());
}

TEST(CheckConfig, RefusesDomainsThatNoKeyCouldHold) {
  Config config;
  const std::vector<std::string> domains = {"", "Berlin", "a:b", "a}b", std::string(65, 'a')};
  for (const std::string& domain : domains) {
    config.domain = domain;
    EXPECT_THAT(CheckConfig(config), ElementsAre(HasSubstr("domain: "))) << domain;
  }
}

}  // namespace
}  // namespace routerd::daemon
