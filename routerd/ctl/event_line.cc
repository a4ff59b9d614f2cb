#include "routerd/ctl/event_line.h"

#include <google/protobuf/descriptor.h>

#include "routerd/ctl/describe.h"
#include "routerd/ctl/text.h"

namespace routerd::ctl {

std::string EventLine(const v1::Event& event) {
  std::string out = TimeText(event.at_unix_ms()) + "  " + std::to_string(event.position().epoch()) +
                    "-" + std::to_string(event.position().sequence()) + "." +
                    std::to_string(event.index()) + "  ";
  const auto& reflection = *event.GetReflection();
  const auto* const kind =
      reflection.GetOneofFieldDescriptor(event, event.GetDescriptor()->FindOneofByName("kind"));
  // A newer daemon may tell of things that this routerctl has no name for.
  if (kind == nullptr) return out + "unknown";
  Fields fields = DescribeStable(reflection.GetMessage(event, kind));
  if (!event.actor().empty()) fields.emplace_back("actor", Printable(event.actor()));
  return out + kind->name() + "  " + Inline(fields);
}

}  // namespace routerd::ctl
