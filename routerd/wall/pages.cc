#include "routerd/wall/pages.h"

#include <string>
#include <string_view>
#include <utility>

namespace routerd::wall {

namespace http = boost::beast::http;

namespace {

constexpr std::string_view kIndex =
    "routerd\n"
    "\n"
    "/metrics  figures for Prometheus\n"
    "/healthz  whether the process is alive and gets on\n"
    "/readyz   whether it takes work, and if not, why\n";

Response Text(http::status status, std::string body,
              std::string_view type = "text/plain; charset=utf-8") {
  Response response(status, 11);
  response.set(http::field::server, "routerd");
  response.set(http::field::content_type, boost::beast::string_view(type.data(), type.size()));
  response.set(http::field::cache_control, "no-store");
  response.set("X-Content-Type-Options", "nosniff");
  response.body() = std::move(body);
  return response;
}

Response Health(const std::function<Report()>& page) {
  Report report = page();
  return Text(report.ok ? http::status::ok : http::status::service_unavailable,
              std::move(report.text));
}

}  // namespace

Response Answer(const Pages& pages, const Request& request) {
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    Response response = Text(http::status::method_not_allowed, "GET and HEAD only\n");
    response.set(http::field::allow, "GET, HEAD");
    return response;
  }
  const std::string_view target(request.target().data(), request.target().size());
  const std::string_view path = target.substr(0, target.find('?'));
  if (path == "/metrics") {
    return Text(http::status::ok, pages.metrics(), "text/plain; version=0.0.4; charset=utf-8");
  }
  if (path == "/healthz") return Health(pages.healthz);
  if (path == "/readyz") return Health(pages.readyz);
  if (path == "/") return Text(http::status::ok, std::string(kIndex));
  return Text(http::status::not_found, "no such page; / lists them\n");
}

Response TooMany() {
  Response response = Text(http::status::service_unavailable, "too many connections\n");
  response.set(http::field::retry_after, "1");
  return response;
}

}  // namespace routerd::wall
