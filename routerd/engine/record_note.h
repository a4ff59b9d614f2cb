// The identity parts of the journal's records: names, and who asked. No decision reads them; they
// can be blanked. Tagged fields, so that a newer router can add some and an older one skips them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/status.h"

namespace routerd::engine {

// Numbers are part of the format: append, never renumber.
enum class NoteTag : std::uint8_t {
  kClient = 1,
  kActor = 2,
  kSession = 3,  // its id; with kNote: the session that was opened
  kRequestId = 4,
  kBodyHash = 5,  // 8 bytes
  kContact = 6,
  kGateway = 7,
  kAgent = 8,
  kCustomerKey = 9,
  kRelatedContact = 10,
  kAttributeKey = 11,  // its value follows; without one, it is empty
  kAttributeValue = 12,
  kEndpointChannel = 13,  // its endpoint follows
  kEndpoint = 14,
  kPolicySource = 15,
  kPolicyComment = 16,
  kSkill = 17,          // its level follows; a list that is kept for the agent's log-in
  kLevel = 18,          // 8 bytes
  kSkillsOf = 19,       // agent whose kept list this is; without skills after it: an empty list
  kSkillsCleared = 20,  // agent who has the policy's skills again
  kSessionKind = 21,    // 8 bytes
  kWhy = 22,            // of a rejection or a log-out, as told
  // 8 bytes, 1. Of an update: the attributes in this note replace all that the contact had; without
  // it they are as they were. An arrival's need no such word.
  kNewAttributes = 23,
  kToGateway = 24,     // the one that a contact was transferred to
  kOverrideEnds = 25,  // 8 bytes, batch time; without it: an override until it is cleared
};

class NoteWriter {
 public:
  explicit NoteWriter(std::string& out) : out_(out) {}
  // Empty values are left out.
  NoteWriter& Text(NoteTag tag, std::string_view value);
  NoteWriter& Number(NoteTag tag, std::uint64_t value);  // 0 is left out

 private:
  std::string& out_;
};

struct NoteField {
  NoteTag tag;
  std::string_view value;  // points into what was read
};

// Total: kInvalidArgument for what a NoteWriter did not write. A blanked part (all bytes zero)
// reads as no fields.
Result<std::vector<NoteField>> ReadNote(std::string_view identity);
std::uint64_t NumberOf(const NoteField& field);  // 0 when it is not 8 bytes

}  // namespace routerd::engine
