// How answers to commands are read: what is an error, and which errors are a wish to be asked
// later.
#pragma once

#include <grpcpp/support/status_code_enum.h>

#include <cstdint>
#include <map>
#include <string>

#include "routerd/v1/common.pb.h"

namespace routerd::load {

// A router that drains will not take it later either.
inline bool IsDraining(const v1::CommandStatus& status) {
  return status.detail().reason() == "draining";
}

// Not an answer yet: the same command is to be sent again, with the same request_id.
inline bool IsAskLater(const v1::CommandStatus& status) {
  const int code = status.code();
  const bool later = code == grpc::UNAVAILABLE || code == grpc::RESOURCE_EXHAUSTED;
  return later && !IsDraining(status);
}

// Counts an answer that is an error by command and reason; true = it is one.
inline bool CountError(const char* command, const v1::CommandStatus& status,
                       std::map<std::string, std::uint64_t>* errors) {
  if (status.code() == grpc::OK) return false;
  const std::string& reason = status.detail().reason();
  const std::string word = reason.empty() ? "code " + std::to_string(status.code()) : reason;
  ++(*errors)[std::string(command) + ": " + word];
  return true;
}

}  // namespace routerd::load
