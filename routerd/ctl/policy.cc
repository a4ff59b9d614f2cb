#include <memory>
#include <string>
#include <vector>

#include "routerd/base/file.h"
#include "routerd/base/limits.h"
#include "routerd/compiler/compile.h"
#include "routerd/ctl/commands.h"
#include "routerd/ctl/describe.h"

namespace routerd::ctl {
namespace {

struct Wanted {
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

// Each file is a policy of its own.
ExitCode Check(const Context& context, const Wanted& wanted) {
  std::vector<compiler::Finding> all;
  for (const std::string& path : wanted.files) {
    const auto text = ReadPolicy(path);
    if (!text.ok()) return context.Fail(text.status().message());
    auto compiled = compiler::Compile({path, text.value()}, nullptr);
    if (compiled.findings.empty() && !context.json) context.out << path << ": good\n";
    all.insert(all.end(), compiled.findings.begin(), compiled.findings.end());
  }
  const bool valid = !compiler::HasErrors(all);
  PrintFindings(context, all, valid);
  return valid ? ExitCode::kOk : ExitCode::kFailed;
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

// The answer to a refused policy names only its first errors; this gets all of them.
ExitCode ExplainRefusal(const Context& context, Client& client, const Failure& failure,
                        const v1::PolicyFile& file) {
  v1::CheckPolicyRequest request;
  v1::CheckPolicyResponse response;
  *request.add_files() = file;
  const bool known = failure.status.error_code() == grpc::StatusCode::INVALID_ARGUMENT &&
                     !client.Call(&Client::Operations::CheckPolicy, request, response);
  if (!known || response.valid()) return context.Fail(failure);
  PrintFindings(context, FromWire(response.findings()), false);
  if (!context.json) context.err << "routerctl: the policy has errors; nothing was changed\n";
  return ExitCode::kFailed;
}

ExitCode Apply(const Context& context, const Wanted& wanted) {
  const std::string& path = wanted.files.front();
  const auto text = ReadPolicy(path);
  if (!text.ok()) return context.Fail(text.status().message());
  v1::ApplyPolicyRequest request = wanted.apply;
  v1::PolicyFile& file = *request.add_files();
  file.set_path(path);
  file.set_text(text.value());
  Client client(context.target);
  v1::ApplyPolicyResponse response;
  if (auto failure = client.Call(&Client::Operations::ApplyPolicy, request, response)) {
    return ExplainRefusal(context, client, *failure, file);
  }
  return context.Print(response, [](const v1::ApplyPolicyResponse& answer) {
    return compiler::ToText(FromWire(answer.findings())) +
           "in force: " + Inline(DescribeStable(answer.policy())) + "\n";
  });
}

ExitCode Get(const Context& context, const Wanted& wanted) {
  v1::GetPolicyResponse response;
  if (auto failure = Client(context.target)
                         .Call(&Client::Operations::GetPolicy, v1::GetPolicyRequest(), response)) {
    return context.Fail(*failure);
  }
  std::string text;
  for (const auto& file : response.files()) text += file.text();
  if (wanted.output.empty()) return context.Print(response, [&](const auto&) { return text; });
  if (const Status written = SaveFile(wanted.output, text); !written.ok()) {
    return context.Fail(written.message());
  }
  return context.Print(response.policy(), [&](const v1::PolicyInfo& policy) {
    return wanted.output + ": " + Inline(DescribeStable(policy)) + "\n";
  });
}

void AddCheck(CLI::App& group, Context& context) {
  auto wanted = std::make_shared<Wanted>();
  AddCommand(group, context, "check", "says what is wrong with policies; needs no daemon",
             [&context, wanted] { return Check(context, *wanted); })
      ->add_option("FILE", wanted->files, "policies, each on its own")
      ->required();
}

void AddApply(CLI::App& group, Context& context) {
  auto wanted = std::make_shared<Wanted>();
  CLI::App* command =
      AddCommand(group, context, "apply", "puts a policy in force; a bad one changes nothing",
                 [&context, wanted] { return Apply(context, *wanted); });
  command->add_option("FILE", wanted->files, "the policy")->required()->expected(1);
  command->add_option_function<std::string>(
      "--comment", [wanted](const std::string& text) { wanted->apply.set_comment(text); },
      "why, for those who come after");
  command
      ->add_option_function<std::uint64_t>(
          "--expect",
          [wanted](std::uint64_t version) { wanted->apply.set_expected_version(version); },
          "only while this version is in force")
      ->type_name("VERSION");
}

void AddGet(CLI::App& group, Context& context) {
  auto wanted = std::make_shared<Wanted>();
  AddCommand(group, context, "get", "the policy in force, as it was applied",
             [&context, wanted] { return Get(context, *wanted); })
      ->add_option("--output,-o", wanted->output, "write it there; a file keeps its mode")
      ->type_name("FILE");
}

}  // namespace

void AddPolicy(CLI::App& app, Context& context) {
  CLI::App* group = app.add_subcommand("policy", "checks, applies and shows policies")
                        ->require_subcommand(1)
                        ->fallthrough();
  AddCheck(*group, context);
  AddApply(*group, context);
  AddGet(*group, context);
}

}  // namespace routerd::ctl
