// What the streams of readers share: one message at a time, made when there is something to tell.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "routerd/api/errors.h"
#include "routerd/api/runtime.h"
#include "routerd/api/stream.h"

namespace routerd::api {

// Thread-safe. A slow reader costs no backlog: the next message is made when the one before has
// been written.
template <typename Response>
class ReaderStream : public Stream<grpc::ServerWriteReactor<Response>, Response> {
 public:
  using Reactor = grpc::ServerWriteReactor<Response>;

  void ReadOn() override {}

 protected:
  ReaderStream(Runtime& runtime, grpc::CallbackServerContext* context)
      : Stream<Reactor, Response>(context), runtime_(runtime) {}

  // False: it ends at once, there are too many of them (`of`).
  bool Join(const char* of) {
    if (runtime_.readers.Add(this->shared_from_this())) return true;
    EndAsOneTooMany(of);
    return false;
  }
  void EndAsOneTooMany(const char* of) {
    this->End(runtime_.readers.ended() ? Failed(Code::kUnavailable, "draining", "the router stops")
                                       : Failed(Code::kResourceExhausted, "too_many_readers",
                                                std::string("too many ") + of));
  }

  // Writes the next message if there is one and none is being written; else waits, once.
  void Pump() {
    std::shared_ptr<const Response> next;
    std::function<void()> wait;
    {
      const std::lock_guard lock(mutex_);
      if (writing_ || this->ending()) return;
      next = TakeNext(&wait);
      writing_ = next != nullptr;
      if (writing_ || waiting_) wait = nullptr;
      if (wait) waiting_ = true;
    }
    if (next) this->Write(std::move(next));
    if (wait) wait();
  }

  // What ends a wait: pumps once more, unless the stream is gone by then.
  std::function<void()> WaitOver() {
    return [weak = this->weak_from_this(), this] {
      const auto self = weak.lock();
      if (!self) return;
      {
        const std::lock_guard lock(mutex_);
        waiting_ = false;
      }
      Pump();
    };
  }

  // With the lock held. Null: nothing to tell; then `wait` may say what is to be called, without
  // the lock, to have WaitOver called later.
  virtual std::shared_ptr<const Response> TakeNext(std::function<void()>* wait) = 0;

  void OnGone() override { runtime_.readers.Remove(this->shared_from_this()); }

  Runtime& runtime_;
  std::mutex mutex_;

 private:
  void OnWritten() final {
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
    }
    Pump();
  }

  bool writing_ = false;
  bool waiting_ = false;
};

}  // namespace routerd::api
