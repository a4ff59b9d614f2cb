#include "tests/unit/api/fake_reads.h"

namespace routerd::api {
namespace {

// Entries after `after`, at most `limit`, as a page.
template <typename Row, typename Map>
Page<Row> PageOf(const Map& map, Position at, std::string_view after, std::size_t limit) {
  Page<Row> page{at, 1'700'000'000'500, {}, {}};
  auto it = after.empty() ? map.begin() : map.upper_bound(after);
  std::string last;
  for (; it != map.end() && page.items.size() < limit; ++it) {
    page.items.push_back(it->second);
    last = it->first;
  }
  if (it != map.end()) page.next = last;
  return page;
}

}  // namespace

class FakeReads::OneWatch final : public StateWatch {
 public:
  explicit OneWatch(std::shared_ptr<Watched> watched) : watched_(std::move(watched)) {}
  StateChanges Take() override {
    const std::lock_guard lock(watched_->mutex);
    return std::exchange(watched_->changes, {});
  }

 private:
  std::shared_ptr<Watched> watched_;
};

void FakeReads::PutQueue(const QueueRow& row) {
  const std::lock_guard lock(mutex_);
  queues_[row.id] = row;
}

void FakeReads::PutAgent(const engine::AgentView& agent) {
  const std::lock_guard lock(mutex_);
  agents_[agent.id] = std::make_shared<const engine::AgentView>(agent);
}

void FakeReads::PutContact(engine::ContactView contact) {
  const std::lock_guard lock(mutex_);
  contacts_[contact.identity->id] = std::move(contact);
}

void FakeReads::PutOverride(OverrideRow row) {
  const std::lock_guard lock(mutex_);
  const std::string key = row.queue + "/" + row.agent;
  overrides_[key] = std::move(row);
}

void FakeReads::RemoveQueue(const std::string& id) {
  const std::lock_guard lock(mutex_);
  queues_.erase(id);
}

void FakeReads::Notify(const StateChanges& changes) {
  std::vector<std::shared_ptr<Watched>> watches;
  {
    const std::lock_guard lock(mutex_);
    ++at_.sequence;
    for (const auto& weak : watches_) {
      if (auto watched = weak.lock()) watches.push_back(std::move(watched));
    }
  }
  for (const auto& watched : watches) {
    {
      const std::lock_guard lock(watched->mutex);
      watched->changes.queues.insert(changes.queues.begin(), changes.queues.end());
      watched->changes.agents.insert(changes.agents.begin(), changes.agents.end());
      watched->changes.domain |= changes.domain;
      watched->changes.all |= changes.all;
    }
    watched->waker();
  }
}

Shown<DomainRow> FakeReads::Domain() const {
  const std::lock_guard lock(mutex_);
  DomainRow row;
  row.arrived = at_.sequence;
  row.contacts[static_cast<std::size_t>(core::ContactState::kQueued)] = 4;
  row.agents[static_cast<std::size_t>(core::ShownState::kReady)] = 2;
  row.offers[static_cast<std::size_t>(core::OfferOutcome::kTimedOut)] = 1;
  return {at_, 1'700'000'000'500, row};
}

Shown<std::optional<QueueRow>> FakeReads::GetQueue(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = queues_.find(id);
  if (found == queues_.end()) return {at_, 1, std::nullopt};
  return {at_, 1'700'000'000'500, found->second};
}

Shown<AgentRow> FakeReads::GetAgent(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = agents_.find(id);
  return {at_, 1'700'000'000'500, found == agents_.end() ? nullptr : found->second};
}

Shown<std::optional<engine::ContactView>> FakeReads::GetContact(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = contacts_.find(id);
  if (found == contacts_.end()) return {at_, 1, std::nullopt};
  return {at_, 1'700'000'000'500, found->second};
}

Page<QueueRow> FakeReads::ListQueues(std::string_view after, std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  return PageOf<QueueRow>(queues_, at_, after, limit);
}

Page<AgentRow> FakeReads::ListAgents(const AgentQuery& query, std::string_view after,
                                     std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  agent_query_ = query;
  return PageOf<AgentRow>(agents_, at_, after, limit);
}

Result<Page<engine::ContactView>> FakeReads::ListContacts(const ContactQuery& query,
                                                          std::string_view after,
                                                          std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  contact_query_ = query;
  if (after == "nonsense") return Status(Code::kInvalidArgument, "not a next");
  return PageOf<engine::ContactView>(contacts_, at_, after, limit);
}

Result<Page<OverrideRow>> FakeReads::ListOverrides(std::string_view after,
                                                   std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  if (after == "nonsense") return Status(Code::kInvalidArgument, "not a next");
  return PageOf<OverrideRow>(overrides_, at_, after, limit);
}

std::unique_ptr<StateWatch> FakeReads::Watch(std::function<void()> waker) const {
  const std::lock_guard lock(mutex_);
  if (watches_.size() >= max_watches_) return nullptr;
  auto watched = std::make_shared<Watched>();
  watched->waker = std::move(waker);
  watches_.push_back(watched);
  return std::make_unique<OneWatch>(std::move(watched));
}

AgentQuery FakeReads::last_agent_query() const {
  const std::lock_guard lock(mutex_);
  return agent_query_;
}

ContactQuery FakeReads::last_contact_query() const {
  const std::lock_guard lock(mutex_);
  return contact_query_;
}

}  // namespace routerd::api
