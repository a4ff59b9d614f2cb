// What a watcher has been told, put together.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/ctl/describe.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::ctl {

class Board {
 public:
  // Takes an answer in; gives a line for each thing that changed, none for the snapshot.
  std::vector<std::string> Take(const v1::WatchStateResponse& response);
  // True once the whole snapshot has come.
  [[nodiscard]] bool complete() const { return complete_; }
  // The domain and the queues, for a terminal.
  [[nodiscard]] std::string ToText() const;

 private:
  // `before` → `now`: the fields that differ.
  static std::string Difference(const Fields& before, const Fields& now);
  template <typename Message>
  void Note(const std::string& what, const Message& message, const std::string& clock,
            std::vector<std::string>& lines);

  std::map<std::string, v1::Queue> queues_;
  std::map<std::string, Fields> shown_;  // by `queue ID`, `agent ID`, `domain`
  v1::DomainState domain_;
  v1::Position position_;
  TimeMs unix_ms_ = 0;
  bool complete_ = false;
};

}  // namespace routerd::ctl
