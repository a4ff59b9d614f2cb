#include "routerd/compiler/names.h"

#include <algorithm>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/compiler/nearest.h"

namespace routerd::compiler {
namespace {

std::string LowerCase(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool MayStandInAName(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         byte >= 0x80 || std::string_view("_-.@+/").find(c) != std::string_view::npos;
}

}  // namespace

std::string WhyNotAName(std::string_view name) {
  if (name.empty()) return "a name has one character at least";
  if (name.size() > limits::kMaxIdBytes) {
    return "a name has at most " + std::to_string(limits::kMaxIdBytes) + " bytes";
  }
  if (!std::all_of(name.begin(), name.end(), MayStandInAName)) {
    return "a name is made of letters, digits and _ - . @ + /";
  }
  return {};
}

void NameTable::Remember(const std::string& name) {
  const auto number = static_cast<std::uint32_t>(slots_.size());
  slots_.push_back({name});
  if (!name.empty()) number_of_.emplace(name, number);
}

std::optional<std::uint32_t> NameTable::NumberFor(const std::string& name) {
  const auto known = number_of_.find(name);
  if (known != number_of_.end()) return known->second;
  if (slots_.size() >= max_) return std::nullopt;
  const auto number = static_cast<std::uint32_t>(slots_.size());
  slots_.push_back({name});
  number_of_.emplace(name, number);
  return number;
}

std::optional<std::uint32_t> NameTable::DeclareHidden(const std::string& name) {
  const auto number = NumberFor(name);
  if (number) slots_[*number].declared = true;
  return number;
}

std::optional<std::uint32_t> NameTable::Declare(const YamlNode& at, const std::string& name,
                                                Report& report) {
  const std::string why_not = WhyNotAName(name);
  if (!why_not.empty()) {
    report.Error(at, "bad_name", Quoted(name) + " cannot name a " + kind_, why_not);
    return std::nullopt;
  }
  const auto number = NumberFor(name);
  if (!number) {
    report.Error(at, "too_many",
                 "more than " + std::to_string(max_) + " " + kind_ +
                     " names, those of earlier versions included");
    return std::nullopt;
  }
  Slot& slot = slots_[*number];
  if (slot.declared) {
    const std::string line = slot.at == nullptr ? "" : std::to_string(slot.at->line);
    report.Error(at, "duplicate_name", kind_ + " " + Quoted(name) + " stands here again",
                 line.empty() ? "" : "it is in line " + line + " already");
    return std::nullopt;
  }
  slot.at = &at;
  slot.declared = true;
  WarnOfNearTwin(at, name, report);
  return number;
}

void NameTable::WarnOfNearTwin(const YamlNode& at, const std::string& name, Report& report) {
  const auto [twin, inserted] = by_lower_case_.try_emplace(LowerCase(name), number_of_.at(name));
  if (inserted) return;
  const Slot& other = slots_[twin->second];
  report.Warning(at, "nearly_same_name",
                 kind_ + " " + Quoted(name) + " differs from " + Quoted(other.name) + " in line " +
                     std::to_string(other.at->line) + " only in case",
                 "they are two; if one was meant, write it one way");
}

std::optional<std::uint32_t> NameTable::Find(std::string_view name) const {
  const auto known = number_of_.find(std::string(name));
  if (known == number_of_.end() || !slots_[known->second].declared) return std::nullopt;
  return known->second;
}

std::string_view NameTable::NearestTo(std::string_view name) {
  std::vector<std::string_view> candidates;
  for (const Slot& slot : slots_) {
    if (comparisons_left_ == 0) break;
    --comparisons_left_;
    if (slot.at != nullptr) candidates.emplace_back(slot.name);
  }
  return Nearest(name, candidates);
}

std::optional<std::uint32_t> NameTable::Resolve(const YamlNode& at, const std::string& where,
                                                Report& report) {
  if (at.kind != NodeKind::kScalar) {
    report.Error(at, "wrong_type", where + ": the name of a " + kind_ + " must be a word");
    return std::nullopt;
  }
  const auto number = Find(at.text);
  if (!number) {
    std::string hint = report.full() ? std::string() : DidYouMean(NearestTo(at.text));
    if (hint.empty()) hint = "add it to the policy, or use one that is there";
    report.Error(at, "unknown_" + kind_, where + ": no " + kind_ + " " + Quoted(at.text), hint);
  }
  return number;
}

std::vector<std::string> NameTable::ByNumber() const {
  std::vector<std::string> names;
  names.reserve(slots_.size());
  for (const Slot& slot : slots_) names.push_back(slot.declared ? slot.name : std::string());
  return names;
}

}  // namespace routerd::compiler
