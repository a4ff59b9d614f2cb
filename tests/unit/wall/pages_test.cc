#include "routerd/wall/pages.h"

#include <gtest/gtest.h>

#include <string>

namespace routerd::wall {
namespace {

namespace http = boost::beast::http;

class PagesTest : public ::testing::Test {
 protected:
  Response Get(const std::string& target, http::verb verb = http::verb::get) {
    return Answer(pages_, Request(verb, target, 11));
  }

  Report health_{true, "writer: advancing\n"};
  Report ready_{false, "draining\n"};
  Pages pages_{[] { return "routerd_epoch 1\n"; }, [this] { return health_; },
               [this] { return ready_; }};
};

TEST_F(PagesTest, MetricsAreInPrometheusTextFormat) {
  const Response response = Get("/metrics");
  EXPECT_EQ(response.result(), http::status::ok);
  EXPECT_EQ(response[http::field::content_type], "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(response.body(), "routerd_epoch 1\n");
}

TEST_F(PagesTest, HealthIsAStatusAndAText) {
  EXPECT_EQ(Get("/healthz").result(), http::status::ok);
  EXPECT_EQ(Get("/healthz").body(), "writer: advancing\n");
  EXPECT_EQ(Get("/readyz").result(), http::status::service_unavailable);
  EXPECT_EQ(Get("/readyz").body(), "draining\n");
  ready_ = {true, "serving\n"};
  EXPECT_EQ(Get("/readyz?verbose=1").result(), http::status::ok);
}

TEST_F(PagesTest, TheIndexNamesThePages) {
  const Response response = Get("/");
  EXPECT_EQ(response.result(), http::status::ok);
  for (const char* page : {"/metrics", "/healthz", "/readyz"}) {
    EXPECT_NE(response.body().find(page), std::string::npos);
  }
}

TEST_F(PagesTest, EverythingElseIsNotFound) {
  for (const char* target : {"/metricsx", "/metrics/", "/../etc/passwd", "*", ""}) {
    EXPECT_EQ(Get(target).result(), http::status::not_found) << target;
  }
}

TEST_F(PagesTest, NothingCanBeChanged) {
  for (const auto verb : {http::verb::post, http::verb::put, http::verb::delete_,
                          http::verb::options, http::verb::connect}) {
    const Response response = Get("/metrics", verb);
    EXPECT_EQ(response.result(), http::status::method_not_allowed);
    EXPECT_EQ(response[http::field::allow], "GET, HEAD");
  }
  EXPECT_EQ(Get("/metrics", http::verb::head).result(), http::status::ok);
}

}  // namespace
}  // namespace routerd::wall
