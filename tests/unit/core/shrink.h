// The shortest list that still fails, found by leaving out ever smaller parts of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <vector>

namespace routerd::core {

// `steps` fails; every list that is returned does, and none of its elements can be spared.
template <typename T>
std::vector<T> Shrunk(std::vector<T> steps,
                      const std::function<bool(const std::vector<T>&)>& fails) {
  std::size_t part = steps.size() / 2;
  while (part > 0) {
    bool shorter = false;
    for (std::size_t at = 0; at < steps.size();) {
      std::vector<T> without(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(at));
      const std::size_t end = std::min(at + part, steps.size());
      without.insert(without.end(), steps.begin() + static_cast<std::ptrdiff_t>(end), steps.end());
      if (fails(without)) {
        steps = std::move(without);
        shorter = true;
      } else {
        at += part;
      }
    }
    // With single ones again until nothing can be spared any more.
    if (part > 1 || !shorter) part /= 2;
  }
  return steps;
}

}  // namespace routerd::core
