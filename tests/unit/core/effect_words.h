// All that an effect says, as numbers: two effects are the same if these are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "routerd/core/effect.h"

namespace routerd::core {

class EffectWords {
 public:
  static std::vector<std::uint64_t> Of(const Effects& effects) {
    EffectWords words;
    for (const Effect& effect : effects) {
      words.words_.push_back(effect.index());
      std::visit([&words](const auto& e) { words.Fields(e); }, effect);
    }
    return std::move(words.words_);
  }

 private:
  struct Anything {
    template <typename T>
    operator T() const;  // NOLINT(google-explicit-constructor)
  };
  template <typename T, std::size_t... I>
  static constexpr bool HasFields(std::index_sequence<I...> /*of so many*/) {
    return requires { T{(static_cast<void>(I), Anything{})...}; };
  }
  template <typename T, std::size_t N>
  static constexpr bool kHas = HasFields<T>(std::make_index_sequence<N>());

  void Put(const OfferId& offer) {
    words_.insert(words_.end(), {offer.at.epoch, offer.at.sequence, offer.index});
  }
  template <typename Tag, typename Rep>
  void Put(StrongNo<Tag, Rep> no) {
    words_.push_back(no.value);
  }
  template <typename Number>
  void Put(Number number) {
    words_.push_back(static_cast<std::uint64_t>(number));
  }
  template <typename... Values>
  void PutAll(const Values&... values) {
    (Put(values), ...);
  }

  template <typename E>
  void Fields(const E& e) {
    static_assert(!kHas<E, 9>, "one field more than are told");
    if constexpr (kHas<E, 8>) {
      const auto& [a, b, c, d, f, g, h, i] = e;
      PutAll(a, b, c, d, f, g, h, i);
    } else if constexpr (kHas<E, 7>) {
      const auto& [a, b, c, d, f, g, h] = e;
      PutAll(a, b, c, d, f, g, h);
    } else if constexpr (kHas<E, 6>) {
      const auto& [a, b, c, d, f, g] = e;
      PutAll(a, b, c, d, f, g);
    } else if constexpr (kHas<E, 5>) {
      const auto& [a, b, c, d, f] = e;
      PutAll(a, b, c, d, f);
    } else if constexpr (kHas<E, 4>) {
      const auto& [a, b, c, d] = e;
      PutAll(a, b, c, d);
    } else if constexpr (kHas<E, 3>) {
      const auto& [a, b, c] = e;
      PutAll(a, b, c);
    } else if constexpr (kHas<E, 2>) {
      const auto& [a, b] = e;
      PutAll(a, b);
    } else {
      const auto& [a] = e;
      PutAll(a);
    }
  }

  std::vector<std::uint64_t> words_;
};

}  // namespace routerd::core
