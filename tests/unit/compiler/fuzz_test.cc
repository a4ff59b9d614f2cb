// Random damage to good policies: no crash, no exception, no endless work; and what compiles is a
// model that its own encoding accepts. Bounded and seeded.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "routerd/base/file.h"
#include "routerd/base/limits.h"
#include "routerd/model/encoding.h"
#include "tests/unit/compiler/support.h"

namespace routerd::compiler {
namespace {

constexpr const char* kPieces[] = {
    "{",    "}",    "[",        "]",          ":",           ": ",
    ",",    "- ",   "\n",       "\n  ",       "\t",          "&a ",
    "*a",   "!!x ", "|\n",      ">\n",        "? ",          "\"",
    "'",    "#",    "---\n",    "...\n",      "%YAML 1.2\n", "<<: *a",
    "~",    "null", "-1",       "0",          "11",          "99999999999999999999",
    "1.5",  "20s",  "20",       "80% in 20s", "true",        "none",
    "all",  "any",  "priority", "require",    "\xff",        "\xc3\xbc",
    "\x01", "\\",   "@",        "`",          "\r\n",        "\xe2\x80\xa8"};

class Mutator {
 public:
  explicit Mutator(std::uint64_t seed) : random_(seed) {}

  std::string Mutate(std::string text) {
    const std::size_t changes = 1 + Below(4);
    for (std::size_t i = 0; i < changes; ++i) Change(text);
    return text;
  }

 private:
  std::size_t Below(std::size_t bound) { return bound == 0 ? 0 : random_() % bound; }

  void Change(std::string& text) {
    const std::size_t at = Below(text.size() + 1);
    const std::size_t length = std::min(Below(40), text.size() - at);
    switch (Below(6)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.insert(at, kPieces[Below(std::size(kPieces))]);
        break;
      case 2:
        text.insert(Below(text.size() + 1), text.substr(at, length));
        break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(random_() & 0xff);
        break;
      case 4:
        text.resize(at);
        break;
      default:
        for (std::size_t i = Below(50); i > 0; --i) text.insert(at, kPieces[Below(8)]);
    }
  }

  std::mt19937_64 random_;
};

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  for (const char* folder : {ROUTERD_POLICIES, ROUTERD_BAD_POLICIES}) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() != ".yaml") continue;
      seeds.push_back(ReadFile(entry.path().string(), limits::kMaxPolicyBytes).value());
    }
  }
  std::sort(seeds.begin(), seeds.end());
  return seeds;
}

void CheckOne(const std::string& text, const model::Model& previous, std::size_t round) {
  const Compiled compiled = CompileText(text, round % 2 == 0 ? nullptr : &previous);
  ASSERT_EQ(compiled.model == nullptr, HasErrors(compiled.findings)) << "round " << round;
  for (const Finding& f : compiled.findings) {
    ASSERT_GE(f.line, 1) << "round " << round;
    ASSERT_GE(f.column, 1) << "round " << round;
    ASSERT_FALSE(f.code.empty()) << "round " << round;
    ASSERT_FALSE(f.message.empty()) << "round " << round;
  }
  if (compiled.model == nullptr) return;
  const auto decoded = model::Decode(model::Encode(*compiled.model));
  ASSERT_TRUE(decoded.ok()) << "round " << round;
  ASSERT_EQ(decoded.value(), *compiled.model) << "round " << round;
}

TEST(FuzzTest, DamagedPoliciesAreToldOrCompiled) {
  constexpr std::uint64_t kSeed = 7'708'921;
  constexpr std::size_t kRounds = 15'000;
  const auto seeds = Seeds();
  ASSERT_FALSE(seeds.empty());
  const model::Model previous =
      Good(ReadFile(ROUTERD_POLICIES "/omnichannel.yaml", limits::kMaxPolicyBytes).value());
  Mutator mutator(kSeed);
  for (std::size_t round = 0; round < kRounds; ++round) {
    CheckOne(mutator.Mutate(seeds[round % seeds.size()]), previous, round);
    if (HasFatalFailure()) return;
  }
}

TEST(FuzzTest, ACutAnywhereIsToldOrCompiled) {
  const std::string text =
      ReadFile(ROUTERD_POLICIES "/skills_and_levels.yaml", limits::kMaxPolicyBytes).value();
  const model::Model previous;
  for (std::size_t size = 0; size < text.size(); ++size) {
    CheckOne(text.substr(0, size), previous, size);
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace routerd::compiler
