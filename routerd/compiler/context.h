// What the parts of the compiler share while one policy is read.
#pragma once

#include "routerd/base/limits.h"
#include "routerd/compiler/names.h"
#include "routerd/compiler/report.h"

namespace routerd::compiler {

struct Names {
  NameTable channels{"channel", limits::kMaxChannels};
  NameTable skills{"skill", limits::kMaxSkills};
  NameTable groups{"group", limits::kMaxGroups};
  NameTable queues{"queue", limits::kMaxQueues};
  NameTable profiles{"profile", limits::kMaxProfiles};
  NameTable attributes{"attribute", limits::kMaxAgentAttributes};
  NameTable holidays{"holidays", limits::kMaxHolidayLists};
  NameTable hours{"hours", limits::kMaxHours};
  NameTable treatments{"treatment", limits::kMaxTreatments};
  NameTable labels{"label", limits::kMaxLabels};
  NameTable reasons{"reason", limits::kMaxReasons};
  NameTable agents{"agent", limits::kMaxPolicyAgents};  // numbers of this text only
};

struct Context {
  Report& report;
  Names names;
};

}  // namespace routerd::compiler
