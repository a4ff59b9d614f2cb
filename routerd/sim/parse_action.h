// Rows that do something.
#pragma once

#include <optional>

#include "routerd/sim/cast.h"
#include "routerd/sim/row_words.h"
#include "routerd/sim/scenario.h"

namespace routerd::sim {

// Reads the rest of a row. Whoever appears in it joins the cast. `policy becomes` leaves its policy
// empty when the text follows in the next lines. After a failure of `words` the result means
// nothing.
[[nodiscard]] Action ParseAction(RowWords& words, Cast& cast);

}  // namespace routerd::sim
