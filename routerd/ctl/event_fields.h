// An event of the core in the words of the policy.
#pragma once

#include <string_view>

#include "routerd/core/event.h"
#include "routerd/ctl/record_fields.h"
#include "routerd/ctl/record_names.h"

namespace routerd::ctl {

// `contact_arrives`; part of what `journal dump --json` promises.
[[nodiscard]] std::string_view EventName(const core::Event& event);

void AddEventFields(const core::Event& event, const RecordNames& names, RecordFields& to);

}  // namespace routerd::ctl
