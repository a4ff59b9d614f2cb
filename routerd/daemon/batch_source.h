// The journal's files as one batch after another, for those who follow it: on their own thread, a
// source for each.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "routerd/base/status.h"
#include "routerd/engine/service.h"
#include "routerd/journal/batch.h"
#include "routerd/journal/disk.h"
#include "routerd/journal/log_reader.h"

namespace routerd::daemon {

// Copies share their place. `disk` and `service` outlive it.
class BatchSource {
 public:
  BatchSource(journal::Disk& disk, const std::string& directory, const engine::Service& service)
      : reader_(std::make_shared<journal::LogReader>(disk, directory)), service_(&service) {}

  // The batch after record `after`; false: there is none that is released. Quick when it goes on
  // where it was.
  Result<bool> operator()(std::uint64_t after, journal::Batch& batch);

 private:
  std::shared_ptr<journal::LogReader> reader_;
  const engine::Service* service_;
  std::uint64_t given_ = 0;  // last record given; 0: it stands nowhere
};

}  // namespace routerd::daemon
