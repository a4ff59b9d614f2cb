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
#include "routerd/compiler/text_check.h"

namespace routerd::compiler {
namespace {

// Ends the parse; what is wrong has been reported. Never leaves this file.
struct Refused {};

// `rest` begins with a quote, and no quote ends it: yaml-cpp takes that for a text, and a file that
// was cut off in the middle of one for whole. False where it begins with anything else.
bool NeverCloses(std::string_view rest) {
  if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return false;
  const char quote = rest[0];
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '\\' && quote == '"') {
      ++i;
    } else if (rest[i] == quote) {
      if (quote == '"' || !rest.substr(i + 1).starts_with('\'')) return false;
      ++i;
    }
  }
  return true;
}

// Builds the tree while the parser runs, and stops the parser as soon as a limit is passed.
class Builder final : public YAML::EventHandler {
 public:
  Builder(std::string_view text, Report& report) : text_(text), report_(report) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const Node* key = KeyBefore();
    Node* node = Make(mark, NodeKind::kNull, anchor);
    // yaml-cpp places a value that is not there at whatever comes next.
    if (key != nullptr && node->line > key->line) {
      node->line = key->line;
      node->column = key->column;
    }
    Complete(anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node* node = Make(mark, NodeKind::kScalar, anchor);
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
  [[nodiscard]] const Node* innermost() const {
    return open_.empty() ? nullptr : open_.back().node;
  }
  Document Take() { return Document(std::move(nodes_), root_); }

 private:
  // What an anchor names: `size` and `depth` of it with its own aliases written out.
  struct Anchored {
    const Node* node = nullptr;
    std::size_t size = 0;
    std::size_t depth = 0;
    bool complete = false;
  };
  // A list or map that has begun and not ended.
  struct Opened {
    Node* node;
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
    Refuse(mark, "unsupported_tag", "tags (`!…`) are not part of the policy language",
           "remove the tag");
  }
  [[noreturn]] void RefuseDepth(const YAML::Mark& mark) {
    Refuse(mark, "too_deep",
           "lists and maps stand more than " + std::to_string(limits::kMaxPolicyDepth) +
               " deep in one another",
           "a policy needs no more than five");
  }

  // Counts nodes as they will be walked: an alias costs what it repeats.
  void Count(const YAML::Mark& mark, std::size_t nodes) {
    count_ += nodes;
    if (count_ > limits::kMaxPolicyNodes) {
      Refuse(
          mark, "too_many_nodes",
          "more than " + std::to_string(limits::kMaxPolicyNodes) + " values, aliases written out",
          "write a smaller policy");
    }
  }

  Node* Make(const YAML::Mark& mark, NodeKind kind, YAML::anchor_t anchor) {
    Count(mark, 1);
    Node& node = nodes_.emplace_back();
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
  [[nodiscard]] const Node* KeyBefore() const {
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
    Node* node = Make(mark, kind, anchor);
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
  std::deque<Node> nodes_;
  const Node* root_ = nullptr;
  std::vector<Opened> open_;
  std::vector<Anchored> anchors_;  // by yaml-cpp's number
  std::size_t count_ = 0;
  std::size_t aliases_ = 0;
};

// yaml-cpp says what its scanner saw; people want to know what to look for.
struct Wording {
  const char* theirs;
  const char* message;
  const char* hint;
};
constexpr Wording kWordings[] = {
    {YAML::ErrorMsg::MAP_VALUE, "a ':' stands where no key can end",
     "look for a value that holds ': ' and needs quotes, or for a line indented too far"},
    {YAML::ErrorMsg::MAP_KEY, "a key stands where none can", "check the indentation"},
    {YAML::ErrorMsg::BLOCK_ENTRY, "a '- ' stands where no list can", "check the indentation"},
    {YAML::ErrorMsg::END_OF_MAP, "this line does not belong to the map above",
     "check the indentation and that each key ends with ':'"},
    {YAML::ErrorMsg::END_OF_SEQ, "this line does not belong to the list above",
     "check the indentation and that each element begins with '- '"},
    {YAML::ErrorMsg::END_OF_MAP_FLOW, "a '{' is never closed, or a ',' is missing in it",
     "look for quotes that never end, too"},
    {YAML::ErrorMsg::END_OF_SEQ_FLOW, "a '[' is never closed, or a ',' is missing in it",
     "look for quotes that never end, too"},
    {YAML::ErrorMsg::FLOW_END, "a ']' or '}' closes nothing", ""},
    {YAML::ErrorMsg::EOF_IN_SCALAR, "a quoted text never ends", "close the quotes"},
    {YAML::ErrorMsg::DOC_IN_SCALAR, "a quoted text never ends", "close the quotes"},
    {YAML::ErrorMsg::UNKNOWN_TOKEN, "a character that means nothing to YAML here",
     "put the text in quotes"},
    {YAML::ErrorMsg::UNKNOWN_ANCHOR, "this alias names no anchor",
     "an anchor stands before it: &name"},
};

// Column of a tab before the first character of a line, 0 when there is none.
int TabInIndentation(std::string_view text, int line) {
  for (int i = 1; i < line; ++i) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return 0;
    text.remove_prefix(end + 1);
  }
  const std::string_view indentation = text.substr(0, text.find_first_not_of(" \t"));
  const auto tab = indentation.find('\t');
  return tab == std::string_view::npos ? 0 : static_cast<int>(tab) + 1;
}

void ReportSyntax(const YAML::Exception& e, std::string_view text, const Node* open,
                  Report& report) {
  int line = e.mark.is_null() ? 1 : e.mark.line + 1;
  int column = e.mark.is_null() ? 1 : e.mark.column + 1;
  if (const int tab = TabInIndentation(text, line); tab != 0) {
    report.ErrorAt(line, tab, "syntax", "a tab in the indentation", "indent with spaces");
    return;
  }
  // What was never closed is best shown where it was opened.
  if (open != nullptr &&
      (e.msg == YAML::ErrorMsg::END_OF_MAP_FLOW || e.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW)) {
    line = open->line;
    column = open->column;
  }
  const auto* const known = std::find_if(std::begin(kWordings), std::end(kWordings),
                                         [&](const Wording& w) { return e.msg == w.theirs; });
  if (known != std::end(kWordings)) {
    report.ErrorAt(line, column, "syntax", known->message, known->hint);
  } else {
    report.ErrorAt(line, column, "syntax", e.msg.empty() ? "not YAML" : e.msg);
  }
}

// Only to see whether there is one: what it holds does not matter.
class Ignore final : public YAML::EventHandler {
 public:
  explicit Ignore(Report& report) : report_(report) {}
  void OnDocumentStart(const YAML::Mark& mark) override {
    report_.ErrorAt(mark.line + 1, mark.column + 1, "multiple_documents",
                    "a second document begins here; a policy is one",
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
    report.ErrorAt(1, 1, "empty_policy", "the policy is empty", "begin with 'version: 1'");
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
