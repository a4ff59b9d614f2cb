#include "load-tests/frame_audit.h"

namespace routerd::load {

void FrameAudit::Frame(const std::string& client, std::uint64_t number, std::uint64_t epoch,
                       bool carries, bool opened, bool resumed) {
  Client& seen = clients_[client];
  if (epoch < seen.epoch) {
    violations_->Add(Violation::kOrder, client + ": epoch " + std::to_string(epoch) + " after " +
                                            std::to_string(seen.epoch));
  }
  seen.epoch = epoch;
  if (opened && !resumed) {
    seen.number = 0;
    seen.sequence = 0;
  }
  if (carries != (number != 0)) {
    violations_->Add(Violation::kFrameGap, client + ": a frame with" + (carries ? "" : "out") +
                                               " content has number " + std::to_string(number));
  }
  if (number == 0) return;
  if (number != seen.number + 1) {
    violations_->Add(Violation::kFrameGap, client + ": frame " + std::to_string(number) +
                                               " after " + std::to_string(seen.number));
  }
  seen.number = number;
}

void FrameAudit::Event(const std::string& client, std::uint64_t sequence) {
  std::uint64_t& last = clients_[client].sequence;
  if (sequence < last) {
    violations_->Add(Violation::kOrder, client + ": event of record " + std::to_string(sequence) +
                                            " after one of " + std::to_string(last));
  }
  last = sequence;
}

}  // namespace routerd::load
