#include "routerd/journal/segment_reader.h"

#include <algorithm>

namespace routerd::journal {
namespace {

constexpr std::size_t kWindowBytes = 1024UL * 1024;

bool IsZero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

}  // namespace

Result<SegmentReader> SegmentReader::Open(Disk& disk, const std::string& path) {
  auto file = disk.Open(path, OpenMode::kRead);
  if (!file.ok()) return file.status();
  return SegmentReader(std::move(file).value(), path);
}

Status SegmentReader::Start() {
  const Result<std::uint64_t> size = file_->Size();
  if (!size.ok()) return size.status();
  file_bytes_ = size.value();
  window_.clear();
  std::string bytes(kSegmentHeaderBytes, '\0');
  const Result<std::size_t> read = file_->Read(0, bytes);
  if (!read.ok()) return status_ = read.status();
  bytes.resize(read.value());
  Result<SegmentHeader> header = DecodeSegmentHeader(bytes);
  if (!header.ok()) return header.status();
  segment_ = std::move(header).value();
  next_ = kSegmentHeaderBytes;
  return Status::Ok();
}

std::optional<std::string_view> SegmentReader::View(std::uint64_t offset, std::size_t bytes) {
  const std::uint64_t end = std::min(offset + bytes, file_bytes_);
  if (offset >= end) return std::string_view();
  if (offset < window_at_ || end > window_at_ + window_.size()) {
    window_.resize(std::min<std::uint64_t>(std::max(bytes, kWindowBytes), file_bytes_ - offset));
    window_at_ = offset;
    const Result<std::size_t> read = file_->Read(offset, window_);
    if (!read.ok()) {
      window_.clear();
      status_ = read.status();
      return std::nullopt;
    }
    window_.resize(read.value());
  }
  return std::string_view(window_).substr(offset - window_at_, bytes);
}

// What the window held may have been written since.
SegmentReader::Found SegmentReader::Next() {
  Found found = Try(true);
  if (found == Found::kEnd || found == Found::kInvalid) {
    window_.clear();
    found = Try(true);
  }
  return found;
}

SegmentReader::Found SegmentReader::NextHeader() {
  Found found = Try(false);
  if (found == Found::kEnd || found == Found::kInvalid) {
    window_.clear();
    found = Try(false);
  }
  return found;
}

SegmentReader::Found SegmentReader::Try(bool whole) {
  at_ = next_;
  records_.clear();
  of_another_version_ = false;
  const auto bytes = View(at_, kFrameHeaderBytes);
  if (!bytes) return Found::kFailed;
  if (IsZero(*bytes)) return Found::kEnd;
  const auto header = DecodeFrameHeader(*bytes, {segment_.salt, at_});
  if (!header) {
    of_another_version_ = IsOfAnotherVersion(*bytes, {segment_.salt, at_});
    why_ = "no valid frame begins there";
    return Found::kInvalid;
  }
  header_ = *header;
  if (at_ + kFrameHeaderBytes + header_.body_bytes > file_bytes_) {
    why_ = "a frame longer than its file";
    return Found::kInvalid;
  }
  const Found found = whole ? TryBody() : Found::kFrame;
  if (found == Found::kFrame) next_ = at_ + header_.frame_bytes();
  return found;
}

SegmentReader::Found SegmentReader::TryBody() {
  const auto frame = View(at_, kFrameHeaderBytes + header_.body_bytes);
  if (!frame) return Found::kFailed;
  frame_ = *frame;
  const std::string_view body = frame_.substr(std::min(kFrameHeaderBytes, frame_.size()));
  why_ = DecodeFrameBody(header_, body, records_);
  of_another_version_ = why_ == kUnknownKind;
  return why_.empty() ? Found::kFrame : Found::kInvalid;
}

Batch SegmentReader::ToBatch() const {
  Batch batch;
  batch.header = header_.batch;
  for (const FrameRecord& record : records_) {
    batch.Add(record.view.kind, record.view.decision, record.view.identity, record.view.blanked);
  }
  return batch;
}

Result<std::optional<SegmentReader::Place>> SegmentReader::FindHeader(std::uint64_t from) {
  const std::uint64_t start = (from + kFrameAlignment - 1) / kFrameAlignment * kFrameAlignment;
  for (std::uint64_t offset = start; offset + kFrameHeaderBytes <= file_bytes_;
       offset += kFrameAlignment) {
    const auto bytes = View(offset, kFrameHeaderBytes);
    if (!bytes) return status_;
    if (const auto header = DecodeFrameHeader(*bytes, {segment_.salt, offset})) {
      return std::optional<Place>(Place{offset, *header});
    }
    if (IsOfAnotherVersion(*bytes, {segment_.salt, offset})) {
      return std::optional<Place>(Place{offset, {}, true});
    }
  }
  return std::optional<Place>();
}

Result<std::uint64_t> SegmentReader::EndOfBytes(std::uint64_t from) {
  window_.clear();
  std::uint64_t end = from;
  for (std::uint64_t offset = from; offset < file_bytes_; offset += kWindowBytes) {
    const auto bytes = View(offset, kWindowBytes);
    if (!bytes) return status_;
    const std::size_t last = bytes->find_last_not_of('\0');
    if (last != std::string_view::npos) end = offset + last + 1;
  }
  return end;
}

}  // namespace routerd::journal
