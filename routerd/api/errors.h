// Failures as messages. Whatever fails is an engine::Answer whose status is not OK: those of the
// api itself are made here, so that both look the same to a client.
#pragma once

#include <string>

#include "routerd/engine/command.h"
#include "routerd/v1/common.pb.h"

namespace routerd::api {

// With kOutOfRange, `answer.at` is the first position that is kept.
void FillDetail(const engine::Answer&, v1::ErrorDetail*);
void FillStatus(const engine::Answer&, v1::CommandStatus*);

engine::Answer Failed(Status status);
engine::Answer Failed(Code code, const char* reason, std::string message);

}  // namespace routerd::api
