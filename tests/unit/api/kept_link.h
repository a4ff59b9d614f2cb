// A stream that keeps what is written to it; the test says when a write is done.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "routerd/api/link.h"

namespace routerd::api {

template <typename Out>
class KeptLink final : public Link<Out> {
 public:
  void Write(std::shared_ptr<const Out> message) override { written = std::move(message); }
  void ReadOn() override {}
  void Cut() override {}
  void End(const engine::Answer& why) override { ended = why.status.reason(); }

  std::shared_ptr<const Out> written;
  std::string ended;
};

}  // namespace routerd::api
