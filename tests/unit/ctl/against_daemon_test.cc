// Every command against the real daemon.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "routerd/base/file.h"
#include "routerd/ctl/run.h"
#include "tests/unit/daemon/running_daemon.h"

namespace routerd::ctl {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kPolicy = R"(version: 1
channels:
  chat: {live: false, wrap_up: none}
skills: [english, german]
queues:
  sales: {max_waiting: 2}
  service: {require: {german: 3}}
not_ready_reasons: [lunch]
agents:
  anna: {skills: {english: 7, german: 5}}
  ben: {skills: {english: 2}}
)";

struct Said {
  ExitCode code = ExitCode::kOk;
  std::string out;
  std::string err;
};

class AgainstDaemon : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(daemon_.serving()); }
  Said Routerctl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"routerctl", "--address", daemon_.grpc_address()});
    std::vector<const char*> argv;
    argv.reserve(arguments.size());
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    std::ostringstream out;
    std::ostringstream err;
    const ExitCode code =
        ctl::Run(static_cast<int>(argv.size()), argv.data(), {out, err, terminal_});
    return {code, out.str(), err.str()};
  }
  Said Submit(const std::string& id, const std::string& queue) const {
    return Routerctl({"submit", "--id", id, "--channel", "chat", "--queue", queue});
  }
  // Reads follow the routing by milliseconds: asks until the answer has `text`.
  std::string AskUntil(const std::vector<std::string>& arguments, const std::string& text) const {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    Said result;
    do {
      result = Routerctl(arguments);
      if (result.out.find(text) != std::string::npos) return result.out;
    } while (result.code == ExitCode::kOk && std::chrono::steady_clock::now() < deadline);
    ADD_FAILURE() << "no '" << text << "' in\n" << result.out << result.err;
    return result.out;
  }

  // Runs a command that waits for changes while contacts come and go.
  Said WhileContactsCome(const std::vector<std::string>& arguments) const {
    Said result;
    std::atomic<bool> over = false;
    std::thread waiting([&] {
      result = Routerctl(arguments);
      over = true;
    });
    for (int i = 0; !over; ++i) {
      const std::string id = "C" + std::to_string(i);
      EXPECT_EQ(Submit(id, "service").code, ExitCode::kOk);
      EXPECT_EQ(Routerctl({"contact", "withdraw", id}).code, ExitCode::kOk);
    }
    waiting.join();
    return result;
  }

  bool terminal_ = false;
  daemon::RunningDaemon daemon_{{kPolicy, {"--no-redis"}}};
};

TEST_F(AgainstDaemon, StatusTellsOfTheDomain) {
  const Said text = Routerctl({"status"});
  EXPECT_EQ(text.code, ExitCode::kOk) << text.err;
  EXPECT_THAT(text.out,
              AllOf(HasSubstr("domain          default\n"), HasSubstr("version 1, "),
                    HasSubstr("history         file"), HasSubstr("redis           off")));
  EXPECT_THAT(Routerctl({"status", "--json"}).out, HasSubstr("\"domain\": \"default\""));
}

TEST_F(AgainstDaemon, ASubmittedContactIsShownEverywhere) {
  const Said submitted =
      Routerctl({"submit", "--id", "C1", "--channel", "chat", "--queue", "service", "--priority",
                 "5", "--skill", "english:2", "--attribute", "plan=gold", "--age", "1m"});
  EXPECT_EQ(submitted.code, ExitCode::kOk) << submitted.err;
  EXPECT_THAT(submitted.out, HasSubstr("C1: queued in service, place 1; not kept: plan (at 1-"));
  EXPECT_THAT(AskUntil({"contacts"}, "C1"), HasSubstr("service  queued"));
  EXPECT_THAT(Routerctl({"contacts", "--ids"}).out, "C1\n");
  EXPECT_THAT(Routerctl({"contacts", "--state", "offered"}).out, Not(HasSubstr("C1")));
  EXPECT_THAT(Routerctl({"contacts", "--queue", "sales"}).out, Not(HasSubstr("C1")));
  EXPECT_THAT(Routerctl({"contacts", "C1"}).out,
              AllOf(HasSubstr("priority"), HasSubstr("english:2"), HasSubstr("routerctl")));
  EXPECT_THAT(Routerctl({"queues", "service", "--json"}).out, HasSubstr("\"waiting\": \"1\""));
  EXPECT_THAT(daemon_.Get("/metrics"),
              HasSubstr("routerd_waiting_contacts{domain=\"default\",queue=\"service\"} 1"));
}

