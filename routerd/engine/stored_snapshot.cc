#include "routerd/engine/stored_snapshot.h"

#include <string>
#include <string_view>
#include <utility>

#include "routerd/engine/world_snapshot.h"

namespace routerd::engine {

Result<StartSnapshot> LoadSnapshot(journal::SnapshotReader& reader, const Clock& clock) {
  std::string body;
  body.reserve(reader.info().body_bytes);
  for (;;) {
    const Result<std::string_view> piece = reader.Next();
    if (!piece.ok()) return piece.status();
    if (piece.value().empty()) break;
    body += piece.value();
  }
  auto world = LoadWorld(clock, body);
  if (!world.ok()) return world.status();
  return StartSnapshot{std::move(world).value(), reader.info().at};
}

Result<std::uint64_t> StoreSnapshot(journal::SnapshotStore& store, Position at, const World& world,
                                    std::uint64_t digest) {
  std::string body;
  SaveWorld(world, digest, body);
  auto writer = store.Begin(at);
  if (!writer.ok()) return writer.status();
  Status written = writer.value()->Write(body);
  if (written.ok()) written = writer.value()->Commit(world.core.StateHash());
  if (!written.ok()) return written;
  return static_cast<std::uint64_t>(body.size());
}

}  // namespace routerd::engine
