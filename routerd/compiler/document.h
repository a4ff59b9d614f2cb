// A YAML text as a tree of nodes that know where they stand. Only this and syntax.cc speak to
// yaml-cpp; everything that could make a tree large, deep or endless is refused here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace routerd::compiler {

class Report;

enum class NodeKind : std::uint8_t { kNull, kScalar, kList, kMap };

struct YamlNode {
  NodeKind kind = NodeKind::kNull;
  bool quoted = false;  // a scalar in quotes: text, never a number or a truth value
  int line = 1;         // 1-based
  int column = 1;       // 1-based, in bytes; Report turns it into characters
  std::string text;     // of a scalar
  // A list's elements; a map's keys and values in turn. Owned by the document; an alias is a second
  // pointer to one node, never a cycle.
  std::vector<const YamlNode*> children;
};

// Owns its nodes; they live as long as it does, also when it is moved.
class Document {
 public:
  explicit Document(std::deque<YamlNode> nodes, const YamlNode* root)
      : nodes_(std::move(nodes)), root_(root) {}
  [[nodiscard]] const YamlNode& root() const { return *root_; }

 private:
  std::deque<YamlNode> nodes_;
  const YamlNode* root_;
};

// Nothing when the text is no single, well-formed document within the limits; the report says why.
std::optional<Document> ParseDocument(std::string_view text, Report& report);

}  // namespace routerd::compiler
