// Where to listen or to connect: `HOST:PORT`, `[IPV6]:PORT`, or the path of a Unix socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "routerd/base/status.h"

namespace routerd::daemon {

struct Endpoint {
  std::string host;        // without brackets; empty for a Unix socket
  std::uint16_t port = 0;  // 0 to listen on: any free one
  std::string unix_path;   // absolute; empty for a port
  friend bool operator==(const Endpoint&, const Endpoint&) = default;

  // As it is written: `127.0.0.1:7770`, `[::1]:7770`, `unix:/run/routerd/grpc.sock`.
  [[nodiscard]] std::string ToText() const;
  // Whether only this machine reaches it: 127.0.0.0/8, ::1, `localhost`, a Unix socket.
  [[nodiscard]] bool IsLocal() const;
  // Whether the host is an IP address and no name.
  [[nodiscard]] bool IsNumeric() const;
};

// Takes also `/path` for `unix:/path`. kInvalidArgument says what is wrong and what would be right.
Result<Endpoint> ParseEndpoint(std::string_view text);

}  // namespace routerd::daemon
