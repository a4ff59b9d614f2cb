#include "routerd/wall/server.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace routerd::wall {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

// A blocking client on a real socket.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(loop_) {
    socket_.connect({asio::ip::make_address("127.0.0.1"), port});
  }
  void Send(const std::string& text) { asio::write(socket_, asio::buffer(text)); }
  http::response<http::string_body> Read(bool head = false) {
    http::response_parser<http::string_body> parser;
    parser.skip(head);
    parser.body_limit(1ULL << 32);
    boost::system::error_code error;
    http::read(socket_, buffer_, parser, error);
    closed_ = static_cast<bool>(error);
    return parser.release();
  }
  http::response<http::string_body> Get(const std::string& target) {
    Send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return Read();
  }
  // Blocks until the server has closed; whatever it still sends is thrown away.
  void WaitForClose() {
    std::vector<char> sink(1 << 16);
    boost::system::error_code error;
    while (!error) socket_.read_some(asio::buffer(sink), error);
  }
  // Blocks, reading nothing, until the server has thrown the connection away.
  void WaitForReset() {
    pollfd hung{socket_.native_handle(), 0, 0};
    EXPECT_EQ(poll(&hung, 1, 60'000), 1);
  }
  [[nodiscard]] bool closed() const { return closed_; }

 private:
  asio::io_context loop_;
  tcp::socket socket_;
  boost::beast::flat_buffer buffer_;
  bool closed_ = false;
};

class ServerTest : public ::testing::Test {
 protected:
  void Start(Limits limits = {}) {
    Pages pages{[this] { return metrics_; },
                [] {
                  return Report{true, "ok\n"};
                },
                [] {
                  return Report{false, "draining\n"};
                }};
    server_ = std::make_unique<Server>(loop_, std::move(pages), limits);
    ASSERT_EQ(server_->Listen("127.0.0.1", 0), "");
    port_ = server_->port();
    thread_ = std::thread([this] { loop_.run(); });
  }
  void TearDown() override {
    if (!thread_.joinable()) return;
    asio::post(loop_, [this] { server_->Stop(); });
    thread_.join();  // the loop ends by itself once nothing is open
    EXPECT_EQ(server_->connections(), 0U);
  }

  asio::io_context loop_;
  std::string metrics_ = "routerd_epoch 1\n";
  std::unique_ptr<Server> server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

TEST_F(ServerTest, ServesRequestAfterRequestOnOneConnection) {
  Start();
  Client client(port_);
  EXPECT_EQ(client.Get("/metrics").body(), metrics_);
  EXPECT_EQ(client.Get("/healthz").result_int(), 200U);
  EXPECT_EQ(client.Get("/readyz").result_int(), 503U);
  EXPECT_EQ(client.Get("/nothing").result_int(), 404U);
  EXPECT_FALSE(client.closed());
}

TEST_F(ServerTest, HeadSaysHowMuchGetWouldBring) {
  Start();
  Client client(port_);
  client.Send("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const auto response = client.Read(true);
  EXPECT_EQ(response.result_int(), 200U);
  EXPECT_EQ(response[http::field::content_length], std::to_string(metrics_.size()));
  EXPECT_EQ(response.body(), "");
  EXPECT_EQ(client.Get("/metrics").body(), metrics_);
}

TEST_F(ServerTest, OneAskedToCloseIsClosed) {
  Start();
  Client client(port_);
  client.Send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.Read().result_int(), 200U);
  client.WaitForClose();
}

TEST_F(ServerTest, PostIsRefused) {
  Start();
  Client client(port_);
  client.Send("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(client.Read().result_int(), 405U);
}

TEST_F(ServerTest, BodiesAreRefused) {
  Start();
  Client client(port_);
  client.Send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(client.Read().result_int(), 413U);
}

TEST_F(ServerTest, NonsenseIsABadRequest) {
  Start();
  Client client(port_);
  client.Send("\x16\x03\x01 this is TLS\r\n\r\n");
  EXPECT_EQ(client.Read().result_int(), 400U);
  client.WaitForClose();
}

TEST_F(ServerTest, HeadersAreLimited) {
  Start();
  Client client(port_);
  client.Send("GET / HTTP/1.1\r\nX: " + std::string(9'000, 'x') + "\r\n\r\n");
  EXPECT_EQ(client.Read().result_int(), 431U);
}

TEST_F(ServerTest, BeyondTheLimitConnectionsAreTurnedAwayAndLaterServed) {
  Limits limits;
  limits.connections = 2;
  Start(limits);
  auto first = std::make_unique<Client>(port_);
  Client second(port_);
  EXPECT_EQ(first->Get("/healthz").result_int(), 200U);
  EXPECT_EQ(second.Get("/healthz").result_int(), 200U);
  Client third(port_);
  const auto refused = third.Get("/healthz");
  EXPECT_EQ(refused.result_int(), 503U);
  EXPECT_EQ(refused.body(), "too many connections\n");
  third.WaitForClose();
  first->Send("GET / HTTP/1.0\r\n\r\n");
  (void)first->Read();
  first->WaitForClose();
  // The server may take a moment to see that its side is done; until then it refuses politely.
  unsigned status = 503;
  while (status == 503) status = Client(port_).Get("/healthz").result_int();
  EXPECT_EQ(status, 200U);
}

TEST_F(ServerTest, AnIdleConnectionIsClosed) {
  Limits limits;
  limits.read_ms = 20;
  Start(limits);
  Client silent(port_);
  silent.WaitForClose();
  Client halfway(port_);
  halfway.Send("GET /met");
  halfway.WaitForClose();
}

TEST_F(ServerTest, HungScrapersHurtNobodyAndAreClosed) {
  metrics_.assign(16 << 20, 'x');  // more than the sockets' buffers take
  Limits limits;
  limits.write_ms = 2'000;
  Start(limits);
  std::vector<std::unique_ptr<Client>> hung;
  for (int i = 0; i < 10; ++i) {
    hung.push_back(std::make_unique<Client>(port_));
    hung.back()->Send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  Client good(port_);
  EXPECT_EQ(good.Get("/healthz").result_int(), 200U);
  EXPECT_EQ(good.Get("/metrics").body().size(), metrics_.size());
  for (const auto& client : hung) client->WaitForReset();
}

TEST_F(ServerTest, AHundredScrapersAreServed) {
  Start();
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<Client>(port_));
    clients.back()->Send("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  }
  for (const auto& client : clients) EXPECT_EQ(client->Read().body(), metrics_);
}

TEST_F(ServerTest, AnAddressInUseIsToldWithItsReason) {
  Start();
  asio::io_context other_loop;
  Server other(other_loop, {});
  const std::string problem = other.Listen("127.0.0.1", port_);
  EXPECT_NE(problem.find("in use"), std::string::npos) << problem;
  EXPECT_NE(Server(other_loop, {}).Listen("no address", 0), "");
}

}  // namespace
}  // namespace routerd::wall
