#include "routerd/model/contact_attribute.h"

#include <algorithm>

#include "routerd/base/limits.h"

namespace routerd::model {

bool IsAttributeKey(std::string_view key) {
  return !key.empty() && key.size() <= limits::kMaxAttributeKeyBytes &&
         std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '.' || c == '-';
         });
}

}  // namespace routerd::model
