// One connection to Redis: hiredis' asynchronous API on the Asio loop.
#pragma once

#include <hiredis/async.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace routerd::publish {

// Host and port, or the path of a Unix socket.
struct RedisAddress {
  std::string path;  // not empty: a Unix socket
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;
};

// All on the loop's thread. Lives until it has closed; then it is of no more use.
class RedisConnection : public std::enable_shared_from_this<RedisConnection> {
 public:
  struct Handlers {
    std::function<void()> connected;
    // One for each command sent, in order. Must not keep the reply.
    std::function<void(const redisReply&)> replied;
    // Once, as the last call, from the loop: why the connection is over.
    std::function<void(std::string)> closed;
  };
  struct Timeouts {
    std::int64_t connect_ms = 2'000;
    std::int64_t answer_ms = 15'000;  // with commands open and no answer for so long, it is dead
  };

  static std::shared_ptr<RedisConnection> Create(boost::asio::io_context& loop, Timeouts timeouts,
                                                 Handlers handlers);
  ~RedisConnection();
  RedisConnection(const RedisConnection&) = delete;
  RedisConnection& operator=(const RedisConnection&) = delete;

  // `attempt` counts up from one try to the next: of a name with several addresses each gets a
  // turn.
  void Open(const RedisAddress& address, std::uint64_t attempt);
  // An encoded command. Ignored once closed.
  void Send(std::string_view command);
  // Ends the connection; `closed` follows with this reason. Open commands get no reply.
  void Close(std::string reason);

  [[nodiscard]] std::size_t unanswered() const { return sizes_.size(); }
  [[nodiscard]] std::size_t unanswered_bytes() const { return unanswered_bytes_; }

 private:
  class Descriptor;

  RedisConnection(boost::asio::io_context& loop, Timeouts timeouts, Handlers handlers);
  void Resolve(const RedisAddress& address, std::uint64_t attempt);
  void Attach(redisAsyncContext* context);
  void OnConnect();
  // hiredis ends the context by itself.
  void OnGone(const char* reason);
  void OnReply(const redisReply* reply);
  // Closes unless there is progress within `ms`.
  void Watchdog(std::int64_t ms, std::string reason);
  void Watch(std::int64_t half_ms, bool warned, std::string reason);
  void StopWatchdog();

  boost::asio::io_context& loop_;
  const Timeouts timeouts_;
  Handlers handlers_;
  boost::asio::steady_timer watchdog_;
  boost::asio::ip::tcp::resolver resolver_;
  redisAsyncContext* context_ = nullptr;  // hiredis frees it
  std::shared_ptr<Descriptor> descriptor_;
  std::deque<std::size_t> sizes_;  // of the commands without answer
  std::size_t unanswered_bytes_ = 0;
  std::uint64_t watch_ = 0;  // which watchdog counts; one that has just fired may come too late
  bool progress_ = false;    // since the watchdog looked last
  bool closed_ = false;
};

}  // namespace routerd::publish
