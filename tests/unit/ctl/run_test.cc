#include "routerd/ctl/run.h"

#include <gmock/gmock.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace routerd::ctl {
namespace {

using testing::HasSubstr;

struct Result {
  ExitCode code;
  std::string out;
  std::string err;
};

Result Routerctl(std::vector<const char*> arguments) {
  std::ostringstream out;
  std::ostringstream err;
  arguments.insert(arguments.begin(), "routerctl");
  const ExitCode code = Run(static_cast<int>(arguments.size()), arguments.data(), {out, err});
  return {code, out.str(), err.str()};
}

class PolicyFileTest : public testing::Test {
 public:
  ~PolicyFileTest() override { std::filesystem::remove(path_); }

 protected:
  PolicyFileTest()
      : path_(testing::TempDir() + "routerctl_policy." + std::to_string(getpid()) + ".yaml") {}
  const char* Write(const std::string& text) {
    std::ofstream(path_) << text;
    return path_.c_str();
  }
  std::string path_;
};

TEST(Routerctl, ExplainsItselfAndItsExitCodes) {
  const Result help = Routerctl({"--help"});
  EXPECT_EQ(help.code, ExitCode::kOk);
  EXPECT_THAT(help.out, HasSubstr("ROUTERD_ADDRESS"));
  EXPECT_THAT(help.out, HasSubstr("  3  no daemon answered"));
  EXPECT_THAT(Routerctl({"submit", "--help"}).out, HasSubstr("--attribute"));
  EXPECT_THAT(Routerctl({"--version"}).out, testing::MatchesRegex("routerctl [0-9.]+\n"));
}

TEST(Routerctl, RefusesAWrongCommandLine) {
  for (const auto& arguments : std::vector<std::vector<const char*>>{
           {},
           {"statsu"},
           {"queues", "--stat", "x"},
           {"agents", "--state", "asleep"},
           {"events", "--from", "12"},
           {"events", "--from", "1-x"},
           {"submit", "--id", "C1"},
           {"submit", "--id", "C", "--channel", "c", "--queue", "q", "--skill", "english:11"},
           {"submit", "--id", "C", "--channel", "c", "--queue", "q", "--attribute", "novalue"},
           {"submit", "--id", "C", "--channel", "c", "--queue", "q", "--in", "20"},
           {"agent", "set-state", "anna"},
           {"agent", "set-state", "anna", "happy"},
           {"agent", "set-skills", "anna"},
           {"agent", "set-skills", "anna", "english"},
           {"contact", "set-priority", "C1", "high"},
           {"contact", "set-priority", "C1", "1001"},
           {"events", "--count", "many"},
           {"watch", "--count", "-1"},
           {"agent", "set-skills", "anna", "english:7", "--from-policy"},
           {"agent", "set-skills", "anna", "--none", "--from-policy"},
           {"agent", "set-skills", "anna", "--for", "1h"},
           {"agent", "set-skills", "anna", "--from-policy", "--for", "1h"},
           {"queue", "set-mode", "sales", "--for", "1h"},
           {"queue", "set-mode", "sales", "closed", "--for", "soon"},
           {"queue", "set-mode", "sales", "ajar"},
           {"queue", "set-mode", "sales"},
           {"queue", "set-mode", "sales", "open", "--from-policy"},
           {"policy"},
           {"policy", "apply"},
           {"status", "--timeout", "soon"}}) {
    const Result result = Routerctl(arguments);
    EXPECT_EQ(result.code, ExitCode::kUsage) << testing::PrintToString(arguments);
    EXPECT_THAT(result.err, HasSubstr("routerctl: "));
    EXPECT_EQ(result.out, "");
  }
}

TEST(Routerctl, SaysThatNoDaemonAnswers) {
  // The path is absolute and nothing is there: refused at once on every machine.
  const char* address = "unix:/nonexistent/routerd.sock";
  for (const auto& arguments : std::vector<std::vector<const char*>>{
           {"status"},
           {"queues"},
           {"agents", "anna"},
           {"contacts", "--queue", "sales"},
           {"watch"},
           {"events"},
           {"events", "--follow"},
           {"submit", "--id", "C", "--channel", "c", "--queue", "q"},
           {"agent", "set-skills", "anna", "english:7", "german:2"},
           {"agent", "set-skills", "anna", "--none"},
           {"contact", "withdraw", "C"},
           {"agent", "set-skills", "anna", "--from-policy"},
           {"queue", "set-mode", "sales", "closed"},
           {"queue", "set-mode", "sales", "--from-policy"},
           {"queue", "set-mode", "sales", "emergency", "--for", "30m"},
           {"overrides"},
           {"policy", "get"}}) {
    std::vector<const char*> all = arguments;
    all.insert(all.end(), {"--address", address});
    const Result result = Routerctl(all);
    EXPECT_EQ(result.code, ExitCode::kUnreachable) << testing::PrintToString(arguments);
    EXPECT_THAT(result.err, HasSubstr(address));
  }
  const Result json = Routerctl({"--json", "status", "--address", address});
  EXPECT_EQ(json.code, ExitCode::kUnreachable);
  EXPECT_THAT(json.err, testing::StartsWith(R"({"error":{"code":"UNAVAILABLE","message":)"));
}

// What --json prints on standard error, which must be one line.
std::pair<std::string, std::string> CodeAndMessage(const std::string& err) {
  EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
  google::protobuf::Struct json;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(err, &json).ok()) << err;
  const auto& error = json.fields().at("error").struct_value().fields();
  return {error.at("code").string_value(), error.at("message").string_value()};
}

