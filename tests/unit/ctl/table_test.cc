#include "routerd/ctl/table.h"

#include <gtest/gtest.h>

namespace routerd::ctl {
namespace {

TEST(Table, AlignsItsColumns) {
  Table table({{"QUEUE"}, {"WAITING", true}, {"MODE"}});
  EXPECT_TRUE(table.empty());
  table.Row({"sales", "3", "open"});
  table.Row({"größe", "12345678", ""});
  EXPECT_EQ(table.ToText(),
            "QUEUE   WAITING  MODE\n"
            "sales         3  open\n"
            "größe  12345678  -\n");
}

TEST(Table, OfNoRowsIsItsHeader) { EXPECT_EQ(Table({{"A"}, {"B"}}).ToText(), "A  B\n"); }

TEST(Table, ANameCannotMoveTheCursor) {
  Table table({{"A"}});
  table.Row({"\x1b[2J"});
  EXPECT_EQ(table.ToText(), "A\n\\x1b[2J\n");
}

TEST(NameValueText, PutsValuesBelowOneAnother) {
  EXPECT_EQ(NameValueText({{"a", "1"}, {"longer", "2"}}), "a       1\nlonger  2\n");
}

}  // namespace
}  // namespace routerd::ctl
