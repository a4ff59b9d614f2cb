#include "routerd/daemon/bindings.h"

#include <algorithm>
#include <utility>

#include "routerd/compiler/compile.h"
#include "routerd/daemon/calendar.h"

namespace routerd::daemon {
namespace {

api::QueueRow ToRow(const publish::QueueFigures& f) {
  api::QueueRow row;
  row.id = f.id;
  row.mode = f.mode;
  row.mode_override = f.mode_override;
  row.target_ms = f.target_ms;
  row.target_percent = f.target_percent;
  row.contacts = f.contacts;
  row.also_waiting = f.also_waiting;
  row.oldest_unix_ms = f.oldest_unix_ms;
  row.agents_staffed = f.agents_staffed;
  row.agents_ready = f.agents_ready;
  row.entered = f.visits.entered;
  row.outcomes = f.visits.outcomes;
  row.answered_in_target = f.visits.answered_in_target;
  row.abandoned_in_target = f.visits.abandoned_in_target;
  row.service_level = f.service_level;
  row.move = f.move;
  row.hours_change = f.hours_change;
  return row;
}

api::DomainRow ToRow(const publish::DomainFigures& f) {
  api::DomainRow row;
  row.contacts = f.contacts;
  row.ended = f.ended;
  row.agents = f.agents;
  row.offers = f.offers;
  row.arrived = f.arrived;
  row.answered = f.answered;
  row.oldest_unix_ms = f.oldest_unix_ms;
  return row;
}

template <typename T>
api::Page<T> ToPage(publish::Page<T> page) {
  return {page.at, page.unix_ms, std::move(page.items), std::move(page.next)};
}

class Watch final : public api::StateWatch {
 public:
  explicit Watch(std::shared_ptr<publish::Watcher> watcher) : watcher_(std::move(watcher)) {}
  ~Watch() override { watcher_->Stop(); }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  [[nodiscard]] api::StateChanges Take() override {
    publish::Watcher::Taken taken = watcher_->Take();
    return {std::move(taken.queues), std::move(taken.agents), taken.domain, taken.all};
  }

 private:
  const std::shared_ptr<publish::Watcher> watcher_;
};

}  // namespace

api::Shown<api::DomainRow> ProjectionReads::Domain() const {
  const auto shown = projection_.Domain();
  return {shown.at, shown.unix_ms, ToRow(shown.value)};
}

api::Shown<std::optional<api::QueueRow>> ProjectionReads::GetQueue(std::string_view id) const {
  const auto shown = projection_.GetQueue(id);
  if (!shown.value) return {shown.at, shown.unix_ms, std::nullopt};
  return {shown.at, shown.unix_ms, ToRow(*shown.value)};
}

api::Shown<api::AgentRow> ProjectionReads::GetAgent(std::string_view id) const {
  auto shown = projection_.GetAgent(id);
  return {shown.at, shown.unix_ms, std::move(shown.value)};
}

api::Shown<std::optional<engine::ContactView>> ProjectionReads::GetContact(
    std::string_view id) const {
  auto shown = projection_.GetContact(id);
  return {shown.at, shown.unix_ms, std::move(shown.value)};
}

api::Page<api::QueueRow> ProjectionReads::ListQueues(std::string_view after,
                                                     std::size_t limit) const {
  auto page = projection_.ListQueues(after, limit);
  api::Page<api::QueueRow> out{page.at, page.unix_ms, {}, std::move(page.next)};
  out.items.reserve(page.items.size());
  for (const auto& figures : page.items) out.items.push_back(ToRow(figures));
  return out;
}

api::Page<api::AgentRow> ProjectionReads::ListAgents(const api::AgentQuery& query,
                                                     std::string_view after,
                                                     std::size_t limit) const {
  return ToPage(projection_.ListAgents({query.group, query.shown_states}, after, limit));
}

Result<api::Page<engine::ContactView>> ProjectionReads::ListContacts(const api::ContactQuery& query,
                                                                     std::string_view after,
                                                                     std::size_t limit) const {
  auto page = projection_.ListContacts({query.queue, query.channel, query.agent, query.states},
                                       after, limit);
  if (!page.ok()) return page.status();
  return ToPage(std::move(page).value());
}

Result<api::Page<api::OverrideRow>> ProjectionReads::ListOverrides(std::string_view after,
                                                                   std::size_t limit) const {
  auto page = projection_.ListOverrides(after, limit);
  if (!page.ok()) return page.status();
  const auto& of = page.value();
  api::Page<api::OverrideRow> out{of.at, of.unix_ms, {}, of.next};
  out.items.reserve(of.items.size());
  for (const auto& row : of.items) out.items.push_back({row.queue, row.agent, row.is});
  return out;
}

std::unique_ptr<api::StateWatch> ProjectionReads::Watch(std::function<void()> waker) const {
  auto watcher = projection_.Watch(std::move(waker));
  if (watcher == nullptr) return nullptr;
  return std::make_unique<daemon::Watch>(std::move(watcher));
}

api::PartsStatus PartsSource::Parts() const {
  const publish::RedisStatus redis = redis_ ? redis_() : publish::RedisStatus();
  api::PartsStatus out;
  out.journal_backend = journal_backend_;
  switch (redis.state) {
    case publish::RedisState::kOff:
      out.redis = api::RedisLink::kOff;
      return out;
    case publish::RedisState::kDown:
      out.redis = api::RedisLink::kDown;
      return out;
    case publish::RedisState::kSyncing:
      out.redis = api::RedisLink::kSyncing;
      break;
    case publish::RedisState::kUp:
      out.redis = api::RedisLink::kUp;
      break;
  }
  out.redis_lag_ms = redis.lag_ms;
  return out;
}

api::CompiledPolicy CompileForApi(const std::string& text, const std::string& file,
                                  const model::Model* in_force) {
  compiler::Compiled compiled = compiler::Compile({file, text}, in_force);
  api::CompiledPolicy out;
  out.model = std::move(compiled.model);
  if (out.model != nullptr) out.calendar = CalendarOf(*out.model);
  for (compiler::Finding& f : compiled.findings) {
    out.remarks.push_back({f.severity == compiler::Severity::kError, std::move(f.file), f.line,
                           f.column, std::move(f.code), std::move(f.message), std::move(f.hint)});
  }
  return out;
}

}  // namespace routerd::daemon
