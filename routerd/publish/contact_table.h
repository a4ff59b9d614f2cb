// The contacts that have not ended, found by id and read page by page in order of arrival.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "routerd/base/ids.h"
#include "routerd/engine/event.h"

namespace routerd::publish {

struct QueueEntry;

// A contact and what its present visit has already been counted for, so that nothing counts twice
// whatever the order in which a record's events come.
struct ContactEntry {
  engine::ContactView view;
  TimeMs arrived = 0;           // first arrival in batch time, the table's order
  QueueEntry* queue = nullptr;  // where it is counted now; owned by the board
  bool visit_entered = false;
  bool visit_answered = false;
  bool visit_offered = false;
  bool contact_answered = false;  // in this or an earlier visit
};

// Where a page of contacts ends. Batch time does not follow the wall clock, so that the next page
// begins there also if that has moved meanwhile.
struct ContactCursor {
  TimeMs arrived = 0;
  std::string id;
};

// Not thread-safe. References stay good until the contact is erased.
class ContactTable {
 public:
  [[nodiscard]] ContactEntry* Find(std::string_view id);
  [[nodiscard]] const ContactEntry* Find(std::string_view id) const;
  // `view` must have an identity; its id must not be in the table. `arrived` in batch time: its
  // place in the order, which no update changes.
  ContactEntry& Insert(engine::ContactView view, TimeMs arrived);
  void Erase(std::string_view id);
  void Clear();
  [[nodiscard]] std::size_t size() const { return by_id_.size(); }

  // Calls `visit` for the contacts after `after`, in order of arrival, ties by id, until it returns
  // false.
  void Walk(const std::optional<ContactCursor>& after,
            const std::function<bool(const ContactEntry&)>& visit) const;
  // In no order. `visit` must not touch `arrived`, nor the id.
  void ForEach(const std::function<void(ContactEntry&)>& visit);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const noexcept {
      return std::hash<std::string_view>{}(id);
    }
  };
  struct Arrival {
    TimeMs time;
    std::string_view id;  // of the key in by_id_, which does not move
    friend auto operator<=>(const Arrival&, const Arrival&) = default;
  };

  std::unordered_map<std::string, ContactEntry, Hash, std::equal_to<>> by_id_;
  std::map<Arrival, const ContactEntry*> by_arrival_;
};

}  // namespace routerd::publish