TEST_F(AgainstDaemon, ARefusedContactIsTold) {
  EXPECT_EQ(Submit("C1", "sales").code, ExitCode::kOk);
  EXPECT_EQ(Submit("C2", "sales").code, ExitCode::kOk);
  const Said refused = Submit("C3", "sales");
  EXPECT_EQ(refused.code, ExitCode::kFailed);
  EXPECT_THAT(refused.out, HasSubstr("C3: refused in sales: queue_full"));
  EXPECT_EQ(refused.err, "");
  const Said json =
      Routerctl({"submit", "--id", "C4", "--channel", "chat", "--queue", "sales", "--json"});
  EXPECT_EQ(json.code, ExitCode::kFailed);
  EXPECT_THAT(json.out, HasSubstr("\"refused_by\""));
  EXPECT_THAT(json.err, AllOf(testing::StartsWith(R"({"error":{"code":"FAILED_PRECONDITION")"),
                              HasSubstr(R"("reason":"queue_full")")));
}

TEST_F(AgainstDaemon, ErrorsNameTheFieldAndTheReason) {
  const Said skill = Routerctl({"submit", "--id", "C", "--channel", "chat", "--queue", "sales",
                                "--skill", "english:2", "--skill", "dutch:1"});
  EXPECT_EQ(skill.code, ExitCode::kFailed);
  EXPECT_THAT(skill.err, AllOf(HasSubstr("skills[1].skill"), HasSubstr("[INVALID_ARGUMENT")));
  const Said queue = Submit("C", "slaes");
  EXPECT_EQ(queue.code, ExitCode::kNotFound);
  EXPECT_THAT(queue.err, AllOf(HasSubstr("`sales`"), HasSubstr("[NOT_FOUND, unknown_queue]")));
  const Said json = Routerctl({"--json", "agents", "nobody"});
  EXPECT_EQ(json.code, ExitCode::kNotFound);
  EXPECT_THAT(json.err, HasSubstr(R"("detail":{"reason":"unknown_agent")"));
  EXPECT_EQ(Routerctl({"status", "--domain", "elsewhere"}).code, ExitCode::kNotFound);
}

TEST_F(AgainstDaemon, ASupervisorActsOnContactsAndQueues) {
  ASSERT_EQ(Submit("C1", "sales").code, ExitCode::kOk);
  EXPECT_THAT(Routerctl({"contact", "set-priority", "C1", "-7"}).out, HasSubstr("C1: "));
  EXPECT_THAT(Routerctl({"contact", "move", "C1", "service"}).out, HasSubstr("state=queued"));
  EXPECT_THAT(Routerctl({"contact", "withdraw", "C1"}).out, HasSubstr("state=withdrawn"));
  const Said again = Routerctl({"contact", "withdraw", "C1"});
  EXPECT_EQ(again.code, ExitCode::kFailed);
  EXPECT_THAT(again.err, HasSubstr("contact_state: withdrawn"));
  EXPECT_EQ(Routerctl({"queue", "set-mode", "sales", "closed"}).code, ExitCode::kOk);
  EXPECT_THAT(Submit("C2", "sales").out, HasSubstr("queue_closed"));
  EXPECT_THAT(AskUntil({"queues"}, "closed*"), HasSubstr("sales"));
  EXPECT_THAT(Routerctl({"queue", "set-mode", "sales", "--from-policy"}).out,
              HasSubstr("mode=open"));
  EXPECT_THAT(Submit("C3", "sales").out, HasSubstr("queued"));
}

TEST_F(AgainstDaemon, ASupervisorActsOnAgents) {
  EXPECT_THAT(Routerctl({"agent", "set-skills", "ben", "english:4", "german:3"}).out,
              HasSubstr("skills=english:4,german:3"));
  EXPECT_EQ(Routerctl({"agent", "set-skills", "ben", "--none"}).code, ExitCode::kOk);
  EXPECT_EQ(Routerctl({"agent", "set-skills", "ben", "--from-policy"}).code, ExitCode::kOk);
  const Said absent = Routerctl({"agent", "set-state", "anna", "ready"});
  EXPECT_EQ(absent.code, ExitCode::kFailed);
  EXPECT_THAT(absent.err, HasSubstr("[FAILED_PRECONDITION, agent_logged_out]"));
}

