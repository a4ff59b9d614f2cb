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

namespace {

// Calls `take` with each field, in order.
template <typename F>
Status ForEachField(std::string_view identity, F&& take) {
  // A tag is never zero.
  if (std::all_of(identity.begin(), identity.end(), [](char c) { return c == 0; })) {
    return Status::Ok();
  }
  ByteReader io(identity);
  while (io.ok() && io.left() != 0) {
    std::uint8_t tag = 0;
    std::string_view value;
    io.Number(tag);
    io.Text(value);
    io.Require(tag != 0 && !value.empty());
    if (io.ok()) take(static_cast<NoteTag>(tag), value);
  }
  if (io.ok()) return Status::Ok();
  return {Code::kInvalidArgument, "journal: malformed identity part"};
}

}  // namespace

Result<std::vector<NoteField>> ReadNote(std::string_view identity) {
  std::vector<NoteField> fields;
  Status read = ForEachField(identity, [&fields](NoteTag tag, std::string_view value) {
    fields.push_back({tag, value});
  });
  if (!read.ok()) return read;
  return fields;
}

std::uint64_t NumberOf(const NoteField& field) {
  if (field.value.size() != 8) return 0;
  ByteReader io(field.value);
  std::uint64_t value = 0;
  io.Number(value);
  return value;
}

Status RecordNote::Read(std::string_view identity) {
  Clear();
  return ForEachField(identity, [this](NoteTag tag, std::string_view value) { Take(tag, value); });
}

// Keeps the lists' room.
void RecordNote::Clear() {
  RecordNote empty;
  empty.attributes.swap(attributes);
  empty.endpoints.swap(endpoints);
  empty.skills.swap(skills);
  empty.attributes.clear();
  empty.endpoints.clear();
  empty.skills.clear();
  *this = std::move(empty);
}

void RecordNote::Take(NoteTag tag, std::string_view value) {
  const auto number = [tag, value] { return NumberOf({tag, value}); };
  switch (tag) {
    case NoteTag::kClient:
      client = value;
      break;
    case NoteTag::kActor:
      actor = value;
      break;
    case NoteTag::kSession:
      session = value;
      break;
    case NoteTag::kRequestId:
      request_id = value;
      break;
    case NoteTag::kBodyHash:
      body_hash = number();
      break;
    case NoteTag::kContact:
      contact = value;
      break;
    case NoteTag::kGateway:
      gateway = value;
      break;
    case NoteTag::kAgent:
      agent = value;
      break;
    case NoteTag::kCustomerKey:
      customer_key = value;
      break;
    case NoteTag::kRelatedContact:
      related_contact = value;
      break;
    case NoteTag::kAttributeKey:
      attributes.emplace_back(value, std::string_view());
      break;
    case NoteTag::kAttributeValue:
      if (!attributes.empty()) attributes.back().second = value;
      break;
    case NoteTag::kEndpointChannel:
      endpoints.emplace_back(value, std::string_view());
      break;
    case NoteTag::kEndpoint:
      if (!endpoints.empty()) endpoints.back().second = value;
      break;
    case NoteTag::kPolicySource:
      policy_source = value;
      break;
    case NoteTag::kPolicyComment:
      policy_comment = value;
      break;
    case NoteTag::kSkill:
      skills.emplace_back(value, 0);
      break;
    case NoteTag::kLevel:
      if (!skills.empty()) skills.back().second = number();
      break;
    default:
      TakeLater(tag, value);
  }
}

// Of those that a request or a session brought, and what it was answered.
void RecordNote::TakeLater(NoteTag tag, std::string_view value) {
  const auto number = [tag, value] { return NumberOf({tag, value}); };
  switch (tag) {
    case NoteTag::kSkillsOf:
      skills_of = value;
      break;
    case NoteTag::kSkillsCleared:
      skills_cleared = value;
      break;
    case NoteTag::kSessionKind:
      session_kind = number();
      break;
    case NoteTag::kWhy:
      why = value;
      break;
    case NoteTag::kNewAttributes:
      new_attributes = true;
      break;
    case NoteTag::kToGateway:
      to_gateway = value;
      break;
    case NoteTag::kOverrideEnds:
      override_ends = number();
      break;
    case NoteTag::kContent:
      content = number();
      break;
    case NoteTag::kFirstAnswer:
      first_answer = value;
      break;
    case NoteTag::kAnswer:
      answer = value;
      break;
    case NoteTag::kAcked:
      acked = number();
      break;
    case NoteTag::kSessionResumed:
      session_resumed = value;
      break;
    case NoteTag::kSessionDropped:
      session_dropped = value;
      break;
    case NoteTag::kSessionEnded:
      session_ended = value;
      break;
    case NoteTag::kBroughtSkills:
      brought_skills = true;
      break;
    case NoteTag::kNewGateway:
      new_gateway = value;
      break;
    case NoteTag::kFromFile:
      from_file = true;
      break;
    default:  // a newer router's
      break;
  }
}

}  // namespace routerd::engine