TEST(Routerctl, TellsEveryFailureAsOneLineOfJson) {
  const char* nowhere = "--address=unix:/nonexistent/routerd.sock";
  struct Case {
    std::vector<const char*> arguments;
    ExitCode exit_code;
    const char* code;
  };
  for (const auto& [arguments, exit_code, code] : std::vector<Case>{
           {{"--json"}, ExitCode::kUsage, "INVALID_ARGUMENT"},
           {{"--json", "statsu"}, ExitCode::kUsage, "INVALID_ARGUMENT"},
           {{"agents", "--state", "asleep", "--json"}, ExitCode::kUsage, "INVALID_ARGUMENT"},
           {{"events", "--from", "12", "--json"}, ExitCode::kUsage, "INVALID_ARGUMENT"},
           {{"contact", "withdraw", "C\xe4", "--json"}, ExitCode::kUsage, "INVALID_ARGUMENT"},
           {{"policy", "check", "/nonexistent/\xe4", "--json"}, ExitCode::kFailed, "NOT_FOUND"},
           {{"policy", "apply", "/nonexistent", "--json"}, ExitCode::kFailed, "NOT_FOUND"},
           {{"status", nowhere, "--json"}, ExitCode::kUnreachable, "UNAVAILABLE"},
           {{"watch", nowhere, "--json"}, ExitCode::kUnreachable, "UNAVAILABLE"}}) {
    const Result result = Routerctl(arguments);
    EXPECT_EQ(result.code, exit_code) << testing::PrintToString(arguments);
    EXPECT_THAT(CodeAndMessage(result.err), testing::Pair(code, testing::Ne("")));
  }
}

// What a shell hands over need not be; the daemon could not even read it.
TEST(Routerctl, RefusesTextsThatAreNotUtf8) {
  for (const auto& [arguments, field] :
       std::vector<std::pair<std::vector<const char*>, std::string>>{
           {{"contact", "withdraw", "C\xe4"}, "contact_id"},
           {{"agent", "set-skills", "anna", "d\xe4nisch:3"}, "skills[0].skill"},
           {{"submit", "--id", "C", "--channel", "c", "--queue", "q", "--attribute", "k=\xe4"},
            "attributes[0].value"},
           {{"watch", "--actor",
             "J\xe4"
             "ger"},
            "header.actor"},
           {{"contacts", "--queue", "\xe4"}, "queue"}}) {
    const Result result = Routerctl(arguments);
    EXPECT_EQ(result.code, ExitCode::kUsage);
    EXPECT_THAT(result.err, testing::StartsWith("routerctl: " + field + " is not UTF-8: "));
    EXPECT_THAT(result.err, HasSubstr("\\xe4"));
  }
}

