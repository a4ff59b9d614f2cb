// One row of a scenario, word by word. The first thing that is wrong is kept, with its column and
// the nearest right word; after it every question is answered with "no", so that callers need not
// look after each word.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/sim/scenario.h"

namespace routerd::sim {

class RowWords {
 public:
  struct Word {
    std::string_view text;
    int column = 1;  // 1-based, in characters
  };
  struct Error {
    int column = 1;
    std::string message;
    std::string hint;
  };

  // `row` must outlive this. Commas are words of their own; `#` begins a comment.
  explicit RowWords(std::string_view row);

  [[nodiscard]] bool failed() const { return error_.has_value(); }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] bool AtEnd() const { return failed() || next_ == words_.size(); }
  // The next word, empty at the end.
  [[nodiscard]] std::string_view Peek(std::size_t ahead = 0) const;

  // Takes the next words if they are these, e.g. "logs in"; what was asked for and not found is
  // remembered for Fail.
  bool Take(std::string_view phrase);
  // Fails unless the next words are these.
  void Need(std::string_view phrase);
  // Nothing may follow.
  void NeedEnd();

  // These fail when the next word is none.
  std::string Name(std::string_view what);
  SpanMs Span(std::string_view what);
  std::int64_t Number(std::string_view what, std::int64_t min, std::int64_t max);
  // `anna`, `anna, ben`, `a1..a20`, `a01..a20`: ranges are spelt out.
  Ids Names(std::string_view what);
  // `billing 5, german 3`; a skill without level means level 1.
  Needs Skills(std::string_view what);
  // One of the names that `name_of` gives to 0 .. count - 1.
  template <typename Enum, typename NameOf>
  Enum OneOf(std::string_view what, int count, NameOf name_of) {
    const std::string_view word = Peek();
    std::vector<std::string_view> names;
    for (int i = 0; i < count; ++i) {
      names.push_back(name_of(static_cast<Enum>(i)));
      if (names.back() == word && !failed()) {
        ++next_;
        asked_.clear();
        return static_cast<Enum>(i);
      }
    }
    FailAt(next_, NotA(what), names);
    return Enum{};
  }

  // The next word is wrong: says what could have stood there, and the nearest of it.
  void Fail();
  void FailAt(std::size_t word, std::string message,
              const std::vector<std::string_view>& candidates);
  void FailWith(std::string message, std::string hint = "");

 private:
  [[nodiscard]] std::string NotA(std::string_view what) const;
  void Spell(const Word& word, std::size_t at, Ids& out);

  std::vector<Word> words_;
  std::size_t next_ = 0;
  int end_column_ = 1;
  std::vector<std::string> asked_;  // phrases asked for at `next_`
  std::optional<Error> error_;
};

// 'x', for messages.
[[nodiscard]] std::string Quoted(std::string_view text);

}  // namespace routerd::sim
