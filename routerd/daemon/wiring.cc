#include "routerd/daemon/wiring.h"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <utility>
#include <variant>

#include "routerd/core/core.h"
#include "routerd/daemon/process.h"
#include "routerd/daemon/reload.h"
#include "routerd/daemon/version.h"

namespace routerd::daemon {
namespace {

constexpr SpanMs kApiStopMs = 2'000;
constexpr SpanMs kCatchUpMs = 2'000;  // the read side may take so long after the engine's end
// Catching up, Redis' last state, streams that end: after the drain, with room to spare.
constexpr SpanMs kAfterDrainMs = 10'000;

// Logs what the text says, a message for each line, and gives the code.
ExitCode Give(const EarlyExit& exit) {
  spdlog::error("{}", exit.text.substr(0, exit.text.find_last_not_of('\n') + 1));
  return exit.code;
}

}  // namespace

App::App(Config config, std::optional<std::string> ports_file,
         std::optional<std::uint64_t> truncate_at)
    : config_(std::move(config)),
      ports_file_(std::move(ports_file)),
      truncate_at_(truncate_at),
      storage_(config_, clock_) {}

App::~App() = default;

ExitCode App::Run() {
  if (truncate_at_) return Truncate(*truncate_at_);
  ExitCode code = StartEngine();
  if (code == ExitCode::kOk) code = MakeReadSide();
  if (code == ExitCode::kOk) {
    signals_ = std::make_unique<Signals>(
        loop_, Signals::Handlers{[this] { Drain(); }, [this] { StopNow(); }, [this] { Reload(); }});
    projection_->Start([this] { OnReadSideReady(); });
    loop_.run();
    code = exit_code_;
  }
  // Whatever happened, nobody may post to the loop any more when it goes.
  if (api_ != nullptr) api_->Stop(kApiStopMs);
  storage_.StopFollowing();
  if (engine_ != nullptr) engine_->Stop();
  if (engine_ != nullptr) engine_->SetPast(nullptr);
  if (engine_ != nullptr && code == ExitCode::kOk) storage_.SaveSnapshot(engine_->engine());
  drain_.join();
  reloads_.join();
  spdlog::info("stopped with exit code {}", static_cast<int>(code));
  return code;
}

// ---- Start -------------------------------------------------------------------------------------

ExitCode App::TakeStateDir() {
  if (const Status ready = PrepareDirectory(config_.state_dir); !ready.ok()) {
    spdlog::error("state_dir: {}", ready.message());
    return ExitCode::kCantCreate;
  }
  auto lock = FileLock::Take(config_.state_dir + "/lock");
  if (lock.ok()) {
    state_lock_ = std::move(lock).value();
    return ExitCode::kOk;
  }
  if (lock.status().code() != Code::kFailedPrecondition) {
    spdlog::error("state_dir: {}", lock.status().message());
    return ExitCode::kCantCreate;
  }
  spdlog::error("state_dir: {}: end that one first, or give this one a state_dir of its own",
                lock.status().message());
  return ExitCode::kInUse;
}

// A router that has a state goes on with the policy that was in force, whatever became of the file.
ExitCode App::StartEngine() {
  auto loaded = LoadPolicy(config_.policy, nullptr);
  const auto* bad = std::get_if<EarlyExit>(&loaded);
  if (bad != nullptr && !storage_.HasHistory()) return Give(*bad);
  if (const ExitCode code = TakeStateDir(); code != ExitCode::kOk) return code;
  LoadedPolicy policy;
  if (bad == nullptr) policy = std::get<LoadedPolicy>(std::move(loaded));
  if (!policy.compiled.findings.empty()) {
    spdlog::warn("policy: {}", compiler::ToText(policy.compiled.findings));
  }
  const std::uint64_t file_hash = engine::HashOfSource(policy.source);
  if (const ExitCode code = OpenJournal(MakeOptions(std::move(policy))); code != ExitCode::kOk) {
    return code;
  }
  if (bad != nullptr) {
    static_cast<void>(Give(*bad));
    spdlog::error("policy: version {} stays in force", engine_->policy()->model->version);
  } else if (engine_->recovered()) {
    TakeChangedPolicy(*engine_, config_.policy, file_hash);
  }
  engine_->SetPast(storage_.MakePast(*engine_));
  engine_->Start();
  storage_.Follow(*engine_);
  spdlog::info("routerd {}, rules version {}, domain {}, epoch {}", SoftwareVersion(),
               core::kRulesVersion, config_.domain, engine_->epoch());
  return ExitCode::kOk;
}

// Serves nobody, so that a command line that is used again cannot take what came later.
ExitCode App::Truncate(std::uint64_t sequence) {
  if (const ExitCode code = TakeStateDir(); code != ExitCode::kOk) return code;
  const Status cut = storage_.TruncateAt(sequence);
  if (cut.ok()) return ExitCode::kOk;
  spdlog::error("journal: {}", cut.message());
  return ExitCode::kBadJournal;
}

engine::EngineOptions App::MakeOptions(LoadedPolicy policy) {
  engine::EngineOptions options;
  options.domain = config_.domain;
  options.model = std::move(policy.compiled.model);
  if (options.model != nullptr) options.calendar = CalendarOf(*options.model);
  options.policy_source = std::move(policy.source);
  options.policy_comment = "read at start from " + config_.policy;
  options.policy_actor = kDaemonActor;
  options.on_clock_moved = [](SpanMs moved_ms) {
    spdlog::warn("clock: the wall clock moved by {} ms; waits and offers are untouched", moved_ms);
  };
  options.on_fatal = [this](const Status& status) {
    boost::asio::post(loop_, [this, status] { OnFatal(status); });
  };
  options.on_no_space = [](bool full) {
    full ? spdlog::error("journal: no space left; commands are refused until there is")
         : spdlog::info("journal: there is space again");
  };
  options.on_low_on_space = [](bool low) {
    low ? spdlog::error("journal: hardly any space left; arrivals and log-ins are refused")
        : spdlog::info("journal: arrivals and log-ins are taken again");
  };
  return options;
}

ExitCode App::OpenJournal(engine::EngineOptions options) {
  const auto refuse = [](const Status& status) {
    spdlog::error("journal: {}", status.message());
    const bool by_hand = status.code() == Code::kFailedPrecondition ||
                         status.code() == Code::kInvalidArgument ||
                         status.code() == Code::kOutOfRange;
    return by_hand ? ExitCode::kBadJournal : ExitCode::kIoError;
  };
  auto snapshot = storage_.Prepare();
  if (!snapshot.ok()) return refuse(snapshot.status());
  options.snapshot = std::move(snapshot).value();
  auto engine = engine::Engine::Start(std::move(options), clock_, storage_.journal());
  if (!engine.ok()) return refuse(engine.status());
  storage_.LogRecovery(*engine.value());
  engine_ = std::make_unique<engine::EngineLoop>(std::move(engine).value(), clock_);
  return ExitCode::kOk;
}

ExitCode App::MakeReadSide() {
  projection_ = publish::Projection::Create(
      *engine_, [this](std::function<void()> f) { boost::asio::post(loop_, std::move(f)); });
  std::function<publish::RedisStatus()> redis_status;
  if (config_.redis.enabled) {
    publish::RedisOptions options;
    const Endpoint& address = config_.redis.address;
    options.address = {address.unix_path, address.host, address.port};
    options.username = config_.redis.username;
    auto password = LoadRedisPassword(config_);
    if (const auto* exit = std::get_if<EarlyExit>(&password)) return Give(*exit);
    options.password = std::get<std::string>(std::move(password));
    redis_ = publish::RedisPublisher::Create(loop_, *engine_, *projection_, clock_, options);
    redis_status = [redis = redis_.get()] { return redis->status(); };
  }
  metrics_ = std::make_unique<publish::Metrics>(
      *engine_, *projection_, clock_, redis_status,
      publish::BuildInfo{std::string(SoftwareVersion()), std::string(CompilerVersion()),
                         static_cast<int>(core::kRulesVersion)});
  projection_->SetObserver([this](const auto& batch, const auto& first_offer_waits) {
    metrics_->Observe(batch, first_offer_waits);
  });
  reads_ = std::make_unique<ProjectionReads>(*projection_);
  parts_ = std::make_unique<PartsSource>(redis_status, std::string(storage_.journal().backend()));
  heartbeat_ = std::make_unique<Heartbeat>(loop_, *engine_, clock_, manager_);
  calendar_ = std::make_unique<CalendarKeeper>(loop_, reloads_, *engine_);
  return ExitCode::kOk;
}

void App::OnReadSideReady() {
  if (ending_) return;
  if (const ExitCode code = StartServing(); code != ExitCode::kOk) Finish(code);
}

ExitCode App::StartServing() {
  if (redis_ != nullptr) redis_->Start();
  heartbeat_->Start();
  calendar_->Start();
  // Time has gone on since hours were worked out, and the zones' data may be newer.
  if (engine_->recovered()) boost::asio::post(reloads_, [this] { RenewCalendar(*engine_); });
  if (const ExitCode code = Listen(); code != ExitCode::kOk) return code;
  serving_ = true;
  if (const ExitCode code = TellPorts(); code != ExitCode::kOk) return code;
  spdlog::info("serving: gRPC {}, HTTP {}:{}, Redis {}",
               config_.listen.grpc.unix_path.empty()
                   ? config_.listen.grpc.host + ":" + std::to_string(grpc_port_)
                   : config_.listen.grpc.ToText(),
               config_.listen.http.host, wall_->port(),
               redis_ != nullptr ? config_.redis.address.ToText() : "off");
  if (!config_.listen.grpc.IsLocal() || !config_.listen.http.IsLocal()) {
    spdlog::warn("listen: other machines may connect, and nobody is asked who he is");
  }
  manager_.Ready("serving");
  return ExitCode::kOk;
}

ExitCode App::Listen() {
  wall_ = std::make_unique<wall::Server>(loop_, MakePages());
  const Endpoint& http = config_.listen.http;
  if (const std::string wrong = wall_->Listen(http.host, http.port); !wrong.empty()) {
    spdlog::error("listen.http: {}: {}", http.ToText(), wrong);
    return ExitCode::kUnavailable;
  }
  const Endpoint& grpc = config_.listen.grpc;
  if (!grpc.unix_path.empty()) {
    auto lock = TakeSocket(grpc.unix_path);
    if (!lock.ok()) {
      spdlog::error("listen.grpc: {}", lock.status().message());
      return ExitCode::kUnavailable;
    }
    socket_lock_ = std::move(lock).value();
  }
  api_ = std::make_unique<api::ApiServer>(
      api::ApiParts{*engine_, clock_, *reads_, *parts_, CompileForApi,
                    std::string(SoftwareVersion()), core::kRulesVersion});
  const auto ports = api_->Start({grpc.ToText()});
  const Status open =
      ports.ok() && !grpc.unix_path.empty() ? OpenSocketToGroup(grpc.unix_path) : Status::Ok();
  if (!ports.ok() || !open.ok()) {
    spdlog::error("listen.grpc: {}", (ports.ok() ? open : ports.status()).message());
    return ExitCode::kUnavailable;
  }
  grpc_port_ = ports.value().front();
  return ExitCode::kOk;
}

ExitCode App::TellPorts() {
  if (!ports_file_) return ExitCode::kOk;
  const Status told =
      WritePorts(*ports_file_, static_cast<std::uint16_t>(grpc_port_), wall_->port());
  if (told.ok()) return ExitCode::kOk;
  spdlog::error("--ports-file: {}", told.message());
  return ExitCode::kCantCreate;
}

wall::Pages App::MakePages() {
  wall::Pages pages;
  pages.metrics = [this] { return metrics_->Text(); };
  pages.healthz = [this] {
    return wall::Report{heartbeat_->alive(),
                        "writer: got on " + std::to_string(heartbeat_->SilentMs()) + " ms ago\n"};
  };
  pages.readyz = [this] {
    const engine::Figures figures = engine_->figures();
    const char* journal = figures.failed         ? "failed"
                          : figures.journal_full ? "no space"
                          : figures.journal_low  ? "hardly any space"
                                                 : "writes";
    const bool ready = serving_ && !ending_ && heartbeat_->alive() && !figures.failed &&
                       !figures.journal_full && !figures.journal_low;
    return wall::Report{ready, std::string("serving: ") + (serving_ ? "yes" : "no") +
                                   "\ndraining: " + (ending_ ? "yes" : "no") +
                                   "\nwriter: " + (heartbeat_->alive() ? "alive" : "stuck") +
                                   "\njournal: " + journal + "\n"};
  };
  return pages;
}

// ---- End ---------------------------------------------------------------------------------------

void App::Drain() {
  if (std::exchange(ending_, true)) return;
  spdlog::info("draining: arrivals are refused, open offers have {} ms", config_.limits.drain_ms);
  manager_.Stopping("draining", config_.limits.drain_ms + kAfterDrainMs);
  if (api_ != nullptr) api_->Drain();
  engine_->BeginDrain(config_.limits.drain_ms);
  boost::asio::post(drain_, [this] {
    engine_->Drain(config_.limits.drain_ms);
    boost::asio::post(loop_, [this] { OnDrained(); });
  });
}

void App::StopNow() {
  spdlog::warn("told to stop a second time: open offers are not waited for");
  exit_code_ = ExitCode::kOk;
  loop_.stop();
}

// The engine has ended: once the projection has applied what came out of it, nothing follows.
void App::OnDrained() {
  spdlog::info("drained");
  finish_by_ms_ = clock_.BootMs() + kCatchUpMs;
  FinishRedis();
}

void App::FinishRedis() {
  if (!projection_->caught_up()) {
    if (clock_.BootMs() < finish_by_ms_) {
      boost::asio::post(loop_, [this] { FinishRedis(); });
      return;
    }
    spdlog::warn("projection: not caught up after {} ms: Redis does not get the last state",
                 kCatchUpMs);
  }
  if (redis_ == nullptr || !serving_) return Finish(ExitCode::kOk);
  redis_->Stop([this] { Finish(ExitCode::kOk); });
}

void App::Finish(ExitCode code) {
  ending_ = true;
  exit_code_ = code;
  loop_.stop();
}

void App::Reload() {
  if (ending_) return;
  manager_.Reloading();
  boost::asio::post(reloads_, [this] {
    ReloadPolicy(*engine_, config_.policy, [this] {
      boost::asio::post(loop_, [this] {
        if (!ending_) manager_.Ready("serving");
      });
    });
  });
}

void App::OnFatal(const Status& status) {
  spdlog::critical("engine: {}; nothing more is taken", status.message());
  Finish(status.reason() == "journal_failed" ? ExitCode::kIoError : ExitCode::kSoftware);
}

}  // namespace routerd::daemon
