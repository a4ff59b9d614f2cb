// Loading a snapshot: read it, tie together what belongs together, make the indexes anew, and see
// that it is what was saved. Inside of the snapshot's own files only.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "routerd/base/status.h"
#include "routerd/core/core.h"
#include "routerd/core/snapshot_archive.h"
#include "routerd/core/snapshot_parts.h"

namespace routerd::core {

class Snapshot::Loader {
 public:
  // `core` is new; after a failure it is good for nothing.
  Loader(Core& core, std::shared_ptr<const model::Calendar> calendar, std::string_view bytes)
      : core_(core), calendar_(std::move(calendar)), a_(bytes) {}

  Status Load();

 private:
  // ---- Reading (snapshot_read.cc) ----
  Status ReadHeader();
  void ReadQueues();
  void ReadContacts();
  void ReadContact(std::uint32_t slot);
  void ReadFree(std::size_t unused);
  void ReadAgents();
  void ReadOffers();
  void ReadTimers();

  // ---- Tying together (snapshot_links.cc); nothing is used as an index that was not looked at
  // ----
  void Link();
  void SortByArrival();
  void LinkContact(std::uint32_t slot);
  void LinkStandIn(std::uint32_t slot);
  void LinkHolders(std::uint32_t slot);
  void CheckStanding(std::uint32_t slot);
  void CheckOffers(const Contact& c);
  void LinkItem(AgentNo no, Item& item);
  void CheckWork();
  [[nodiscard]] bool IsKnown(AgentNo no) const { return core_.FindAgent(no) != nullptr; }
  // Held, and no stand-in.
  [[nodiscard]] bool IsHeld(std::uint32_t slot) const;

  // ---- Indexes (snapshot_rebuild.cc) ----
  void Rebuild();
  void MakeClasses();
  void MakeLanes();
  void SetTimers();
  void CountContacts();
  void OpenOffers();
  void StandInLanes();
  void LinkBars();
  void TakePlaces();
  void Finish();

  // ---- Whether it is what was saved (snapshot_rebuild.cc) ----
  Status Verify();
  [[nodiscard]] std::string Contradiction() const;

  Core& core_;
  std::shared_ptr<const model::Calendar> calendar_;
  SnapshotReader a_;
  Header header_;
  std::vector<Needs> needs_;
  std::vector<std::uint32_t> needs_of_;  // by slot; 0: none, else one more than its place
  std::vector<TimerWheel::Pending> pending_;
  std::vector<std::uint32_t> by_arrival_;  // all slots that are used
  std::vector<std::uint32_t> work_of_;     // by slot: agents' items, wrap-ups not counted
};

}  // namespace routerd::core
