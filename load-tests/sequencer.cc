#include "load-tests/sequencer.h"

#include <utility>

namespace routerd::load {

Sequencer::Sequencer(Loop* loop, RateLimiter limiter, Release release)
    : loop_(loop), limiter_(limiter), release_(std::move(release)) {
  Arm();
}

// All that are due go in one turn: a generator that was held up catches up at once.
void Sequencer::Arm() {
  timer_ = loop_->At(limiter_.Next(), [this](Time due) {
    limiter_.Advance();
    Arm();
    release_(due);
  });
}

}  // namespace routerd::load
