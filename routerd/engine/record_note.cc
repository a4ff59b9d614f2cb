#include "routerd/engine/record_note.h"

#include <algorithm>

#include "routerd/engine/bytes.h"

namespace routerd::engine {

NoteWriter& NoteWriter::Text(NoteTag tag, std::string_view value) {
  if (value.empty()) return *this;
  ByteWriter io(out_);
  io.Number(static_cast<std::uint8_t>(tag));
  io.Text(value);
  return *this;
}

NoteWriter& NoteWriter::Number(NoteTag tag, std::uint64_t value) {
  if (value == 0) return *this;
  ByteWriter io(out_);
  io.Number(static_cast<std::uint8_t>(tag));
  io.Number(std::uint32_t{8});
  io.Number(value);
  return *this;
}

Result<std::vector<NoteField>> ReadNote(std::string_view identity) {
  std::vector<NoteField> fields;
  if (std::all_of(identity.begin(), identity.end(), [](char c) { return c == 0; })) return fields;
  ByteReader io(identity);
  while (io.ok() && io.left() != 0) {
    std::uint8_t tag = 0;
    NoteField field{};
    io.Number(tag);
    io.Text(field.value);
    io.Require(tag != 0 && !field.value.empty());
    field.tag = static_cast<NoteTag>(tag);
    if (io.ok()) fields.push_back(field);
  }
  if (!io.ok()) return Status(Code::kInvalidArgument, "journal: malformed identity part");
  return fields;
}

std::uint64_t NumberOf(const NoteField& field) {
  if (field.value.size() != 8) return 0;
  ByteReader io(field.value);
  std::uint64_t value = 0;
  io.Number(value);
  return value;
}

}  // namespace routerd::engine
