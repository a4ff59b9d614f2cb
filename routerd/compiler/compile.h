// Policy text in, compiled model and findings out. Pure: no file, clock or state; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/compiler/finding.h"
#include "routerd/model/model.h"

namespace routerd::compiler {

struct Source {
  std::string file;  // as it shall stand in findings
  std::string text;
};

struct Compiled {
  std::shared_ptr<const model::Model> model;  // null when any finding is an error
  std::vector<Finding> findings;              // by line and column; everything wrong, not the first
  std::uint64_t source_hash = 0;              // of the text, for display
};

// `previous` is the model in force, null for the first: names it knows keep their numbers, removed
// ones leave an empty name, and the version is the next. Nothing is thrown.
[[nodiscard]] Compiled Compile(const Source& source, const model::Model* previous);

// What is wrong with the text before its structure is looked at, and so before it can be sent: not
// UTF-8, control characters, too large. Compile tells the same.
[[nodiscard]] std::vector<Finding> CheckSource(const Source& source);

// Of the text as it stands, comments included: 16 hexadecimal digits tell two files apart.
[[nodiscard]] std::uint64_t HashSource(std::string_view text);
[[nodiscard]] std::string HashText(std::uint64_t hash);

}  // namespace routerd::compiler
