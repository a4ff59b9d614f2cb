#include "routerd/daemon/endpoint.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <charconv>
#include <cstddef>
#include <optional>

namespace routerd::daemon {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::size_t kMaxUnixPath = sizeof(sockaddr_un{}.sun_path) - 1;

std::optional<std::uint16_t> ParsePort(std::string_view text) {
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || stop != end) return std::nullopt;
  return port;
}

Status Invalid(std::string message) { return {Code::kInvalidArgument, std::move(message)}; }

Result<Endpoint> ParseUnix(std::string_view path) {
  if (!path.starts_with('/')) {
    return Invalid("the path of a Unix socket is absolute: unix:/run/routerd/grpc.sock");
  }
  if (path.size() > kMaxUnixPath) {
    return Invalid("the path of a Unix socket has at most " + std::to_string(kMaxUnixPath) +
                   " bytes");
  }
  Endpoint out;
  out.unix_path = path;
  return out;
}

bool IsIpv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool IsHostName(std::string_view host) {
  constexpr std::string_view kAllowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
  return !host.empty() && host.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace

Result<Endpoint> ParseEndpoint(std::string_view text) {
  if (text.starts_with('/')) return ParseUnix(text);
  if (text.starts_with(kUnix)) return ParseUnix(text.substr(kUnix.size()));
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return Invalid("an address is HOST:PORT, [IPV6]:PORT or unix:/PATH");
  }
  const auto port = ParsePort(text.substr(colon + 1));
  if (!port) return Invalid("after the last ':' stands a port, 0..65535");
  Endpoint out;
  out.host = text.substr(0, colon);
  out.port = *port;
  if (out.host.starts_with('[') && out.host.ends_with(']')) {
    out.host = out.host.substr(1, out.host.size() - 2);
    if (!IsIpv6(out.host)) return Invalid("between '[' and ']' stands an IPv6 address");
  } else if (!IsHostName(out.host)) {
    return Invalid("before the ':' stands an IPv4 address, a host name, or an IPv6 address in []");
  }
  return out;
}

std::string Endpoint::ToText() const {
  if (!unix_path.empty()) return std::string(kUnix) + unix_path;
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool Endpoint::IsNumeric() const {
  in_addr v4{};
  return IsIpv6(host) || inet_pton(AF_INET, host.c_str(), &v4) == 1;
}

bool Endpoint::IsLocal() const {
  if (!unix_path.empty() || host == "localhost") return true;
  in_addr v4{};
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

}  // namespace routerd::daemon
