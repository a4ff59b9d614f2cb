// The connection to a daemon. gRPC's headers, which are dear to compile, stay in client.cc.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

#include "routerd/ctl/failure.h"
#include "routerd/ctl/methods.h"
#include "routerd/ctl/target.h"

namespace google::protobuf {
class Message;
}
namespace grpc {
class Channel;
}

namespace routerd::ctl {

class Client {
 public:
  explicit Client(const Target& target);

  // Fills in the request's header and waits for the answer. Nothing returned: it is in `response`.
  // A text in the request that is not UTF-8 is a wrong command line, and is not sent.
  template <typename Request, typename Response>
  [[nodiscard]] std::optional<Failure> Call(Unary<Request, Response> method, const Request& request,
                                            Response& response) const {
    return CallPath(method.path, request, response);
  }

  // Calls `handle` with each answer of a stream until it says false or the stream ends. Only
  // getting through to the daemon is bound by the timeout.
  template <typename Request, typename Response>
  [[nodiscard]] std::optional<Failure> Stream(
      ServerStream<Request, Response> method, const Request& request,
      const std::type_identity_t<std::function<bool(const Response&)>>& handle) const {
    Response response;
    return StreamPath(method.path, request, response, [&] { return handle(response); });
  }

 private:
  using Message = google::protobuf::Message;

  [[nodiscard]] std::optional<Failure> CallPath(const char* path, const Message& request,
                                                Message& response) const;
  // `handle` finds each answer in `response`.
  [[nodiscard]] std::optional<Failure> StreamPath(const char* path, const Message& request,
                                                  Message& response,
                                                  const std::function<bool()>& handle) const;
  [[nodiscard]] std::unique_ptr<Message> WithHeader(const Message& request) const;
  [[nodiscard]] std::optional<Failure> Connect() const;

  Target target_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace routerd::ctl
