// Which attributes of contacts a policy keeps.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "routerd/base/limits.h"
#include "tests/unit/compiler/support.h"

namespace routerd::compiler {
namespace {

using Kept = std::vector<model::ContactAttribute>;

Kept KeptBy(const std::string& section, const model::Model* previous = nullptr) {
  return Good("version: 1\n" + section, previous).contact_attributes;
}

TEST(ContactAttributesTest, WithoutTheSectionNoneAreKept) {
  EXPECT_TRUE(KeptBy("").empty());
  EXPECT_TRUE(KeptBy("contact_attributes: []\n").empty());
  EXPECT_TRUE(KeptBy("contact_attributes: {}\n").empty());
  EXPECT_TRUE(KeptBy("contact_attributes:\n").empty());
}

TEST(ContactAttributesTest, AListNamesThemAndAMapSaysMore) {
  const Kept plain = {{"crm.Account-No_2", false}, {"language", false}, {"tier", false}};
  EXPECT_EQ(KeptBy("contact_attributes: [tier, language, crm.Account-No_2]\n"), plain);
  EXPECT_EQ(KeptBy("contact_attributes: {tier: , language: {}, crm.Account-No_2: {sensitive: "
                   "false}}\n"),
            plain);
  EXPECT_EQ(KeptBy("contact_attributes: {tier: , account: {sensitive: true}}\n"),
            (Kept{{"account", true}, {"tier", false}}));
}

// They have no numbers: what earlier versions named counts towards no limit.
TEST(ContactAttributesTest, EachVersionOfAPolicyNamesItsOwn) {
  std::string list;
  for (std::size_t i = 0; i < limits::kMaxContactAttributes; ++i) {
    list += (i == 0 ? "" : ", ") + std::string("a") + std::to_string(i);
  }
  model::Model previous;
  previous.contact_attributes = KeptBy("contact_attributes: [" + list + "]\n");
  EXPECT_EQ(previous.contact_attributes.size(), limits::kMaxContactAttributes);
  EXPECT_EQ(KeptBy("contact_attributes: [tier]\n", &previous), (Kept{{"tier", false}}));
}

}  // namespace
}  // namespace routerd::compiler
