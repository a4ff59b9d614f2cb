// The router's HTTP port: /metrics, /healthz, /readyz. Reads only; nothing can be changed over it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace routerd::wall {

// Limits of the port. A connection that does not keep to the times is closed.
struct Limits {
  std::size_t connections = 128;  // served at a time; those beyond are answered 503
  std::size_t refusals = 32;      // being answered 503; those beyond are closed unanswered
  std::uint32_t header_bytes = 8 * 1024;
  std::int64_t read_ms = 30'000;   // for a whole request, idleness before it included
  std::int64_t write_ms = 10'000;  // for a whole answer to be taken
};

// What a health page says: 200 or 503, and a line for each thing looked at.
struct Report {
  bool ok = false;
  std::string text;
};

// Called on the loop's thread for each request; must be quick and must not wait.
struct Pages {
  std::function<std::string()> metrics;  // Prometheus' text format, version 0.0.4
  std::function<Report()> healthz;       // the process is alive and gets on
  std::function<Report()> readyz;        // it serves: send it work
};

// All on the loop's thread. Connections live on by themselves until they end or the server stops.
class Server {
 public:
  Server(boost::asio::io_context& loop, Pages pages, Limits limits = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Listens on `address` (numeric) and `port`, 0 = any free one. Returns what is wrong; empty:
  // nothing.
  [[nodiscard]] std::string Listen(const std::string& address, std::uint16_t port);
  // Stops listening and closes every connection.
  void Stop();

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const;

 private:
  struct Shared;  // what connections need of the server

  void Accept();
  void Take(boost::asio::ip::tcp::socket socket);

  std::shared_ptr<Shared> shared_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer accept_again_;

  friend class Connection;
};

}  // namespace routerd::wall
