// What the api's logic sees of a stream: it can be written to, read on, ended and cut. No gRPC
// here.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <set>

#include "routerd/engine/command.h"

namespace routerd::api {

// Thread-safe.
class Endable {
 public:
  virtual ~Endable() = default;
  // The stream ends with this status, after the write in flight; the first call counts.
  virtual void End(const engine::Answer& why) = 0;
  // It ends once everything has been written that there is to say.
  virtual void EndWhenTold(const engine::Answer& why) { End(why); }
};

// Thread-safe.
template <typename Out>
class Link : public Endable {
 public:
  // One at a time: the next when the stream has told its owner that this one is written.
  virtual void Write(std::shared_ptr<const Out> message) = 0;
  // For a stream that stopped reading because too much was under way; else nothing.
  virtual void ReadOn() = 0;
  // Drops the connection's stream without waiting for the client to read.
  virtual void Cut() = 0;
};

// The streams that are open, to be ended when the server stops. Thread-safe.
class StreamSet {
 public:
  explicit StreamSet(std::size_t limit) : limit_(limit) {}

  // False when it is full or has been ended; then the stream ends at once.
  bool Add(const std::shared_ptr<Endable>& stream);
  void Remove(const std::shared_ptr<Endable>& stream);
  // Whatever is added from now on is refused. Ends what is open, each when it has told everything;
  // waits for that, at most so long.
  void EndWhenTold(const engine::Answer& why, SpanMs at_most_ms);
  // The same at once.
  void EndAll(const engine::Answer& why);
  [[nodiscard]] bool ended() const;
  [[nodiscard]] std::size_t size() const;

 private:
  std::set<std::shared_ptr<Endable>> Close();

  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::set<std::shared_ptr<Endable>> streams_;
  bool ended_ = false;
};

}  // namespace routerd::api
