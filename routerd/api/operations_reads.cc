#include "routerd/api/operations_reads.h"

#include <algorithm>
#include <string>
#include <utility>

#include "routerd/api/rows.h"
#include "routerd/api/validate.h"
#include "routerd/api/views.h"
#include "routerd/api/words.h"
#include "routerd/base/limits.h"

namespace routerd::api {
namespace {

// A token is the read model's own `next`, marked with what it pages through.
constexpr std::string_view kTokenMark = "after:";

template <typename Request>
std::string CheckPage(Check& check, const Request& request) {
  check.Range("page_size", request.page_size(), 0, limits::kMaxPageSize);
  const std::string& token = request.page_token();
  if (token.empty()) return {};
  if (token.rfind(kTokenMark, 0) != 0 || token.size() == kTokenMark.size()) {
    check.Wrong("page_token", "is not a next_page_token");
    return {};
  }
  return token.substr(kTokenMark.size());
}

template <typename Request>
std::size_t PageSize(const Request& request) {
  return static_cast<std::size_t>(request.page_size() == 0 ? limits::kPageSize
                                                           : request.page_size());
}

template <typename T, typename Response, typename Add>
void FillPage(const Page<T>& page, Response* response, Add add) {
  SetPosition(page.at, response->mutable_position());
  for (const T& item : page.items) {
    if constexpr (std::is_same_v<T, AgentRow>) {
      if (item) Fill(*item, add());
    } else {
      Fill(item, add());
    }
  }
  if (!page.next.empty()) {
    response->set_next_page_token(std::string(kTokenMark) + page.next);
  }
}

Status NotFound(const char* reason, const char* what, const std::string& id) {
  return Status(Code::kNotFound, std::string("no such ") + what + ": " + id).WithReason(reason);
}

// The words of a repeated enumeration field.
template <typename Word, typename Values>
std::vector<Word> Words(Check& check, const std::string& field, const Values& values) {
  std::vector<Word> words;
  for (int i = 0; i < values.size(); ++i) {
    using Wire = std::conditional_t<std::is_same_v<Word, core::ContactState>, v1::ContactState,
                                    v1::AgentShownState>;
    const std::optional<Word> word = FromProto(static_cast<Wire>(values.Get(i)));
    if (word) {
      words.push_back(*word);
    } else {
      check.Wrong(Element(field, i), "is no state");
    }
  }
  return words;
}

}  // namespace

Status Read(const ReadModel& reads, const v1::ListQueuesRequest& request,
            v1::ListQueuesResponse* response) {
  Check check;
  const std::string after = CheckPage(check, request);
  Status status = check.status();
  if (!status.ok()) return status;
  FillPage(reads.ListQueues(after, PageSize(request)), response,
           [response] { return response->add_queues(); });
  return status;
}

Status Read(const ReadModel& reads, const v1::GetQueueRequest& request,
            v1::GetQueueResponse* response) {
  Check check;
  check.Name("queue", request.queue());
  Status status = check.status();
  if (!status.ok()) return status;
  const Shown<std::optional<QueueRow>> shown = reads.GetQueue(request.queue());
  if (!shown.value) return NotFound("unknown_queue", "queue", request.queue());
  SetPosition(shown.at, response->mutable_position());
  Fill(*shown.value, response->mutable_queue());
  return status;
}

Status Read(const ReadModel& reads, const v1::ListAgentsRequest& request,
            v1::ListAgentsResponse* response) {
  Check check;
  const std::string after = CheckPage(check, request);
  check.Text("group", request.group(), limits::kMaxNameBytes);
  AgentQuery query{request.group(),
                   Words<core::ShownState>(check, "shown_states", request.shown_states())};
  Status status = check.status();
  if (!status.ok()) return status;
  FillPage(reads.ListAgents(query, after, PageSize(request)), response,
           [response] { return response->add_agents(); });
  return status;
}

Status Read(const ReadModel& reads, const v1::GetAgentRequest& request,
            v1::GetAgentResponse* response) {
  Check check;
  check.Id("agent_id", request.agent_id());
  Status status = check.status();
  if (!status.ok()) return status;
  const Shown<AgentRow> shown = reads.GetAgent(request.agent_id());
  if (!shown.value) return NotFound("unknown_agent", "agent", request.agent_id());
  SetPosition(shown.at, response->mutable_position());
  Fill(*shown.value, response->mutable_agent());
  return status;
}

Status Read(const ReadModel& reads, const v1::ListContactsRequest& request,
            v1::ListContactsResponse* response) {
  Check check;
  const std::string after = CheckPage(check, request);
  check.Text("queue", request.queue(), limits::kMaxIdBytes);
  check.Text("channel", request.channel(), limits::kMaxIdBytes);
  check.OptionalId("agent_id", request.agent_id());
  ContactQuery query{request.queue(), request.channel(), request.agent_id(),
                     Words<core::ContactState>(check, "states", request.states())};
  Status status = check.status();
  if (!status.ok()) return status;
  const Result<Page<engine::ContactView>> page =
      reads.ListContacts(query, after, PageSize(request));
  if (!page.ok()) {
    check.Wrong("page_token", "is not a next_page_token");
    return check.status();
  }
  FillPage(page.value(), response, [response] { return response->add_contacts(); });
  return status;
}

Status Read(const ReadModel& reads, const v1::GetContactRequest& request,
            v1::GetContactResponse* response) {
  Check check;
  check.Id("contact_id", request.contact_id());
  Status status = check.status();
  if (!status.ok()) return status;
  const Shown<std::optional<engine::ContactView>> shown = reads.GetContact(request.contact_id());
  if (!shown.value) return NotFound("unknown_contact", "contact", request.contact_id());
  SetPosition(shown.at, response->mutable_position());
  Fill(*shown.value, response->mutable_contact());
  return status;
}

Status Read(const ReadModel& reads, const v1::ListOverridesRequest& request,
            v1::ListOverridesResponse* response) {
  Check check;
  const std::string after = CheckPage(check, request);
  Status status = check.status();
  if (!status.ok()) return status;
  const Result<Page<OverrideRow>> page = reads.ListOverrides(after, PageSize(request));
  if (!page.ok()) {
    check.Wrong("page_token", "is not a next_page_token");
    return check.status();
  }
  FillPage(page.value(), response, [response] { return response->add_overrides(); });
  return status;
}

void FillDomain(const Runtime& runtime, const DomainRow& row, v1::DomainState* to) {
  Fill(row, to);
  to->set_gateway_sessions(runtime.gateway_sessions);
  to->set_desktop_sessions(runtime.desktop_sessions);
}

void FillStatus(const Runtime& runtime, const ReadModel& reads, const StatusSource& parts_of,
                v1::GetStatusResponse* response) {
  const engine::Service& service = runtime.service;
  const Shown<DomainRow> domain = reads.Domain();
  SetPosition(domain.at, response->mutable_position());
  response->set_version(runtime.version);
  response->set_rules_version(runtime.rules_version);
  const TimeMs started_ms = service.started_unix_ms();
  FillTime(started_ms, response->mutable_start_time());
  FillSpan(std::max<SpanMs>(0, runtime.clock.WallMs() - started_ms), response->mutable_uptime());
  response->set_domain(service.domain());
  response->set_draining(service.figures().draining);
  if (const auto policy = service.policy()) Fill(*policy, response->mutable_policy());
  FillDomain(runtime, domain.value, response->mutable_state());
  const PartsStatus parts = parts_of.Parts();
  response->set_journal_backend(parts.journal_backend);
  v1::RedisStatus* redis = response->mutable_redis();
  switch (parts.redis) {
    case RedisLink::kOff:
      redis->set_state(v1::REDIS_STATE_OFF);
      break;
    case RedisLink::kDown:
      redis->set_state(v1::REDIS_STATE_DOWN);
      break;
    case RedisLink::kSyncing:
      redis->set_state(v1::REDIS_STATE_SYNCING);
      break;
    case RedisLink::kUp:
      redis->set_state(v1::REDIS_STATE_UP);
      break;
  }
  if (parts.redis_lag_ms) FillSpan(*parts.redis_lag_ms, redis->mutable_lag());
}

}  // namespace routerd::api
