// A session's connection to the router, as an interface: of the generator's sources only those that
// make calls are compiled with gRPC's headers, which are slow to read.
#pragma once

#include <memory>
#include <string>

#include "load-tests/api.h"
#include "load-tests/loop.h"
#include "routerd/v1/common.pb.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace routerd::load {

// Why a connection ended.
struct Disconnect {
  int code = 0;  // gRPC's status code
  std::string message;
  v1::ErrorDetail detail;
};

// A bidirectional stream of frames. Loop's thread only.
template <class Api>
class Connection {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void OnFrame(const typename Api::Response& frame, Time received) = 0;
    virtual void OnWritten() = 0;  // the last frame is out; the next may come
    virtual void OnClosed(const Disconnect& why) = 0;
  };

  virtual ~Connection() = default;

  // One at a time: not before OnWritten of the one before.
  virtual void Write(typename Api::Request frame) = 0;
  // Nothing more will be written; the router ends the stream.
  virtual void HalfClose() = 0;
  virtual void Cancel() = 0;
  // The listener hears nothing more.
  virtual void Detach() = 0;
};

template <class Api>
class Connector {
 public:
  virtual ~Connector() = default;
  // listener outlives the connection or its Detach; gRPC may be done later than the loop.
  virtual std::shared_ptr<Connection<Api>> Connect(
      Loop* loop, typename Connection<Api>::Listener* listener) = 0;
};

// Each has a channel of its own, as gateways and desktops on other machines have.
std::unique_ptr<Connector<GatewayApi>> MakeGatewayConnector(const std::string& address);
std::unique_ptr<Connector<DesktopApi>> MakeDesktopConnector(const std::string& address);

// For calls outside sessions.
std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address);

}  // namespace routerd::load
