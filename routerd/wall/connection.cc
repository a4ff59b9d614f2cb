#include "routerd/wall/connection.h"

#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <string>
#include <utility>

namespace routerd::wall {

namespace beast = boost::beast;
namespace http = boost::beast::http;

Connection::Connection(std::shared_ptr<Server::Shared> server, boost::asio::ip::tcp::socket socket,
                       bool refuse)
    : server_(std::move(server)),
      refuse_(refuse),
      stream_(std::move(socket)),
      buffer_(server_->limits.header_bytes + 1024) {
  server_->open.insert(this);
  if (refuse_) ++server_->refusing;
}

Connection::~Connection() {
  server_->open.erase(this);
  if (refuse_) --server_->refusing;
}

void Connection::Read() {
  parser_.emplace();
  parser_->header_limit(server_->limits.header_bytes);
  parser_->body_limit(0);
  stream_.expires_after(std::chrono::milliseconds(server_->limits.read_ms));
  http::async_read(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](beast::error_code error, std::size_t) { self->OnRead(error); });
}

void Connection::OnRead(beast::error_code error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    Write(Response(http::status::request_header_fields_too_large, 11), false, false);
    return;
  }
  if (error == http::error::body_limit || error == http::error::unexpected_body) {
    Write(Response(http::status::payload_too_large, 11), false, false);
    return;
  }
  // A request that is no HTTP gets an answer; a peer that went or was too slow gets none.
  if (error && error.category() == make_error_code(http::error::bad_method).category() &&
      error != http::error::end_of_stream && error != http::error::partial_message) {
    Write(Response(http::status::bad_request, 11), false, false);
    return;
  }
  if (error) {
    Close();
    return;
  }
  const Request& request = parser_->get();
  const bool head = request.method() == http::verb::head;
  if (refuse_) {
    Write(TooMany(), head, false);
    return;
  }
  Write(Answer(server_->pages, request), head, request.keep_alive());
}

void Connection::Write(Response response, bool head, bool keep_alive) {
  response.keep_alive(keep_alive);
  response.content_length(response.body().size());
  response_.emplace(std::move(response));
  serializer_.emplace(*response_);
  // When the time is up the stream closes by itself; what the peer has not read by then would stay
  // in the kernel, so it is thrown away.
  ThrowAway(true);
  stream_.expires_after(std::chrono::milliseconds(server_->limits.write_ms));
  auto done = [self = shared_from_this(), keep_alive](beast::error_code error, std::size_t) {
    self->OnWritten(error, keep_alive);
  };
  if (head) {
    http::async_write_header(stream_, *serializer_, std::move(done));
  } else {
    http::async_write(stream_, *serializer_, std::move(done));
  }
}

void Connection::OnWritten(beast::error_code error, bool keep_alive) {
  serializer_.reset();
  response_.reset();
  ThrowAway(false);
  if (error || !keep_alive) {
    Close();
    return;
  }
  Read();
}

void Connection::ThrowAway(bool on) {
  beast::error_code ignored;
  stream_.socket().set_option(boost::asio::socket_base::linger(on, 0), ignored);
}

void Connection::Close() {
  beast::error_code ignored;
  stream_.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
}

}  // namespace routerd::wall
