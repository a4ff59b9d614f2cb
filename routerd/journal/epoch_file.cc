#include "routerd/journal/epoch_file.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

namespace routerd::journal {
namespace {

constexpr std::string_view kPrefix = "routerd-epoch 1 ";
constexpr std::size_t kMaxFileBytes = 64;

Status NotAnEpoch(const std::string& path) {
  return {Code::kInternal,
          path +
              ": not an epoch file; restore it, or remove it together with the rest of the state "
              "directory"};
}

Result<std::uint32_t> Parse(std::string_view text, const std::string& path) {
  const Status damaged = NotAnEpoch(path);
  if (!text.starts_with(kPrefix) || !text.ends_with('\n')) return damaged;
  text.remove_prefix(kPrefix.size());
  text.remove_suffix(1);
  std::uint32_t epoch = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), epoch);
  if (error != std::errc() || end != text.data() + text.size() || epoch == 0) return damaged;
  return epoch;
}

}  // namespace

Result<std::uint32_t> EpochFile::Next(std::uint32_t above) {
  std::uint32_t last = above;
  const Result<std::string> text = ReadWhole(disk_, path_, kMaxFileBytes);
  if (text.ok()) {
    const Result<std::uint32_t> parsed = Parse(text.value(), path_);
    if (!parsed.ok()) return parsed.status();
    last = std::max(above, parsed.value());
  } else if (text.status().code() == Code::kResourceExhausted) {
    return NotAnEpoch(path_);  // larger than one is: the disk is not full
  } else if (text.status().code() != Code::kNotFound) {
    return text.status();
  }
  if (last == std::numeric_limits<std::uint32_t>::max()) {
    return Status(Code::kInternal, path_ + ": no epoch is left");
  }
  const std::uint32_t next = last + 1;
  Status stored = ReplaceWhole(disk_, path_, std::string(kPrefix) + std::to_string(next) + '\n');
  if (!stored.ok()) return stored;
  return next;
}

}  // namespace routerd::journal