TEST_F(AgainstDaemon, WhatWasSetOverThePolicyIsListedUntilItIsCleared) {
  ASSERT_EQ(
      Routerctl({"queue", "set-mode", "sales", "closed", "--for", "2h", "--actor", "maria"}).code,
      ExitCode::kOk);
  ASSERT_EQ(Routerctl({"agent", "set-skills", "ben", "english:4", "--actor", "peter"}).code,
            ExitCode::kOk);
  const std::string listed = AskUntil({"overrides"}, "peter");
  EXPECT_THAT(listed, HasSubstr("maria"));
  EXPECT_THAT(listed, HasSubstr("english:4"));
  EXPECT_THAT(listed, HasSubstr("closed"));
  EXPECT_THAT(listed, testing::ContainsRegex("1h59m|2h"));
  ASSERT_EQ(Routerctl({"queue", "set-mode", "sales", "--from-policy"}).code, ExitCode::kOk);
  ASSERT_EQ(Routerctl({"agent", "set-skills", "ben", "--from-policy"}).code, ExitCode::kOk);
  ASSERT_EQ(Routerctl({"queue", "set-mode", "service", "closed", "--actor", "otto"}).code,
            ExitCode::kOk);
  const std::string later = AskUntil({"overrides"}, "otto");
  EXPECT_THAT(later, testing::Not(HasSubstr("maria")));
  EXPECT_THAT(later, testing::Not(HasSubstr("peter")));
}

TEST_F(AgainstDaemon, EventsAreToldOnceAndInOrder) {
  ASSERT_EQ(Routerctl({"submit", "--id", "C1", "--channel", "chat", "--queue", "sales", "--actor",
                       "maria"})
                .code,
            ExitCode::kOk);
  ASSERT_EQ(Routerctl({"contact", "withdraw", "C1"}).code, ExitCode::kOk);
  const std::string all = AskUntil({"events"}, "contact_ended");
  EXPECT_THAT(all, AllOf(HasSubstr("contact_queued  contact_id=C1"), HasSubstr("actor=maria")));
  EXPECT_LT(all.find("contact_queued"), all.find("contact_ended"));
  const std::string rest = Routerctl({"events", "--from", "1-2"}).out;
  EXPECT_THAT(rest, AllOf(HasSubstr("contact_ended"), Not(HasSubstr("contact_queued"))));
  EXPECT_THAT(Routerctl({"events", "--from", "0-0", "--follow", "--count", "1", "--json"}).out,
              AllOf(testing::StartsWith("{"), HasSubstr("\"position\":")));
  // A position of another history is refused, not silently taken for ours.
  EXPECT_EQ(Routerctl({"events", "--from", "9-999999", "--follow"}).code, ExitCode::kFailed);
}

TEST_F(AgainstDaemon, WatchTellsChangesAsLines) {
  const Said lines = WhileContactsCome({"watch", "--interval", "20ms", "--count", "2"});
  EXPECT_EQ(lines.code, ExitCode::kOk) << lines.err;
  EXPECT_THAT(lines.out, HasSubstr("  queue service  "));
  EXPECT_THAT(lines.out, HasSubstr("entered="));
  EXPECT_THAT(lines.out, HasSubstr("  domain  "));
}

TEST_F(AgainstDaemon, WatchTellsChangesAsJson) {
  const Said json =
      WhileContactsCome({"watch", "--json", "--queues", "--interval", "20ms", "--count", "1"});
  EXPECT_THAT(json.out,
              AllOf(testing::StartsWith("{\"position\":"), HasSubstr("\"snapshot_last\":true"),
                    HasSubstr("\"snapshot\":false")));
}

TEST_F(AgainstDaemon, WatchRedrawsATableOnATerminal) {
  terminal_ = true;
  const Said table = WhileContactsCome({"watch", "--interval", "20ms", "--count", "1"});
  EXPECT_THAT(table.out, AllOf(testing::StartsWith("\x1b[H"), HasSubstr("QUEUE    MODE"),
                               HasSubstr("oldest waiting")));
}

