#include "routerd/daemon/config.h"

#include <sstream>

#include "routerd/base/limits.h"
#include "routerd/compiler/document.h"
#include "routerd/compiler/report.h"
#include "routerd/daemon/section.h"

namespace routerd::daemon {
namespace {

constexpr std::size_t kMaxDomainBytes = 64;
constexpr SpanMs kMaxDrainMs = 10 * 60 * 1000;
constexpr SpanMs kMinKeepMs = 3'600'000;
constexpr std::uint64_t kMinKeepBytes = 500'000'000;
constexpr std::uint64_t kMaxKeepBytes = 1'000'000'000'000'000;

// A file of comments alone is a configuration too: everything as it is by default.
bool HasContent(std::string_view text) {
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    const auto first = line.find_first_not_of(" \t\r");
    if (first != std::string::npos && line[first] != '#') return true;
  }
  return false;
}

void MakeAbsolute(const std::string& file, std::string& path) {
  const auto slash = file.rfind('/');
  if (path.empty() || path.starts_with('/') || slash == std::string::npos) return;
  path = file.substr(0, slash + 1) + path;
}

void ReadListen(Section section, Config::Listen& listen) {
  section.Address("grpc", listen.grpc);
  section.Address("http", listen.http);
  section.Bool("insecure", listen.insecure);
  section.Finish();
}

void ReadRedis(Section section, Config::Redis& redis) {
  section.Bool("enabled", redis.enabled);
  section.Address("address", redis.address);
  section.Text("username", redis.username);
  section.Text("password_file", redis.password_file);
  section.Forbid("password", "a password does not stand in the configuration",
                 "write it to a file of its own and name that as password_file");
  section.Finish();
}

void ReadRoot(Section root, Config& config) {
  root.Text("domain", config.domain);
  root.Text("state_dir", config.state_dir);
  root.Text("policy", config.policy);
  ReadListen(root.Map("listen"), config.listen);
  ReadRedis(root.Map("redis"), config.redis);
  Section journal = root.Map("journal");
  journal.Word("durability", DurabilityWords(), config.journal.durability);
  journal.Span("interval", 1, routerd::limits::kMaxSyncIntervalMs, config.journal.interval_ms);
  journal.Span("keep", kMinKeepMs, routerd::limits::kMaxSpanMs, config.journal.keep_ms);
  journal.Bytes("keep_bytes", kMinKeepBytes, kMaxKeepBytes, config.journal.keep_bytes);
  journal.Bool("follow", config.journal.follow);
  journal.Finish();
  Section log = root.Map("log");
  log.Word("level", LogLevelWords(), config.log.level);
  log.Word("format", {"text", "json"}, config.log.format);
  log.Finish();
  Section limits = root.Map("limits");
  limits.Span("drain", 0, kMaxDrainMs, config.limits.drain_ms);
  limits.Finish();
  root.Finish();
}

bool IsDomain(std::string_view name) {
  return !name.empty() && name.size() <= kMaxDomainBytes &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string_view::npos;
}

}  // namespace

const std::vector<std::string_view>& LogLevelWords() {
  static const std::vector<std::string_view> words = {"trace", "debug", "info", "warn", "error"};
  return words;
}

const std::vector<std::string_view>& DurabilityWords() {
  static const std::vector<std::string_view> words = {"sync", "interval", "off", "memory"};
  return words;
}

ParsedConfig ParseConfig(const std::string& file, std::string_view text) {
  ParsedConfig out;
  if (!HasContent(text)) return out;
  compiler::Report report(file);
  if (const auto document = compiler::ParseDocument(text, report)) {
    ReadRoot(Section(&document->root(), "", report), out.config);
  }
  out.findings = report.Take(text);
  MakeAbsolute(file, out.config.state_dir);
  MakeAbsolute(file, out.config.policy);
  MakeAbsolute(file, out.config.redis.password_file);
  return out;
}

std::vector<std::string> CheckConfig(const Config& config) {
  std::vector<std::string> wrong;
  if (!IsDomain(config.domain)) {
    wrong.push_back("domain: '" + config.domain + "' is not 1 to " +
                    std::to_string(kMaxDomainBytes) + " of a-z, 0-9, '_' and '-'");
  }
  if (config.state_dir.empty()) wrong.emplace_back("state_dir: is empty");
  if (config.policy.empty()) wrong.emplace_back("policy: is empty");
  const auto check_local = [&](const char* key, const Endpoint& endpoint) {
    if (endpoint.unix_path.empty() && endpoint.host != "localhost" && !endpoint.IsNumeric()) {
      wrong.push_back(std::string(key) + ": '" + endpoint.host +
                      "' is a name; listen on an IP "
                      "address, 0.0.0.0 or [::] for all of this machine's");
      return;
    }
    if (endpoint.IsLocal() || config.listen.insecure) return;
    wrong.push_back(std::string(key) + ": other machines reach " + endpoint.ToText() +
                    ", and clients are not asked who they are; listen on 127.0.0.1 or a Unix "
                    "socket, or say --insecure-listen (listen.insecure: true)");
  };
  check_local("listen.grpc", config.listen.grpc);
  check_local("listen.http", config.listen.http);
  if (!config.listen.http.unix_path.empty()) {
    wrong.emplace_back("listen.http: is HOST:PORT; HTTP is not served on a Unix socket");
  }
  if (config.redis.address.unix_path.empty() && config.redis.address.port == 0) {
    wrong.emplace_back("redis.address: the port is 1..65535");
  }
  return wrong;
}

}  // namespace routerd::daemon
