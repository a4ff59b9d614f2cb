#include "routerd/ctl/event_fields.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace routerd::ctl {
namespace {

// In the order of core::Event.
constexpr std::array<std::string_view, 32> kEventNames = {
    "contact_arrives",    "contact_updated",     "contact_transferred",
    "contact_ends",       "contact_connected",   "contact_connect_failed",
    "contact_held",       "offer_accepted",      "offer_rejected",
    "agent_logs_in",      "agent_sets_presence", "agent_busy_elsewhere",
    "agent_ends_wrap_up", "agent_logs_out",      "agent_skills_set",
    "agent_connection",   "gateway_connection",  "queue_mode_set",
    "policy_swapped",     "callback_requested",  "agent_extends_wrap_up",
    "calendar_set",       "wall_clock_moved",    "queue_moved",
    "consult_starts",     "consult_completes",   "consult_joins",
    "consult_canceled",   "holder_leaves",       "contact_inactive",
    "treatment_done",     "router_restarted"};
static_assert(std::variant_size_v<core::Event> == kEventNames.size());

std::string_view ModeName(model::QueueMode mode) {
  switch (mode) {
    case model::QueueMode::kOpen:
      return "open";
    case model::QueueMode::kClosed:
      return "closed";
    case model::QueueMode::kEmergency:
      return "emergency";
  }
  return "";
}

class EventFields {
 public:
  EventFields(const RecordNames& names, RecordFields& to) : names_(names), to_(to) {}

  void operator()(const core::ContactArrives& e) {
    Name("queue", e.queue);
    Name("channel", e.channel);
    Name("gateway", e.gateway);
    to_.Flag("live", e.live);
    Maybe("priority", e.priority);
    Needs(e.requirements);
    Span("credit_ms", e.credit_ms);
    Span("delay_ms", e.delay_ms);
    Name("direct_agent", e.direct);
    std::vector<std::string> preferred;
    for (const core::WantedAgent& wanted : e.preferred) {
      preferred.push_back(names_(wanted.agent) + ":" + std::to_string(wanted.score));
    }
    to_.Texts("preferred_agents", std::move(preferred));
    Name("last_agent", e.last_agent);
    Maybe("agents_wait_ms", e.agents_wait_ms);
    List("also", e.also);
  }
  void operator()(const core::ContactUpdated& e) {
    Contact(e.contact);
    Maybe("priority", e.priority);
    if (e.requirements) Needs(*e.requirements);
    Maybe("credit_ms", e.credit_ms);
  }
  void operator()(const core::ContactTransferred& e) {
    Contact(e.contact);
    Name("queue", e.queue);
    Maybe("priority", e.priority);
    if (e.requirements) Needs(*e.requirements);
    Name("direct_agent", e.direct);
    Maybe("agents_wait_ms", e.agents_wait_ms);
  }
  void operator()(const core::ContactEnds& e) {
    Contact(e.contact);
    to_.Text("if_unanswered", core::Name(e.unanswered));
    to_.Text("reason", core::Name(e.reason));
  }
  void operator()(const core::ContactConnected& e) {
    Contact(e.contact);
    Offer("offer", e.offer);
  }
  void operator()(const core::ContactConnectFailed& e) {
    Contact(e.contact);
    to_.Text("cause", core::Name(e.cause));
    Offer("offer", e.offer);
  }
  void operator()(const core::ContactHeld& e) {
    Contact(e.contact);
    to_.Flag("held", e.held);
  }
  void operator()(const core::OfferAccepted& e) { Offer("offer", e.offer); }
  void operator()(const core::OfferRejected& e) { Offer("offer", e.offer); }
  void operator()(const core::AgentLogsIn& e) {
    Name("agent", e.agent);
    to_.Flag("ready", e.ready);
    Name("reason", e.reason);
    Channels(e.channels);
    to_.Flag("own_skills", e.own_skills);
    Profile(e.profile);
  }
  void operator()(const core::AgentSetsPresence& e) {
    Name("agent", e.agent);
    to_.Flag("ready", e.ready);
    Name("reason", e.reason);
    Channels(e.channels);
  }
  void operator()(const core::AgentBusyElsewhere& e) {
    Name("agent", e.agent);
    Name("channel", e.channel);
    to_.Flag("busy", e.on);
  }
  void operator()(const core::AgentEndsWrapUp& e) {
    Name("agent", e.agent);
    Contact(e.contact);
  }
  void operator()(const core::AgentExtendsWrapUp& e) {
    Name("agent", e.agent);
    Contact(e.contact);
    to_.Number("by_ms", e.by_ms);
  }
  void operator()(const core::AgentLogsOut& e) { Name("agent", e.agent); }
  void operator()(const core::AgentSkillsSet& e) {
    Name("agent", e.agent);
    to_.Flag("own_skills", e.own_skills);
    Profile(e.profile);
  }
  void operator()(const core::AgentConnection& e) {
    Name("agent", e.agent);
    to_.Flag("connected", e.connected);
  }
  void operator()(const core::GatewayConnection& e) {
    Name("gateway", e.gateway);
    to_.Flag("connected", e.connected);
  }
  void operator()(const core::QueueModeSet& e) {
    Name("queue", e.queue);
    to_.Text("mode", e.mode ? ModeName(*e.mode) : "from_policy");
  }
  void operator()(const core::QueueMoved& e) {
    Name("queue", e.queue);
    to_.Text("to", e.to.valid() ? names_(e.to) : "stop");
  }
  void operator()(const core::PolicySwapped& e) {
    to_.Number("policy_version", static_cast<std::int64_t>(e.model->version));
  }
  void operator()(const core::CalendarSet& e) {
    to_.Text("tzdata", e.calendar->tzdata);
    to_.Number("until_unix_ms", e.calendar->until_unix_ms);
  }
  void operator()(const core::WallClockMoved& e) { to_.Number("offset_ms", e.offset_ms); }
  void operator()(const core::CallbackRequested& e) {
    Contact(e.contact);
    Span("delay_ms", e.delay_ms);
  }
  void operator()(const core::ConsultStarts& e) {
    Contact(e.contact);
    Name("queue", e.queue);
    Maybe("priority", e.priority);
    Needs(e.requirements);
    Name("direct_agent", e.direct);
    Maybe("agents_wait_ms", e.agents_wait_ms);
    Name("asking_agent", e.asking);
  }
  void operator()(const core::ConsultCompletes& e) { Contact(e.contact); }
  void operator()(const core::ConsultJoins& e) { Contact(e.contact); }
  void operator()(const core::ConsultCanceled& e) { Contact(e.contact); }
  void operator()(const core::HolderLeaves& e) {
    Contact(e.contact);
    Name("agent", e.agent);
  }
  void operator()(const core::ContactInactive& e) {
    Contact(e.contact);
    to_.Flag("inactive", e.inactive);
  }
  void operator()(const core::TreatmentDone& e) {
    Contact(e.contact);
    Offer("treatment", e.treatment);
  }
  void operator()(const core::RouterRestarted& /*e*/) {}

