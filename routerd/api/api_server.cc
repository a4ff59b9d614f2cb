#include "routerd/api/api_server.h"

#include <grpc/support/time.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <mutex>
#include <utility>

#include "routerd/api/errors.h"
#include "routerd/api/release_signal.h"
#include "routerd/api/services.h"

namespace routerd::api {
namespace {

constexpr int kKeepaliveMs = 20'000;         // a silent connection is asked for a sign of life
constexpr int kKeepaliveTimeoutMs = 10'000;  // and dropped without one
constexpr int kLeastClientPingMs = 5'000;    // clients that ping more often are dropped
constexpr int kMaxMetadataBytes = 16 * 1024;

constexpr const char* kServices[] = {"routerd.v1.ContactGatewayService",
                                     "routerd.v1.AgentDesktopService",
                                     "routerd.v1.OperationsService", "routerd.v1.EventsService"};

// Reflection and the health service are plugins of the process, not of one server.
void EnablePlugins() {
  static std::once_flag once;
  std::call_once(once, [] {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  });
}

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(static_cast<int>(limits::kMaxPolicyMessageBytes));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             static_cast<int>(limits::kStreamsPerConnection));
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kLeastClientPingMs);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // two routers never share a port
  grpc::ResourceQuota quota("routerd");
  quota.Resize(limits::kGrpcMemoryBytes);
  builder.SetResourceQuota(quota);
}

gpr_timespec After(SpanMs ms) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(ms, GPR_TIMESPAN));
}

bool HasPrefix(const std::string& text, const char* prefix) { return text.rfind(prefix, 0) == 0; }

}  // namespace

class ApiServer::Impl {
 public:
  explicit Impl(ApiParts parts)
      : own_timers_(parts.timers ? nullptr : std::make_unique<TimerThread>(parts.clock)),
        executor_(parts.threads),
        background_(1),
        runtime_{parts.service,
                 parts.clock,
                 parts.timers ? *parts.timers : *own_timers_,
                 executor_,
                 std::move(parts.version),
                 parts.rules_version},
        release_(runtime_) {
    services_.push_back(MakeGatewayService(runtime_));
    services_.push_back(MakeDesktopService(runtime_));
    services_.push_back(MakeOperationsService(
        runtime_, {parts.reads, parts.status, std::move(parts.compiler), background_}));
    services_.push_back(MakeEventsService(runtime_, release_));
  }

  ~Impl() { Stop(0); }

  Result<std::vector<int>> Start(const std::vector<std::string>& addresses) {
    EnablePlugins();
    grpc::ServerBuilder builder;
    SetLimits(builder);
    std::vector<int> ports(addresses.size(), -1);
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      builder.AddListeningPort(addresses[i], grpc::InsecureServerCredentials(), &ports[i]);
    }
    for (const auto& service : services_) builder.RegisterService(service.get());
    server_ = builder.BuildAndStart();
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      if (ports[i] > 0 && server_) continue;
      if (ports[i] > 0 && i + 1 < addresses.size()) continue;  // it is another's fault
      Stop(0);
      return Status(Code::kUnavailable, "cannot listen on " + addresses[i]);
    }
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      if (HasPrefix(addresses[i], "unix:")) ports[i] = 0;
    }
    SetServing(true);
    return ports;
  }

  void Drain() {
    if (server_) SetServing(false);
  }

  // gRPC's threads first, then ours: an answer of the engine must find an executor to be sent by.
  void Stop(SpanMs deadline_ms) {
    if (server_) {
      Drain();
      const engine::Answer why = Failed(Code::kUnavailable, "draining", "the router stops");
      const gpr_timespec deadline = After(deadline_ms);
      // The last answers may still be on their way, and nobody can give them later. A client that
      // does not read must not use up the time of the calls that are left.
      runtime_.sessions.EndWhenTold(why, deadline_ms / 2);
      runtime_.sessions.EndAll(why);
      runtime_.readers.EndAll(why);
      server_->Shutdown(deadline);
      server_->Wait();
      server_.reset();
    }
    if (own_timers_) own_timers_->Stop();
    background_.Stop();
    executor_.Stop();
  }

 private:
  void SetServing(bool serving) {
    grpc::HealthCheckServiceInterface* health = server_->GetHealthCheckService();
    health->SetServingStatus(serving);
    for (const char* service : kServices) health->SetServingStatus(service, serving);
  }

  const std::unique_ptr<TimerThread> own_timers_;
  Executor executor_;
  Executor background_;
  Runtime runtime_;
  ReleaseSignal release_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> server_;
};

ApiServer::ApiServer(ApiParts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}
ApiServer::~ApiServer() = default;

Result<std::vector<int>> ApiServer::Start(const std::vector<std::string>& addresses) {
  return impl_->Start(addresses);
}
void ApiServer::Drain() { impl_->Drain(); }
void ApiServer::Stop(SpanMs deadline_ms) { impl_->Stop(deadline_ms); }

bool IsLoopback(const std::string& address) {
  if (HasPrefix(address, "unix:") || HasPrefix(address, "[::1]:")) return true;
  if (HasPrefix(address, "localhost:")) return true;
  if (!HasPrefix(address, "127.")) return false;
  const std::size_t colon = address.find(':');
  const std::string host = address.substr(0, colon);
  return colon != std::string::npos && host.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace routerd::api
