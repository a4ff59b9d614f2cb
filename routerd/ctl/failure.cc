#include "routerd/ctl/failure.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "routerd/ctl/describe.h"
#include "routerd/ctl/json.h"
#include "routerd/ctl/text.h"

namespace routerd::ctl {
namespace {

constexpr std::array<std::string_view, 17> kCodeNames = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};
constexpr int kDeadlineExceeded = 4;  // the daemon itself never gives it

ExitCode ExitCodeFor(int code, bool has_detail) {
  if (code == kDeadlineExceeded) return ExitCode::kUnreachable;
  switch (static_cast<Code>(code)) {
    case Code::kNotFound:
      return ExitCode::kNotFound;
    case Code::kResourceExhausted:
    case Code::kAborted:
      return ExitCode::kRetry;
    case Code::kUnavailable:
      // With a detail the daemon itself said so; without one nobody was there to say anything.
      return has_detail ? ExitCode::kRetry : ExitCode::kUnreachable;
    default:
      return ExitCode::kFailed;
  }
}

std::string DetailText(const v1::ErrorDetail& detail, const std::string& told) {
  std::string out;
  for (const auto& violation : detail.field_violations()) {
    const std::string line = Printable(violation.field() + ": " + violation.description());
    if (told.find(line) == std::string::npos) out += "  " + line + "\n";
  }
  v1::ErrorDetail rest = detail;
  rest.clear_reason();
  rest.clear_field_violations();
  for (const auto& [name, value] : Describe(rest, NowUnixMs())) {
    out.append("  ").append(name).append(": ").append(value).append("\n");
  }
  return out;
}

}  // namespace

Failure UsageFailure(std::string message) {
  Failure out;
  out.exit_code = ExitCode::kUsage;
  out.code = static_cast<int>(Code::kInvalidArgument);
  out.message = std::move(message);
  return out;
}

Failure LocalFailure(const Status& status) {
  Failure out;
  out.code = static_cast<int>(status.code());
  out.message = status.message();
  return out;
}

Failure PolicyFailure(std::string message, std::vector<compiler::Finding> findings) {
  Failure out;
  out.code = static_cast<int>(Code::kInvalidArgument);
  out.message = std::move(message);
  out.findings = std::move(findings);
  return out;
}

Failure DaemonFailure(int code, std::string message, const std::optional<std::string>& detail,
                      std::string address) {
  Failure out;
  out.code = code;
  out.message = std::move(message);
  out.address = std::move(address);
  v1::ErrorDetail parsed;
  if (detail && parsed.ParseFromString(*detail)) out.detail = std::move(parsed);
  out.exit_code = ExitCodeFor(code, out.detail.has_value());
  return out;
}

std::string CodeName(int code) {
  const auto index = static_cast<std::size_t>(code);
  return index < kCodeNames.size() ? std::string(kCodeNames[index]) : std::to_string(code);
}

std::string Failure::ToText() const {
  if (exit_code == ExitCode::kUnreachable) {
    return "routerctl: no answer from routerd at " + Printable(address) + ": " +
           Printable(message) + "\n";
  }
  std::string out = compiler::ToText(findings) + "routerctl: " + Printable(message);
  if (!address.empty() && findings.empty()) {
    out += " [" + CodeName(code);
    if (detail && !detail->reason().empty()) out += ", " + Printable(detail->reason());
    out += "]";
  }
  out += "\n";
  if (detail && findings.empty()) out += DetailText(*detail, out);
  if (exit_code == ExitCode::kUsage) out += "Try 'routerctl --help'.\n";
  return out;
}

std::string Failure::ToJson() const {
  std::string out =
      R"({"error":{"code":)" + JsonQuoted(CodeName(code)) + R"(,"message":)" + JsonQuoted(message);
  if (detail) {
    out += R"(,"detail":)" + ctl::ToJson(*detail, JsonForm::kLine);
    out.pop_back();
  }
  if (!findings.empty()) out += R"(,"findings":)" + OnOneLine(compiler::ToJson(findings));
  return out + "}}\n";
}

}  // namespace routerd::ctl
