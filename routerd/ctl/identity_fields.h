// The identity part of a journal's record, without what nobody need read there: values of sensitive
// attributes, endpoints and policies' texts are left out, customers' keys are shown as short
// hashes.
#pragma once

#include <string_view>

#include "routerd/base/ids.h"
#include "routerd/ctl/record_fields.h"
#include "routerd/model/model.h"

namespace routerd::ctl {

// Total: a part that cannot be read says so, a tag that is not known here is shown by its number.
// `model` in force, null: not known; `wall_offset_ms`: from batch time to wall time.
void AddIdentityFields(std::string_view identity, const model::Model* model, SpanMs wall_offset_ms,
                       RecordFields& to);

}  // namespace routerd::ctl
