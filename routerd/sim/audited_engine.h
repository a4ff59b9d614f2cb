// The engine in virtual time with its clients, and an auditor who looks after every step whether
// all is sound. Scenarios and random days are played on it.
#pragma once

#include <cstdint>
#include <string>

#include "routerd/sim/act.h"
#include "routerd/sim/connections.h"
#include "routerd/sim/scenario.h"
#include "routerd/sim/stage.h"
#include "routerd/sim/story.h"
#include "routerd/sim/virtual_engine.h"

namespace routerd::sim {

class AuditedEngine {
 public:
  // `file`: the scenario's name, for findings in policies. Both must outlive this.
  AuditedEngine(CompiledPolicy policy, const std::string& file, const PolicyReader& read_policy);
  AuditedEngine(const AuditedEngine&) = delete;
  AuditedEngine& operator=(const AuditedEngine&) = delete;

  [[nodiscard]] VirtualEngine& engine() { return engine_; }
  [[nodiscard]] Story& story() { return story_; }
  [[nodiscard]] Stage& stage() { return stage_; }

  // Takes in what happened. What is unsound, in words; empty: nothing. Leases and contacts end
  // once, those concerned have been told, and the core's invariants hold.
  [[nodiscard]] std::string TakeIn();

  // Closing time: everything is ended and everybody logs out. Whatever a lost lease, a leaked unit
  // or a forgotten timer would hold back shows now.
  [[nodiscard]] std::string Close();

 private:
  void Tell(engine::Command command);
  void EndContacts();
  void LogEverybodyOut();
  [[nodiscard]] std::string WhatIsLeft();

  VirtualEngine engine_;
  Connections connections_;
  Story story_;
  Stage stage_;
};

}  // namespace routerd::sim
