#include "routerd/model/select.h"

#include <algorithm>

namespace routerd::model {

bool IsOfClass(SelectBy by) {
  return by == SelectBy::kMostSkilled || by == SelectBy::kLeastSkilled ||
         by == SelectBy::kFewestSkills || by == SelectBy::kPrimaryFirst || by == SelectBy::kTier;
}

bool IsOfQueue(SelectBy by) { return by == SelectBy::kFastest || by == SelectBy::kLinear; }

AgentOrder OrderWithinClass(const std::vector<SelectKey>& select, QueueNo queue) {
  AgentOrder order;
  bool idle = false;
  for (const SelectKey& key : select) {
    if (IsOfClass(key.by)) continue;
    order.keys.push_back(key);
    idle = idle || key.by == SelectBy::kLongestIdle;
    if (IsOfQueue(key.by)) order.queue = queue;
  }
  if (!idle) order.keys.push_back({});
  return order;
}

}  // namespace routerd::model
