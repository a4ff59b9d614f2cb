#include "routerd/sim/story.h"

#include <algorithm>
#include <utility>

#include "routerd/compiler/values.h"

namespace routerd::sim {
namespace {

using engine::Event;
using engine::EventKind;

// What is told of one row that moves thousands must stay readable, and small.
constexpr std::size_t kKeptLines = 200;

std::string Id(const Event& e) {
  return e.contact.identity == nullptr ? std::string("?") : e.contact.identity->id;
}

bool IsSurprising(const Event& e) {
  if (e.kind == EventKind::kOfferMade) return true;
  return e.kind == EventKind::kContactEnded &&
         (e.reason == core::EndReason::kMaxWait || e.reason == core::EndReason::kLeft ||
          e.reason == core::EndReason::kGatewayLost);
}

std::string AgentText(const engine::AgentView& a) {
  std::string text = a.id + " is " + std::string(core::Name(a.shown));
  if (!a.reason.empty()) text += " " + a.reason;
  if (a.pending) text += ", pending " + std::string(core::Name(a.pending_presence));
  if (a.pending && !a.pending_reason.empty()) text += " " + a.pending_reason;
  if (a.units_used != 0) text += ", " + std::to_string(a.units_used) + " units";
  if (!a.connected && a.presence != core::Presence::kLoggedOut) text += ", desktop away";
  return text;
}

std::string Until(TimeMs at_ms, const Event& e) {
  return e.ttl_ms == 0 ? "" : " until " + compiler::SpanText(at_ms + e.ttl_ms);
}

std::string QueuedText(const Event& e) {
  std::string text =
      Id(e) +
      (e.kind == EventKind::kContactReturned ? " returns to its place in " : " queued in ") +
      e.queue;
  if (e.position) text += ", position " + std::to_string(*e.position);
  return text;
}

std::string ContactText(TimeMs at_ms, const Event& e) {
  std::string id = Id(e);
  switch (e.kind) {
    case EventKind::kContactScheduled:
      return id + " scheduled in " + e.queue + Until(at_ms, e);
    case EventKind::kContactQueued:
    case EventKind::kContactReturned:
      return QueuedText(e);
    case EventKind::kContactConfirmed:
      return id + " confirmed to " + e.agent + Until(at_ms, e);
    case EventKind::kContactConnectFailed:
      return id + " failed to connect to " + e.agent + ": " + std::string(core::Name(e.cause));
    case EventKind::kContactAnswered:
      return id + " answered by " + e.agent + " after " + compiler::SpanText(e.waited_ms);
    case EventKind::kContactHeld:
      return id + " put on hold";
    case EventKind::kContactResumed:
      return id + " taken off hold";
    case EventKind::kContactChanged:
      return id + " changed";
    case EventKind::kContactMoved:
      return id + " moved from " + e.from_queue + " to " + e.queue;
    case EventKind::kContactReleased:
      return id + " released by its gateway";
    case EventKind::kContactEnded:
      return id + " ended " + std::string(core::Name(e.contact.status.state)) + " because " +
             std::string(core::Name(e.reason));
    case EventKind::kContactRefused:
      return id + " refused because " + std::string(core::Name(e.reason));
    case EventKind::kAgentLost:
      return id + " loses " + e.agent;
    case EventKind::kContactJoined:
      return id + " is joined by " + e.agent;
    case EventKind::kContactLeft:
      return id + " is left by " + e.agent;
    case EventKind::kContactToCallback:
      return id + " goes on as a callback";
    case EventKind::kContactHandedOver:
      return id + " handed over to " + e.gateway;
    case EventKind::kContactStepOpened:
      return id + " reaches step " + std::to_string(e.step) + " of " + e.queue;
    case EventKind::kContactStuck:
      return id + " is stuck in " + e.queue;
    case EventKind::kContactUnstuck:
      return id + " is no longer stuck in " + e.queue;
    case EventKind::kWrapUpStarted:
      return e.agent + " wraps up " + id + Until(at_ms, e);
    case EventKind::kContactParked:
      return e.agent + " parks " + id;
    case EventKind::kContactUnparked:
      return e.agent + " is back at " + id;
    case EventKind::kContactTreated:
      return id + " is treated in " + e.queue + " with " + e.treatment + Until(at_ms, e);
    case EventKind::kContactInactive:
      return "the customer of " + id + " is silent";
    case EventKind::kContactActive:
      return "the customer of " + id + " is back";
    case EventKind::kWrapUpExtended:
      return e.agent + " wraps up " + id + " longer," + Until(at_ms, e);
    case EventKind::kWrapUpEnded:
      return e.agent + " has wrapped up " + id;
    default:
      return id;
  }
}

}  // namespace

std::string Story::Describe(TimeMs at_ms, const Event& e) {
  switch (e.kind) {
    case EventKind::kOfferMade:
      return Id(e) + " offered to " + e.agent + Until(at_ms, e);
    case EventKind::kOfferEnded:
      return "offer of " + Id(e) + " to " + e.agent + " ended " +
             std::string(core::Name(e.outcome));
    case EventKind::kAgentChanged:
      return e.agent_view == nullptr ? "an agent changed" : AgentText(*e.agent_view);
    case EventKind::kQueueModeChanged:
      return "queue " + e.queue + " has another mode";
    case EventKind::kQueueMoveChanged:
      return "queue " + e.queue + ": " + std::to_string(e.move->moved) + " moved to " + e.move->to +
             ", " + std::to_string(e.move->left) + " to be moved";
    case EventKind::kPolicyChanged:
      return "policy version " + std::to_string(e.policy_version) + " in force";
    case EventKind::kGatewayConnected:
      return "gateway " + e.gateway + " connected";
    case EventKind::kGatewayDisconnected:
      return "gateway " + e.gateway + " disconnected";
    default:
      return ContactText(at_ms, e);
  }
}

void Story::AddRow(TimeMs at_ms, int line, const std::string& text) {
  lines_.push_back(compiler::SpanText(at_ms) + "  line " + std::to_string(line) + ": " + text);
}

std::string Story::AuditOffer(const Event& e) {
  if (e.kind == EventKind::kOfferMade) {
    const bool fresh = offers_.emplace(e.offer, Lease{Id(e), e.agent, false}).second;
    if (!fresh) return "an offer's id was used twice: " + Describe(0, e);
    last_offers_[{Id(e), e.agent}] = e.offer;
    ++open_offers_;
    return "";
  }
  const auto it = offers_.find(e.offer);
  if (it == offers_.end()) return "an offer ended that was never made: " + Describe(0, e);
  if (it->second.ended) return "an offer ended twice: " + Describe(0, e);
  it->second.ended = true;
  --open_offers_;
  return "";
}

std::string Story::AuditContact(TimeMs at_ms, const Event& e) {
  if (e.contact.identity == nullptr) return "an event without its contact: " + Describe(0, e);
  Told& told = contacts_[Id(e)];
  const bool again =
      e.kind == EventKind::kContactEnded && told.end && told.view.identity == e.contact.identity;
  if (again) return "a contact ended twice: " + Describe(at_ms, e);
  if (e.kind == EventKind::kContactHandedOver) return "";  // it tells how the contact stood before
  told.view = e.contact;
  if (e.kind == EventKind::kContactEnded || e.kind == EventKind::kContactRefused) {
    told.end = e.reason;
  } else if (!core::IsTerminal(e.contact.status.state)) {
    told.end.reset();
  }
  if (e.kind == EventKind::kContactTreated) told.treatment = e.offer;
  if (e.kind == EventKind::kWrapUpStarted || e.kind == EventKind::kWrapUpExtended) {
    told.wrap_up_until.reset();
    if (e.ttl_ms != 0) told.wrap_up_until = at_ms + e.ttl_ms;
  }
  return "";
}

std::string Story::Add(TimeMs at_ms, const Event& e) {
  lines_.push_back(compiler::SpanText(at_ms) + "    " + Describe(at_ms, e));
  if (lines_.size() > 2 * kKeptLines) {
    lines_.erase(lines_.begin(), lines_.end() - static_cast<std::ptrdiff_t>(kKeptLines));
  }
  chapters_.push_back({at_ms, e, false});
  if (e.kind == EventKind::kOfferMade || e.kind == EventKind::kOfferEnded) {
    if (std::string wrong = AuditOffer(e); !wrong.empty()) return wrong;
  }
  switch (e.kind) {
    case EventKind::kAgentChanged:
    case EventKind::kQueueModeChanged:
    case EventKind::kQueueMoveChanged:
    case EventKind::kPolicyChanged:
    case EventKind::kGatewayConnected:
    case EventKind::kGatewayDisconnected:
      return "";
    default:
      return AuditContact(at_ms, e);
  }
}

Story::Chapter* Story::FindNew(TimeMs at_ms, EventKind kind, const std::string& contact,
                               const std::string& agent) {
  for (Chapter& c : chapters_) {
    const Event& e = c.event;
    if (!c.expected && c.at_ms == at_ms && e.kind == kind && Id(e) == contact &&
        (agent.empty() || e.agent == agent)) {
      return &c;
    }
  }
  return nullptr;
}

std::size_t Story::TakeOffers(TimeMs at_ms) {
  std::size_t count = 0;
  for (Chapter& c : chapters_) {
    if (c.at_ms != at_ms || c.event.kind != EventKind::kOfferMade || c.expected) continue;
    c.expected = true;
    ++count;
  }
  return count;
}

const Story::Chapter* Story::FindSurprise() const {
  const auto it = std::find_if(chapters_.begin(), chapters_.end(), [](const Chapter& c) {
    return !c.expected && IsSurprising(c.event);
  });
  return it == chapters_.end() ? nullptr : &*it;
}

void Story::Forget() { chapters_.clear(); }

OfferId Story::LastOffer(const std::string& contact, const std::string& agent) const {
  const auto it = last_offers_.find({contact, agent});
  return it == last_offers_.end() ? OfferId() : it->second;
}

std::vector<std::pair<std::string, std::string>> Story::OpenOffers() const {
  std::vector<std::pair<std::string, std::string>> open;
  for (const auto& [offer, lease] : offers_) {
    if (!lease.ended) open.emplace_back(lease.contact, lease.agent);
  }
  return open;
}

OfferId Story::LastTreatment(const std::string& contact) const {
  const auto it = contacts_.find(contact);
  return it == contacts_.end() ? OfferId() : it->second.treatment;
}

const engine::ContactView* Story::LastView(const std::string& contact) const {
  const auto it = contacts_.find(contact);
  return it == contacts_.end() ? nullptr : &it->second.view;
}

std::optional<core::EndReason> Story::EndOf(const std::string& contact) const {
  const auto it = contacts_.find(contact);
  return it == contacts_.end() ? std::nullopt : it->second.end;
}

std::optional<TimeMs> Story::WrapUpUntil(const std::string& contact) const {
  const auto it = contacts_.find(contact);
  return it == contacts_.end() ? std::nullopt : it->second.wrap_up_until;
}

std::string Story::Tell(std::size_t lines) const {
  std::string text;
  const std::size_t begin = lines_.size() > lines ? lines_.size() - lines : 0;
  for (std::size_t i = begin; i < lines_.size(); ++i) text += "  " + lines_[i] + "\n";
  return text;
}

}  // namespace routerd::sim
