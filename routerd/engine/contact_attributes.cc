#include "routerd/engine/contact_attributes.h"

#include <algorithm>
#include <utility>

namespace routerd::engine {

std::vector<std::string> TakeNotKept(const model::Model& model, Attributes& attributes) {
  std::vector<std::string> keys;
  std::erase_if(attributes, [&](Attributes::value_type& attribute) {
    if (model.FindContactAttribute(attribute.first) != nullptr) return false;
    keys.push_back(std::move(attribute.first));
    return true;
  });
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace routerd::engine
