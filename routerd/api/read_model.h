// Where reads come from. The api knows this interface only; the daemon binds it to the projection.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/base/status.h"
#include "routerd/core/vocabulary.h"
#include "routerd/engine/event.h"
#include "routerd/model/model.h"

namespace routerd::api {

// Every answer says which state it shows.
template <typename T>
struct Shown {
  Position at;
  TimeMs unix_ms = 0;
  T value;
};

template <typename T>
struct Page {
  Position at;
  TimeMs unix_ms = 0;
  std::vector<T> items;
  std::string next;  // give it back as `after`; empty: this was the last page
};

// Counters count from the router's start. Indexed by the core's enumerations.
struct QueueRow {
  std::string id;
  model::QueueMode mode = model::QueueMode::kOpen;
  std::shared_ptr<const engine::OverrideView> mode_override;  // null: the mode is the policy's
  SpanMs target_ms = 0;
  int target_percent = 0;
  std::array<std::uint32_t, 13> contacts{};  // now, by core::ContactState
  std::uint32_t also_waiting = 0;            // contacts of other queues that wait here as well
  std::optional<TimeMs> oldest_unix_ms;      // start of the oldest visit that waits
  std::uint32_t agents_staffed = 0;
  std::uint32_t agents_ready = 0;
  std::uint64_t entered = 0;
  std::array<std::uint64_t, 8> outcomes{};  // visits, by core::VisitOutcome
  std::uint64_t answered_in_target = 0;
  std::uint64_t abandoned_in_target = 0;
  std::optional<double> service_level;  // 0..1; none = undefined
  std::optional<engine::QueueMoveView> move;
  std::optional<engine::HoursChangeView> hours_change;  // the next; none: not known, or no hours
};

struct DomainRow {
  std::array<std::uint32_t, 13> contacts{};  // now, by core::ContactState
  std::array<std::uint64_t, 13> ended{};     // by terminal core::ContactState
  std::array<std::uint32_t, 9> agents{};     // now, by core::ShownState
  std::array<std::uint64_t, 8> offers{};     // ended, by core::OfferOutcome
  std::uint64_t arrived = 0;
  std::uint64_t answered = 0;
  std::optional<TimeMs> oldest_unix_ms;
};

// What an operator has set over the policy.
struct OverrideRow {
  std::string queue;  // whose mode; empty: an agent's skills
  std::string agent;
  std::shared_ptr<const engine::OverrideView> is;
};

using AgentRow = std::shared_ptr<const engine::AgentView>;

struct AgentQuery {
  std::string group;                           // empty: any
  std::vector<core::ShownState> shown_states;  // empty: any
};

struct ContactQuery {
  std::string queue;  // empty: any; likewise the others
  std::string channel;
  std::string agent;
  std::vector<core::ContactState> states;
};

// What has changed since somebody last looked, each id once.
struct StateChanges {
  std::set<std::string> queues;
  std::set<std::string> agents;
  bool domain = false;
  bool all = false;  // look at everything
};

// One reader's view of what changes. Letting go of it ends it; the waker is not called after that.
class StateWatch {
 public:
  virtual ~StateWatch() = default;
  [[nodiscard]] virtual StateChanges Take() = 0;
};

// Thread-safe, quick: at most a page is copied. Called on gRPC's threads and the api's own.
class ReadModel {
 public:
  virtual ~ReadModel() = default;

  [[nodiscard]] virtual Shown<DomainRow> Domain() const = 0;
  [[nodiscard]] virtual Shown<std::optional<QueueRow>> GetQueue(std::string_view id) const = 0;
  [[nodiscard]] virtual Shown<AgentRow> GetAgent(std::string_view id) const = 0;  // null: unknown
  [[nodiscard]] virtual Shown<std::optional<engine::ContactView>> GetContact(
      std::string_view id) const = 0;

  // Queues and agents by id, contacts by arrival; after `after` (empty: from the first), at most
  // `limit`. A page may be short, even empty, and still have a next one. kInvalidArgument: `after`
  // is not a `next`.
  [[nodiscard]] virtual Page<QueueRow> ListQueues(std::string_view after,
                                                  std::size_t limit) const = 0;
  [[nodiscard]] virtual Page<AgentRow> ListAgents(const AgentQuery& query, std::string_view after,
                                                  std::size_t limit) const = 0;
  [[nodiscard]] virtual Result<Page<engine::ContactView>> ListContacts(const ContactQuery& query,
                                                                       std::string_view after,
                                                                       std::size_t limit) const = 0;

  // Queues first, then agents, each by id. kInvalidArgument: `after` is not a `next`.
  [[nodiscard]] virtual Result<Page<OverrideRow>> ListOverrides(std::string_view after,
                                                                std::size_t limit) const = 0;

  // `waker` is called when something came into an empty watch; it is quick and does not call the
  // watch. Null: there are too many.
  [[nodiscard]] virtual std::unique_ptr<StateWatch> Watch(std::function<void()> waker) const = 0;
};

}  // namespace routerd::api
