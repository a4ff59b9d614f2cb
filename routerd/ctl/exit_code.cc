#include "routerd/ctl/exit_code.h"

namespace routerd::ctl {

std::string ExitCodeTable() {
  return "  0  done\n"
         "  1  refused by the daemon; the policy has errors; a limit refused the contact;\n"
         "     a file cannot be read or written; a journal is not sound\n"
         "  2  the command line is wrong\n"
         "  3  no daemon answered at the address in time\n"
         "  4  the daemon is busy, starting or draining: try again later\n"
         "  5  no such queue, agent, contact or domain\n";
}

}  // namespace routerd::ctl