TEST_F(AgainstDaemon, PoliciesAreAppliedCheckedAndShown) {
  const daemon::TemporaryDir dir;
  const std::string good = dir.File("good.yaml", std::string(kPolicy) + "  carl: {}\n");
  const std::string bad = dir.File("bad.yaml", "version: 1\nqueus: {}\n");
  const Said refused = Routerctl({"policy", "apply", bad});
  EXPECT_EQ(refused.code, ExitCode::kFailed);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, AllOf(HasSubstr("bad.yaml:2:1: error: "),
                                 testing::EndsWith("nothing was changed\n")));
  const Said json = Routerctl({"policy", "apply", bad, "--json"});
  EXPECT_EQ(json.out, "");
  EXPECT_EQ(std::count(json.err.begin(), json.err.end(), '\n'), 1);
  EXPECT_THAT(json.err, AllOf(testing::StartsWith(R"({"error":{"code":"INVALID_ARGUMENT")"),
                              HasSubstr(R"("line": 2, "column": 1, "code": "unknown_key")")));
  const Said other = Routerctl({"policy", "apply", good, "--expect", "7"});
  EXPECT_EQ(other.code, ExitCode::kFailed);
  EXPECT_THAT(other.err, HasSubstr("policy_version: 1"));
  const Said applied =
      Routerctl({"policy", "apply", good, "--comment", "carl is new", "--expect", "1"});
  EXPECT_EQ(applied.code, ExitCode::kOk) << applied.err;
  EXPECT_THAT(applied.out, AllOf(HasSubstr("in force: version=2"), HasSubstr("carl is new")));
  const std::string copy = dir.Path("copy.yaml");
  EXPECT_EQ(Routerctl({"policy", "get", "--output", copy}).code, ExitCode::kOk);
  EXPECT_EQ(ReadFile(copy, 100'000).value(), ReadFile(good, 100'000).value());
  EXPECT_EQ(Routerctl({"policy", "get"}).out, ReadFile(good, 100'000).value());
}

TEST_F(AgainstDaemon, APolicyIsSavedWhereverItIsAskedFor) {
  const daemon::TemporaryDir dir;
  const std::string copy = dir.File("copy.yaml", "old");
  std::filesystem::permissions(copy, std::filesystem::perms(0640));
  std::filesystem::create_symlink("copy.yaml", dir.Path("link.yaml"));
  EXPECT_EQ(Routerctl({"policy", "get", "-o", dir.Path("link.yaml")}).code, ExitCode::kOk);
  EXPECT_TRUE(std::filesystem::is_symlink(dir.Path("link.yaml")));
  EXPECT_EQ(ReadFile(copy, 100'000).value(), kPolicy);
  EXPECT_EQ(std::filesystem::status(copy).permissions(), std::filesystem::perms(0640));
  EXPECT_EQ(Routerctl({"policy", "get", "-o", "/dev/null"}).code, ExitCode::kOk);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
  const Said nowhere = Routerctl({"policy", "get", "-o", dir.Path("no/such/file")});
  EXPECT_EQ(nowhere.code, ExitCode::kFailed);
  EXPECT_THAT(nowhere.err, HasSubstr("no/such/file"));
}

TEST_F(AgainstDaemon, AFileWhoseNameIsNotUtf8IsAppliedAllTheSame) {
  const daemon::TemporaryDir dir;
  const std::string file = dir.File("f\xfcr heute.yaml", kPolicy);
  EXPECT_EQ(Routerctl({"policy", "apply", file}).code, ExitCode::kOk);
}

TEST_F(AgainstDaemon, APolicyLargerThanAnOrdinaryMessageIsApplied) {
  const daemon::TemporaryDir dir;
  const std::string large =
      dir.File("large.yaml", std::string(kPolicy) + "# " + std::string(300 * 1024, 'x') + "\n");
  EXPECT_EQ(Routerctl({"policy", "apply", large}).code, ExitCode::kOk);
  EXPECT_GT(Routerctl({"policy", "get"}).out.size(), 300U * 1024);
}

TEST_F(AgainstDaemon, AListComesWholeHoweverManyPagesItTakes) {
  const daemon::TemporaryDir dir;
  std::string queues;
  for (int i = 0; i < 2'100; ++i) queues += "  q" + std::to_string(i) + ":\n";
  std::string text = kPolicy;
  text.insert(text.find("not_ready_reasons:"), queues);
  ASSERT_EQ(Routerctl({"policy", "apply", dir.File("many.yaml", text)}).code, ExitCode::kOk);
  const std::string ids = AskUntil({"queues", "--ids"}, "q2099\n");
  EXPECT_EQ(std::count(ids.begin(), ids.end(), '\n'), 2'102);
}

}  // namespace
}  // namespace routerd::ctl
