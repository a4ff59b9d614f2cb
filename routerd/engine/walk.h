// One walk over the fields of a value writes them and reads them: `Io` is a ByteWriter or a
// ByteReader. A text or a list has its length (u32) before it; what may be absent a byte 0 or 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/engine/bytes.h"
#include "routerd/engine/event.h"

namespace routerd::engine {

// What a walk takes: to be filled, or to be written.
template <typename Io, typename T>
using Of = std::conditional_t<Io::kReads, T&, const T&>;

template <typename Io>
void WalkFlag(Io& io, Of<Io, bool> value) {
  if constexpr (Io::kReads) {
    std::uint8_t byte = 0;
    io.Number(byte);
    io.Require(byte <= 1);
    value = byte == 1;
  } else {
    io.Number(static_cast<std::uint8_t>(value ? 1 : 0));
  }
}

template <typename Io>
void WalkText(Io& io, Of<Io, std::string> value) {
  if constexpr (Io::kReads) {
    std::string_view view;
    io.Text(view);
    value = view;
  } else {
    io.Text(value);
  }
}

// `last`: the greatest value that is known.
template <typename Io, typename Enum>
void WalkWord(Io& io, Enum& value, std::remove_const_t<Enum> last) {
  if constexpr (Io::kReads) {
    std::uint8_t byte = 0;
    io.Number(byte);
    io.Require(byte <= static_cast<std::uint8_t>(last));
    value = io.ok() ? static_cast<Enum>(byte) : Enum{};
  } else {
    io.Number(static_cast<std::uint8_t>(value));
  }
}

template <typename Io, typename T, typename F>
void WalkMaybe(Io& io, T& optional, F&& walk_value) {
  bool present = optional.has_value();
  WalkFlag(io, present);
  if constexpr (Io::kReads) {
    optional.reset();
    if (present && io.ok()) optional.emplace();
  }
  if (optional) walk_value(*optional);
}

// `min_bytes`: what an element takes at least, so that a false count cannot make a huge list.
template <typename Io, typename List, typename F>
void WalkEach(Io& io, List& list, std::size_t min_bytes, F&& walk_element) {
  auto count = static_cast<std::uint32_t>(list.size());
  io.Number(count);
  if constexpr (Io::kReads) {
    if (!io.Require(count <= io.left() / min_bytes)) return;
    list.resize(count);
  }
  for (auto& element : list) walk_element(element);
}

template <typename Io>
void WalkTexts(Io& io, Of<Io, std::vector<std::string>> texts) {
  WalkEach(io, texts, 4, [&io](auto& text) { WalkText(io, text); });
}

template <typename Io>
void WalkPosition(Io& io, Of<Io, Position> at) {
  io.Number(at.epoch);
  io.Number(at.sequence);
}

template <typename Io>
void WalkOffer(Io& io, Of<Io, OfferId> id) {
  WalkPosition(io, id.at);
  io.Number(id.index);
}

template <typename Io>
void WalkSkills(Io& io, Of<Io, std::vector<SkillNeed>> skills) {
  WalkEach(io, skills, 8, [&io](auto& skill) {
    WalkText(io, skill.skill);
    io.Number(skill.level);
  });
}

// Without the mode.
template <typename Io>
void WalkOverride(Io& io, Of<Io, OverrideView> view) {
  WalkSkills(io, view.skills);
  WalkText(io, view.actor);
  io.Number(view.set_unix_ms);
  io.Number(view.ends_unix_ms);
}

}  // namespace routerd::engine
