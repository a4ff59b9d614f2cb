// The reads: each holds the mutex for one page at most.
#include <algorithm>
#include <charconv>
#include <utility>

#include "routerd/publish/projection.h"

namespace routerd::publish {
namespace {

template <typename T>
bool Among(const std::vector<T>& wanted, const T& value) {
  return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

bool Meets(const engine::AgentView& agent, const AgentFilter& filter) {
  return Among(filter.shown_states, agent.shown) &&
         (filter.group.empty() ||
          std::ranges::find(agent.groups, filter.group) != agent.groups.end());
}

bool IsOf(const engine::ContactStatus& status, const std::string& agent) {
  if (status.agent == agent) return true;
  return status.more_offers != nullptr &&
         std::ranges::any_of(*status.more_offers,
                             [&](const auto& ringing) { return ringing.agent == agent; });
}

bool Meets(const engine::ContactView& contact, const ContactFilter& filter) {
  return (filter.queue.empty() || contact.status.queue == filter.queue) &&
         (filter.channel.empty() || contact.identity->channel == filter.channel) &&
         (filter.agent.empty() || IsOf(contact.status, filter.agent)) &&
         Among(filter.states, contact.status.state);
}

std::string Encode(const ContactEntry& last) {
  return std::to_string(last.arrived) + "/" + last.view.identity->id;
}

std::optional<ContactCursor> Decode(std::string_view token) {
  ContactCursor cursor;
  const auto [end, error] =
      std::from_chars(token.data(), token.data() + token.size(), cursor.arrived);
  if (error != std::errc() || end == token.data() + token.size() || *end != '/')
    return std::nullopt;
  cursor.id = token.substr(static_cast<std::size_t>(end - token.data()) + 1);
  return cursor;
}

// Marks of where a list of overrides goes on; of the same length.
constexpr std::string_view kAfterQueue = "q/";
constexpr std::string_view kAfterAgent = "a/";

std::size_t Held(std::size_t limit) { return std::clamp<std::size_t>(limit, 1, kMaxPageSize); }

}  // namespace

Position Projection::position() const {
  const std::lock_guard lock(mutex_);
  return board_.at();
}

bool Projection::ready() const {
  const std::lock_guard lock(mutex_);
  return ready_;
}

ProjectionFigures Projection::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

Shown<DomainFigures> Projection::Domain() const {
  const std::lock_guard lock(mutex_);
  return {board_.at(), board_.unix_ms(), board_.Domain()};
}

Shown<std::optional<QueueFigures>> Projection::GetQueue(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  Shown<std::optional<QueueFigures>> shown{board_.at(), board_.unix_ms(), std::nullopt};
  const auto found = board_.queues().find(id);
  if (found != board_.queues().end()) shown.value = board_.Figures(found->second);
  return shown;
}

Shown<std::shared_ptr<const engine::AgentView>> Projection::GetAgent(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = board_.agents().find(id);
  return {board_.at(), board_.unix_ms(),
          found == board_.agents().end() ? nullptr : found->second.view};
}

Shown<std::optional<engine::ContactView>> Projection::GetContact(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  Shown<std::optional<engine::ContactView>> shown{board_.at(), board_.unix_ms(), std::nullopt};
  if (const ContactEntry* contact = board_.contacts().Find(id)) shown.value = contact->view;
  return shown;
}

Page<QueueFigures> Projection::ListQueues(std::string_view after, std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  Page<QueueFigures> page{board_.at(), board_.unix_ms(), {}, {}};
  for (auto it = board_.queues().upper_bound(after); it != board_.queues().end(); ++it) {
    if (page.items.size() == Held(limit)) {
      page.next = page.items.back().id;
      break;
    }
    page.items.push_back(board_.Figures(it->second));
  }
  return page;
}

Page<std::shared_ptr<const engine::AgentView>> Projection::ListAgents(const AgentFilter& filter,
                                                                      std::string_view after,
                                                                      std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  Page<std::shared_ptr<const engine::AgentView>> page{board_.at(), board_.unix_ms(), {}, {}};
  std::size_t scanned = 0;
  const std::string* last = nullptr;
  for (auto it = board_.agents().upper_bound(after); it != board_.agents().end(); ++it) {
    if (page.items.size() == Held(limit) || scanned++ == kMaxPageScan) {
      page.next = *last;
      break;
    }
    last = &it->first;
    if (Meets(*it->second.view, filter)) page.items.push_back(it->second.view);
  }
  return page;
}

Result<Page<OverrideRow>> Projection::ListOverrides(std::string_view after,
                                                    std::size_t limit) const {
  const bool past_queues = after.starts_with(kAfterAgent);
  if (!after.empty() && !past_queues && !after.starts_with(kAfterQueue)) {
    return Status::InvalidField("page_token", "is not one that a page gave");
  }
  const std::string_view id = after.empty() ? after : after.substr(kAfterQueue.size());
  const std::lock_guard lock(mutex_);
  Page<OverrideRow> page{board_.at(), board_.unix_ms(), {}, {}};
  const auto add = [&](OverrideRow row) {
    if (page.items.size() == Held(limit)) {
      const OverrideRow& last = page.items.back();
      page.next = last.queue.empty() ? std::string(kAfterAgent) + last.agent
                                     : std::string(kAfterQueue) + last.queue;
      return false;
    }
    page.items.push_back(std::move(row));
    return true;
  };
  const auto& queues = board_.overridden_queues();
  for (auto it = past_queues ? queues.end() : queues.upper_bound(id); it != queues.end(); ++it) {
    if (!add({*it, {}, board_.queues().find(*it)->second.figures.mode_override})) return page;
  }
  const auto& agents = board_.overridden_agents();
  for (auto it = past_queues ? agents.upper_bound(id) : agents.begin(); it != agents.end(); ++it) {
    if (!add({{}, *it, board_.agents().find(*it)->second.view->skills_override})) return page;
  }
  return page;
}

Result<Page<engine::ContactView>> Projection::ListContacts(const ContactFilter& filter,
                                                           std::string_view after,
                                                           std::size_t limit) const {
  std::optional<ContactCursor> cursor;
  if (!after.empty()) {
    cursor = Decode(after);
    if (!cursor) return Status::InvalidField("page_token", "is not one that a page gave");
  }
  const std::lock_guard lock(mutex_);
  Page<engine::ContactView> page{board_.at(), board_.unix_ms(), {}, {}};
  std::size_t scanned = 0;
  const ContactEntry* last = nullptr;
  board_.contacts().Walk(cursor, [&](const ContactEntry& contact) {
    if (page.items.size() == Held(limit) || scanned++ == kMaxPageScan) {
      page.next = Encode(*last);
      return false;
    }
    last = &contact;
    if (Meets(contact.view, filter)) page.items.push_back(contact.view);
    return true;
  });
  return page;
}

std::vector<QueueSeries> Projection::AllQueues() const {
  const std::lock_guard lock(mutex_);
  std::vector<QueueSeries> all;
  all.reserve(board_.queues().size());
  for (const auto& [id, queue] : board_.queues()) {
    all.push_back({board_.Figures(queue), queue.channels});
  }
  return all;
}

}  // namespace routerd::publish
