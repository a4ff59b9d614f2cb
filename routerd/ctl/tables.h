// The API's resources as tables for people.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <string>

#include "routerd/base/ids.h"
#include "routerd/ctl/describe.h"
#include "routerd/v1/overrides.pb.h"
#include "routerd/v1/resources.pb.h"

namespace routerd::ctl {

[[nodiscard]] std::string QueueTable(const google::protobuf::RepeatedPtrField<v1::Queue>& queues,
                                     TimeMs now_unix_ms);
[[nodiscard]] std::string AgentTable(const google::protobuf::RepeatedPtrField<v1::Agent>& agents,
                                     TimeMs now_unix_ms);
[[nodiscard]] std::string ContactTable(
    const google::protobuf::RepeatedPtrField<v1::Contact>& contacts, TimeMs now_unix_ms);

[[nodiscard]] std::string OverrideTable(
    const google::protobuf::RepeatedPtrField<v1::Override>& overrides, TimeMs now_unix_ms);

// The domain's figures, a line each.
Fields DomainFields(const v1::DomainState& state, TimeMs now_unix_ms);

}  // namespace routerd::ctl
