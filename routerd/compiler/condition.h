// `when:`, `skip_if:`, `join_if:` and `leave_if:`: the text of a condition.
#pragma once

#include <optional>
#include <string>

#include "routerd/compiler/document.h"
#include "routerd/compiler/fields.h"
#include "routerd/compiler/report.h"
#include "routerd/model/condition.h"

namespace routerd::compiler {

// Nothing after reporting what is wrong, with the column in the text where it is.
std::optional<model::Condition> CompileCondition(const YamlNode& node, const std::string& where,
                                                 Report& report);

}  // namespace routerd::compiler
