// The two kinds of session of the public API as one family of message types, so that connections,
// sessions and the audit are written once. Messages only: what calls the services is connector.cc.
#pragma once

#include <string>

#include "routerd/v1/agent_desktop.pb.h"
#include "routerd/v1/contact_gateway.pb.h"

namespace routerd::load {

struct GatewayApi {
  using Request = v1::OpenGatewaySessionRequest;
  using Response = v1::OpenGatewaySessionResponse;
  using Command = v1::GatewayCommand;
  using Result = v1::GatewayCommandResult;
  using Event = v1::GatewayEvent;
};

struct DesktopApi {
  using Request = v1::OpenDesktopSessionRequest;
  using Response = v1::OpenDesktopSessionResponse;
  using Command = v1::DesktopCommand;
  using Result = v1::DesktopCommandResult;
  using Event = v1::DesktopEvent;
};

// Sees everything that crosses the wire, in order, on the loop's thread.
template <class Api>
class Tap {
 public:
  virtual ~Tap() = default;

  // A command as it is sent for the first time; not its repetitions.
  virtual void Sent(const std::string& client, const typename Api::Command& command) = 0;
  // A frame, before anything else has looked at it.
  virtual void Received(const std::string& client, const typename Api::Response& frame) = 0;
};

}  // namespace routerd::load
