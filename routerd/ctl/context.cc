#include "routerd/ctl/context.h"

#include "routerd/ctl/failure.h"

namespace routerd::ctl {

ExitCode Context::Fail(const Failure& failure) const {
  err << (json ? failure.ToJson() : failure.ToText());
  return failure.exit_code;
}

}  // namespace routerd::ctl
