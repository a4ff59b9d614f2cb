#include "routerd/api/validate.h"

#include <algorithm>
#include <set>
#include <utility>

#include "routerd/api/card_number.h"
#include "routerd/api/words.h"
#include "routerd/base/limits.h"
#include "routerd/model/contact_attribute.h"

namespace routerd::api {
namespace {

bool IsPrintableAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f;
  });
}

std::string KeyIn(const std::string& field, const std::string& key) {
  return field + '[' + key + ']';
}

std::string AtMost(std::size_t bytes) { return "at most " + std::to_string(bytes) + " bytes"; }

// How many bytes follow a first byte of UTF-8, and the least code point they may make; -1: none.
int Following(unsigned char first, std::uint32_t& code, std::uint32_t& least) {
  if (first < 0x80) return code = first, least = 0, 0;
  if ((first & 0xe0) == 0xc0) return code = first & 0x1f, least = 0x80, 1;
  if ((first & 0xf0) == 0xe0) return code = first & 0x0f, least = 0x800, 2;
  if ((first & 0xf8) == 0xf0) return code = first & 0x07, least = 0x10000, 3;
  return -1;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    std::uint32_t code = 0;
    std::uint32_t least = 0;
    int left = Following(static_cast<unsigned char>(text[i++]), code, least);
    if (left < 0) return false;
    for (; left > 0; --left, ++i) {
      if (i == text.size() || (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return false;
      code = (code << 6) | (static_cast<unsigned char>(text[i]) & 0x3f);
    }
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return false;
  }
  return true;
}

std::string Element(const std::string& field, int index, std::string_view part) {
  std::string path = field + '[' + std::to_string(index) + ']';
  if (!part.empty()) path.append(".").append(part);
  return path;
}

void Check::Unimplemented(std::string_view what) {
  if (!unimplemented_.empty()) unimplemented_ += "; ";
  unimplemented_.append(what);
}

void Check::Wrong(std::string field, std::string description) {
  if (violations_.size() >= kMaxViolations) return;
  violations_.push_back({std::move(field), std::move(description)});
}

void Check::CardNumber(std::string field) {
  if (card_numbers_ == static_cast<std::ptrdiff_t>(kMaxViolations)) return;
  violations_.insert(violations_.begin() + card_numbers_++,
                     {std::move(field), "has a payment card number in it, which is taken nowhere"});
  if (violations_.size() > kMaxViolations) violations_.pop_back();
}

void Check::Id(const char* field, const std::string& value) {
  if (value.empty()) return Wrong(field, "is required");
  OptionalId(field, value);
}

void Check::OptionalId(const char* field, const std::string& value) {
  if (value.size() > limits::kMaxIdBytes) return Wrong(field, AtMost(limits::kMaxIdBytes));
  if (!IsPrintableAscii(value)) return Wrong(field, "printable ASCII characters only");
  if (!value.empty() && (value.front() == ' ' || value.back() == ' ')) {
    Wrong(field, "no blanks at the ends");
  }
}

void Check::Name(const char* field, const std::string& value) {
  if (value.empty()) return Wrong(field, "is required");
  Text(field, value, limits::kMaxIdBytes);
}

void Check::Text(const std::string& field, const std::string& value, std::size_t max_bytes) {
  if (value.size() > max_bytes) return Wrong(field, AtMost(max_bytes));
  if (!IsUtf8(value)) return Wrong(field, "valid UTF-8 only");
  if (HasControl(value)) Wrong(field, "no control characters");
}

void Check::Range(const char* field, std::int64_t value, std::int64_t least,
                  std::int64_t greatest) {
  if (value >= least && value <= greatest) return;
  Wrong(field,
        std::to_string(least) + ".." + std::to_string(greatest) + ", not " + std::to_string(value));
}

void Check::Count(const char* field, int size, std::size_t greatest) {
  if (static_cast<std::size_t>(size) <= greatest) return;
  Wrong(field, "at most " + std::to_string(greatest) + " entries, not " + std::to_string(size));
}

OfferId Check::Offer(const char* field, const std::string& value) {
  if (value.empty()) {
    Wrong(field, "is required");
    return {};
  }
  const std::optional<OfferId> offer = ParseOffer(value);
  if (!offer) Wrong(field, "an offer's id, EPOCH-SEQUENCE-INDEX, as the offer came with");
  return offer.value_or(OfferId{});
}

void Check::Level(const std::string& field, int value) {
  if (value >= 1 && value <= limits::kMaxSkillLevel) return;
  Wrong(field, "1.." + std::to_string(limits::kMaxSkillLevel) + ", not " + std::to_string(value));
}

std::vector<engine::SkillNeed> Check::Requirements(
    const std::string& field,
    const google::protobuf::RepeatedPtrField<v1::SkillRequirement>& from) {
  Count(field.c_str(), from.size(), limits::kMaxRequirements);
  std::vector<engine::SkillNeed> needs;
  std::set<std::string> seen;
  for (int i = 0; i < from.size() && i < static_cast<int>(limits::kMaxRequirements); ++i) {
    const int level = from[i].min_level() == 0 ? 1 : from[i].min_level();
    Name(Element(field, i, "skill").c_str(), from[i].skill());
    Level(Element(field, i, "min_level"), level);
    if (!seen.insert(from[i].skill()).second) {
      Wrong(Element(field, i, "skill"), "is named twice");
    }
    needs.push_back({from[i].skill(), level});
  }
  return needs;
}

std::vector<engine::SkillNeed> Check::Skills(
    const std::string& field, const google::protobuf::RepeatedPtrField<v1::AgentSkill>& from) {
  Count(field.c_str(), from.size(), limits::kMaxSkillsPerAgent);
  std::vector<engine::SkillNeed> skills;
  std::set<std::string> seen;
  for (int i = 0; i < from.size() && i < static_cast<int>(limits::kMaxSkillsPerAgent); ++i) {
    Name(Element(field, i, "skill").c_str(), from[i].skill());
    Level(Element(field, i, "level"), from[i].level());
    if (!seen.insert(from[i].skill()).second) {
      Wrong(Element(field, i, "skill"), "is named twice");
    }
    skills.push_back({from[i].skill(), from[i].level()});
  }
  return skills;
}

std::vector<std::pair<std::string, std::string>> Check::Attributes(
    const std::string& field, const google::protobuf::Map<std::string, std::string>& from) {
  std::vector<std::pair<std::string, std::string>> attributes(from.begin(), from.end());
  std::sort(attributes.begin(), attributes.end());
  Count(field.c_str(), static_cast<int>(from.size()), limits::kMaxAttributes);
  std::size_t bytes = 0;
  for (const auto& [key, value] : attributes) {
    bytes += key.size() + value.size();
    const bool is_key = model::IsAttributeKey(key);
    if (!is_key) {
      Wrong(field, "a key is 1.." + std::to_string(limits::kMaxAttributeKeyBytes) +
                       " bytes of letters, digits, _ . and -");
    }
    const auto where = [&] { return is_key ? KeyIn(field, key) : field; };
    if (!IsUtf8(value)) {
      Wrong(where(), "valid UTF-8 only");
    } else if (HasCardNumber(value)) {
      CardNumber(where());
    }
  }
  if (bytes > limits::kMaxAttributeBytes) {
    Wrong(field, AtMost(limits::kMaxAttributeBytes) + " in all, not " + std::to_string(bytes));
  }
  return attributes;
}

Status Check::status() const {
  if (!violations_.empty()) {
    std::string message = violations_.front().field + ": " + violations_.front().description;
    if (violations_.size() > 1) {
      message += " (and " + std::to_string(violations_.size() - 1) + " more)";
    }
    Status status(Code::kInvalidArgument, std::move(message));
    status.WithReason(card_numbers_ > 0 ? "card_number" : "invalid_field");
    for (const FieldViolation& violation : violations_) status.Add(violation);
    return status;
  }
  if (!unimplemented_.empty()) {
    return Status(Code::kUnimplemented, unimplemented_).WithReason("not_implemented");
  }
  return Status::Ok();
}

}  // namespace routerd::api
