#include "routerd/daemon/section.h"

#include <algorithm>

#include "routerd/compiler/nearest.h"
#include "routerd/compiler/values.h"
#include "routerd/daemon/byte_size.h"

namespace routerd::daemon {

using Node = compiler::YamlNode;
using compiler::NodeKind;
using compiler::Quoted;

Section::Section(const Node* node, std::string path, compiler::Report& report)
    : path_(std::move(path)), report_(report) {
  if (node == nullptr || node->kind == NodeKind::kNull) return;
  if (node->kind != NodeKind::kMap) {
    const std::string what =
        path_.empty() ? "the configuration" : path_.substr(0, path_.size() - 1);
    report_.Error(*node, "wrong_type", what + " is a map of keys and values");
    return;
  }
  for (std::size_t i = 0; i + 1 < node->children.size(); i += 2) {
    const Node& key = *node->children[i];
    if (key.kind != NodeKind::kScalar) {
      report_.Error(key, "wrong_type", "a key is a word");
    } else if (Find(key.text) != nullptr) {
      report_.Error(key, "duplicate_key", Quoted(path_ + key.text) + " is given twice",
                    "remove one of the two");
    } else {
      entries_.emplace_back(&key, node->children[i + 1]);
    }
  }
}

const Node* Section::Find(std::string_view key) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& entry) { return entry.first->text == key; });
  return found == entries_.end() ? nullptr : found->second;
}

const Node* Section::Take(std::string_view key) {
  known_.push_back(key);
  return Find(key);
}

void Section::Wrong(const Node& at, std::string_view key, std::string_view wanted,
                    std::string hint) {
  std::string found = at.kind == NodeKind::kScalar ? Quoted(at.text)
                      : at.kind == NodeKind::kMap  ? "a map"
                      : at.kind == NodeKind::kList ? "a list"
                                                   : "nothing";
  report_.Error(at, at.kind == NodeKind::kScalar ? "bad_value" : "wrong_type",
                path_ + std::string(key) + " is " + std::string(wanted) + ", not " + found,
                std::move(hint));
}

const Node* Section::Scalar(std::string_view key, std::string_view wanted) {
  const Node* node = Take(key);
  if (node == nullptr || node->kind == NodeKind::kScalar) return node;
  Wrong(*node, key, wanted);
  return nullptr;
}

void Section::Text(std::string_view key, std::string& out) {
  if (const Node* node = Scalar(key, "a text")) out = node->text;
}

void Section::Bool(std::string_view key, bool& out) {
  const Node* node = Scalar(key, "true or false");
  if (node == nullptr) return;
  if (node->quoted || (node->text != "true" && node->text != "false")) {
    Wrong(*node, key, "true or false");
    return;
  }
  out = node->text == "true";
}

void Section::Span(std::string_view key, SpanMs least, SpanMs greatest, SpanMs& out) {
  const std::string wanted = "a duration from " + compiler::SpanText(least) + " to " +
                             compiler::SpanText(greatest) + ", such as 20s or 1m30s";
  const Node* node = Scalar(key, wanted);
  if (node == nullptr) return;
  const auto span = compiler::ParseSpan(node->text);
  if (!span || *span < least || *span > greatest) {
    Wrong(*node, key, wanted);
    return;
  }
  out = *span;
}

void Section::Bytes(std::string_view key, std::uint64_t least, std::uint64_t greatest,
                    std::uint64_t& out) {
  const std::string wanted = "a size from " + ByteSizeText(least) + " to " +
                             ByteSizeText(greatest) +
                             ", a whole number of MB, GB or TB, such as 20GB";
  const Node* node = Scalar(key, wanted);
  if (node == nullptr) return;
  const auto bytes = ParseByteSize(node->text);
  if (!bytes || *bytes < least || *bytes > greatest) return Wrong(*node, key, wanted);
  out = *bytes;
}

void Section::Address(std::string_view key, Endpoint& out) {
  const Node* node = Scalar(key, "an address");
  if (node == nullptr) return;
  auto endpoint = ParseEndpoint(node->text);
  if (!endpoint.ok()) {
    Wrong(*node, key, "an address", endpoint.status().message());
    return;
  }
  out = std::move(endpoint).value();
}

int Section::WordIndex(std::string_view key, const std::vector<std::string_view>& words) {
  std::string wanted = words.size() > 1 ? "one of " : "";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) wanted += i + 1 == words.size() ? " or " : ", ";
    wanted += words[i];
  }
  const Node* node = Scalar(key, wanted);
  if (node == nullptr) return -1;
  const auto found = std::find(words.begin(), words.end(), node->text);
  if (found != words.end()) return static_cast<int>(found - words.begin());
  Wrong(*node, key, wanted, compiler::DidYouMean(compiler::Nearest(node->text, words)));
  return -1;
}

Section Section::Map(std::string_view key) {
  return {Take(key), path_ + std::string(key) + ".", report_};
}

void Section::Forbid(std::string_view key, std::string message, std::string hint) {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& entry) { return entry.first->text == key; });
  if (found == entries_.end()) return;
  report_.Error(*found->first, "forbidden_key", std::move(message), std::move(hint));
  entries_.erase(found);
}

void Section::Finish() {
  for (const auto& [key, value] : entries_) {
    if (std::find(known_.begin(), known_.end(), key->text) != known_.end()) continue;
    const std::string_view nearest = compiler::Nearest(key->text, known_);
    std::string hint = compiler::DidYouMean(nearest);
    if (hint.empty()) {
      hint = "known here:";
      for (const std::string_view word : known_) hint += " " + std::string(word);
    }
    report_.Error(*key, "unknown_key", "unknown key " + Quoted(path_ + key->text), std::move(hint));
  }
}

}  // namespace routerd::daemon
