#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/file.h"
#include "routerd/base/limits.h"
#include "routerd/compiler/compile.h"
#include "routerd/ctl/client.h"
#include "routerd/ctl/commands.h"
#include "routerd/ctl/context.h"
#include "routerd/ctl/describe.h"
#include "routerd/ctl/options.h"
#include "routerd/ctl/text.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::ctl {
namespace {

struct PolicyWanted {
  std::vector<std::string> files;
  std::string output;
  v1::ApplyPolicyRequest apply;
};

Result<std::string> ReadPolicy(const std::string& path) {
  return ReadFile(path, limits::kMaxPolicyBytes);
}

void PrintFindings(const Context& context, const std::vector<compiler::Finding>& findings,
                   bool valid) {
  if (context.json) {
    std::string array = compiler::ToJson(findings);
    while (array.ends_with('\n')) array.pop_back();
    context.out << "{\"valid\":" << (valid ? "true" : "false") << ",\"findings\":" << array
                << "}\n";
  } else {
    context.out << compiler::ToText(findings);
  }
}

// Each file is a policy of its own; one that cannot be read hides nothing of the others.
ExitCode Check(const Context& context, const PolicyWanted& wanted) {
  std::vector<compiler::Finding> all;
  std::optional<Failure> failure;
  for (const std::string& path : wanted.files) {
    const auto text = ReadPolicy(path);
    if (!text.ok()) {
      const std::string before = failure ? failure->message + "; " : "";
      failure = LocalFailure(text.status());
      failure->message = before + failure->message;
      continue;
    }
    auto compiled = compiler::Compile({path, text.value()}, nullptr);
    if (compiled.findings.empty() && !context.json) context.out << path << ": good\n";
    all.insert(all.end(), compiled.findings.begin(), compiled.findings.end());
  }
  const bool valid = !failure && !compiler::HasErrors(all);
  PrintFindings(context, all, valid);
  if (failure) return context.Fail(*failure);
  if (valid) return ExitCode::kOk;
  // The findings are the answer; people need no more.
  return context.json ? context.Fail(PolicyFailure("there are errors", {})) : ExitCode::kFailed;
}

std::vector<compiler::Finding> FromWire(
    const google::protobuf::RepeatedPtrField<v1::PolicyFinding>& findings) {
  std::vector<compiler::Finding> out;
  for (const auto& f : findings) {
    compiler::Finding& finding = out.emplace_back();
    finding.severity = f.severity() == v1::FINDING_SEVERITY_ERROR ? compiler::Severity::kError
                                                                  : compiler::Severity::kWarning;
    finding.file = f.file();
    finding.line = f.line();
    finding.column = f.column();
    finding.code = f.code();
    finding.message = f.message();
    finding.hint = f.hint();
  }
  return out;
}

constexpr const char* kRefused = "the policy has errors; nothing was changed";

// The answer to a refused policy names only its first errors; this gets all of them.
Failure ExplainRefusal(const Client& client, Failure failure, const v1::PolicyFile& file) {
  v1::CheckPolicyRequest request;
  v1::CheckPolicyResponse response;
  *request.add_files() = file;
  const bool known = failure.code == static_cast<int>(Code::kInvalidArgument) &&
                     !client.Call(kCheckPolicy, request, response);
  if (!known || response.valid()) return failure;
  failure.message = kRefused;
  failure.findings = FromWire(response.findings());
  return failure;
}

ExitCode Apply(const Context& context, const PolicyWanted& wanted) {
  const std::string& path = wanted.files.front();
  const auto text = ReadPolicy(path);
  if (!text.ok()) return context.Fail(LocalFailure(text.status()));
  // Such a text would not even reach the daemon's compiler.
  if (auto findings = compiler::CheckSource({path, text.value()}); !findings.empty()) {
    return context.Fail(PolicyFailure(kRefused, std::move(findings)));
  }
  v1::ApplyPolicyRequest request = wanted.apply;
  v1::PolicyFile& file = *request.add_files();
  file.set_path(Printable(path));
  file.set_text(text.value());
  const Client client(context.target);
  v1::ApplyPolicyResponse response;
  if (auto failure = client.Call(kApplyPolicy, request, response)) {
    return context.Fail(ExplainRefusal(client, std::move(*failure), file));
  }
  return context.Print(response, [](const v1::ApplyPolicyResponse& answer) {
    return compiler::ToText(FromWire(answer.findings())) +
           "in force: " + Inline(DescribeStable(answer.policy())) + "\n";
  });
}

ExitCode Get(const Context& context, const PolicyWanted& wanted) {
  v1::GetPolicyResponse response;
  if (auto failure = Client(context.target).Call(kGetPolicy, v1::GetPolicyRequest(), response)) {
    return context.Fail(*failure);
  }
  std::string text;
  for (const auto& file : response.files()) text += file.text();
  if (wanted.output.empty()) return context.Print(response, [&](const auto&) { return text; });
  if (const Status written = SaveFile(wanted.output, text); !written.ok()) {
    return context.Fail(LocalFailure(written));
  }
  return context.Print(response.policy(), [&](const v1::PolicyInfo& policy) {
    return wanted.output + ": " + Inline(DescribeStable(policy)) + "\n";
  });
}

void AddCheck(CLI::App& group, Context& context) {
  auto wanted = std::make_shared<PolicyWanted>();
  CLI::App& command =
      AddCommand(group, context, "check", "says what is wrong with policies; needs no daemon",
                 [&context, wanted] { return Check(context, *wanted); });
  AddTexts(
      command, "FILE", [wanted](const std::vector<std::string>& files) { wanted->files = files; },
      "policies, each on its own")
      .Required();
}

void AddApply(CLI::App& group, Context& context) {
  auto wanted = std::make_shared<PolicyWanted>();
  CLI::App& command =
      AddCommand(group, context, "apply", "puts a policy in force; a bad one changes nothing",
                 [&context, wanted] { return Apply(context, *wanted); });
  AddText(
      command, "FILE", [wanted](const std::string& file) { wanted->files = {file}; }, "the policy")
      .Required();
  AddText(
      command, "--comment", [wanted](const std::string& text) { wanted->apply.set_comment(text); },
      "why, for those who come after");
  AddNumber(
      command, "--expect", {0, std::numeric_limits<std::int64_t>::max()},
      [wanted](std::int64_t version) {
        wanted->apply.set_expected_version(static_cast<std::uint64_t>(version));
      },
      "only while this version is in force")
      .Type("VERSION");
}

void AddGet(CLI::App& group, Context& context) {
  auto wanted = std::make_shared<PolicyWanted>();
  CLI::App& command = AddCommand(group, context, "get", "the policy in force, as it was applied",
                                 [&context, wanted] { return Get(context, *wanted); });
  AddText(
      command, "--output,-o", [wanted](const std::string& path) { wanted->output = path; },
      "write it there; a file keeps its mode")
      .Type("FILE");
}

}  // namespace

void AddPolicy(CLI::App& app, Context& context) {
  CLI::App& group = AddGroup(app, "policy", "checks, applies and shows policies");
  AddCheck(group, context);
  AddApply(group, context);
  AddGet(group, context);
}

}  // namespace routerd::ctl
