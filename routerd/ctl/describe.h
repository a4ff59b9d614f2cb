// A message as names and values for people, whatever its type: what the API adds is shown without a
// change here.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <utility>
#include <vector>

#include "routerd/base/ids.h"

namespace routerd::ctl {

using Fields = std::vector<std::pair<std::string, std::string>>;

// Fields that are not set, empty texts and empty lists are left out. Times show their age at `now`.
[[nodiscard]] Fields Describe(const google::protobuf::Message& message, TimeMs now_unix_ms);

// The same without the ages, which change from look to look.
[[nodiscard]] Fields DescribeStable(const google::protobuf::Message& message);

// `contact_id=C1 queue=sales`.
[[nodiscard]] std::string Inline(const Fields& fields);

}  // namespace routerd::ctl
