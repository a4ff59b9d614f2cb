// Layout: version (u8), rules version (u32).
#include "routerd/engine/record_codec.h"
#include "routerd/engine/record_version.h"

namespace routerd::engine {

void EncodeRestart(std::uint32_t rules_version, std::string& out) {
  ByteWriter io(out);
  io.Number(kRecordVersion);
  io.Number(rules_version);
}

Result<std::uint32_t> DecodeRestart(std::string_view decision) {
  EventReader io(decision);
  std::uint32_t rules_version = 0;
  io.Number(rules_version);
  if (io.knows_version() && io.ok() && io.left() == 0) return rules_version;
  return Status(Code::kInvalidArgument, "journal: malformed restart record");
}

}  // namespace routerd::engine
