// Where a scenario is played: the engine, its clients, and what has happened so far.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "routerd/base/status.h"
#include "routerd/sim/connections.h"
#include "routerd/sim/scenario.h"
#include "routerd/sim/story.h"
#include "routerd/sim/virtual_engine.h"

namespace routerd::sim {

// The text of a policy file that a scenario names, or why there is none.
using PolicyReader = std::function<Result<std::string>(const std::string& path)>;

struct Stage {
  const std::string& file;  // the scenario's name
  VirtualEngine& engine;
  Connections& connections;
  Story& story;
  const PolicyReader& read_policy;
  std::map<std::string, std::string> gateway_of = {};  // contact → who brought it
  std::map<std::string, std::string> desktop_of = {};  // agent → where he logged in
};

// A command that the router did not carry out.
struct Refusal {
  std::string reason;   // stable word
  std::string detail;   // an offer's outcome, a contact's state, an owner
  std::string message;  // for people
};

}  // namespace routerd::sim
