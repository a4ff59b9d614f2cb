// One connection of a session: a bidirectional gRPC stream whose reactions only post to the loop.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "load-tests/api.h"
#include "load-tests/loop.h"

namespace routerd::load {

// Lives until gRPC is done with it; whoever opened it may let it go earlier. Everything but the
// reactions is called on the loop's thread.
template <class Api>
class Stream final : public grpc::ClientBidiReactor<typename Api::Request, typename Api::Response>,
                     public std::enable_shared_from_this<Stream<Api>> {
 public:
  using Request = typename Api::Request;
  using Response = typename Api::Response;

  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void OnFrame(const Response& frame, Time received) = 0;
    virtual void OnWritten() = 0;  // the last frame is out; the next may come
    virtual void OnClosed(const grpc::Status& status, const v1::ErrorDetail& detail) = 0;
  };

  // stub, loop and listener outlive the stream or its Detach.
  static std::shared_ptr<Stream> Open(typename Api::Service::Stub* stub, Loop* loop,
                                      Listener* listener) {
    std::shared_ptr<Stream> stream(new Stream(loop, listener));
    stream->self_ = stream;
    Api::Open(stub, &stream->context_, stream.get());
    stream->AddHold();  // writes come from outside the reactions
    stream->ReadNext();
    stream->StartCall();
    return stream;
  }

  // One at a time: not before OnWritten of the one before.
  void Write(Request frame) {
    if (!held_) return;  // the stream is ending, OnClosed is on its way
    frame_ = std::move(frame);
    this->StartWrite(&frame_);
  }

  // Nothing more will be written; the router ends the stream.
  void HalfClose() {
    if (!held_) return;
    this->StartWritesDone();
    Release();
  }

  void Cancel() { context_.TryCancel(); }

  // The listener hears nothing more.
  void Detach() { listener_ = nullptr; }

  void OnReadDone(bool ok) override {
    if (!ok) return PostRelease();
    std::shared_ptr<Response> frame = std::move(incoming_);
    loop_->Post([self = self_, frame, received = Clock::now()] {
      if (self->listener_ != nullptr) self->listener_->OnFrame(*frame, received);
    });
    ReadNext();
  }

  void OnWriteDone(bool ok) override {
    if (!ok) return PostRelease();
    loop_->Post([self = self_] {
      if (self->listener_ != nullptr) self->listener_->OnWritten();
    });
  }

  void OnDone(const grpc::Status& status) override {
    v1::ErrorDetail detail;
    const auto& trailers = context_.GetServerTrailingMetadata();
    if (const auto found = trailers.find("routerd-error-bin"); found != trailers.end()) {
      detail.ParseFromArray(found->second.data(), static_cast<int>(found->second.size()));
    }
    loop_->Post([self = std::move(self_), status, detail] {
      if (self->listener_ != nullptr) self->listener_->OnClosed(status, detail);
    });
  }

 private:
  Stream(Loop* loop, Listener* listener) : loop_(loop), listener_(listener) {}

  void ReadNext() {
    incoming_ = std::make_shared<Response>();
    this->StartRead(incoming_.get());
  }

  void PostRelease() {
    loop_->Post([self = self_] { self->Release(); });
  }

  // Lets gRPC end the call; only the loop writes, so only the loop knows that it will not any more.
  void Release() {
    if (std::exchange(held_, false)) this->RemoveHold();
  }

  Loop* loop_;
  Listener* listener_;  // loop's thread only
  grpc::ClientContext context_;
  std::shared_ptr<Response> incoming_;
  Request frame_;                 // as long as it is being written
  bool held_ = true;              // loop's thread only
  std::shared_ptr<Stream> self_;  // until OnDone
};

}  // namespace routerd::load
