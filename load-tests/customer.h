// What the customer of one contact does, drawn from a stream of chance of his own: the same for the
// same seed and number, whatever the router does with him or with anybody else.
#pragma once

#include <cstdint>
#include <string>

#include "load-tests/behaviour.h"
#include "load-tests/random.h"

namespace routerd::load {

class Customer {
 public:
  // behaviour outlives it and has destinations; stream: his alone.
  Customer(const ChannelBehaviour* behaviour, Random stream)
      : behaviour_(behaviour), stream_(stream) {}

  // Where he goes first, and who he is.
  [[nodiscard]] std::size_t FirstDestination() const;
  [[nodiscard]] std::string Key() const;
  // Where his n-th transfer takes him, from another destination; there are two at least.
  [[nodiscard]] std::size_t TransferredTo(std::uint64_t n, std::size_t from) const;

  // How long he waits before his conversation number n, from 0.
  [[nodiscard]] Span Patience(std::uint64_t n) const;

  // The n-th try to connect him to an agent.
  struct Connecting {
    Span delay;
    bool fails;
    double cause;  // in [0, 1): which of them
  };
  [[nodiscard]] Connecting Connect(std::uint64_t n) const;

  // The n-th time that his gateway rings an agent's phone.
  struct Ringing {
    bool missed;
    bool declined;
    Span answer;
  };
  [[nodiscard]] Ringing Ring(std::uint64_t n, const AgentBehaviour& agents) const;

  // His conversation number n.
  struct Conversation {
    Span handle;  // without hold
    bool holds;   // then after `before_hold` of it
    Span before_hold;
    Span hold;
    bool transferred;  // at its end, where there is another destination
    bool completed;    // ended by the agent; false = he leaves
  };
  [[nodiscard]] Conversation Talk(std::uint64_t n) const;

 private:
  enum class Part : std::uint64_t { kArrival, kKey, kTransfer, kPatience, kConnect, kRing, kTalk };

  [[nodiscard]] Random Stream(Part part, std::uint64_t n = 0) const {
    return stream_.Split(static_cast<std::uint64_t>(part)).Split(n);
  }
  std::size_t Choose(Random stream, std::size_t other_than) const;

  const ChannelBehaviour* behaviour_;
  Random stream_;  // nothing is drawn from it, only split off
};

}  // namespace routerd::load
