// Which request gets which answer. No sockets: a request in, an answer out.
#pragma once

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "routerd/wall/server.h"

namespace routerd::wall {

using Request = boost::beast::http::request<boost::beast::http::empty_body>;
using Response = boost::beast::http::response<boost::beast::http::string_body>;

// To HEAD the same as to GET; the connection leaves the body away.
[[nodiscard]] Response Answer(const Pages& pages, const Request& request);
// To a connection beyond the limit.
[[nodiscard]] Response TooMany();

}  // namespace routerd::wall
