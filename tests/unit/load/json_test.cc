#include "load-tests/json.h"

#include <gtest/gtest.h>

namespace routerd::load {
namespace {

TEST(JsonWriter, WritesObjectsListsAndNumbers) {
  JsonWriter json;
  json.Text("name", "a");
  json.Object("figures");
  json.Number("whole", 12);
  json.Number("part", 0.25);
  json.End();
  json.List("empty");
  json.End();
  json.List("words");
  json.Item("x");
  json.Item("y");
  EXPECT_EQ(json.Finish(),
            "{\n"
            "  \"name\": \"a\",\n"
            "  \"figures\": {\n"
            "    \"whole\": 12,\n"
            "    \"part\": 0.250\n"
            "  },\n"
            "  \"empty\": [],\n"
            "  \"words\": [\n"
            "    \"x\",\n"
            "    \"y\"\n"
            "  ]\n"
            "}\n");
}

TEST(JsonWriter, EscapesWhatJsonDoesNotAllow) {
  JsonWriter json;
  json.Text("t", "a\"b\\c\nd");
  EXPECT_EQ(json.Finish(), "{\n  \"t\": \"a\\\"b\\\\c\\u000ad\"\n}\n");
}

}  // namespace
}  // namespace routerd::load
