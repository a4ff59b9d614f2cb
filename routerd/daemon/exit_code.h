// How the daemon's process ends; numbers as in sysexits.h, so that supervisors and scripts know
// them.
#pragma once

#include <string>

namespace routerd::daemon {

enum class ExitCode : int {
  kOk = 0,            // served and drained, or --check, --version, --help did what was asked
  kUsage = 64,        // the command line is wrong
  kBadPolicy = 65,    // the policy has errors
  kNoInput = 66,      // a file that is named (configuration, policy, password) cannot be read
  kUnavailable = 69,  // an address to listen on is taken or not ours
  kSoftware = 70,     // routerd itself failed
  kBadJournal = 72,   // the journal is damaged, or not this router's: see --truncate-at
  kCantCreate = 73,   // the state directory or the ports file cannot be written
  kIoError = 74,      // the journal's disk failed; a new start goes on from what is durable
  kInUse = 75,        // another routerd uses the state directory
  kBadConfig = 78,    // the configuration has errors
};

// The table above for people, one code a line, indented.
[[nodiscard]] std::string ExitCodeTable();

}  // namespace routerd::daemon
