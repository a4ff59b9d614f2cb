#include "routerd/daemon/exit_code.h"

namespace routerd::daemon {

std::string ExitCodeTable() {
  return "  0   served and drained; or --check found nothing wrong\n"
         "  64  the command line is wrong\n"
         "  65  the policy has errors\n"
         "  66  the configuration, the policy or the password file cannot be read\n"
         "  69  an address or Unix socket to listen on is taken, or not this machine's\n"
         "  70  routerd itself failed\n"
         "  72  the journal is damaged, or cannot be gone on from\n"
         "  73  the state directory or the ports file cannot be written\n"
         "  74  the journal's disk failed; a new start goes on from what is safe\n"
         "  75  another routerd uses the state directory\n"
         "  78  the configuration has errors\n";
}

}  // namespace routerd::daemon
