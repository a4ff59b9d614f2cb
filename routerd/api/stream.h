// A gRPC stream that several threads may write to, read on and end: it keeps the order of
// operations that gRPC asks for, and lives until both gRPC and everybody else has let go of it.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <memory>
#include <mutex>
#include <utility>

#include "routerd/api/grpc_status.h"
#include "routerd/api/link.h"

namespace routerd::api {

// Base: grpc::ServerBidiReactor<In, Out> or grpc::ServerWriteReactor<Out>. One write is in flight
// at a time (the owner's duty). Operations are started without a lock, since their completion may
// run at once on the same thread; `issuing_` keeps Finish from overtaking one that is about to
// start.
template <typename Base, typename Out>
class Stream : public Base,
               public Link<Out>,
               public std::enable_shared_from_this<Stream<Base, Out>> {
 public:
  explicit Stream(grpc::CallbackServerContext* context) : context_(context) {}

  void Write(std::shared_ptr<const Out> message) final {
    {
      const std::lock_guard lock(mutex_);
      if (ending_) return;
      out_ = std::move(message);
      ++issuing_;
    }
    this->StartWrite(out_.get());
    Issued();
  }

  void End(const engine::Answer& why) final {
    {
      const std::lock_guard lock(mutex_);
      if (ending_) return;
      ending_ = true;
      status_ = ToGrpc(why, context_);
    }
    OnEnding();
    MaybeFinish();
  }

  void Cut() final {
    if (!Begin()) return;
    context_->TryCancel();
    Issued();
  }

  [[nodiscard]] bool ending() const {
    const std::lock_guard lock(mutex_);
    return ending_;
  }

  // ---- gRPC's reactions ------------------------------------------------------------------------

  void OnWriteDone(bool ok) final {
    {
      const std::lock_guard lock(mutex_);
      out_.reset();
    }
    if (!ok) End({});
    if (ending()) return MaybeFinish();
    OnWritten();
  }
  void OnCancel() final { End({}); }
  void OnDone() final {
    const auto self = std::exchange(self_, nullptr);
    OnGone();
  }

 protected:
  // Keeps the stream until gRPC is done with it. Before anything else.
  void Own() { self_ = this->shared_from_this(); }

  // Between Begin (if true) and Issued an operation may be started or the context be used.
  [[nodiscard]] bool Begin() {
    const std::lock_guard lock(mutex_);
    if (finished_) return false;
    ++issuing_;
    return true;
  }
  void Issued() {
    {
      const std::lock_guard lock(mutex_);
      --issuing_;
    }
    MaybeFinish();
  }

  virtual void OnWritten() = 0;  // the next may be written
  virtual void OnEnding() {}     // once, when the end is decided
  virtual void OnGone() {}       // gRPC has let go

 private:
  void MaybeFinish() {
    {
      const std::lock_guard lock(mutex_);
      if (!ending_ || finished_ || issuing_ != 0 || out_ != nullptr) return;
      finished_ = true;
    }
    this->Finish(status_);
  }

  grpc::CallbackServerContext* const context_;
  std::shared_ptr<Stream> self_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Out> out_;  // in flight
  grpc::Status status_;
  int issuing_ = 0;
  bool ending_ = false;
  bool finished_ = false;
};

}  // namespace routerd::api
