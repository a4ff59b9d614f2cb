#include "load-tests/board.h"

#include <google/protobuf/util/time_util.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

#include <utility>

#include "routerd/v1/operations.grpc.pb.h"

namespace routerd::load {

struct Board::Service {
  std::unique_ptr<v1::OperationsService::Stub> stub;
};

// One call of WatchState; lives until gRPC is done with it.
class Board::Watch final : public grpc::ClientReadReactor<v1::WatchStateResponse> {
 public:
  static std::shared_ptr<Watch> Open(Board* board) {
    std::shared_ptr<Watch> watch(new Watch(board));
    watch->self_ = watch;
    board->service_->stub->async()->WatchState(&watch->context_, &watch->request_, watch.get());
    watch->ReadNext();
    watch->StartCall();
    return watch;
  }

  void Leave() {
    board_ = nullptr;
    context_.TryCancel();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    std::shared_ptr<v1::WatchStateResponse> state = std::move(incoming_);
    inbox_->Post([self = self_, state] {
      if (self->board_ != nullptr) self->board_->Take(*state);
    });
    ReadNext();
  }

  void OnDone(const grpc::Status& status) override {
    (void)status;  // whatever it was, the board tries again
    inbox_->Post([self = std::move(self_)] {
      if (self->board_ != nullptr) self->board_->Lost();
    });
  }

 private:
  explicit Watch(Board* board) : inbox_(board->loop_->inbox()), board_(board) {
    request_.mutable_header()->set_domain(board->domain_);
    request_.set_queues(true);
    request_.set_domain(true);
    *request_.mutable_min_interval() =
        google::protobuf::util::TimeUtil::MillisecondsToDuration(500);
  }

  void ReadNext() {
    incoming_ = std::make_shared<v1::WatchStateResponse>();
    StartRead(incoming_.get());
  }

  std::shared_ptr<Loop::Inbox> inbox_;  // gRPC may be done later than the loop
  Board* board_;                        // loop's thread only; null once it has left
  grpc::ClientContext context_;
  v1::WatchStateRequest request_;
  std::shared_ptr<v1::WatchStateResponse> incoming_;
  std::shared_ptr<Watch> self_;  // until OnDone
};

Board::Board(Loop* loop, std::shared_ptr<grpc::Channel> channel, std::string domain)
    : loop_(loop),
      service_(new Service{v1::OperationsService::NewStub(std::move(channel))}),
      domain_(std::move(domain)),
      backoff_(Random(1, "board")) {}

Board::~Board() {
  loop_->Cancel(retry_);
  if (watch_ != nullptr) watch_->Leave();
}

void Board::Open() { watch_ = Watch::Open(this); }

void Board::Take(const v1::WatchStateResponse& state) {
  if (state.snapshot() && !live_) queues_.clear();
  for (const v1::Queue& queue : state.queues()) queues_[queue.id()] = queue;
  for (const std::string& removed : state.removed_queues()) queues_.erase(removed);
  if (state.has_domain()) domain_state_ = state.domain();
  time_unix_ms_ = google::protobuf::util::TimeUtil::TimestampToMilliseconds(state.time());
  live_ = true;
  backoff_.Reset();
}

void Board::Lost() {
  live_ = false;
  watch_.reset();
  retry_ = loop_->After(backoff_.Next(), [this](Time) { Open(); });
}

}  // namespace routerd::load
