#include "routerd/journal/snapshot_store.h"

#include <algorithm>
#include <utility>

#include "routerd/base/limits.h"
#include "routerd/journal/bytes.h"
#include "routerd/journal/crc32c.h"
#include "routerd/journal/frame.h"
#include "routerd/journal/segment.h"

namespace routerd::journal {
namespace {

constexpr std::string_view kSnapshotMagic = "RDSNAPSH";
constexpr std::size_t kSnapshotHeaderBytes = 128;
constexpr std::size_t kSnapshotDomainAt = 48;
constexpr std::size_t kSnapshotCrcAt = 124;
constexpr std::size_t kChunkHeaderBytes = 8;

// A chunk is valid in its snapshot and its place only.
std::uint32_t ChunkCrc(const Position& at, std::uint32_t index, std::string_view bytes) {
  char place[16];
  StoreNumber(place, at.sequence);
  StoreNumber(place + 8, at.epoch);
  StoreNumber(place + 12, index);
  return Crc32c(bytes, Crc32c({place, sizeof place}));
}

std::string EncodeSnapshotHeader(const SnapshotInfo& info, std::string_view domain) {
  std::string out(kSnapshotMagic);
  AppendNumber(out, kFormatVersion);
  AppendNumber(out, static_cast<std::uint16_t>(kSnapshotHeaderBytes));
  AppendNumber(out, info.at.epoch);
  AppendNumber(out, info.at.sequence);
  AppendNumber(out, info.state_hash);
  AppendNumber(out, info.body_bytes);
  AppendNumber(out, info.chunks);
  AppendNumber(out, static_cast<std::uint32_t>(domain.size()));
  out += domain;
  out.resize(kSnapshotCrcAt);
  AppendNumber(out, Crc32c(out));
  return out;
}

// What is wrong with it, empty: nothing.
std::string DecodeSnapshotHeader(std::string_view bytes, std::string_view domain,
                                 SnapshotInfo& info) {
  if (bytes.size() < kSnapshotHeaderBytes || !bytes.starts_with(kSnapshotMagic)) {
    return "it does not begin as a snapshot does";
  }
  const char* p = bytes.data();
  if (LoadNumber<std::uint32_t>(p + kSnapshotCrcAt) != Crc32c(bytes.substr(0, kSnapshotCrcAt))) {
    return "its header does not match its checksum";
  }
  if (const auto version = LoadNumber<std::uint16_t>(p + 8); version != kFormatVersion) {
    return "it is of version " + std::to_string(version) + ", which this routerd does not know";
  }
  info.at = {LoadNumber<std::uint32_t>(p + 12), LoadNumber<std::uint64_t>(p + 16)};
  info.state_hash = LoadNumber<std::uint64_t>(p + 24);
  info.body_bytes = LoadNumber<std::uint64_t>(p + 32);
  info.chunks = LoadNumber<std::uint32_t>(p + 40);
  const auto domain_bytes = LoadNumber<std::uint32_t>(p + 44);
  if (domain_bytes > limits::kMaxDomainBytes) return "its header says what cannot be";
  const std::string_view its = bytes.substr(kSnapshotDomainAt, domain_bytes);
  return its == domain ? "" : "it belongs to the domain " + std::string(its);
}

std::string WithoutSuffix(const std::string& path, std::string_view suffix) {
  return path.substr(0, path.size() - suffix.size());
}

}  // namespace

// ---- Writing ----

SnapshotWriter::SnapshotWriter(Disk& disk, std::unique_ptr<DiskFile> file, SnapshotInfo info,
                               std::string domain)
    : disk_(disk),
      file_(std::move(file)),
      info_(std::move(info)),
      domain_(std::move(domain)),
      end_(kSnapshotHeaderBytes) {}

SnapshotWriter::~SnapshotWriter() {
  file_.reset();
  if (!committed_) static_cast<void>(disk_.Remove(temporary()));
}

std::string SnapshotWriter::temporary() const { return info_.path + std::string(kTemporarySuffix); }

Status SnapshotWriter::Write(std::string_view bytes) {
  if (!status_.ok()) return status_;
  while (!bytes.empty()) {
    const std::size_t room = limits::kSnapshotChunkBytes - chunk_.size();
    chunk_ += bytes.substr(0, room);
    bytes.remove_prefix(std::min(room, bytes.size()));
    if (chunk_.size() < limits::kSnapshotChunkBytes) break;
    if (Status s = WriteChunk(chunk_); !s.ok()) return status_ = s;
    chunk_.clear();
  }
  return Status::Ok();
}

Status SnapshotWriter::WriteChunk(std::string_view bytes) {
  std::string header;
  AppendNumber(header, static_cast<std::uint32_t>(bytes.size()));
  AppendNumber(header, ChunkCrc(info_.at, info_.chunks, bytes));
  if (Status s = file_->Write(end_, header); !s.ok()) return s;
  if (Status s = file_->Write(end_ + header.size(), bytes); !s.ok()) return s;
  end_ += header.size() + bytes.size();
  info_.body_bytes += bytes.size();
  ++info_.chunks;
  return Status::Ok();
}

Status SnapshotWriter::Commit(std::uint64_t state_hash) {
  if (!status_.ok()) return status_;
  if (!chunk_.empty()) {
    if (Status s = WriteChunk(chunk_); !s.ok()) return s;
  }
  info_.state_hash = state_hash;
  if (Status s = file_->Write(0, EncodeSnapshotHeader(info_, domain_)); !s.ok()) return s;
  if (Status s = file_->Sync(); !s.ok()) return s;
  if (Status s = disk_.Rename(temporary(), info_.path); !s.ok()) return s;
  committed_ = true;
  return disk_.SyncDirectory(DirectoryOf(info_.path));
}

// ---- Reading ----

SnapshotReader::SnapshotReader(std::unique_ptr<DiskFile> file, SnapshotInfo info)
    : file_(std::move(file)), info_(std::move(info)), next_(kSnapshotHeaderBytes) {}

void SnapshotReader::Rewind() {
  next_ = kSnapshotHeaderBytes;
  index_ = 0;
}

Result<std::string_view> SnapshotReader::Next() {
  if (index_ == info_.chunks) return std::string_view();
  const auto damaged = [&](const char* why) {
    return Status(Code::kInternal,
                  info_.path + ": damaged at byte " + std::to_string(next_) + ": " + why);
  };
  char header[kChunkHeaderBytes];
  const Result<std::size_t> read = file_->Read(next_, header);
  if (!read.ok()) return read.status();
  if (read.value() != sizeof header) return damaged("it is cut short");
  const auto bytes = LoadNumber<std::uint32_t>(header);
  if (bytes == 0) return damaged("an empty chunk");
  if (bytes > limits::kSnapshotChunkBytes) return damaged("a chunk longer than there are");
  chunk_.resize(bytes);
  const Result<std::size_t> body = file_->Read(next_ + sizeof header, chunk_);
  if (!body.ok()) return body.status();
  if (body.value() != bytes) return damaged("it is cut short");
  if (LoadNumber<std::uint32_t>(header + 4) != ChunkCrc(info_.at, index_, chunk_)) {
    return damaged("a chunk does not match its checksum");
  }
  next_ += sizeof header + bytes;
  ++index_;
  return std::string_view(chunk_);
}

// ---- The store ----

std::string SnapshotStore::PathOf(std::uint64_t sequence) const {
  return directory_ + "/" + NumberedName(sequence, kSnapshotSuffix);
}

Result<std::unique_ptr<SnapshotWriter>> SnapshotStore::Begin(Position at) {
  if (at.sequence == 0) return Status(Code::kInvalidArgument, "there is no record to keep");
  SnapshotInfo info;
  info.path = PathOf(at.sequence);
  info.at = at;
  auto file = CreateAnew(disk_, info.path + std::string(kTemporarySuffix));
  if (!file.ok()) return file.status();
  return std::unique_ptr<SnapshotWriter>(
      new SnapshotWriter(disk_, std::move(file).value(), std::move(info), domain_));
}

Result<std::vector<std::uint64_t>> SnapshotStore::Sequences() {
  const auto names = disk_.List(directory_);
  if (!names.ok()) return names.status();
  std::vector<std::uint64_t> sequences;
  for (const std::string& name : names.value()) {
    if (const auto sequence = NumberOfName(name, kSnapshotSuffix)) sequences.push_back(*sequence);
  }
  return sequences;
}

// kInternal: damaged, or not readable.
Result<std::unique_ptr<SnapshotReader>> SnapshotStore::Open(const std::string& path,
                                                            std::uint64_t sequence) {
  auto file = disk_.Open(path, OpenMode::kRead);
  if (!file.ok()) return file.status();
  std::string bytes(kSnapshotHeaderBytes, '\0');
  const Result<std::size_t> read = file.value()->Read(0, bytes);
  if (!read.ok()) return read.status();
  bytes.resize(read.value());
  SnapshotInfo info;
  info.path = path;
  std::string wrong = DecodeSnapshotHeader(bytes, domain_, info);
  if (wrong.empty() && info.at.sequence != sequence) wrong = "its name says another sequence";
  const Result<std::uint64_t> size = file.value()->Size();
  if (!size.ok()) return size.status();
  const std::uint64_t expected =
      kSnapshotHeaderBytes + info.body_bytes + std::uint64_t{info.chunks} * kChunkHeaderBytes;
  if (wrong.empty() && size.value() != expected) wrong = "it is not as long as it says";
  if (!wrong.empty()) return Status(Code::kInternal, path + ": " + wrong);
  return std::unique_ptr<SnapshotReader>(
      new SnapshotReader(std::move(file).value(), std::move(info)));
}

// One whose every byte matches its checksum, at its beginning.
Result<std::unique_ptr<SnapshotReader>> SnapshotStore::OpenSound(std::uint64_t sequence) {
  auto reader = Open(PathOf(sequence), sequence);
  while (reader.ok()) {
    const Result<std::string_view> chunk = reader.value()->Next();
    if (!chunk.ok()) return chunk.status();
    if (chunk.value().empty()) break;
  }
  if (reader.ok()) reader.value()->Rewind();
  return reader;
}

Result<SnapshotStore::Loaded> SnapshotStore::LoadNewest(std::uint64_t upto) {
  const auto sequences = Sequences();
  if (!sequences.ok()) return sequences.status();
  Loaded loaded;
  for (auto it = sequences.value().rbegin(); it != sequences.value().rend(); ++it) {
    if (*it > upto) {
      loaded.skipped.push_back(PathOf(*it) + ": it is ahead of record " + std::to_string(upto));
      continue;
    }
    auto reader = OpenSound(*it);
    if (reader.ok()) {
      loaded.reader = std::move(reader).value();
      return loaded;
    }
    loaded.skipped.push_back(reader.status().message());
  }
  return loaded;
}

Result<SnapshotStore::Listed> SnapshotStore::List() {
  const auto sequences = Sequences();
  if (!sequences.ok()) return sequences.status();
  Listed listed;
  for (const std::uint64_t sequence : sequences.value()) {
    auto reader = Open(PathOf(sequence), sequence);
    if (reader.ok()) {
      listed.snapshots.push_back(reader.value()->info());
    } else {
      listed.invalid.push_back(reader.status().message());
    }
  }
  return listed;
}

Status SnapshotStore::Keep(std::size_t count) {
  if (count == 0) return {Code::kInvalidArgument, "at least one snapshot is kept"};
  const auto sequences = Sequences();
  if (!sequences.ok()) return sequences.status();
  // What cannot be loaded does not count, or the only one that can might go.
  std::uint64_t oldest = 0;
  for (auto it = sequences.value().rbegin(); it != sequences.value().rend(); ++it) {
    if (!OpenSound(*it).ok() || --count > 0) continue;
    oldest = *it;
    break;
  }
  const auto names = disk_.List(directory_);
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) {
    const auto sequence = NumberOfName(name, kSnapshotSuffix);
    const bool left = name.ends_with(kTemporarySuffix) &&
                      NumberOfName(WithoutSuffix(name, kTemporarySuffix), kSnapshotSuffix);
    if (!left && (!sequence || *sequence >= oldest)) continue;
    if (Status s = disk_.Remove(directory_ + "/" + name); !s.ok()) return s;
  }
  return disk_.SyncDirectory(directory_);
}

