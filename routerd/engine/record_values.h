// The values that events are made of, each with one layout for writer (EventWriter) and reader
// (EventReader): the reader refuses what the writer would not have written. Inside of the codec
// only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/model/model.h"

namespace routerd::engine::values {

template <typename Io, typename T>
using Ref = std::conditional_t<Io::kReads, T&, const T&>;

template <typename Io>
void Flag(Io& io, Ref<Io, bool> value) {
  if constexpr (Io::kReads) {
    std::uint8_t byte = 0;
    io.Number(byte);
    io.Require(byte <= 1);
    value = byte == 1;
  } else {
    io.Number(static_cast<std::uint8_t>(value ? 1 : 0));
  }
}

// `last`: the greatest value that is known.
template <typename Io, typename Enum>
void Word(Io& io, Enum& value, std::remove_const_t<Enum> last) {
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
void Maybe(Io& io, T& optional, F&& walk_value) {
  bool present = optional.has_value();
  Flag(io, present);
  if constexpr (Io::kReads) {
    optional.reset();
    if (present && io.ok()) optional.emplace();
  }
  if (optional) walk_value(*optional);
}

// `min_bytes`: what an element takes at least, so that a false count cannot make a huge list.
template <typename Io, typename List, typename F>
void Each(Io& io, List& list, std::size_t min_bytes, F&& walk_element) {
  auto count = static_cast<std::uint32_t>(list.size());
  io.Number(count);
  if constexpr (Io::kReads) {
    if (!io.Require(count <= io.left() / min_bytes)) return;
    list.resize(count);
  }
  for (auto& element : list) walk_element(element);
}

template <typename Io>
void Walk(Io& io, Ref<Io, std::vector<model::SkillLevel>> levels) {
  Each(io, levels, 5, [&io](auto& level) {
    io.Number(level.skill.value);
    io.Number(level.level);
  });
}

template <typename Io>
void Walk(Io& io, Ref<Io, model::Requirements> needs) {
  Walk(io, needs.all);
  Walk(io, needs.any);
  Walk(io, needs.none);
}

template <typename Io, typename Optional>
void MaybeNumber(Io& io, Optional& value) {
  Maybe(io, value, [&io](auto& v) { io.Number(v); });
}

template <typename Io>
void Walk(Io& io, Ref<Io, model::WrapUp> wrap_up) {
  Word(io, wrap_up.mode, model::WrapUpMode::kTimedForced);
  io.Number(wrap_up.duration_ms);
  if (io.version() >= 2) {
    Flag(io, wrap_up.holds_room);
    io.Number(wrap_up.extend_ms);
  } else if constexpr (Io::kReads) {
    wrap_up.holds_room = model::HoldsRoom(wrap_up.mode);
  }
}

template <typename Io>
void Walk(Io& io, Ref<Io, model::AgentProfile> profile) {
  Walk(io, profile.skills);
  Each(io, profile.groups, 4, [&io](auto& group) { io.Number(group.value); });
  Each(io, profile.limits, 5, [&io](auto& limit) {
    io.Number(limit.channel.value);
    io.Number(limit.max_per_agent);
  });
  if (io.version() < 2) return;
  io.Number(profile.profile.value);
  Each(io, profile.primary_queues, 4, [&io](auto& queue) { io.Number(queue.value); });
  Each(io, profile.primary_skills, 4, [&io](auto& skill) { io.Number(skill.value); });
  Each(io, profile.listings, 12, [&io](auto& listing) {
    io.Number(listing.queue.value);
    io.Number(listing.position);
    io.Number(listing.tier);
  });
  Each(io, profile.attributes, 6, [&io](auto& own) {
    io.Number(own.attribute.value);
    io.Number(own.value);
  });
  MaybeNumber(io, profile.cost);
  io.Number(profile.weight);
  Each(io, profile.accepts, 2, [&io](auto& own) {
    io.Number(own.channel.value);
    Flag(io, own.automatic);
  });
  Each(io, profile.units, 5, [&io](auto& own) {
    io.Number(own.channel.value);
    io.Number(own.units);
  });
  Maybe(io, profile.wrap_up, [&io](auto& wrap_up) { Walk(io, wrap_up); });
  Each(io, profile.label_limits, 6, [&io](auto& own) {
    io.Number(own.label.value);
    io.Number(own.max_per_agent);
  });
}

template <typename Io>
void Walk(Io& io, Ref<Io, OfferId> offer) {
  io.Number(offer.at.epoch);
  io.Number(offer.at.sequence);
  io.Number(offer.index);
}

template <typename Io, typename Optional>
void MaybeNeeds(Io& io, Optional& needs) {
  Maybe(io, needs, [&io](auto& n) { Walk(io, n); });
}

}  // namespace routerd::engine::values
