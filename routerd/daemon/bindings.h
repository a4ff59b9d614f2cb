// The api's seams bound to the parts that fill them.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "routerd/api/policy_compiler.h"
#include "routerd/api/read_model.h"
#include "routerd/api/status_source.h"
#include "routerd/publish/projection.h"
#include "routerd/publish/redis_status.h"

namespace routerd::daemon {

// Reads come from the projection, which must outlive this.
class ProjectionReads final : public api::ReadModel {
 public:
  explicit ProjectionReads(publish::Projection& projection) : projection_(projection) {}

  [[nodiscard]] api::Shown<api::DomainRow> Domain() const override;
  [[nodiscard]] api::Shown<std::optional<api::QueueRow>> GetQueue(
      std::string_view id) const override;
  [[nodiscard]] api::Shown<api::AgentRow> GetAgent(std::string_view id) const override;
  [[nodiscard]] api::Shown<std::optional<engine::ContactView>> GetContact(
      std::string_view id) const override;
  [[nodiscard]] api::Page<api::QueueRow> ListQueues(std::string_view after,
                                                    std::size_t limit) const override;
  [[nodiscard]] api::Page<api::AgentRow> ListAgents(const api::AgentQuery& query,
                                                    std::string_view after,
                                                    std::size_t limit) const override;
  [[nodiscard]] Result<api::Page<engine::ContactView>> ListContacts(
      const api::ContactQuery& query, std::string_view after, std::size_t limit) const override;
  [[nodiscard]] Result<api::Page<api::OverrideRow>> ListOverrides(std::string_view after,
                                                                  std::size_t limit) const override;
  [[nodiscard]] std::unique_ptr<api::StateWatch> Watch(std::function<void()> waker) const override;

 private:
  publish::Projection& projection_;
};

// What GetStatus tells of Redis and the journal.
class PartsSource final : public api::StatusSource {
 public:
  PartsSource(std::function<publish::RedisStatus()> redis, std::string journal_backend)
      : redis_(std::move(redis)), journal_backend_(std::move(journal_backend)) {}
  [[nodiscard]] api::PartsStatus Parts() const override;

 private:
  const std::function<publish::RedisStatus()> redis_;
  const std::string journal_backend_;
};

// An api::PolicyCompiler.
[[nodiscard]] api::CompiledPolicy CompileForApi(const std::string& text, const std::string& file,
                                                const model::Model* in_force);

}  // namespace routerd::daemon
