#include "routerd/engine/overrides.h"

namespace routerd::engine {

void Overrides::Set(const OverrideTarget& target, std::shared_ptr<const OverrideView> view,
                    TimeMs ends) {
  Clear(target);
  all_.emplace(target, Entry{std::move(view), ends});
  if (ends != 0) ends_.emplace(ends, target);
}

void Overrides::Clear(const OverrideTarget& target) {
  const auto found = all_.find(target);
  if (found == all_.end()) return;
  ends_.erase({found->second.ends, target});
  all_.erase(found);
}

std::optional<TimeMs> Overrides::NextEnd() const {
  if (ends_.empty()) return std::nullopt;
  return ends_.begin()->first;
}

std::optional<OverrideTarget> Overrides::Due(TimeMs now) const {
  if (ends_.empty() || ends_.begin()->first > now) return std::nullopt;
  return ends_.begin()->second;
}

}  // namespace routerd::engine
