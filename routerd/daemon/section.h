// Reads one YAML map of the configuration key by key, and says where what is wrong.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/compiler/document.h"
#include "routerd/compiler/report.h"
#include "routerd/daemon/endpoint.h"

namespace routerd::daemon {

// Each reader leaves `out` alone when the key is absent or its value is wrong. The reads tell which
// keys there are: once they are done, Finish reports those that nobody has read.
class Section {
 public:
  // `node` null: an absent map. `path` is what stands before its keys in messages: `listen.`.
  Section(const compiler::YamlNode* node, std::string path, compiler::Report& report);

  void Text(std::string_view key, std::string& out);
  void Bool(std::string_view key, bool& out);
  void Span(std::string_view key, SpanMs least, SpanMs greatest, SpanMs& out);
  void Bytes(std::string_view key, std::uint64_t least, std::uint64_t greatest, std::uint64_t& out);
  void Address(std::string_view key, Endpoint& out);
  // Gives the index of the word that stands there.
  template <typename Enum>
  void Word(std::string_view key, const std::vector<std::string_view>& words, Enum& out) {
    if (const int index = WordIndex(key, words); index >= 0) out = static_cast<Enum>(index);
  }
  [[nodiscard]] Section Map(std::string_view key);
  // A key that people might try, and why it is none.
  void Forbid(std::string_view key, std::string message, std::string hint);
  void Finish();

 private:
  [[nodiscard]] const compiler::YamlNode* Find(std::string_view key) const;
  const compiler::YamlNode* Take(std::string_view key);
  // The scalar there; null and a finding when something else is.
  const compiler::YamlNode* Scalar(std::string_view key, std::string_view wanted);
  void Wrong(const compiler::YamlNode& at, std::string_view key, std::string_view wanted,
             std::string hint = {});
  int WordIndex(std::string_view key, const std::vector<std::string_view>& words);

  std::vector<std::pair<const compiler::YamlNode*, const compiler::YamlNode*>> entries_;
  std::vector<std::string_view> known_;
  std::string path_;
  compiler::Report& report_;
};

}  // namespace routerd::daemon
