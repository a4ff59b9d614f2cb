#include "routerd/daemon/endpoint.h"

#include <gtest/gtest.h>

namespace routerd::daemon {
namespace {

TEST(Endpoint, IsReadAndWrittenInItsThreeForms) {
  for (const char* text :
       {"127.0.0.1:7770", "[::1]:0", "redis.example.com:6379", "unix:/run/r.sock"}) {
    const auto endpoint = ParseEndpoint(text);
    ASSERT_TRUE(endpoint.ok()) << text;
    EXPECT_EQ(endpoint.value().ToText(), text);
  }
}

TEST(Endpoint, TakesAnAbsolutePathForAUnixSocket) {
  EXPECT_EQ(ParseEndpoint("/run/r.sock").value().unix_path, "/run/r.sock");
}

TEST(Endpoint, RefusesWhatIsNone) {
  for (const char* text :
       {"", "7770", "localhost", "localhost:", "localhost:port", "localhost:65536", "localhost:-1",
        ":7770", "a b:1", "::1:7770", "[::1:7770", "[host]:7770", "unix:", "unix:relative",
        "http://host:80"}) {
    EXPECT_FALSE(ParseEndpoint(text).ok()) << text;
  }
  EXPECT_FALSE(ParseEndpoint("/" + std::string(200, 'x')).ok());
}

TEST(Endpoint, IsLocalWhenOnlyThisMachineReachesIt) {
  for (const char* text : {"127.0.0.1:1", "127.8.8.8:1", "localhost:1", "[::1]:1", "unix:/s"}) {
    EXPECT_TRUE(ParseEndpoint(text).value().IsLocal()) << text;
  }
  // A name that begins like a local address may lead anywhere.
  for (const char* text : {"0.0.0.0:1", "10.0.0.1:1", "[::]:1", "127.0.0.1.example.com:1",
                           "localhost.example.com:1", "[::ffff:10.0.0.1]:1"}) {
    EXPECT_FALSE(ParseEndpoint(text).value().IsLocal()) << text;
  }
}

}  // namespace
}  // namespace routerd::daemon
