// One HTTP connection: reads a request, writes its answer, and again while it is kept alive.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/serializer.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>

#include "routerd/wall/pages.h"
#include "routerd/wall/server.h"

namespace routerd::wall {

class Connection;

struct Server::Shared {
  boost::asio::io_context& loop;
  Pages pages;
  Limits limits;
  std::set<Connection*> open;
  std::size_t refusing = 0;  // of those open
  bool stopped = false;      // the server may be gone
};

// On the loop's thread. Keeps itself alive while it waits for something, which is never for ever.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `refuse`: answer 503 to the first request and close.
  Connection(std::shared_ptr<Server::Shared> server, boost::asio::ip::tcp::socket socket,
             bool refuse);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void Read();
  void Close();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::empty_body>;
  using Serializer = boost::beast::http::response_serializer<boost::beast::http::string_body>;

  void OnRead(boost::beast::error_code error);
  void Write(Response response, bool head, bool keep_alive);
  // Whether a close throws away what the peer has not read.
  void ThrowAway(bool on);
  void OnWritten(boost::beast::error_code error, bool keep_alive);

  const std::shared_ptr<Server::Shared> server_;
  const bool refuse_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::optional<Response> response_;
  std::optional<Serializer> serializer_;
};

}  // namespace routerd::wall
