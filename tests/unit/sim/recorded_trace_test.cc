// An hour that was recorded once: the same rules must decide it as they did then, whatever compiler
// and build. Who changes a decision, or the form of the state, raises core::kRulesVersion.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "routerd/base/hash.h"
#include "routerd/core/core.h"
#include "tests/unit/sim/simulated.h"

namespace routerd::sim {
namespace {

// What came of it under these rules.
constexpr std::uint32_t kRecordedRules = 3;
constexpr std::uint64_t kRecordedState = 4'696'250'837'195'445'116;
constexpr std::uint64_t kRecordedRows = 4'726'837'380'274'774'782;

std::string RecordedText(const std::string& name) {
  std::ifstream in(std::string(ROUTERD_RECORDED) + "/" + name);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::uint64_t HashOfRows(const std::string& rows) {
  Hasher h;
  for (const char c : rows) h.Add(static_cast<unsigned char>(c));
  return h.digest();
}

TEST(RecordedTrace, IsDecidedAsItWas) {
  const Simulated simulated =
      Simulate(RecordedText("busy_hour.yaml"), RecordedText("busy_hour.jsonl"));
  ASSERT_EQ(simulated.findings, "");
  const std::uint64_t state = simulated.played.figures.state_hash;
  const std::uint64_t rows = HashOfRows(simulated.rows);
  ASSERT_EQ(core::kRulesVersion, kRecordedRules)
      << "new rules: record what they make of it, state " << state << ", rows " << rows;
  EXPECT_EQ(rows, kRecordedRows)
      << "the hour is decided otherwise: raise core::kRulesVersion, and record it anew";
  EXPECT_EQ(state, kRecordedState)
      << "the state has another form: raise core::kRulesVersion, and record it anew";
}

}  // namespace
}  // namespace routerd::sim
