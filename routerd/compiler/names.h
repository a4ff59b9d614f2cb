// The names that a policy declares, and the numbers they keep from version to version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "routerd/compiler/document.h"
#include "routerd/compiler/report.h"

namespace routerd::compiler {

class NameTable {
 public:
  // `kind` is the word for one of them, `queue`; `max` counts removed names too.
  NameTable(std::string kind, std::size_t max) : kind_(std::move(kind)), max_(max) {}

  // A name of the model in force, in the order of the numbers; empty for one removed before.
  void Remember(const std::string& name);

  // Gives the name its number; nothing after reporting a name that is no name, stands twice or is
  // one too many. `at` must outlive this.
  std::optional<std::uint32_t> Declare(const YamlNode& at, const std::string& name, Report& report);
  // For a name that routerd itself brings along; nothing when there are too many.
  std::optional<std::uint32_t> DeclareHidden(const std::string& name);

  [[nodiscard]] std::optional<std::uint32_t> Find(std::string_view name) const;
  // Likewise, and reports `unknown_KIND` with the nearest name.
  std::optional<std::uint32_t> Resolve(const YamlNode& at, const std::string& where,
                                       Report& report);

  // By number; empty for a name that is no more.
  [[nodiscard]] std::vector<std::string> ByNumber() const;
  // Where it was declared; null for hidden and removed ones.
  [[nodiscard]] const YamlNode* PlaceOf(std::uint32_t number) const { return slots_[number].at; }
  [[nodiscard]] const std::string& NameOf(std::uint32_t number) const {
    return slots_[number].name;
  }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(slots_.size()); }
  [[nodiscard]] bool IsDeclared(std::uint32_t number) const { return slots_[number].declared; }

 private:
  struct Slot {
    std::string name;
    const YamlNode* at = nullptr;
    bool declared = false;
  };
  std::optional<std::uint32_t> NumberFor(const std::string& name);
  void WarnOfNearTwin(const YamlNode& at, const std::string& name, Report& report);
  std::string_view NearestTo(std::string_view name);

  std::string kind_;
  std::size_t max_;
  std::vector<Slot> slots_;
  std::unordered_map<std::string, std::uint32_t> number_of_;
  std::unordered_map<std::string, std::uint32_t> by_lower_case_;
  std::size_t comparisons_left_ = 5'000'000;  // for hints; a policy full of errors stays quick
};

// What a name may be made of; a hint when it is no name, empty when it is one.
std::string WhyNotAName(std::string_view name);

}  // namespace routerd::compiler
