// The state that the read side shows, kept up to date from events: queues, agents, contacts,
// figures.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/engine/event.h"
#include "routerd/engine/feed.h"
#include "routerd/model/model.h"
#include "routerd/publish/contact_table.h"
#include "routerd/publish/figures.h"
#include "routerd/publish/staffing.h"

namespace routerd::publish {

struct QueueEntry {
  QueueFigures figures;  // `oldest_unix_ms` and `service_level` are filled in when read
  std::map<std::string, ChannelCounters> channels;
  std::set<std::pair<TimeMs, const ContactEntry*>> waiting;  // by start of the visit, batch time
  bool in_policy = false;
  bool changed = false;
};

struct AgentEntry {
  std::shared_ptr<const engine::AgentView> view;
  std::shared_ptr<const Staffing::Queues> serves;
  bool changed = false;
};

// What the events since the last TakeChanges touched. An id that is no longer found was removed.
struct Changes {
  std::vector<std::string> queues;  // each id once
  std::vector<std::string> agents;
  bool all = false;  // the state was replaced: look at everything
};

// Not thread-safe, no clock: the projection owns it and guards it.
class Board {
 public:
  using PolicySource = std::function<std::shared_ptr<const model::Model>()>;

  // `policy` gives the policy in force whenever an event says that it changed.
  explicit Board(PolicySource policy) : policy_(std::move(policy)) {}

  // Replaces what is shown by the snapshot. Counters since the start are kept.
  void Reset(const engine::Snapshot& snapshot);
  void Apply(const engine::EventBatch& batch);
  [[nodiscard]] Changes TakeChanges();
  // How long each visit first offered since the last call had waited, milliseconds.
  [[nodiscard]] std::vector<SpanMs> TakeFirstOfferWaits() {
    return std::exchange(first_offer_waits_, {});
  }

  [[nodiscard]] Position at() const { return at_; }
  [[nodiscard]] TimeMs unix_ms() const { return unix_ms_; }
  [[nodiscard]] DomainFigures Domain() const;
  [[nodiscard]] QueueFigures Figures(const QueueEntry& queue) const;
  [[nodiscard]] const std::map<std::string, QueueEntry, std::less<>>& queues() const {
    return queues_;
  }
  [[nodiscard]] const std::map<std::string, AgentEntry, std::less<>>& agents() const {
    return agents_;
  }
  [[nodiscard]] const ContactTable& contacts() const { return contacts_; }
  [[nodiscard]] const std::set<std::string, std::less<>>& overridden_queues() const {
    return overridden_queues_;
  }
  [[nodiscard]] const std::set<std::string, std::less<>>& overridden_agents() const {
    return overridden_agents_;
  }

 private:
  void ApplyEvent(const engine::Event& event);
  void ApplyContact(const engine::Event& event);
  void ApplyRefused(const engine::Event& event);
  void ApplyOffer(const engine::Event& event, ContactEntry* contact);
  void ApplyAnswered(const engine::Event& event, ContactEntry& contact);
  void ApplyMoved(const engine::Event& event, ContactEntry& contact);
  void ApplyEnded(const engine::Event& event, ContactEntry* contact);
  void ApplyPolicy(const model::Model& model);
  // Shows all times moved if the wall clock has moved against batch time (board_clock.cc).
  void FollowWall(SpanMs wall_offset_ms);
  [[nodiscard]] TimeMs ToBatchTime(TimeMs unix_ms) const { return unix_ms - wall_offset_ms_; }
  [[nodiscard]] TimeMs ToUnix(TimeMs batch_time) const { return batch_time + wall_offset_ms_; }
  // Those of the policy who have never logged in (board_absent.cc).
  void ListAbsent(const model::Model& model);
  void RemoveAgent(const std::string& id);
  void SetHours(const engine::QueueHours& hours);
  void SetMove(const engine::Event& event);
  void SetMode(const engine::QueueView& view);
  void SetOverride(QueueEntry& queue, std::shared_ptr<const engine::OverrideView> override);
  void SetAgent(std::shared_ptr<const engine::AgentView> view);

  // Takes the contact out of the counts it is in, or puts it into those its view says.
  void Uncount(ContactEntry& contact);
  void Count(ContactEntry& contact);
  void CountAlso(const ContactEntry& contact, int by);  // where else it waits
  // Counts the beginning of its visit, once, as soon as it is not scheduled any more.
  void Enter(ContactEntry& contact, const std::string& queue_id);
  void CountStaff(const AgentEntry& agent, int by);
  void EndVisit(QueueEntry& queue, core::VisitOutcome outcome, SpanMs waited_ms);
  QueueEntry& Queue(std::string_view id);
  void Touch(QueueEntry& queue);
  void Touch(AgentEntry& agent);

  PolicySource policy_;
  Position at_;
  TimeMs unix_ms_ = 0;
  SpanMs wall_offset_ms_ = 0;  // of all Unix times shown, see EventBatch
  DomainFigures domain_;       // `oldest_unix_ms` is filled in when read
  std::map<std::string, QueueEntry, std::less<>> queues_;
  std::vector<QueueEntry*> queue_of_no_;  // by QueueNo, null where the policy has none
  std::map<std::string, AgentEntry, std::less<>> agents_;
  std::set<std::string, std::less<>> overridden_queues_;  // whose mode was set at run time
  std::set<std::string, std::less<>> overridden_agents_;  // whose skills were
  ContactTable contacts_;
  Staffing staffing_;
  Changes changes_;
  std::vector<SpanMs> first_offer_waits_;
};

}  // namespace routerd::publish
