// A running digest of all that was decided: every record's decision part and every effect that it
// had. It costs a few operations an effect, where a hash of the state would cost the state's size;
// a replay or a follower that decides anything else has another digest from then on. Comparable
// between processes of the same rules version.
#pragma once

#include <cstdint>
#include <string_view>

#include "routerd/base/hash.h"
#include "routerd/core/effect.h"
#include "routerd/journal/batch.h"

namespace routerd::engine {

class EffectDigest {
 public:
  void Add(journal::RecordKind kind, std::string_view decision, const core::Effects& effects);
  [[nodiscard]] std::uint64_t value() const { return hasher_.digest(); }

 private:
  Hasher hasher_;
};

}  // namespace routerd::engine
