// What differs between gateway sessions and desktop sessions: their messages and their commands.
#pragma once

#include <atomic>
#include <cstdint>

#include "routerd/api/commands.h"
#include "routerd/api/frames.h"
#include "routerd/api/runtime.h"
#include "routerd/v1/agent_desktop.pb.h"
#include "routerd/v1/contact_gateway.pb.h"

namespace routerd::api {

// Fills the result's response from an answer; false when the answer is an error.
template <typename Result>
using RespondFn = bool (*)(const engine::Answer&, Result*);

struct GatewayKind {
  using In = v1::OpenGatewaySessionRequest;
  using Out = v1::OpenGatewaySessionResponse;
  using Command = v1::GatewayCommand;
  using Result = v1::GatewayCommandResult;
  using Event = v1::GatewayEvent;
  static constexpr engine::SessionKind kKind = engine::SessionKind::kGateway;
  static constexpr engine::Role kRole = engine::Role::kGateway;

  static std::atomic<std::int64_t>& Connected(Runtime& runtime) { return runtime.gateway_sessions; }
  static SpanMs GraceMs(const model::Model& model) { return model.gateway_grace_ms; }
  static std::size_t Held(const engine::Answer& opened) { return opened.held_contacts.size(); }
  // Calls `visit` with the request and its RespondFn; false when there is none that we know.
  template <typename Visitor>
  static bool Visit(const Command& command, Visitor&& visit) {
    switch (command.command_case()) {
#define ROUTERD_VISIT(Method, field)                                                  \
  case Command::k##Method:                                                            \
    visit(command.field(), RespondFn<Result>([](const engine::Answer& a, Result* r) { \
            return Respond(a, r->mutable_##field());                                  \
          }));                                                                        \
    return true;
      ROUTERD_GATEWAY_METHODS(ROUTERD_VISIT)
      default:
        return false;
    }
  }
};

struct DesktopKind {
  using In = v1::OpenDesktopSessionRequest;
  using Out = v1::OpenDesktopSessionResponse;
  using Command = v1::DesktopCommand;
  using Result = v1::DesktopCommandResult;
  using Event = v1::DesktopEvent;
  static constexpr engine::SessionKind kKind = engine::SessionKind::kDesktop;
  static constexpr engine::Role kRole = engine::Role::kDesktop;

  static std::atomic<std::int64_t>& Connected(Runtime& runtime) { return runtime.desktop_sessions; }
  static SpanMs GraceMs(const model::Model& model) { return model.agent_grace_ms; }
  static std::size_t Held(const engine::Answer& opened) { return opened.held_agents.size(); }
  template <typename Visitor>
  static bool Visit(const Command& command, Visitor&& visit) {
    switch (command.command_case()) {
      ROUTERD_DESKTOP_METHODS(ROUTERD_VISIT)
      default:
        return false;
    }
  }
};
#undef ROUTERD_VISIT

}  // namespace routerd::api