 private:
  template <typename No>
  void Name(std::string_view name, No no) {
    to_.Text(name, names_(no));
  }
  template <typename No>
  void List(std::string_view name, const std::vector<No>& list) {
    std::vector<std::string> texts;
    texts.reserve(list.size());
    for (const No no : list) texts.push_back(names_(no));
    to_.Texts(name, std::move(texts));
  }
  template <typename T>
  void Maybe(std::string_view name, const std::optional<T>& value) {
    if (value) to_.Number(name, *value);
  }
  void Span(std::string_view name, SpanMs value) {
    if (value != 0) to_.Number(name, value);
  }
  // Slot and generation: contacts have no names here but in the record that made them.
  void Contact(ContactNo no) {
    if (!no.valid()) return;
    to_.Text("contact_no",
             std::to_string(no.value & 0xffffffffU) + "." + std::to_string(no.value >> 32U));
  }
  void Offer(std::string_view name, const OfferId& id) {
    if (!id.valid()) return;
    to_.Text(name, std::to_string(id.at.epoch) + "-" + std::to_string(id.at.sequence) + "." +
                       std::to_string(id.index));
  }
  void Skills(std::string_view name, const std::vector<model::SkillLevel>& levels) {
    std::vector<std::string> texts;
    texts.reserve(levels.size());
    for (const model::SkillLevel& level : levels) {
      texts.push_back(names_(level.skill) + ":" + std::to_string(level.level));
    }
    to_.Texts(name, std::move(texts));
  }
  void Needs(const model::Requirements& needs) {
    Skills("all_skills", needs.all);
    Skills("any_skill", needs.any);
    Skills("no_skill", needs.none);
  }
  void Profile(const model::AgentProfile& profile) {
    Skills("skills", profile.skills);
    List("groups", profile.groups);
    Name("profile", profile.profile);
  }
  void Channels(std::uint32_t bits) {
    std::vector<ChannelNo> channels;
    for (std::uint8_t i = 0; i < 32; ++i) {
      if ((bits >> i & 1U) != 0) channels.emplace_back(i);
    }
    List("channels", channels);
  }

  const RecordNames& names_;
  RecordFields& to_;
};

}  // namespace

std::string_view EventName(const core::Event& event) { return kEventNames[event.index()]; }

void AddEventFields(const core::Event& event, const RecordNames& names, RecordFields& to) {
  std::visit(EventFields(names, to), event);
}

}  // namespace routerd::ctl
