// What the compiler's tests share.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "routerd/compiler/compile.h"

namespace routerd::compiler {

inline Compiled CompileText(const std::string& text, const model::Model* previous = nullptr) {
  return Compile({"policy.yaml", text}, previous);
}

// The model of a policy that must have no errors.
inline model::Model Good(const std::string& text, const model::Model* previous = nullptr) {
  const Compiled compiled = CompileText(text, previous);
  EXPECT_FALSE(HasErrors(compiled.findings)) << ToText(compiled.findings);
  EXPECT_NE(compiled.model, nullptr);
  return compiled.model == nullptr ? model::Model() : *compiled.model;
}

// `line:column code` of every finding, one a line.
inline std::string Places(const Compiled& compiled) {
  std::string out;
  for (const Finding& f : compiled.findings) {
    out += std::to_string(f.line) + ":" + std::to_string(f.column) + " " + f.code + "\n";
  }
  return out;
}

}  // namespace routerd::compiler
