#include "routerd/base/hash.h"

#include <gtest/gtest.h>

#include <string>

namespace routerd {
namespace {

// The fixture: journals and recorded traces hold hashes, so these values may never change.
TEST(HashTest, KeepsItsValuesForEver) {
  EXPECT_EQ(Hasher().digest(), 0x952f14f1e8ddc491ULL);
  Hasher one;
  one.Add(1);
  EXPECT_EQ(one.digest(), 0x3d5b6d4daa3e5803ULL);
  Hasher numbers;
  for (std::uint64_t i = 0; i < 1000; ++i) numbers.Add(i * i);
  EXPECT_EQ(numbers.digest(), 0x8b3ce89bf819f2d7ULL);
  Hasher text;
  text.AddText("routing domain");
  EXPECT_EQ(text.digest(), 0x458996675a200d60ULL);
}

TEST(HashTest, SplitMixFinalizerGivesThePublishedFirstOutputs) {
  // SplitMix64 seeded with 0: its first two outputs.
  EXPECT_EQ(Mix64(0x9e3779b97f4a7c15ULL), 0xe220a8397b1dcdafULL);
  EXPECT_EQ(Mix64(2 * 0x9e3779b97f4a7c15ULL), 0x6e789e6aa1b965f4ULL);
}

TEST(HashTest, OrderCounts) {
  Hasher ab;
  ab.Add(1);
  ab.Add(2);
  Hasher ba;
  ba.Add(2);
  ba.Add(1);
  EXPECT_NE(ab.digest(), ba.digest());
}

TEST(HashTest, ZeroesCount) {
  Hasher one;
  one.Add(0);
  Hasher two = one;
  two.Add(0);
  EXPECT_NE(one.digest(), Hasher().digest());
  EXPECT_NE(one.digest(), two.digest());
}

TEST(HashTest, TextsAreSeparatedByTheirLengths) {
  Hasher split_early;
  split_early.AddText("a");
  split_early.AddText("bc");
  Hasher split_late;
  split_late.AddText("ab");
  split_late.AddText("c");
  EXPECT_NE(split_early.digest(), split_late.digest());
}

TEST(HashTest, TextsThatDifferInOneBytePastAWordDiffer) {
  Hasher a;
  a.AddText("12345678a");
  Hasher b;
  b.AddText("12345678b");
  EXPECT_NE(a.digest(), b.digest());
}

TEST(HashTest, HighBytesAreTheSameWhateverTheSignOfChar) {
  Hasher text;
  text.AddText("\xff");
  Hasher number;
  number.Add(1);
  number.Add(0xff);
  EXPECT_EQ(text.digest(), number.digest());
}

TEST(HashTest, NegativeNumbersAreTheirTwosComplement) {
  Hasher negative;
  negative.AddSigned(-1);
  Hasher all_ones;
  all_ones.Add(~std::uint64_t{0});
  EXPECT_EQ(negative.digest(), all_ones.digest());
}

}  // namespace
}  // namespace routerd
