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
  // At the start of each batch. What stood before goes on as one number, so that who begins at any
  // batch has the same digests from there on.
  void BeginBatch() {
    before_ = value();
    hasher_ = Hasher();
    any_ = false;
    hasher_.Add(before_);
  }
  // 0: nothing was decided ever.
  [[nodiscard]] std::uint64_t value() const { return any_ ? hasher_.digest() : before_; }
  void Set(std::uint64_t value) {
    before_ = value;
    any_ = false;
  }

 private:
  Hasher hasher_;
  std::uint64_t before_ = 0;  // of the batches before this one
  bool any_ = false;          // this one has had a record
};

}  // namespace routerd::engine
