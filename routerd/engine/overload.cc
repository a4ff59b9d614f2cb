#include "routerd/engine/overload.h"

#include <utility>

#include "routerd/base/limits.h"

namespace routerd::engine {
namespace {

void Give(Envelope& envelope, Status status) {
  if (!envelope.done) return;
  Answer answer;
  answer.status = std::move(status);
  envelope.done(answer);
}

}  // namespace

void AnswerOverloaded(Envelope& envelope) {
  Give(envelope, Status(Code::kResourceExhausted, "the router's inbox is full: slow down")
                     .WithReason("inbox_full")
                     .WithRetryAfter(limits::kOverloadRetryMs));
}

void AnswerStopped(Envelope& envelope) {
  Give(envelope, Status(Code::kUnavailable, "the router stops").WithReason("draining"));
}

}  // namespace routerd::engine
