#include "routerd/daemon/reload.h"

#include <spdlog/spdlog.h>

#include <sstream>
#include <utility>
#include <variant>

#include "routerd/daemon/calendar.h"
#include "routerd/daemon/load.h"

namespace routerd::daemon {
namespace {

void LogLines(spdlog::level::level_enum level, const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) spdlog::log(level, "policy: {}", line);
}

engine::Envelope ToApply(LoadedPolicy policy, std::string comment, std::uint64_t version,
                         std::function<void(const engine::Answer&)> done) {
  engine::ApplyPolicy apply;
  apply.model = std::move(policy.compiled.model);
  apply.calendar = CalendarOf(*apply.model);
  apply.source = std::move(policy.source);
  apply.comment = std::move(comment);
  apply.expected_version = version;
  apply.from_file = true;
  engine::Envelope envelope;
  envelope.role = engine::Role::kOperations;
  envelope.client = kDaemonActor;
  envelope.command = std::move(apply);
  envelope.done = std::move(done);
  return envelope;
}

void LogAnswer(const engine::Answer& answer) {
  if (answer.status.ok()) {
    spdlog::info("policy: version {} is in force", answer.policy_version);
  } else {
    spdlog::error("policy: not put in force, the one before stays: {}", answer.status.message());
  }
}

}  // namespace

void ReloadPolicy(engine::Service& service, const std::string& path, std::function<void()> done) {
  const auto in_force = service.policy();
  auto loaded = LoadPolicy(path, in_force->model.get());
  if (const auto* exit = std::get_if<EarlyExit>(&loaded)) {
    LogLines(spdlog::level::err, exit->text);
    spdlog::error("policy: not put in force, the one before stays");
    return done();
  }
  LoadedPolicy& policy = std::get<LoadedPolicy>(loaded);
  LogLines(spdlog::level::warn, compiler::ToText(policy.compiled.findings));
  // The same text may have been put in force otherwise: from now on it is what the file says.
  const bool known = engine::HashOfSource(policy.source) == in_force->file_hash;
  if (policy.source == in_force->source && known) {
    spdlog::info("policy: {} has not changed; version {} stays in force", path,
                 in_force->model->version);
    return done();
  }
  service.Submit(ToApply(std::move(policy), "reloaded from " + path, in_force->model->version,
                         [done = std::move(done)](const engine::Answer& answer) {
                           LogAnswer(answer);
                           done();
                         }));
}

void TakeChangedPolicy(engine::Service& service, const std::string& path, std::uint64_t file_hash) {
  const auto in_force = service.policy();
  if (file_hash == in_force->file_hash) {
    if (engine::HashOfSource(in_force->source) == file_hash) return;
    spdlog::warn(
        "policy: version {}, put in force by {}, stays: {} has not changed since it was last read; "
        "SIGHUP puts it in force",
        in_force->model->version, in_force->actor, path);
    return;
  }
  auto loaded = LoadPolicy(path, in_force->model.get());
  if (const auto* exit = std::get_if<EarlyExit>(&loaded)) {
    LogLines(spdlog::level::err, exit->text);
    spdlog::error("policy: not put in force, the one before stays");
    return;
  }
  service.Submit(ToApply(std::get<LoadedPolicy>(std::move(loaded)), "read at start from " + path,
                         in_force->model->version, LogAnswer));
}

}  // namespace routerd::daemon
