#include "routerd/sim/row_words.h"

#include <algorithm>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/compiler/nearest.h"
#include "routerd/compiler/values.h"

namespace routerd::sim {
namespace {

// A range of names spells out at most this many.
constexpr std::int64_t kMaxRange = 100'000;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Bytes that begin a character in UTF-8.
int Characters(std::string_view text) {
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string_view FirstWord(std::string_view phrase) { return phrase.substr(0, phrase.find(' ')); }

// `a07` → `a`, `07`.
std::pair<std::string_view, std::string_view> SplitNumber(std::string_view name) {
  std::size_t digits = name.size();
  while (digits > 0 && IsDigit(name[digits - 1])) --digits;
  return {name.substr(0, digits), name.substr(digits)};
}

}  // namespace

std::string Quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

RowWords::RowWords(std::string_view row) {
  std::size_t i = 0;
  while (i < row.size()) {
    if (row[i] == ' ' || row[i] == '\t' || row[i] == '\r') {
      ++i;
      continue;
    }
    if (row[i] == '#') break;
    const std::size_t begin = i;
    if (row[i] == ',') {
      ++i;
    } else {
      i = std::min(row.find_first_of(" \t\r,", i), row.size());
    }
    words_.push_back({row.substr(begin, i - begin), Characters(row.substr(0, begin)) + 1});
  }
  end_column_ = Characters(row.substr(0, i)) + 1;
}

std::string_view RowWords::Peek(std::size_t ahead) const {
  return failed() || next_ + ahead >= words_.size() ? std::string_view()
                                                    : words_[next_ + ahead].text;
}

bool RowWords::Take(std::string_view phrase) {
  if (failed()) return false;
  std::size_t count = 0;
  std::string_view rest = phrase;
  while (!rest.empty()) {
    const std::string_view word = FirstWord(rest);
    if (Peek(count) != word) {
      asked_.emplace_back(phrase);
      return false;
    }
    ++count;
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
  }
  next_ += count;
  asked_.clear();
  return true;
}

void RowWords::Need(std::string_view phrase) {
  if (!Take(phrase)) Fail();
}

void RowWords::NeedEnd() {
  if (!AtEnd()) Fail();
}

std::string RowWords::NotA(std::string_view what) const {
  const std::string expected = std::string(what) + " is expected here";
  return next_ < words_.size() ? expected + ", not " + Quoted(words_[next_].text) : expected;
}

std::string RowWords::Name(std::string_view what) {
  const std::string_view word = Peek();
  if (word.empty() || word == ",") {
    FailAt(next_, NotA(what), {});
    return "";
  }
  ++next_;
  asked_.clear();
  return std::string(word);
}

SpanMs RowWords::Span(std::string_view what) {
  const auto span = compiler::ParseSpan(Peek());
  if (!span) {
    FailAt(next_, NotA(what) + " (write it like 20s, 1m30s or 500ms)", {});
    return 0;
  }
  ++next_;
  asked_.clear();
  return *span;
}

std::int64_t RowWords::Number(std::string_view what, std::int64_t min, std::int64_t max) {
  const auto number = compiler::ParseInteger(Peek());
  if (!number) {
    FailAt(next_, NotA(what), {});
    return 0;
  }
  if (*number < min || *number > max) {
    FailAt(next_,
           std::string(what) + " must be " + std::to_string(min) + " to " + std::to_string(max) +
               ", not " + std::to_string(*number),
           {});
    return 0;
  }
  ++next_;
  asked_.clear();
  return *number;
}

void RowWords::Spell(const Word& word, std::size_t at, Ids& out) {
  const std::size_t dots = word.text.find("..");
  if (dots == std::string_view::npos) {
    out.emplace_back(word.text);
    return;
  }
  const auto [prefix, first] = SplitNumber(word.text.substr(0, dots));
  const auto [prefix2, last] = SplitNumber(word.text.substr(dots + 2));
  const bool numbers = !first.empty() && !last.empty() && first.size() < 10 && last.size() < 10;
  if (!numbers || prefix != prefix2) {
    FailAt(at, Quoted(word.text) + " is no range; it is written like a1..a20", {});
    return;
  }
  const std::int64_t from = std::stoll(std::string(first));
  const std::int64_t to = std::stoll(std::string(last));
  if (to < from || to - from >= kMaxRange) {
    FailAt(at, "the range " + Quoted(word.text) + " goes backwards or is too long", {});
    return;
  }
  for (std::int64_t i = from; i <= to; ++i) {
    std::string digits = std::to_string(i);
    if (digits.size() < first.size()) digits.insert(0, first.size() - digits.size(), '0');
    out.push_back(std::string(prefix) + digits);
  }
}

Ids RowWords::Names(std::string_view what) {
  Ids names;
  for (;;) {
    const std::size_t at = next_;
    if (Name(what).empty()) return {};
    Spell(words_[at], at, names);
    if (Peek() != ",") break;
    ++next_;
  }
  return names;
}

Needs RowWords::Skills(std::string_view what) {
  Needs needs;
  for (;;) {
    engine::SkillNeed need;
    need.skill = Name(what);
    if (!Peek().empty() && compiler::ParseInteger(Peek())) {
      need.level = static_cast<int>(Number("a level", 1, limits::kMaxSkillLevel));
    }
    needs.push_back(std::move(need));
    if (Peek() != ",") break;
    ++next_;
  }
  return needs;
}

void RowWords::Fail() {
  std::vector<std::string_view> words;
  std::string expected;
  for (const std::string& phrase : asked_) {
    if (std::find(words.begin(), words.end(), phrase) != words.end()) continue;
    words.emplace_back(phrase);
    expected += (expected.empty() ? "" : ", ") + Quoted(phrase);
  }
  const std::string wanted =
      expected.empty() ? "nothing" : (words.size() > 1 ? "one of " : "") + expected;
  if (next_ < words_.size()) {
    const std::string message = expected.empty()
                                    ? Quoted(words_[next_].text) + " is too much"
                                    : Quoted(words_[next_].text) + " is not understood here; " +
                                          wanted + " could stand here";
    FailAt(next_, message, words);
  } else {
    FailAt(next_, "the row ends too early; " + wanted + " is missing", {});
  }
}

void RowWords::FailAt(std::size_t word, std::string message,
                      const std::vector<std::string_view>& candidates) {
  if (failed()) return;
  Error error;
  error.column = word < words_.size() ? words_[word].column : end_column_;
  error.message = std::move(message);
  if (word < words_.size()) {
    std::vector<std::string_view> first_words;
    first_words.reserve(candidates.size());
    for (const std::string_view c : candidates) first_words.push_back(FirstWord(c));
    error.hint = compiler::DidYouMean(compiler::Nearest(words_[word].text, first_words));
  }
  error_ = std::move(error);
}

void RowWords::FailWith(std::string message, std::string hint) {
  if (failed()) return;
  const std::size_t word = next_ == 0 ? 0 : next_ - 1;
  error_ = Error{word < words_.size() ? words_[word].column : end_column_, std::move(message),
                 std::move(hint)};
}

}  // namespace routerd::sim
