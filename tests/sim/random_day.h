// A day in a contact centre where anything may happen, made from a seed: calls, chats and mails,
// agents who decline, miss and vanish, gateways that drop, policies and clocks that change. Nothing
// is expected of it but what must always hold.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "routerd/sim/audited_engine.h"
#include "routerd/sim/cast.h"

namespace routerd::sim {

struct DayResult {
  std::string wrong;  // empty: all was sound
  std::string rows;   // what was done, as a scenario's rows
  std::string last;   // what happened last
  std::uint64_t state_hash = 0;
  std::size_t offers = 0;
  std::size_t refused = 0;
};

class RandomDay {
 public:
  explicit RandomDay(std::uint64_t seed);
  DayResult Play(int steps);

 private:
  // One row each; empty: nobody is there for it now.
  std::string NextRow();
  std::string Arrival();
  std::string OfAnOffer();
  std::string OfAContact();
  std::string OfAnAgent();
  std::string OfConnections();
  std::string OfOperations();

  // Below n; the same on every machine.
  std::uint64_t Below(std::uint64_t n) { return random_() % n; }
  bool Chance(int percent) { return Below(100) < static_cast<std::uint64_t>(percent); }
  template <typename T>
  const T& Any(const std::vector<T>& of) {
    return of[Below(of.size())];
  }
  std::string AnyOf(core::ContactState state);
  bool Do(const std::string& row);
  bool PassTime();

  std::mt19937_64 random_;
  std::string name_;
  AuditedEngine audited_;
  Cast cast_;
  std::vector<std::string> contacts_;
  std::vector<std::string> agents_;  // that have logged in
  int next_contact_ = 1;
  int policy_ = 0;
  DayResult result_;
};

}  // namespace routerd::sim