Result<std::string> SnapshotStore::ReadBeginning(std::uint64_t sequence) {
  auto reader = Open(PathOf(sequence), sequence);
  if (!reader.ok()) return reader.status();
  const Result<std::string_view> piece = reader.value()->Next();
  if (!piece.ok()) return piece.status();
  return std::string(piece.value());
}

Status SnapshotStore::Remove(std::uint64_t sequence) {
  const auto sequences = Sequences();
  if (!sequences.ok()) return sequences.status();
  if (sequences.value().empty() || sequences.value().back() == sequence) {
    return {Code::kFailedPrecondition, "the newest snapshot stays"};
  }
  if (Status s = disk_.Remove(PathOf(sequence)); !s.ok()) return s;
  return disk_.SyncDirectory(directory_);
}

Status SnapshotStore::RemoveLeftovers() {
  const auto names = disk_.List(directory_);
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) {
    const bool left = name.ends_with(kTemporarySuffix) &&
                      NumberOfName(WithoutSuffix(name, kTemporarySuffix), kSnapshotSuffix);
    if (!left) continue;
    if (Status s = disk_.Remove(directory_ + "/" + name); !s.ok()) return s;
  }
  return Status::Ok();
}

Result<std::uint64_t> SnapshotStore::MayTrim(std::uint64_t upto) {
  const auto listed = List();
  if (!listed.ok()) return listed.status();
  if (listed.value().snapshots.empty()) return std::uint64_t{0};
  return std::min(upto, listed.value().snapshots.front().at.sequence);
}

}  // namespace routerd::journal
