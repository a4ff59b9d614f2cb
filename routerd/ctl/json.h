// Messages for scripts: protobuf's JSON with the field names of the .proto files; numbers of 64
// bits are strings, as protobuf says. Fields that are not set are there with their default, so that
// a script need not ask whether they are.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace routerd::ctl {

enum class JsonForm { kIndented, kLine };

// Ends with a line feed.
[[nodiscard]] std::string ToJson(const google::protobuf::Message& message, JsonForm form);

// The same JSON in one line, without one at its end.
[[nodiscard]] std::string OnOneLine(std::string json);

// A text in double quotes; what is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string JsonQuoted(std::string_view text);

}  // namespace routerd::ctl
