#include "routerd/publish/redis_connection.h"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

namespace routerd::publish {

namespace asio = boost::asio;

// Tells hiredis when its socket can be read or written. hiredis owns the socket and may free its
// context inside any call into it; `context_` is null from then on.
class RedisConnection::Descriptor : public std::enable_shared_from_this<Descriptor> {
 public:
  Descriptor(asio::io_context& loop, redisAsyncContext* context)
      : context_(context), socket_(loop, context->c.fd) {}

  void Hook() {
    context_->ev.data = this;
    context_->ev.addRead = [](void* self) { static_cast<Descriptor*>(self)->Want(true, true); };
    context_->ev.delRead = [](void* self) { static_cast<Descriptor*>(self)->Want(true, false); };
    context_->ev.addWrite = [](void* self) { static_cast<Descriptor*>(self)->Want(false, true); };
    context_->ev.delWrite = [](void* self) { static_cast<Descriptor*>(self)->Want(false, false); };
    context_->ev.cleanup = [](void* self) { static_cast<Descriptor*>(self)->Release(); };
  }

 private:
  struct Direction {
    bool wanted = false;
    bool armed = false;
  };

  void Want(bool read, bool wanted) {
    (read ? read_ : write_).wanted = wanted;
    if (wanted) Arm(read);
  }

  void Arm(bool read) {
    Direction& direction = read ? read_ : write_;
    if (direction.armed || context_ == nullptr) return;
    direction.armed = true;
    socket_.async_wait(read ? asio::posix::stream_descriptor::wait_read
                            : asio::posix::stream_descriptor::wait_write,
                       [self = shared_from_this(), read](boost::system::error_code error) {
                         self->OnReady(read, error == asio::error::operation_aborted);
                       });
  }

  void OnReady(bool read, bool aborted) {
    Direction& direction = read ? read_ : write_;
    direction.armed = false;
    if (context_ == nullptr || aborted || !direction.wanted) return;
    if (read) {
      redisAsyncHandleRead(context_);
    } else {
      redisAsyncHandleWrite(context_);
    }
    if (direction.wanted) Arm(read);
  }

  void Release() {
    context_ = nullptr;
    read_.wanted = write_.wanted = false;
    socket_.release();  // hiredis closes it
  }

