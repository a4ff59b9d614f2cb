#include "routerd/ctl/identity_fields.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/hash.h"
#include "routerd/core/vocabulary.h"
#include "routerd/ctl/failure.h"
#include "routerd/engine/answer_codec.h"
#include "routerd/engine/record_note.h"

namespace routerd::ctl {
namespace {

using engine::NoteTag;

// One that the policy in force does not name may be anything.
bool ShowsValueOf(const model::Model* model, const std::string& attribute) {
  const auto* known = model == nullptr ? nullptr : model->FindContactAttribute(attribute);
  return known != nullptr && !known->sensitive;
}

// Of those that are shown as they are.
std::string_view TextName(NoteTag tag) {
  switch (tag) {
    case NoteTag::kClient:
      return "client";
    case NoteTag::kActor:
      return "actor";
    case NoteTag::kSession:
      return "session";
    case NoteTag::kRequestId:
      return "request_id";
    case NoteTag::kContact:
      return "contact";
    case NoteTag::kGateway:
      return "gateway";
    case NoteTag::kAgent:
      return "agent";
    case NoteTag::kRelatedContact:
      return "related_contact";
    case NoteTag::kPolicyComment:
      return "policy_comment";
    case NoteTag::kSkillsOf:
      return "skills_of";
    case NoteTag::kSkillsCleared:
      return "skills_cleared";
    case NoteTag::kWhy:
      return "why";
    case NoteTag::kToGateway:
      return "to_gateway";
    case NoteTag::kSessionResumed:
      return "session_resumed";
    case NoteTag::kSessionDropped:
      return "session_dropped";
    case NoteTag::kSessionEnded:
      return "session_ended";
    case NoteTag::kNewGateway:
      return "new_gateway";
    default:
      return {};
  }
}

std::string Hex(std::uint64_t number, int digits) {
  std::array<char, 20> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), "%0*llx", digits,
                                 static_cast<unsigned long long>(number));
  return {buffer.data(), static_cast<std::size_t>(size)};
}

std::string ShortHash(std::string_view text) {
  Hasher hash;
  hash.AddText(text);
  return "#" + Hex(hash.digest() >> 32U, 8);
}

class IdentityFields {
 public:
  IdentityFields(const model::Model* model, SpanMs wall_offset_ms, RecordFields& to)
      : model_(model), wall_offset_ms_(wall_offset_ms), to_(to) {}

  void Add(const engine::NoteField& field) {
    const std::string_view name = TextName(field.tag);
    if (!name.empty()) return to_.Text(name, field.value);
    if (!AddToList(field) && !AddNumber(field)) AddOther(field);
  }
  void End() {
    to_.Texts("attributes", std::move(attributes_));
    to_.Texts("endpoints", std::move(endpoints_));
    to_.Texts("skills", std::move(skills_));
  }

 private:
  bool AddToList(const engine::NoteField& field) {
    switch (field.tag) {
      case NoteTag::kAttributeKey:
        attributes_.emplace_back(field.value);
        return true;
      case NoteTag::kAttributeValue:
        if (!attributes_.empty() && ShowsValueOf(model_, attributes_.back())) {
          attributes_.back().append("=").append(field.value);
        }
        return true;
      case NoteTag::kEndpointChannel:
        endpoints_.emplace_back(field.value);
        return true;
      case NoteTag::kEndpoint:
        return true;
      case NoteTag::kSkill:
        skills_.emplace_back(field.value);
        return true;
      case NoteTag::kLevel:
        if (!skills_.empty()) skills_.back() += ":" + std::to_string(NumberOf(field));
        return true;
      default:
        return false;
    }
  }
  bool AddNumber(const engine::NoteField& field) {
    const std::uint64_t number = NumberOf(field);
    switch (field.tag) {
      case NoteTag::kBodyHash:
        to_.Text("body_hash", Hex(number, 16));
        return true;
      case NoteTag::kContent:
        to_.Text("content_hash", Hex(number, 16));
        return true;
      case NoteTag::kSessionKind:
        to_.Text("session_opened", number == 1 ? "gateway" : "desktop");
        return true;
      case NoteTag::kNewAttributes:
        to_.Flag("new_attributes", true);
        return true;
      case NoteTag::kBroughtSkills:
        to_.Flag("brought_skills", true);
        return true;
      case NoteTag::kFromFile:
        to_.Flag("from_file", true);
        return true;
      case NoteTag::kOverrideEnds:
        to_.Number("override_ends_unix_ms", static_cast<TimeMs>(number) + wall_offset_ms_);
        return true;
      case NoteTag::kAcked:
        to_.Number("acked", static_cast<std::int64_t>(number));
        return true;
      default:
        return false;
    }
  }
  void AddOther(const engine::NoteField& field) {
    switch (field.tag) {
      case NoteTag::kCustomerKey:
        return to_.Text("customer_key", ShortHash(field.value));
      case NoteTag::kPolicySource:
        return to_.Number("policy_source_bytes", static_cast<std::int64_t>(field.value.size()));
      case NoteTag::kFirstAnswer: {
        const auto first = engine::DecodeFirstAnswer(field.value);
        return to_.Text("first_answer",
                        first.ok() ? core::Name(first.value().state) : "unreadable");
      }
      case NoteTag::kAnswer:
        return AddAnswer(field.value);
      default:
        to_.Text("tag_" + std::to_string(static_cast<int>(field.tag)),
                 std::to_string(field.value.size()) + " bytes");
    }
  }
  void AddAnswer(std::string_view bytes) {
    const auto answer = engine::DecodeAnswer(bytes);
    if (!answer.ok()) return to_.Text("answer", "unreadable");
    const Status& status = answer.value().status;
    std::string text = CodeName(static_cast<int>(status.code()));
    if (!status.reason().empty()) text += "/" + status.reason();
    to_.Text("answer", text);
    if (answer.value().contact) to_.Text("answer_contact", answer.value().contact->identity->id);
    if (answer.value().agent != nullptr) to_.Text("answer_agent", answer.value().agent->id);
  }

  const model::Model* model_;
  const SpanMs wall_offset_ms_;
  RecordFields& to_;
  std::vector<std::string> attributes_;
  std::vector<std::string> endpoints_;
  std::vector<std::string> skills_;
};

}  // namespace

void AddIdentityFields(std::string_view identity, const model::Model* model, SpanMs wall_offset_ms,
                       RecordFields& to) {
  const auto note = engine::ReadNote(identity);
  if (!note.ok()) return to.Text("unreadable", std::to_string(identity.size()) + " bytes");
  IdentityFields fields(model, wall_offset_ms, to);
  for (const engine::NoteField& field : note.value()) fields.Add(field);
  fields.End();
}

}  // namespace routerd::ctl
