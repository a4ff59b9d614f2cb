#include "routerd/daemon/load.h"

#include <utility>

#include "routerd/base/limits.h"
#include "routerd/daemon/process.h"

namespace routerd::daemon {
namespace {

EarlyExit CannotRead(const Status& status) {
  return {ExitCode::kNoInput, "routerd: " + status.message() + "\n"};
}

// `localhost` may have two addresses; one port is served.
void UseNumericHosts(Config& config) {
  for (Endpoint* endpoint : {&config.listen.grpc, &config.listen.http}) {
    if (endpoint->host == "localhost") endpoint->host = "127.0.0.1";
  }
}

}  // namespace

std::variant<Config, EarlyExit> LoadConfig(const Flags& flags) {
  ParsedConfig parsed;
  if (flags.config) {
    const auto text = ReadTrusted(*flags.config, kMaxConfigBytes, FileKind::kPlain);
    if (!text.ok()) return CannotRead(text.status());
    parsed = ParseConfig(*flags.config, text.value());
  }
  std::string wrong = compiler::ToText(parsed.findings);
  ApplyFlags(flags, parsed.config);
  UseNumericHosts(parsed.config);
  for (const std::string& sentence : CheckConfig(parsed.config)) {
    wrong += "routerd: " + sentence + "\n";
  }
  if (!wrong.empty()) return EarlyExit{ExitCode::kBadConfig, std::move(wrong)};
  return std::move(parsed.config);
}

std::variant<LoadedPolicy, EarlyExit> LoadPolicy(const std::string& path,
                                                 const model::Model* previous) {
  auto text = ReadTrusted(path, limits::kMaxPolicyBytes, FileKind::kPlain);
  if (!text.ok()) return CannotRead(text.status());
  LoadedPolicy out;
  out.source = std::move(text).value();
  out.compiled = compiler::Compile({path, out.source}, previous);
  if (out.compiled.model == nullptr) {
    return EarlyExit{ExitCode::kBadPolicy, compiler::ToText(out.compiled.findings)};
  }
  return out;
}

std::variant<std::string, EarlyExit> LoadRedisPassword(const Config& config) {
  if (config.redis.password_file.empty()) return std::string();
  auto text = ReadTrusted(config.redis.password_file, kMaxPasswordBytes, FileKind::kSecret);
  if (!text.ok()) return CannotRead(text.status());
  std::string password = std::move(text).value();
  while (password.ends_with('\n') || password.ends_with('\r')) password.pop_back();
  return password;
}

EarlyExit Check(const Config& config) {
  const auto password = LoadRedisPassword(config);
  if (const auto* exit = std::get_if<EarlyExit>(&password)) return *exit;
  const auto policy = LoadPolicy(config.policy, nullptr);
  if (const auto* exit = std::get_if<EarlyExit>(&policy)) return *exit;
  const auto& findings = std::get<LoadedPolicy>(policy).compiled.findings;
  return {ExitCode::kOk, compiler::ToText(findings) + "routerd: the configuration and " +
                             config.policy + " are good\n"};
}

}  // namespace routerd::daemon
