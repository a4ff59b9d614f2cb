// The identity parts of the journal's records: names, and who asked. No decision reads them; they
// can be blanked. Tagged fields, so that a newer router can add some and an older one skips them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "routerd/base/status.h"

namespace routerd::engine {

// Numbers are part of the format: append, never renumber.
enum class NoteTag : std::uint8_t {
  kClient = 1,
  kActor = 2,
  kSession = 3,  // its id; with kSessionKind: the session that was opened
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
  kContent = 26,       // 8 bytes: hash of all that an arrival said
  kFirstAnswer = 27,   // what an arrival was answered, see answer_codec.h
  kAnswer = 28,  // what the command was answered, see answer_codec.h; the request's last record
  kAcked = 29,   // 8 bytes: the session's answers up to this number are acknowledged
  kSessionResumed = 30,  // its id; with kNote, as the two below
  kSessionDropped = 31,  // its connection is gone
  kSessionEnded = 32,
  kBroughtSkills = 33,  // 8 bytes, 1: the log-in named skills
  // With kNote: the gateway that the record before made known. Its name stands apart from the
  // contact's that brought it, which may have to be forgotten.
  kNewGateway = 34,
  kFromFile = 35,  // 8 bytes, 1: the policy is what the configured file says
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

// The fields by name; of a tag that came more than once the last, where it is no list. Used again
// for the next record.
struct RecordNote {
  std::string_view client;
  std::string_view actor;
  std::string_view session;
  std::string_view request_id;
  std::string_view contact;
  std::string_view gateway;
  std::string_view agent;
  std::string_view customer_key;
  std::string_view related_contact;
  std::string_view policy_source;
  std::string_view policy_comment;
  std::string_view skills_of;
  std::string_view skills_cleared;
  std::string_view why;
  std::string_view to_gateway;
  std::string_view first_answer;
  std::string_view answer;
  std::string_view session_resumed;
  std::string_view session_dropped;
  std::string_view session_ended;
  std::string_view new_gateway;
  std::uint64_t body_hash = 0;
  std::uint64_t content = 0;
  std::uint64_t session_kind = 0;
  std::uint64_t override_ends = 0;
  std::uint64_t acked = 0;
  bool new_attributes = false;
  bool brought_skills = false;
  bool from_file = false;
  std::vector<std::pair<std::string_view, std::string_view>> attributes;
  std::vector<std::pair<std::string_view, std::string_view>> endpoints;
  std::vector<std::pair<std::string_view, std::uint64_t>> skills;

  // On whose behalf; empty: the router itself.
  [[nodiscard]] std::string_view on_behalf_of() const { return actor.empty() ? client : actor; }

  // As ReadNote; after an error nothing is to be used. Views point into `identity`.
  Status Read(std::string_view identity);

 private:
  void Take(NoteTag tag, std::string_view value);
  void TakeLater(NoteTag tag, std::string_view value);
  void Clear();
};

}  // namespace routerd::engine
