// Snapshots as they were written: a form that has changed without a new version number shows here,
// and every version that was ever written is loaded for ever.
//
// A new form raises kSnapshotVersion: `recorded/snapshot_N.hex` is then what this test prints, and
// the files of earlier versions stay. Rules that have changed (kRulesVersion) show in the hash, and
// maybe in what the scene leaves behind: then the newest file is replaced by what is printed.
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>

#include "routerd/core/snapshot.h"
#include "tests/unit/core/small_centre.h"

namespace routerd::core {
namespace {

std::string PathOf(std::uint32_t version) {
  const std::string here = __FILE__;
  return here.substr(0, here.rfind('/')) + "/recorded/snapshot_" + std::to_string(version) + ".hex";
}

std::string Recorded(std::uint32_t version) {
  std::ifstream file(PathOf(version));
  std::string bytes;
  for (std::string line; std::getline(file, line);) {
    for (std::size_t i = 0; i + 1 < line.size(); i += 2) {
      bytes.push_back(static_cast<char>(std::stoi(line.substr(i, 2), nullptr, 16)));
    }
  }
  return bytes;
}

std::string InHex(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(bytes[i]);
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 0xf]);
    if (i % 48 == 47 || i + 1 == bytes.size()) text.push_back('\n');
  }
  return text;
}

TEST(RecordedSnapshot, TheFormIsTheRecordedOne) {
  const SmallCentre centre;
  std::string bytes;
  Snapshot::Save(centre.core(), bytes);
  EXPECT_TRUE(bytes == Recorded(kSnapshotVersion)) << PathOf(kSnapshotVersion) << " should be\n"
                                                   << InHex(bytes);
}

TEST(RecordedSnapshot, EveryVersionIsLoaded) {
  const SmallCentre centre;
  for (std::uint32_t version = 1; version <= kSnapshotVersion; ++version) {
    const Result<Core> loaded =
        Snapshot::Load(centre.model(), centre.calendar(), Recorded(version));
    ASSERT_TRUE(loaded.ok()) << version << ": " << loaded.status().message();
    EXPECT_EQ(loaded.value().contact_count(), centre.core().contact_count());
    EXPECT_EQ(loaded.value().CheckInvariants(centre.now()), "");
  }
}

// So that no two machines, or compilers, ever write different ones.
TEST(RecordedSnapshot, HashesToWhatItAlwaysDid) {
  const SmallCentre centre;
  const Result<Core> loaded =
      Snapshot::Load(centre.model(), centre.calendar(), Recorded(kSnapshotVersion));
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ(loaded.value().StateHash(), centre.core().StateHash());
}

}  // namespace
}  // namespace routerd::core
