#include "routerd/compiler/document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <sstream>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/compiler/report.h"
#include "routerd/compiler/syntax.h"
#include "routerd/compiler/text_check.h"

namespace routerd::compiler {
namespace {

// Ends the parse; what is wrong has been reported. Never leaves this file.
struct Refused {};

// Builds the tree while the parser runs, and stops the parser as soon as a limit is passed.
class Builder final : public YAML::EventHandler {
 public:
  Builder(std::string_view text, Report& report) : text_(text), report_(report) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const YamlNode* key = KeyBefore();
    YamlNode* node = Make(mark, NodeKind::kNull, anchor);
    // yaml-cpp places a value that is not there at whatever comes next.
    if (key != nullptr && node->line > key->line) {
      node->line = key->line;
      node->column = key->column;
    }
    Complete(anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode* node = Make(mark, NodeKind::kScalar, anchor);
    // yaml-cpp tags a plain scalar `?` and a quoted one `!`; anything else was written by hand.
    if (tag != "?" && tag != "!") RefuseTag(mark);
    node->quoted = tag == "!";
    if (node->quoted && NeverCloses(text_.substr(std::min<std::size_t>(mark.pos, text_.size())))) {
      Refuse(mark, "syntax", "a text in quotes never ends", "close the quotes");
    }
    node->text = value;
    Complete(anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (++aliases_ > limits::kMaxPolicyAliases) {
      Refuse(mark, "too_many_aliases",
             "more than " + std::to_string(limits::kMaxPolicyAliases) + " aliases",
             "write the values out");
    }
    if (anchor >= anchors_.size() || !anchors_[anchor].complete) {
      Refuse(mark, "recursive_alias", "this alias stands inside what it names",
             "an alias may only repeat what ended before it");
    }
    const Anchored& target = anchors_[anchor];
    Count(mark, target.size);
    if (open_.size() + target.depth > limits::kMaxPolicyDepth) RefuseDepth(mark);
    if (!open_.empty()) {
      open_.back().node->children.push_back(target.node);
      open_.back().depth = std::max(open_.back().depth, target.depth + 1);
    }
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, NodeKind::kList, anchor);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, NodeKind::kMap, anchor);
  }
  void OnMapEnd() override { Close(); }

  [[nodiscard]] bool has_root() const { return root_ != nullptr; }
  // The list or map that has begun last and not ended; null when there is none.
  [[nodiscard]] const YamlNode* innermost() const {
    return open_.empty() ? nullptr : open_.back().node;
  }
  Document Take() { return Document(std::move(nodes_), root_); }

 private:
  // What an anchor names: `size` and `depth` of it with its own aliases written out.
  struct Anchored {
    const YamlNode* node = nullptr;
    std::size_t size = 0;
    std::size_t depth = 0;
    bool complete = false;
  };
  // A list or map that has begun and not ended.
  struct Opened {
    YamlNode* node;
    YAML::anchor_t anchor;
    std::size_t count_before;
    std::size_t depth = 1;
  };

  [[noreturn]] void Refuse(const YAML::Mark& mark, std::string_view code, std::string message,
                           std::string hint) {
    report_.ErrorAt(mark.line + 1, mark.column + 1, code, std::move(message), std::move(hint));
    throw Refused();
  }
  [[noreturn]] void RefuseTag(const YAML::Mark& mark) {
    Refuse(mark, "unsupported_tag", "tags (`!…`) are not part of the language", "remove the tag");
  }
  [[noreturn]] void RefuseDepth(const YAML::Mark& mark) {
    Refuse(mark, "too_deep",
           "lists and maps stand more than " + std::to_string(limits::kMaxPolicyDepth) +
               " deep in one another",
           "look for brackets that never close");
  }

  // Counts nodes as they will be walked: an alias costs what it repeats.
  void Count(const YAML::Mark& mark, std::size_t nodes) {
    count_ += nodes;
    if (count_ > limits::kMaxPolicyNodes) {
      Refuse(
          mark, "too_many_nodes",
          "more than " + std::to_string(limits::kMaxPolicyNodes) + " values, aliases written out",
          "write a smaller file");
    }
  }

  YamlNode* Make(const YAML::Mark& mark, NodeKind kind, YAML::anchor_t anchor) {
    Count(mark, 1);
    YamlNode& node = nodes_.emplace_back();
    node.kind = kind;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    if (open_.empty()) {
      root_ = &node;
    } else {
      open_.back().node->children.push_back(&node);
    }
    if (anchor != YAML::NullAnchor) {
      if (anchors_.size() <= anchor) anchors_.resize(anchor + 1);
      anchors_[anchor] = {&node, 1, 0, false};
    }
    return &node;
  }

  // The key whose value comes next; null where none does.
  [[nodiscard]] const YamlNode* KeyBefore() const {
    if (open_.empty() || open_.back().node->kind != NodeKind::kMap) return nullptr;
    const auto& children = open_.back().node->children;
    return children.size() % 2 == 1 ? children.back() : nullptr;
  }

  void Complete(YAML::anchor_t scalar) {
    if (scalar != YAML::NullAnchor) anchors_[scalar].complete = true;
  }

  void Open(const YAML::Mark& mark, const std::string& tag, NodeKind kind, YAML::anchor_t anchor) {
    if (!tag.empty() && tag != "?") RefuseTag(mark);
    if (open_.size() >= limits::kMaxPolicyDepth) RefuseDepth(mark);
    const std::size_t count_before = count_;
    YamlNode* node = Make(mark, kind, anchor);
    open_.push_back({node, anchor, count_before});
  }

  void Close() {
    const Opened closed = open_.back();
    open_.pop_back();
    if (closed.anchor != YAML::NullAnchor) {
      anchors_[closed.anchor] = {closed.node, count_ - closed.count_before, closed.depth, true};
    }
    if (!open_.empty()) open_.back().depth = std::max(open_.back().depth, closed.depth + 1);
  }

  std::string_view text_;
  Report& report_;
  std::deque<YamlNode> nodes_;
  const YamlNode* root_ = nullptr;
  std::vector<Opened> open_;
  std::vector<Anchored> anchors_;  // by yaml-cpp's number
  std::size_t count_ = 0;
  std::size_t aliases_ = 0;
};

// Only to see whether there is one: what it holds does not matter.
class Ignore final : public YAML::EventHandler {
 public:
  explicit Ignore(Report& report) : report_(report) {}
  void OnDocumentStart(const YAML::Mark& mark) override {
    report_.ErrorAt(mark.line + 1, mark.column + 1, "multiple_documents",
                    "a second document begins here; a file holds one",
                    "look for a line '---', or for text after the end");
    throw Refused();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {}
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

 private:
  Report& report_;
};

std::optional<Document> Build(std::string_view text, Builder& builder, Report& report) {
  std::istringstream stream{std::string(text)};
  YAML::Parser parser(stream);
  if (!parser.HandleNextDocument(builder) || !builder.has_root()) {
    report.ErrorAt(1, 1, "empty_file", "the file is empty");
    return std::nullopt;
  }
  Ignore second(report);
  parser.HandleNextDocument(second);
  return builder.Take();
}

}  // namespace

std::optional<Document> ParseDocument(std::string_view text, Report& report) {
  if (!CheckText(text, report)) return std::nullopt;
  Builder builder(text, report);
  try {
    return Build(text, builder, report);
  } catch (const Refused&) {
  } catch (const YAML::Exception& e) {
    ReportSyntax(e, text, builder.innermost(), report);
  } catch (const std::exception& e) {
    report.ErrorAt(1, 1, "syntax", e.what());
  }
  return std::nullopt;
}

}  // namespace routerd::compiler
