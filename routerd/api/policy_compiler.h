// What turns policy text into a model. The api knows this function only; the daemon binds it to the
// compiler.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "routerd/model/calendar.h"
#include "routerd/model/model.h"

namespace routerd::api {

struct PolicyRemark {
  bool error = true;  // else a warning
  std::string file;
  int line = 0;
  int column = 0;
  std::string code;
  std::string message;
  std::string hint;
};

struct CompiledPolicy {
  std::shared_ptr<const model::Model> model;             // null when any remark is an error
  std::vector<PolicyRemark> remarks;                     // in order of line and column
  std::shared_ptr<const model::Calendar> calendar = {};  // of its hours, from now on
};

// Text, file name for remarks, the model in force. Thread-safe; may take seconds.
using PolicyCompiler = std::function<CompiledPolicy(
    const std::string& text, const std::string& file, const model::Model* in_force)>;

}  // namespace routerd::api
