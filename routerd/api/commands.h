// Every command, both ways: the request's fields checked and turned into an engine command, the
// engine's answer turned into the response. The functions are found by the messages' types.
#pragma once

#include "routerd/api/method_table.h"
#include "routerd/api/validate.h"
#include "routerd/engine/command.h"
#include "routerd/v1/desktop_commands.pb.h"
#include "routerd/v1/gateway_commands.pb.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::api {

// ToCommand: what comes out counts only if `check` has found nothing.
// Respond: false when the answer is not OK; then the response is left as it was.
#define ROUTERD_DECLARE(Method, field)                                 \
  engine::Command ToCommand(const v1::Method##Request&, Check& check); \
  bool Respond(const engine::Answer&, v1::Method##Response*);
ROUTERD_GATEWAY_METHODS(ROUTERD_DECLARE)
ROUTERD_DESKTOP_METHODS(ROUTERD_DECLARE)
ROUTERD_OPERATIONS_ACTIONS(ROUTERD_DECLARE)
#undef ROUTERD_DECLARE

}  // namespace routerd::api
