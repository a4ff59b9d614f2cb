// Which classes have a skill at a level or better, and which are in a group: a bitmap each. Who
// meets what a lane asks for is found 64 classes at a time, instead of looking at each of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/base/limits.h"
#include "routerd/core/bitmap.h"
#include "routerd/model/requirements.h"

namespace routerd::core {

class ClassSets {
 public:
  void Add(std::size_t cls, std::span<const model::SkillLevel> skills,
           std::span<const GroupNo> groups);
  // As it was added.
  void Remove(std::size_t cls, std::span<const model::SkillLevel> skills,
              std::span<const GroupNo> groups);

  // Those who have the skill at least so, or none: all there are.
  [[nodiscard]] const Bitmap& With(const model::SkillLevel* need) const;
  // Of the classes 64 × word and on: those who meet the needs, those in a group.
  [[nodiscard]] std::uint64_t Meeting(const model::Requirements& needs, std::size_t word) const;
  // Likewise, `all` left out.
  [[nodiscard]] std::uint64_t MeetingRest(const model::Requirements& needs, std::size_t word) const;
  [[nodiscard]] std::uint64_t InAny(std::span<const GroupNo> groups, std::size_t word) const;
  // How many have the skill at all.
  [[nodiscard]] std::uint32_t CountOf(SkillNo skill) const;

 private:
  struct OfSkill {
    std::uint32_t count = 0;
    std::array<Bitmap, limits::kMaxSkillLevel> at_least;  // by level less one
  };

  void Assign(std::size_t cls, std::span<const model::SkillLevel> skills,
              std::span<const GroupNo> groups, bool on);

  Bitmap all_;
  std::vector<OfSkill> skills_;
  std::vector<Bitmap> groups_;
};

}  // namespace routerd::core
