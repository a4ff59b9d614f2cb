// What gateways tell of a contact besides its needs, by name: which of it is kept.
#pragma once

#include <string>
#include <string_view>

namespace routerd::model {

// An attribute of contacts that routerd keeps; what no policy names is not kept. Agents have
// numbers of their own (Attribute), which have nothing to do with it.
struct ContactAttribute {
  std::string name;
  // Whoever shows what is kept to others than the contact's gateway and desktop leaves its values
  // out.
  bool sensitive = false;
  friend bool operator==(const ContactAttribute&, const ContactAttribute&) = default;
};

// 1..limits::kMaxAttributeKeyBytes of [A-Za-z0-9_.-].
[[nodiscard]] bool IsAttributeKey(std::string_view key);

}  // namespace routerd::model