TEST(Routerctl, TakesTheAddressFromTheEnvironment) {
  setenv("ROUTERD_ADDRESS", "unix:/nonexistent/from-environment.sock", 1);
  const Result result = Routerctl({"status"});
  unsetenv("ROUTERD_ADDRESS");
  EXPECT_EQ(result.code, ExitCode::kUnreachable);
  EXPECT_THAT(result.err, HasSubstr("from-environment.sock"));
}

TEST_F(PolicyFileTest, CheckSaysWhereWhatIsWrong) {
  const char* path = Write("version: 1\nqueus: {}\n");
  const Result text = Routerctl({"policy", "check", path});
  EXPECT_EQ(text.code, ExitCode::kFailed);
  EXPECT_THAT(text.out, HasSubstr(path_ + ":2:1: error: "));
  EXPECT_THAT(text.out, HasSubstr("queues"));
  const Result json = Routerctl({"--json", "policy", "check", path});
  EXPECT_EQ(json.code, ExitCode::kFailed);
  EXPECT_THAT(json.out, testing::StartsWith("{\"valid\":false,\"findings\":["));
  EXPECT_EQ(CodeAndMessage(json.err).first, "INVALID_ARGUMENT");
}

TEST_F(PolicyFileTest, CheckOfSeveralTellsOfAllThatCanBeRead) {
  const char* path = Write("version: 1\nqueus: {}\n");
  const Result text =
      Routerctl({"policy", "check", path, "/nonexistent/a", "/nonexistent/b", EXAMPLE_POLICY});
  EXPECT_EQ(text.code, ExitCode::kFailed);
  EXPECT_THAT(text.out, HasSubstr(path_ + ":2:1: error: "));
  EXPECT_THAT(text.out, HasSubstr(std::string(EXAMPLE_POLICY) + ": good\n"));
  EXPECT_THAT(text.err,
              testing::AllOf(HasSubstr("/nonexistent/a: "), HasSubstr("/nonexistent/b: ")));
  const Result json = Routerctl({"policy", "check", EXAMPLE_POLICY, "/nonexistent/a", "--json"});
  EXPECT_EQ(json.code, ExitCode::kFailed);
  EXPECT_EQ(json.out, "{\"valid\":false,\"findings\":[]}\n");
  EXPECT_EQ(CodeAndMessage(json.err).first, "NOT_FOUND");
}

// No daemon is needed to see it, and none could say it.
TEST_F(PolicyFileTest, ApplyTellsWhereAPolicyIsNotUtf8) {
  const char* path = Write("version: 1\nskills: [st\xf6rung]\n");
  const Result text = Routerctl({"policy", "apply", path});
  EXPECT_EQ(text.code, ExitCode::kFailed);
  EXPECT_EQ(text.out, "");
  EXPECT_THAT(text.err, HasSubstr(path_ + ":2:12: error: this is not UTF-8"));
  EXPECT_THAT(text.err, testing::EndsWith("nothing was changed\n"));
  const Result json = Routerctl({"policy", "apply", path, "--json"});
  EXPECT_EQ(CodeAndMessage(json.err).first, "INVALID_ARGUMENT");
  EXPECT_THAT(json.err, HasSubstr(R"("line": 2, "column": 12, "code": "bad_encoding")"));
}

TEST(Routerctl, FindsTheExamplePoliciesGood) {
  const Result result = Routerctl({"policy", "check", EXAMPLE_POLICY});
  EXPECT_EQ(result.code, ExitCode::kOk) << result.out << result.err;
  EXPECT_EQ(Routerctl({"--json", "policy", "check", EXAMPLE_POLICY}).out,
            "{\"valid\":true,\"findings\":[]}\n");
}

TEST(Routerctl, CannotCheckWhatIsNotThere) {
  const Result result = Routerctl({"policy", "check", "/nonexistent/policy.yaml"});
  EXPECT_EQ(result.code, ExitCode::kFailed);
  EXPECT_THAT(result.err, HasSubstr("/nonexistent/policy.yaml"));
}

}  // namespace
}  // namespace routerd::ctl
