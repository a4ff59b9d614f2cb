// The board as a whole: started from a snapshot, fitted to a new policy, read.
#include <algorithm>
#include <cstddef>
#include <utility>

#include "routerd/publish/board.h"

namespace routerd::publish {

void Board::Reset(const engine::Snapshot& snapshot) {
  contacts_.Clear();
  agents_.clear();
  overridden_agents_.clear();
  domain_.contacts = {};
  domain_.agents = {};
  domain_.policy_version = snapshot.policy_version;
  at_ = snapshot.at;
  unix_ms_ = snapshot.unix_ms;
  wall_offset_ms_ = snapshot.wall_offset_ms;
  for (auto& [id, queue] : queues_) {
    queue.figures.contacts = {};
    queue.figures.also_waiting = 0;
    queue.waiting.clear();
    queue.in_policy = false;
    SetOverride(queue, nullptr);
  }
  if (const auto model = policy_()) {
    staffing_.SetModel(model);
    ApplyPolicy(*model);
  }
  for (const engine::QueueView& view : snapshot.queues) {
    QueueEntry& queue = Queue(view.id);
    queue.figures.target_ms = view.service_level_ms;
    queue.figures.target_percent = view.service_level_percent;
    queue.figures.hours_change = view.hours_change;
    queue.in_policy = true;
    SetMode(view);
  }
  for (const engine::ContactView& view : snapshot.contacts) {
    if (!view.identity || contacts_.Find(view.identity->id) != nullptr) continue;
    ContactEntry& contact = contacts_.Insert(view, ToBatchTime(view.status.arrived_unix_ms));
    contact.visit_entered =
        view.status.state != core::ContactState::kScheduled && view.identity->consult_of.empty();
    contact.visit_answered = view.status.answered_unix_ms != 0;
    contact.visit_offered = true;  // unknown; a late first offer would spoil the histogram
    contact.contact_answered = contact.visit_answered;
    Count(contact);
  }
  for (const auto& agent : snapshot.agents) SetAgent(agent);
  if (const auto model = policy_()) ListAbsent(*model);
  (void)TakeChanges();  // everything will be looked at anyway
  changes_.all = true;
}

void Board::ApplyPolicy(const model::Model& model) {
  for (auto& [id, queue] : queues_) {
    queue.in_policy = false;
    queue.figures.hours_change.reset();  // told anew with the policy
    queue.figures.agents_staffed = 0;
    queue.figures.agents_ready = 0;
  }
  queue_of_no_.assign(model.queues.size(), nullptr);
  for (std::size_t i = 0; i < model.queues.size(); ++i) {
    const model::Queue& is = model.queues[i];
    if (is.name.empty()) continue;
    QueueEntry& queue = Queue(is.name);
    queue.in_policy = true;
    queue.figures.target_ms = is.service_level_ms;
    queue.figures.target_percent = is.service_level_percent;
    if (queue.figures.mode_override == nullptr) queue.figures.mode = is.mode;
    queue_of_no_[i] = &queue;
    Touch(queue);
  }
  for (auto it = queues_.begin(); it != queues_.end();) {
    QueueEntry& queue = it->second;
    const bool empty = std::ranges::all_of(queue.figures.contacts, [](auto n) { return n == 0; });
    // What was set at run time over a policy's queue is gone with the queue.
    if (!queue.in_policy) SetOverride(queue, nullptr);
    if (queue.in_policy || !empty || queue.figures.also_waiting != 0) {
      ++it;
      continue;
    }
    Touch(queue);
    it = queues_.erase(it);
  }
  for (auto& [id, agent] : agents_) {
    agent.serves = staffing_.QueuesOf(*agent.view);
    CountStaff(agent, +1);
  }
  ListAbsent(model);
}

Changes Board::TakeChanges() {
  for (const std::string& id : changes_.queues) {
    if (const auto found = queues_.find(id); found != queues_.end()) found->second.changed = false;
  }
  for (const std::string& id : changes_.agents) {
    if (const auto found = agents_.find(id); found != agents_.end()) found->second.changed = false;
  }
  return std::exchange(changes_, {});
}

QueueFigures Board::Figures(const QueueEntry& queue) const {
  QueueFigures figures = queue.figures;
  if (!queue.waiting.empty()) figures.oldest_unix_ms = ToUnix(queue.waiting.begin()->first);
  figures.service_level = ServiceLevel(figures.visits);
  return figures;
}

DomainFigures Board::Domain() const {
  DomainFigures figures = domain_;
  for (const auto& [id, queue] : queues_) {
    if (queue.waiting.empty()) continue;
    const TimeMs oldest = ToUnix(queue.waiting.begin()->first);
    figures.oldest_unix_ms = std::min(figures.oldest_unix_ms.value_or(oldest), oldest);
  }
  return figures;
}

QueueEntry& Board::Queue(std::string_view id) {
  auto found = queues_.find(id);
  if (found == queues_.end()) {
    found = queues_.emplace(std::string(id), QueueEntry{}).first;
    found->second.figures.id = id;
  }
  return found->second;
}

void Board::Touch(QueueEntry& queue) {
  if (queue.changed) return;
  queue.changed = true;
  changes_.queues.push_back(queue.figures.id);
}

void Board::Touch(AgentEntry& agent) {
  if (agent.changed) return;
  agent.changed = true;
  changes_.agents.push_back(agent.view->id);
}

}  // namespace routerd::publish
