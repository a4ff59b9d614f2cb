// Texts of a message must be UTF-8; what a shell hands over need not be.
#pragma once

#include <optional>
#include <string>

namespace google::protobuf {
class Message;
}

namespace routerd::ctl {

struct TextField {
  std::string path;  // as the API's errors name it: `skills[2].skill`
  std::string text;
};

// The first text anywhere in the message that is not.
[[nodiscard]] std::optional<TextField> FieldThatIsNotUtf8(const google::protobuf::Message& message);

}  // namespace routerd::ctl
