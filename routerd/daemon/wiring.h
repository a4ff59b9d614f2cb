// The one place where the parts of the process meet: configuration → objects → threads → drain →
// exit code.
//
// Threads: the engine's writer; this loop on the caller's thread (read side, Redis, HTTP, signals);
// gRPC's own; one that follows the journal and saves snapshots, one that makes events of the past
// again; one that compiles policies, one that waits for a drain.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "routerd/api/api_server.h"
#include "routerd/base/clock.h"
#include "routerd/base/file_lock.h"
#include "routerd/daemon/bindings.h"
#include "routerd/daemon/calendar.h"
#include "routerd/daemon/config.h"
#include "routerd/daemon/exit_code.h"
#include "routerd/daemon/heartbeat.h"
#include "routerd/daemon/load.h"
#include "routerd/daemon/service_manager.h"
#include "routerd/daemon/signals.h"
#include "routerd/daemon/storage.h"
#include "routerd/engine/engine_loop.h"
#include "routerd/publish/metrics.h"
#include "routerd/publish/projection.h"
#include "routerd/publish/redis_publisher.h"
#include "routerd/wall/server.h"

namespace routerd::daemon {

class App {
 public:
  // `truncate_at`: as the flag of that name.
  App(Config config, std::optional<std::string> ports_file,
      std::optional<std::uint64_t> truncate_at);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Serves until a signal or a failure ends it. Once.
  ExitCode Run();

 private:
  // ---- Start, in this order; a failure is logged ----
  ExitCode TakeStateDir();
  ExitCode StartEngine();
  ExitCode Truncate(std::uint64_t sequence);
  [[nodiscard]] engine::EngineOptions MakeOptions(LoadedPolicy policy);
  ExitCode OpenJournal(engine::EngineOptions options);
  ExitCode MakeReadSide();
  void OnReadSideReady();
  ExitCode StartServing();
  ExitCode Listen();
  [[nodiscard]] ExitCode TellPorts();
  [[nodiscard]] wall::Pages MakePages();

  // ---- End ----
  void Drain();
  void StopNow();
  void Reload();
  void OnDrained();
  void FinishRedis();
  void Finish(ExitCode code);
  void OnFatal(const Status& status);

  const Config config_;
  const std::optional<std::string> ports_file_;
  const std::optional<std::uint64_t> truncate_at_;
  const SystemClock clock_;
  FileLock state_lock_;   // as long as anything below may write into state_dir
  FileLock socket_lock_;  // of the Unix socket that gRPC is served on
  Storage storage_;
  std::unique_ptr<engine::EngineLoop> engine_;

  // Above this what the loop's handlers refer to; below it what refers to the loop.
  boost::asio::io_context loop_;
  std::shared_ptr<publish::Projection> projection_;
  std::unique_ptr<publish::Metrics> metrics_;
  std::shared_ptr<publish::RedisPublisher> redis_;  // null: switched off
  std::unique_ptr<wall::Server> wall_;
  std::unique_ptr<ProjectionReads> reads_;
  std::unique_ptr<PartsSource> parts_;
  std::unique_ptr<api::ApiServer> api_;
  const ServiceManager manager_;
  std::unique_ptr<Heartbeat> heartbeat_;
  std::unique_ptr<CalendarKeeper> calendar_;
  std::unique_ptr<Signals> signals_;
  boost::asio::thread_pool reloads_{1};  // and calendars
  boost::asio::thread_pool drain_{1};

  int grpc_port_ = 0;
  bool serving_ = false;
  bool ending_ = false;
  TimeMs finish_by_ms_ = 0;  // boot time: nobody is waited for any longer
  ExitCode exit_code_ = ExitCode::kOk;
};

}  // namespace routerd::daemon
