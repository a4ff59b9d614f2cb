#include "routerd/engine/direct_service.h"

#include <algorithm>
#include <span>
#include <utility>

#include "routerd/engine/overload.h"

namespace routerd::engine {

void DirectService::Submit(Envelope envelope) {
  const bool must = std::holds_alternative<DropSession>(envelope.command);  // as in EngineLoop
  if (!must && pending_.size() >= inbox_capacity_) {
    ++overloaded_;
    AnswerOverloaded(envelope);
    return;
  }
  pending_.push_back(std::move(envelope));
}

Status DirectService::RunPending() {
  std::vector<Envelope> taken = std::exchange(pending_, {});
  std::span<Envelope> rest(taken);
  do {
    const std::size_t n = std::min(rest.size(), limits::kMaxBatch);
    Status status = engine_->RunBatch(rest.first(n));
    if (!status.ok() && n == rest.size()) return status;
    rest = rest.subspan(n);
  } while (!rest.empty() || engine_->behind());
  return Status::Ok();
}

void DirectService::RunNow(Envelope envelope) {
  if (!pending_.empty()) static_cast<void>(RunPending());
  static_cast<void>(engine_->RunBatch({&envelope, 1}));
}

Figures DirectService::figures() const {
  Figures figures = engine_->figures();
  figures.inbox_depth = pending_.size();
  figures.inbox_capacity = inbox_capacity_;
  figures.commands_overloaded_total = overloaded_;
  return figures;
}

}  // namespace routerd::engine
