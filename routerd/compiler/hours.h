// `hours:`, `holidays:`, and a queue's `hours:`.
#pragma once

#include "routerd/compiler/context.h"
#include "routerd/compiler/fields.h"
#include "routerd/model/model.h"

namespace routerd::compiler {

// One entry of `holidays:`, whose name has its number.
model::HolidayList CompileHolidays(const Entry& entry, Context& context);
// One entry of `hours:` likewise. `model` has its holidays already.
model::Hours CompileHours(const Entry& entry, const model::Model& model, Context& context);
// Of a queue, whose mode has been read.
void CompileQueueHours(Fields& fields, Context& context, model::Queue& queue);
void WarnOfUnusedHours(const model::Model& model, Context& context);

}  // namespace routerd::compiler
