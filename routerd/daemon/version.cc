#include "routerd/daemon/version.h"

#include "routerd/core/core.h"

#ifdef __clang__
#define ROUTERD_COMPILER "clang " __clang_version__
#else
#define ROUTERD_COMPILER "g++ " __VERSION__
#endif

namespace routerd::daemon {

// ROUTERD_VERSION and ROUTERD_LIBRARIES come from CMake, which found the libraries.
std::string_view SoftwareVersion() { return ROUTERD_VERSION; }
std::string_view CompilerVersion() { return ROUTERD_COMPILER; }

std::string VersionText() {
  return "routerd " ROUTERD_VERSION "\nrules version " + std::to_string(core::kRulesVersion) +
         "\ncompiler " ROUTERD_COMPILER "\nlibraries " ROUTERD_LIBRARIES "\n";
}

}  // namespace routerd::daemon
