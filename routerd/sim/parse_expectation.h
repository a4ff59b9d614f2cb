// Rows that say what must be so.
#pragma once

#include "routerd/sim/cast.h"
#include "routerd/sim/row_words.h"
#include "routerd/sim/scenario.h"

namespace routerd::sim {

// Reads what follows `expect`. After a failure of `words` the result means nothing.
[[nodiscard]] Expectation ParseExpectation(RowWords& words, const Cast& cast);

}  // namespace routerd::sim
