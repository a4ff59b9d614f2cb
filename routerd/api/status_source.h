// What GetStatus tells of parts that the api does not know. The daemon binds it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "routerd/base/ids.h"

namespace routerd::api {

enum class RedisLink : std::uint8_t { kOff, kDown, kSyncing, kUp };

struct PartsStatus {
  RedisLink redis = RedisLink::kOff;
  std::optional<SpanMs> redis_lag_ms;  // while it is connected
  std::string journal_backend;         // `memory`, `file`
};

// Thread-safe and quick.
class StatusSource {
 public:
  virtual ~StatusSource() = default;
  [[nodiscard]] virtual PartsStatus Parts() const = 0;
};

}  // namespace routerd::api
