#include <algorithm>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "routerd/api/event_reader.h"
#include "routerd/api/prepare.h"
#include "routerd/api/reader_stream.h"
#include "routerd/api/release_signal.h"
#include "routerd/api/services.h"
#include "routerd/api/words.h"
#include "routerd/v1/events.grpc.pb.h"

namespace routerd::api {
namespace {

using Response = v1::StreamEventsResponse;

// A slow reader costs nothing but the history that is kept anyway.
class EventStream final : public ReaderStream<Response> {
 public:
  EventStream(Runtime& runtime, ReleaseSignal& release, grpc::CallbackServerContext* context)
      : ReaderStream(runtime, context), release_(release), reader_(runtime.service) {}

  void Start(const v1::StreamEventsRequest& request) {
    Own();
    Status status = CheckDomain(request.header().domain(), runtime_.service.domain());
    if (!status.ok()) return End(Failed(std::move(status)));
    std::optional<Position> after;
    if (request.has_after()) {
      constexpr std::uint64_t kGreatest = std::numeric_limits<std::uint32_t>::max();
      after = {static_cast<std::uint32_t>(std::min(request.after().epoch(), kGreatest)),
               request.after().sequence()};
    }
    const engine::Answer begun = reader_.Begin(after);
    if (!begun.status.ok()) return End(begun);
    if (!Join("readers of events")) return;
    written_ms_ = runtime_.clock.BootMs();
    runtime_.executor.Post([self = shared_from_this(), this] { Pump(); });
    SignOfLife();
  }

 private:
  std::shared_ptr<const Response> TakeNext(std::function<void()>* wait) override {
    const std::uint64_t seen = release_.count();  // before the look at what has been released
    std::shared_ptr<Response> next = reader_.Next();
    if (!next && beat_due_) {
      next = std::make_shared<Response>();
      SetPosition(reader_.position(), next->mutable_position());
    }
    if (!next) {
      *wait = [this, seen] { release_.After(seen, WaitOver()); };
      return nullptr;
    }
    beat_due_ = false;
    written_ms_ = runtime_.clock.BootMs();
    return next;
  }

  // Without events the reader hears every heartbeat up to where it has been told everything.
  void SignOfLife() {
    const TimeMs now_ms = runtime_.clock.BootMs();
    TimeMs due_ms = 0;
    {
      const std::lock_guard lock(mutex_);
      if (ending()) return;
      due_ms = written_ms_ + limits::kHeartbeatMs;
      beat_due_ = due_ms <= now_ms;
    }
    if (due_ms <= now_ms) {
      Pump();
      due_ms = now_ms + limits::kHeartbeatMs;
    }
    runtime_.timers.At(due_ms, [weak = weak_from_this(), this] {
      if (const auto self = weak.lock()) SignOfLife();
    });
  }

  ReleaseSignal& release_;
  EventReader reader_;
  bool beat_due_ = false;  // a sign of life, unless something else is written first
  TimeMs written_ms_ = 0;
};

class EventsService final : public v1::EventsService::CallbackService {
 public:
  EventsService(Runtime& runtime, ReleaseSignal& release) : runtime_(runtime), release_(release) {}

  EventStream::Reactor* StreamEvents(grpc::CallbackServerContext* context,
                                     const v1::StreamEventsRequest* request) override {
    const auto stream = std::make_shared<EventStream>(runtime_, release_, context);
    stream->Start(*request);
    return stream.get();
  }

 private:
  Runtime& runtime_;
  ReleaseSignal& release_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeEventsService(Runtime& runtime, ReleaseSignal& release) {
  return std::make_unique<EventsService>(runtime, release);
}

}  // namespace routerd::api
