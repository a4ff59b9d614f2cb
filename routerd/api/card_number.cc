#include "routerd/api/card_number.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace routerd::api {
namespace {

constexpr std::size_t kLeastCardDigits = 13;
constexpr std::size_t kMostCardDigits = 19;
// The groups of a UUID, RFC 4122.
constexpr std::size_t kUuidGroups[] = {8, 4, 4, 4, 12};

bool IsCardDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) {
  return IsCardDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool IsWordChar(char c) {
  return IsCardDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// How long the UUID is that begins here; 0: none does.
std::size_t UuidAt(std::string_view text, std::size_t at) {
  if (at > 0 && IsWordChar(text[at - 1])) return 0;
  std::size_t end = at;
  for (const std::size_t size : kUuidGroups) {
    if (end > at && (end == text.size() || text[end++] != '-')) return 0;
    const std::string_view group = text.substr(end, size);
    if (group.size() < size || !std::all_of(group.begin(), group.end(), IsHexDigit)) return 0;
    end += size;
  }
  return end < text.size() && IsWordChar(text[end]) ? 0 : end - at;
}

// Digits without anything else between them.
struct DigitRun {
  std::string_view digits;
  bool joined = false;  // to the one before, by one blank or hyphen
};

std::vector<DigitRun> RunsIn(std::string_view text) {
  std::vector<DigitRun> runs;
  std::size_t last_end = std::string_view::npos;
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t uuid = UuidAt(text, at); uuid > 0) {
      at += uuid;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && IsCardDigit(text[end])) ++end;
    if (end == at) {
      ++at;
      continue;
    }
    const bool joined =
        at > 0 && last_end == at - 1 && (text[at - 1] == ' ' || text[at - 1] == '-');
    runs.push_back({text.substr(at, end - at), joined});
    last_end = at = end;
  }
  return runs;
}

bool BeginsAsIssued(std::string_view number) {
  return number[0] >= '2' && number[0] <= '6' && !number.starts_with("20");
}

bool HasCheckDigit(std::string_view number) {
  int sum = 0;
  bool doubled = false;
  for (auto digit = number.rbegin(); digit != number.rend(); ++digit, doubled = !doubled) {
    const int value = (*digit - '0') * (doubled ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 == 0;
}

}  // namespace

bool HasCardNumber(std::string_view text) {
  const std::vector<DigitRun> runs = RunsIn(text);
  std::string number;
  for (std::size_t first = 0; first < runs.size(); ++first) {
    number.clear();
    for (std::size_t i = first; i < runs.size() && (i == first || runs[i].joined); ++i) {
      if (number.size() + runs[i].digits.size() > kMostCardDigits) break;
      number += runs[i].digits;
      if (number.size() < kLeastCardDigits) continue;
      if (BeginsAsIssued(number) && HasCheckDigit(number)) return true;
    }
  }
  return false;
}

}  // namespace routerd::api
