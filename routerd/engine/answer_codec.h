// What a command was answered, as bytes: journaled with the command, so that a client who asks
// again after a crash is answered the same. Little-endian, versioned. Of a contact and of an agent
// there is what answers tell of them.
#pragma once

#include <string>
#include <string_view>

#include "routerd/base/status.h"
#include "routerd/engine/command.h"
#include "routerd/engine/contact_directory.h"

namespace routerd::engine {

// Appends to `out`. `session`, `held_*` and `number` are not in it: no request is answered with the
// first two, and who remembers answers counts them.
void EncodeAnswer(const Answer& answer, std::string& out);
// Total: kInvalidArgument for what EncodeAnswer did not write.
Result<Answer> DecodeAnswer(std::string_view bytes);

// Without its place in history, which the record has.
void EncodeFirstAnswer(const FirstAnswer& answer, std::string& out);
Result<FirstAnswer> DecodeFirstAnswer(std::string_view bytes);

}  // namespace routerd::engine