  redisAsyncContext* context_;
  asio::posix::stream_descriptor socket_;
  Direction read_;
  Direction write_;
};

std::shared_ptr<RedisConnection> RedisConnection::Create(asio::io_context& loop, Timeouts timeouts,
                                                         Handlers handlers) {
  return std::shared_ptr<RedisConnection>(new RedisConnection(loop, timeouts, std::move(handlers)));
}

RedisConnection::RedisConnection(asio::io_context& loop, Timeouts timeouts, Handlers handlers)
    : loop_(loop),
      timeouts_(timeouts),
      handlers_(std::move(handlers)),
      watchdog_(loop),
      resolver_(loop) {}

RedisConnection::~RedisConnection() {
  handlers_ = {};
  Close("released");
}

void RedisConnection::Open(const RedisAddress& address, std::uint64_t attempt) {
  Watchdog(timeouts_.connect_ms,
           "no connection within " + std::to_string(timeouts_.connect_ms) + " ms");
  if (!address.path.empty()) {
    Attach(redisAsyncConnectUnix(address.path.c_str()));
    return;
  }
  boost::system::error_code not_numeric;
  asio::ip::make_address(address.host, not_numeric);
  if (not_numeric) {
    Resolve(address, attempt);
  } else {
    Attach(redisAsyncConnect(address.host.c_str(), address.port));
  }
}

// hiredis would look a name up on our thread and stop the loop for as long as that takes.
void RedisConnection::Resolve(const RedisAddress& address, std::uint64_t attempt) {
  resolver_.async_resolve(
      address.host, std::to_string(address.port),
      [weak = weak_from_this(), attempt](boost::system::error_code error,
                                         const asio::ip::tcp::resolver::results_type& found) {
        const auto self = weak.lock();
        if (!self || self->closed_) return;
        if (error || found.empty()) {
          self->Close("host name: " + error.message());
          return;
        }
        auto one = found.begin();
        std::advance(one, static_cast<std::ptrdiff_t>(attempt % found.size()));
        const asio::ip::tcp::endpoint endpoint = *one;
        self->Attach(redisAsyncConnect(endpoint.address().to_string().c_str(), endpoint.port()));
      });
}

void RedisConnection::Attach(redisAsyncContext* context) {
  if (context == nullptr) {
    Close("out of memory");
    return;
  }
  context_ = context;
  if (context->err != 0) {
    Close(context->errstr);
    return;
  }
  context->data = this;
  descriptor_ = std::make_shared<Descriptor>(loop_, context);
  descriptor_->Hook();
  redisAsyncSetDisconnectCallback(context, [](const redisAsyncContext* c, int /*status*/) {
    auto* self = static_cast<RedisConnection*>(c->data);
    if (self != nullptr) self->OnGone(c->c.err == 0 ? "closed" : c->c.errstr);
  });
  // Asks for the first write event, so it comes after the hooks.
  redisAsyncSetConnectCallback(context, [](const redisAsyncContext* c, int status) {
    auto* self = static_cast<RedisConnection*>(c->data);
    if (self == nullptr) return;
    if (status == REDIS_OK) {
      self->OnConnect();
    } else {
      self->OnGone(c->c.err == 0 ? "cannot connect" : c->c.errstr);
    }
  });
}

void RedisConnection::OnGone(const char* reason) {
  if (redisAsyncContext* context = std::exchange(context_, nullptr)) context->data = nullptr;
  Close(reason);
}

void RedisConnection::OnConnect() {
  StopWatchdog();
  if (handlers_.connected) handlers_.connected();
}

void RedisConnection::Send(std::string_view command) {
  if (closed_ || context_ == nullptr) return;
  const int result = redisAsyncFormattedCommand(
      context_,
      [](redisAsyncContext* c, void* reply, void*) {
        auto* self = static_cast<RedisConnection*>(c->data);
        if (self != nullptr) self->OnReply(static_cast<const redisReply*>(reply));
      },
      nullptr, command.data(), command.size());
  if (result != REDIS_OK) return;  // it is on its way down, `closed` follows
  sizes_.push_back(command.size());
  unanswered_bytes_ += command.size();
  if (sizes_.size() == 1) {
    Watchdog(timeouts_.answer_ms, "no answer for " + std::to_string(timeouts_.answer_ms) + " ms");
  }
}

void RedisConnection::OnReply(const redisReply* reply) {
  if (reply == nullptr || closed_ || sizes_.empty()) return;  // the connection is going
  progress_ = true;
  unanswered_bytes_ -= sizes_.front();
  sizes_.pop_front();
  if (sizes_.empty()) StopWatchdog();
  const auto keep = shared_from_this();
  if (handlers_.replied) handlers_.replied(*reply);
}

void RedisConnection::Watchdog(std::int64_t ms, std::string reason) {
  progress_ = false;
  Watch(ms / 2, false, std::move(reason));
}

// Two looks in a row without progress: after our own process has slept, the timer comes before the
// answers that lie ready, and the first look must not count.
void RedisConnection::Watch(std::int64_t half_ms, bool warned, std::string reason) {
  watchdog_.expires_after(std::chrono::milliseconds(half_ms));
  watchdog_.async_wait([weak = weak_from_this(), half_ms, warned, watch = ++watch_,
                        reason = std::move(reason)](boost::system::error_code error) mutable {
    const auto self = weak.lock();
    if (error || !self || self->closed_ || self->watch_ != watch) return;
    const bool progress = std::exchange(self->progress_, false);
    if (!progress && warned) {
      self->Close(std::move(reason));
    } else {
      self->Watch(half_ms, !progress, std::move(reason));
    }
  });
}

void RedisConnection::StopWatchdog() {
  ++watch_;
  watchdog_.cancel();
}

void RedisConnection::Close(std::string reason) {
  if (std::exchange(closed_, true)) return;
  StopWatchdog();
  resolver_.cancel();
  // Posted, so that the owner may let go of us in its handler while hiredis is still in a call.
  if (handlers_.closed) {
    asio::post(loop_, [closed = handlers_.closed, reason = std::move(reason)] { closed(reason); });
  }
  if (redisAsyncContext* context = std::exchange(context_, nullptr)) {
    context->data = nullptr;
    redisAsyncFree(context);  // at once, or when the callback that we are in has returned
  }
}

}  // namespace routerd::publish
