// What `routerctl journal verify` and `stats` print.
#pragma once

#include <optional>
#include <string>

#include "routerd/base/status.h"
#include "routerd/ctl/journal_replay.h"
#include "routerd/journal/inspect.h"

namespace routerd::ctl {

// In lines for people; as one object in one line.
[[nodiscard]] std::string StatsText(const journal::LogStats& stats);
[[nodiscard]] std::string StatsJson(const journal::LogStats& stats);

// `replay`: if it was asked for.
[[nodiscard]] std::string VerifyText(const std::string& directory,
                                     const journal::VerifyReport& report,
                                     const std::optional<Result<JournalReplay>>& replay);
[[nodiscard]] std::string VerifyJson(const journal::VerifyReport& report,
                                     const std::optional<Result<JournalReplay>>& replay);
[[nodiscard]] bool IsSound(const journal::VerifyReport& report,
                           const std::optional<Result<JournalReplay>>& replay);

}  // namespace routerd::ctl
