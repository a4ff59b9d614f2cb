// The numbered frames of a session that its client has not acknowledged yet: what a resume sends
// again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>

namespace routerd::api {

// Not thread-safe: the session's lock guards it. Frame numbers count from 1, or after GoOnAfter,
// without gaps.
template <typename Out>
class FrameLog {
 public:
  // Numbers the frame. `units`: the results and events in it.
  std::shared_ptr<const Out> Append(std::shared_ptr<Out> frame, std::size_t units) {
    frame->set_number(++last_);
    units_ += units;
    frames_.push_back({std::move(frame), units});
    next_ = last_ + 1;
    return frames_.back().frame;
  }

  // Of an empty one: the client has handled frames up to `number` that another router sent.
  void GoOnAfter(std::uint64_t number) {
    last_ = number;
    next_ = number + 1;
  }

  // False: the number has never been sent.
  bool Acknowledge(std::uint64_t number) {
    if (number > last_) return false;
    while (first() <= number) {
      units_ -= frames_.front().units;
      frames_.pop_front();
    }
    if (next_ <= number) next_ = number + 1;
    return true;
  }

  // Whether everything after `number` is still here.
  [[nodiscard]] bool Holds(std::uint64_t number) const {
    return number <= last_ && number + 1 >= first();
  }

  // The frames after `number` are to be sent (again).
  void Rewind(std::uint64_t number) { next_ = std::max(number + 1, first()); }

  // The next frame to send again; null when the client has been sent everything.
  std::shared_ptr<const Out> Next() {
    if (next_ > last_) return nullptr;
    return frames_[static_cast<std::size_t>(next_++ - first())].frame;
  }

  [[nodiscard]] std::uint64_t last() const { return last_; }
  [[nodiscard]] std::size_t units() const { return units_; }

 private:
  struct Kept {
    std::shared_ptr<const Out> frame;
    std::size_t units = 0;
  };

  // Number of the oldest frame kept, or of the one to come.
  [[nodiscard]] std::uint64_t first() const { return last_ + 1 - frames_.size(); }

  std::deque<Kept> frames_;
  std::uint64_t last_ = 0;
  std::uint64_t next_ = 1;
  std::size_t units_ = 0;
};

}  // namespace routerd::api
