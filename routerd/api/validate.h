// Checks the fields of a request and collects everything that is wrong with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/status.h"
#include "routerd/engine/event.h"
#include "routerd/v1/common.pb.h"

namespace routerd::api {

// At most so many fields are named in one answer; the rest shows up once these are right.
inline constexpr std::size_t kMaxViolations = 20;

class Check {
 public:
  // What the request asks for and this version does not do.
  void Unimplemented(std::string_view what);
  void Wrong(std::string field, std::string description);

  // An id chosen by a client: 1..max bytes of printable ASCII without blanks at the ends.
  void Id(const char* field, const std::string& value);
  void OptionalId(const char* field, const std::string& value);
  // A name of the policy, or a text told by people: valid UTF-8 without control characters.
  void Name(const char* field, const std::string& value);
  void Text(const std::string& field, const std::string& value, std::size_t max_bytes);
  void Range(const char* field, std::int64_t value, std::int64_t least, std::int64_t greatest);
  void Count(const char* field, int size, std::size_t greatest);

  OfferId Offer(const char* field, const std::string& value);
  std::vector<engine::SkillNeed> Requirements(
      const std::string& field, const google::protobuf::RepeatedPtrField<v1::SkillRequirement>&);
  std::vector<engine::SkillNeed> Skills(const std::string& field,
                                        const google::protobuf::RepeatedPtrField<v1::AgentSkill>&);
  std::vector<std::pair<std::string, std::string>> Attributes(
      const std::string& field, const google::protobuf::Map<std::string, std::string>&);

  // Wrong fields come before what is not implemented.
  [[nodiscard]] Status status() const;

 private:
  void Level(const std::string& field, int value);
  // Named before all else, since it gives the status its reason.
  void CardNumber(std::string field);

  std::vector<FieldViolation> violations_;
  std::ptrdiff_t card_numbers_ = 0;  // of these
  std::string unimplemented_;
};

// `field[2].part`
std::string Element(const std::string& field, int index, std::string_view part = {});
bool IsUtf8(std::string_view text);

}  // namespace routerd::api
