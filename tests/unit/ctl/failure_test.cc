#include "routerd/ctl/failure.h"

#include <gtest/gtest.h>

namespace routerd::ctl {
namespace {

constexpr int kInvalidArgument = 3;
constexpr int kFailedPrecondition = 9;
constexpr int kUnavailable = 14;

Failure WithDetail(int code, const v1::ErrorDetail& detail) {
  return DaemonFailure(code, "it is so", detail.SerializeAsString(), "localhost:1");
}

TEST(Failure, OfTheDaemonTellsCodeReasonAndDetail) {
  v1::ErrorDetail detail;
  detail.set_reason("contact_state");
  detail.set_contact_state(v1::CONTACT_STATE_WITHDRAWN);
  auto* const violation = detail.add_field_violations();
  violation->set_field("skills[1].skill");
  violation->set_description("no such skill");
  const Failure failure = WithDetail(kFailedPrecondition, detail);
  EXPECT_EQ(failure.exit_code, ExitCode::kFailed);
  EXPECT_EQ(failure.ToText(),
            "routerctl: it is so [FAILED_PRECONDITION, contact_state]\n"
            "  skills[1].skill: no such skill\n"
            "  contact_state: withdrawn\n");
  EXPECT_EQ(failure.ToJson().find(R"({"error":{"code":"FAILED_PRECONDITION","message":"it is so",)"
                                  R"("detail":{"reason":"contact_state","field_violations":[)"),
            0U)
      << failure.ToJson();
}

TEST(Failure, KnowsADaemonThatIsBusyFromOneThatIsNotThere) {
  EXPECT_EQ(WithDetail(kUnavailable, {}).exit_code, ExitCode::kRetry);
  const Failure failure = DaemonFailure(kUnavailable, "refused\n", std::nullopt, "localhost:1");
  EXPECT_EQ(failure.exit_code, ExitCode::kUnreachable);
  EXPECT_EQ(failure.ToText(), "routerctl: no answer from routerd at localhost:1: refused\\x0a\n");
}

TEST(Failure, OnThisMachineHasACodeToo) {
  const Failure failure = LocalFailure(Status(Code::kNotFound, "open a\"b: no such file"));
  EXPECT_EQ(failure.exit_code, ExitCode::kFailed);
  EXPECT_EQ(failure.ToText(), "routerctl: open a\"b: no such file\n");
  EXPECT_EQ(failure.ToJson(),
            "{\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"open a\\\"b: no such file\"}}\n");
}

TEST(Failure, OfTheCommandLinePointsToTheHelp) {
  const Failure failure = UsageFailure("what?");
  EXPECT_EQ(failure.exit_code, ExitCode::kUsage);
  EXPECT_EQ(failure.ToText(), "routerctl: what?\nTry 'routerctl --help'.\n");
  EXPECT_EQ(failure.ToJson(),
            "{\"error\":{\"code\":\"INVALID_ARGUMENT\",\"message\":\"what?\"}}\n");
}

TEST(Failure, OfAPolicyHasItsFindings) {
  const std::vector<compiler::Finding> findings = {
      {compiler::Severity::kError, "p.yaml", 2, 1, "unknown_key", "unknown key", "did you mean"},
      {compiler::Severity::kError, "p.yaml", 3, 1, "syntax", "not YAML", ""}};
  Failure failure = PolicyFailure("nothing was changed", findings);
  EXPECT_EQ(failure.code, kInvalidArgument);
  const std::string text =
      "p.yaml:2:1: error: unknown key (did you mean)\n"
      "p.yaml:3:1: error: not YAML\n"
      "routerctl: nothing was changed\n";
  EXPECT_EQ(failure.ToText(), text);
  const std::string json = failure.ToJson();
  EXPECT_EQ(json.find('\n'), json.size() - 1);
  EXPECT_NE(json.find(R"("findings":[  {"severity": "error", "file": "p.yaml", "line": 2)"),
            std::string::npos)
      << json;
  // The daemon's detail repeats the first of them.
  v1::ErrorDetail detail;
  detail.add_field_violations()->set_field("p.yaml:2:1");
  failure.detail = detail;
  failure.address = "localhost:1";
  EXPECT_EQ(failure.ToText(), text);
}

}  // namespace
}  // namespace routerd::ctl
