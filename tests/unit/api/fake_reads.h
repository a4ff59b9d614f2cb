// A ReadModel that shows what the test has put into it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "routerd/api/read_model.h"

namespace routerd::api {

class FakeReads final : public ReadModel {
 public:
  void PutQueue(const QueueRow& row);
  void PutAgent(const engine::AgentView& agent);
  void PutContact(engine::ContactView contact);
  void PutOverride(OverrideRow row);
  void RemoveQueue(const std::string& id);
  // Tells all watches, as the projection would after a batch.
  void Notify(const StateChanges& changes);
  void SetMaxWatches(std::size_t most) { max_watches_ = most; }

  [[nodiscard]] Shown<DomainRow> Domain() const override;
  [[nodiscard]] Shown<std::optional<QueueRow>> GetQueue(std::string_view id) const override;
  [[nodiscard]] Shown<AgentRow> GetAgent(std::string_view id) const override;
  [[nodiscard]] Shown<std::optional<engine::ContactView>> GetContact(
      std::string_view id) const override;
  [[nodiscard]] Page<QueueRow> ListQueues(std::string_view after, std::size_t limit) const override;
  [[nodiscard]] Page<AgentRow> ListAgents(const AgentQuery& query, std::string_view after,
                                          std::size_t limit) const override;
  [[nodiscard]] Result<Page<engine::ContactView>> ListContacts(const ContactQuery& query,
                                                               std::string_view after,
                                                               std::size_t limit) const override;
  [[nodiscard]] Result<Page<OverrideRow>> ListOverrides(std::string_view after,
                                                        std::size_t limit) const override;
  [[nodiscard]] std::unique_ptr<StateWatch> Watch(std::function<void()> waker) const override;

  [[nodiscard]] AgentQuery last_agent_query() const;
  [[nodiscard]] ContactQuery last_contact_query() const;

 private:
  struct Watched {
    std::mutex mutex;
    StateChanges changes;
    std::function<void()> waker;
  };
  class OneWatch;

  mutable std::mutex mutex_;
  Position at_{7, 55};
  std::map<std::string, QueueRow, std::less<>> queues_;
  std::map<std::string, AgentRow, std::less<>> agents_;
  std::map<std::string, engine::ContactView, std::less<>> contacts_;
  std::map<std::string, OverrideRow, std::less<>> overrides_;
  mutable AgentQuery agent_query_;
  mutable ContactQuery contact_query_;
  mutable std::vector<std::weak_ptr<Watched>> watches_;
  std::size_t max_watches_ = 100;
};

}  // namespace routerd::api
