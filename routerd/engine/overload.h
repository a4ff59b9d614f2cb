// Answers that are given without the writer: the inbox is full, or the engine has stopped.
#pragma once

#include "routerd/engine/command.h"

namespace routerd::engine {

void AnswerOverloaded(Envelope& envelope);
void AnswerStopped(Envelope& envelope);

}  // namespace routerd::engine
