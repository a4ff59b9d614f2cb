#include "routerd/ctl/failure.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "routerd/ctl/describe.h"
#include "routerd/ctl/json.h"
#include "routerd/ctl/text.h"
#include "routerd/ctl/words.h"

namespace routerd::ctl {
namespace {

constexpr std::array<std::string_view, 17> kCodeNames = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

ExitCode ExitCodeFor(grpc::StatusCode code, bool has_detail) {
  switch (code) {
    case grpc::StatusCode::NOT_FOUND:
      return ExitCode::kNotFound;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::ABORTED:
      return ExitCode::kRetry;
    case grpc::StatusCode::UNAVAILABLE:
      // With a detail the daemon itself said so; without one nobody was there to say anything.
      return has_detail ? ExitCode::kRetry : ExitCode::kUnreachable;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return ExitCode::kUnreachable;
    default:
      return ExitCode::kFailed;
  }
}

}  // namespace

std::string CodeName(grpc::StatusCode code) {
  const auto index = static_cast<std::size_t>(code);
  return index < kCodeNames.size() ? std::string(kCodeNames[index]) : std::to_string(code);
}

Failure MakeFailure(const grpc::Status& status, const grpc::ClientContext& call,
                    std::string address) {
  Failure out;
  out.status = status;
  out.address = std::move(address);
  const auto& trailers = call.GetServerTrailingMetadata();
  if (const auto found = trailers.find("routerd-error-bin"); found != trailers.end()) {
    out.has_detail =
        out.detail.ParseFromArray(found->second.data(), static_cast<int>(found->second.size()));
  }
  out.exit_code = ExitCodeFor(status.error_code(), out.has_detail);
  return out;
}

std::string Failure::ToText() const {
  if (exit_code == ExitCode::kUnreachable) {
    return "routerctl: no answer from routerd at " + address + ": " +
           Printable(status.error_message()) + "\n";
  }
  std::string out =
      "routerctl: " + Printable(status.error_message()) + " [" + CodeName(status.error_code());
  if (!detail.reason().empty()) out += ", " + Printable(detail.reason());
  out += "]\n";
  for (const auto& violation : detail.field_violations()) {
    const std::string line = Printable(violation.field() + ": " + violation.description());
    if (out.find(line) == std::string::npos) out += "  " + line + "\n";
  }
  v1::ErrorDetail rest = detail;
  rest.clear_reason();
  rest.clear_field_violations();
  for (const auto& [name, value] : Describe(rest, NowUnixMs())) {
    out.append("  ").append(name).append(": ").append(value).append("\n");
  }
  return out;
}

std::string Failure::ToJson() const {
  std::string out = R"({"error":{"code":)" + JsonQuoted(CodeName(status.error_code())) +
                    R"(,"message":)" + JsonQuoted(status.error_message());
  if (has_detail) {
    std::string json = ctl::ToJson(detail, JsonForm::kLine);
    json.pop_back();
    out += R"(,"detail":)" + json;
  }
  return out + "}}\n";
}

}  // namespace routerd::ctl
