#include "routerd/compiler/document.h"

#include <gtest/gtest.h>

#include <string>

#include "routerd/base/limits.h"
#include "routerd/compiler/report.h"

namespace routerd::compiler {
namespace {

std::optional<Document> Parse(const std::string& text) {
  Report report("text");
  return ParseDocument(text, report);
}

TEST(DocumentTest, NodesKnowKindPlaceAndQuotes) {
  const auto document = Parse("a: 1\nb: [x, \"2\"]\nc:\n  d: 'e'\n");
  ASSERT_TRUE(document);
  const YamlNode& root = document->root();
  ASSERT_EQ(root.kind, NodeKind::kMap);
  ASSERT_EQ(root.children.size(), 6U);
  EXPECT_EQ(root.children[1]->text, "1");
  EXPECT_FALSE(root.children[1]->quoted);
  const YamlNode& list = *root.children[3];
  EXPECT_EQ(list.kind, NodeKind::kList);
  EXPECT_EQ(list.line, 2);
  EXPECT_EQ(list.column, 4);
  EXPECT_TRUE(list.children[1]->quoted);
  const YamlNode& nested = *root.children[5];
  EXPECT_EQ(nested.children[0]->line, 4);
  EXPECT_EQ(nested.children[0]->column, 3);
  EXPECT_TRUE(nested.children[1]->quoted);
}

TEST(DocumentTest, AMissingValueStandsAtItsKey) {
  const auto document = Parse("a:\nb: 1\n");
  ASSERT_TRUE(document);
  const YamlNode& value = *document->root().children[1];
  EXPECT_EQ(value.kind, NodeKind::kNull);
  EXPECT_EQ(value.line, 1);
  EXPECT_EQ(value.column, 1);
}

TEST(DocumentTest, AliasesPointToOneNode) {
  const auto document = Parse("- &a {x: 1}\n- *a\n- *a\n");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().children[0], document->root().children[1]);
  EXPECT_EQ(document->root().children[0], document->root().children[2]);
}

TEST(DocumentTest, DepthIsCountedThroughAliases) {
  std::string text = "- &a [[[[[[[[[[x]]]]]]]]]]\n- &b [[[[[[[[[[*a]]]]]]]]]]\n";
  EXPECT_TRUE(Parse(text));
  text += "- [[[[[[[[[[*b]]]]]]]]]]\n";
  EXPECT_TRUE(Parse(text));  // 1 + 30 deep
  text += "- [[[[[[[[[[[[*b]]]]]]]]]]]]\n";
  EXPECT_FALSE(Parse(text));
}

TEST(DocumentTest, ExactlyTheDepthLimitIsRead) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + "x" + std::string(depth, ']');
  };
  EXPECT_TRUE(Parse(nested(limits::kMaxPolicyDepth)));
  EXPECT_FALSE(Parse(nested(limits::kMaxPolicyDepth + 1)));
}

TEST(DocumentTest, AMillionOpenBracketsAreRefusedAtOnce) {
  EXPECT_FALSE(Parse(std::string(1'000'000, '[')));
  EXPECT_FALSE(Parse("a: " + std::string(1'000'000, '{')));
}

TEST(DocumentTest, QuotesMayHoldQuotes) {
  for (const char* text : {"'it''s'", "\"say \\\"yes\\\"\"", "'\"'", "\"'\"", "''", "\"\\\\\""}) {
    EXPECT_TRUE(Parse(text)) << text;
  }
  for (const char* text : {"'it''", "\"say \\\"", "'", "\"", "\"\\\\\\\""}) {
    EXPECT_FALSE(Parse(text)) << text;
  }
}

TEST(DocumentTest, NamesThatYamlOnceReadAsTruthAreTexts) {
  const auto document = Parse("no: yes\n");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().children[0]->text, "no");
  EXPECT_EQ(document->root().children[1]->text, "yes");
}

TEST(DocumentTest, MovingADocumentKeepsItsNodes) {
  auto document = Parse("a: 1\n");
  ASSERT_TRUE(document);
  const Document moved = *std::move(document);
  EXPECT_EQ(moved.root().children[0]->text, "a");
}

TEST(DocumentTest, OtherEncodingsAreRefused) {
  EXPECT_FALSE(
      Parse(std::string("\xff\xfe"
                        "a\0:\0",
                        6)));
  EXPECT_FALSE(Parse(std::string("a\0: 1", 5)));
  EXPECT_FALSE(Parse("a: \xc0\xaf"));          // over-long
  EXPECT_FALSE(Parse("a: \xed\xa0\x80"));      // a surrogate
  EXPECT_FALSE(Parse("a: \xf4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(Parse("a: \xe2\x82"));          // cut off
  EXPECT_TRUE(Parse("a: \xe2\x82\xac \xf0\x9f\x93\x9e"));
}

}  // namespace
}  // namespace routerd::compiler
