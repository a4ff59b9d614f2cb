#include "routerd/wall/server.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <utility>
#include <vector>

#include "routerd/wall/connection.h"

namespace routerd::wall {

namespace asio = boost::asio;
using asio::ip::tcp;

Server::Server(asio::io_context& loop, Pages pages, Limits limits)
    : shared_(std::make_shared<Shared>(Shared{loop, std::move(pages), limits, {}, 0, false})),
      acceptor_(loop),
      accept_again_(loop) {}

Server::~Server() { Stop(); }

std::string Server::Listen(const std::string& address, std::uint16_t port) {
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(address, error);
  if (error) return address + ": not an IP address";
  const tcp::endpoint endpoint(ip, port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return address + ":" + std::to_string(port) + ": " + error.message();
  Accept();
  return {};
}

void Server::Stop() {
  shared_->stopped = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  accept_again_.cancel();
  const std::vector<Connection*> open(shared_->open.begin(), shared_->open.end());
  for (Connection* connection : open) connection->Close();
}

std::uint16_t Server::port() const {
  boost::system::error_code ignored;
  return acceptor_.local_endpoint(ignored).port();
}

std::size_t Server::connections() const { return shared_->open.size(); }

void Server::Accept() {
  acceptor_.async_accept(
      [this, shared = shared_](boost::system::error_code error, tcp::socket socket) {
        if (shared->stopped) return;
        if (error) {
          // Out of descriptors, most likely: the connection stays in the backlog, so trying at once
          // would only turn in circles.
          spdlog::warn("http: accept: {}", error.message());
          accept_again_.expires_after(std::chrono::milliseconds(100));
          accept_again_.async_wait([this, shared](boost::system::error_code /*cancelled*/) {
            if (!shared->stopped) Accept();
          });
          return;
        }
        Take(std::move(socket));
        Accept();
      });
}

void Server::Take(tcp::socket socket) {
  const std::size_t served = shared_->open.size() - shared_->refusing;
  const bool refuse = served >= shared_->limits.connections;
  if (refuse && shared_->refusing >= shared_->limits.refusals) return;  // closes it
  std::make_shared<Connection>(shared_, std::move(socket), refuse)->Read();
}

}  // namespace routerd::wall
