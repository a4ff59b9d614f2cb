#include "tests/sim/random_day.h"

#include <array>
#include <memory>
#include <utility>

#include "routerd/compiler/values.h"
#include "routerd/sim/parse_action.h"
#include "routerd/sim/row_words.h"

namespace routerd::sim {
namespace {

// The two differ in what people can do, in limits, wrap-up, order and offer times.
constexpr std::array<std::string_view, 2> kPolicies = {R"(version: 1
domain: {agent_grace: 10s, gateway_grace: 20s}
channels:
  voice: {offer_time: 10s, connect_timeout: 5s, max_misses: 2, wrap_up: {mode: timed, duration: 8s}}
  chat: {offer_time: 8s, wrap_up: optional}
  email: {accept_by: auto, wrap_up: none}
  callback: {accept_by: phone, offer_time: 12s, wrap_up: {mode: timed_forced, duration: 3s}}
skills: [billing, sales, german]
groups: [north, south]
queues:
  billing: {require: {billing: 2}, acceleration: 1, max_wait: 2m, offer: {race: 2}, last_agent: {wait: 6s}, also: [claims, open]}
  sales: {require: {any: {sales: 3, german: 5}}, priority: 5, cap: 40, acceleration: 2.5}
  open: {max_waiting: 6, retry_after: 4s, others_wait: 9s}
  claims: {groups: [north], agents: [a5], wrap_up: mandatory, offer: {progressive: 3s}}
agents:
  a1: {skills: {billing: 5, sales: 3}, groups: [north]}
  a2: {skills: {billing: 2, german: 6}, groups: [north, south]}
  a3: {skills: {sales: 9}, groups: [south], max: {chat: 2}}
  a4: {skills: {billing: 1, german: 9}, max: {voice: 0}}
  a5: {skills: {billing: 8, sales: 8, german: 8}}
  a6:
)",
                                                       R"(version: 1
domain: {agent_grace: 4s, gateway_grace: 30s, max_open_offers: 2}
channels:
  voice: {offer_time: 6s, connect_timeout: 9s, wrap_up: none}
  chat: {offer_time: 15s, units: 40, max_per_agent: 2, wrap_up: {mode: timed, duration: 5s}}
  email: {units: 10, max_per_agent: 9, wrap_up: {mode: optional, duration: 4s}}
  callback: {accept_by: auto, wrap_up: none}
skills: [billing, sales, german]
groups: [north, south]
queues:
  billing: {require: {billing: 4}, max_wait: 30s}
  sales: {acceleration: 1, last_agent: if_ready, also: [claims]}
  open: {require: {none: {german: 7}}, retry_after: 0s, wrap_up: 6s, offer: ring_all}
  claims: {groups: [south], priority: 20}
agents:
  a1: {skills: {billing: 5}, groups: [north]}
  a2: {skills: {billing: 2, german: 6}, groups: [south]}
  a3: {skills: {sales: 9}, groups: [south]}
  a5: {skills: {billing: 8, sales: 8}, max: {email: 1}}
  a6: {skills: {german: 3}, groups: [north, south]}
)"};

// The policies' texts by their places in kPolicies.
const PolicyReader kReader = [](const std::string& path) -> Result<std::string> {
  return std::string(kPolicies[static_cast<std::size_t>(path.back() - '0')]);
};

CompiledPolicy First(const std::string& name) {
  return CompilePolicy({"policy-0", ""}, name, kReader, nullptr);
}

const std::vector<std::string> kQueues = {"billing", "sales", "open", "claims"};
const std::vector<std::string> kGateways = {"pbx-1", "pbx-2", "web-1"};
const std::vector<std::string> kSkills = {"billing", "sales", "german"};
const std::vector<std::string> kAgents = {"a1", "a2", "a3", "a4", "a5", "a6"};
const std::vector<std::string> kChannels = {"voice", "chat", "email", "callback"};

// Reasons that a lawful command may be refused for. Any other is a fault: of the router, or of the
// day.
const std::vector<std::string> kLawful = {
    "queue_full", "queue_closed",     "wrong_state",    "offer_ended",    "not_in_wrap_up",
    "not_owner",  "agent_logged_out", "wrap_up_forced", "contact_exists", "unknown_contact",
    "no_session", "unknown_agent",    "unknown_offer"};

}  // namespace

RandomDay::RandomDay(std::uint64_t seed)
    : random_(seed), name_("day " + std::to_string(seed)), audited_(First(name_), name_, kReader) {
  for (const std::string& gateway : kGateways) cast_.AddGateway(gateway);
  for (const char* desktop : {"desk-0", "desk-1"}) cast_.AddDesktop(desktop);
}

DayResult RandomDay::Play(int steps) {
  for (const std::string& gateway : kGateways) {
    if (!Do("gateway " + gateway + " connects")) return std::move(result_);
  }
  for (int i = 0; i < steps && result_.wrong.empty(); ++i) {
    if (const std::string row = NextRow(); !row.empty() && !Do(row)) break;
    if (Chance(40) && !PassTime()) break;
  }
  if (result_.wrong.empty()) result_.wrong = audited_.Close();
  result_.last = audited_.story().Tell(25);
  result_.state_hash = audited_.engine().StateHash();
  result_.offers = audited_.story().offers();
  return std::move(result_);
}

bool RandomDay::Do(const std::string& text) {
  RowWords words(text);
  Row row;
  row.text = text;
  const Action action = ParseAction(words, cast_);
  if (words.Take("by")) row.by = words.Name("who");
  words.NeedEnd();
  if (words.failed()) {
    result_.wrong = "the day cannot read its own row: " + text + ": " + words.error()->message;
    return false;
  }
  const TimeMs now_ms = audited_.engine().now_ms();
  result_.rows += "at " + compiler::SpanText(now_ms) + " " + text + "\n";
  audited_.story().AddRow(now_ms, 0, text);
  audited_.story().Forget();
  const Acted acted = Act(row, action, audited_.stage());
  for (const Refusal& refusal : acted.refusals) {
    ++result_.refused;
    bool lawful = false;
    for (const std::string& reason : kLawful) lawful = lawful || refusal.reason == reason;
    if (!lawful) result_.wrong = text + ": refused: " + refusal.reason + ": " + refusal.message;
  }
  if (!acted.impossible.empty()) result_.wrong = text + ": " + acted.impossible;
  if (result_.wrong.empty()) result_.wrong = audited_.TakeIn();
  return result_.wrong.empty();
}

bool RandomDay::PassTime() {
  const SpanMs span =
      Chance(10) ? 5'000 + static_cast<SpanMs>(Below(60'000)) : static_cast<SpanMs>(Below(3'000));
  const TimeMs until = audited_.engine().now_ms() + span;
  while (result_.wrong.empty() && audited_.engine().Step(until)) {
    audited_.story().Forget();
    result_.wrong = audited_.TakeIn();
  }
  return result_.wrong.empty();
}

std::string RandomDay::NextRow() {
  const std::uint64_t kind = Below(100);
  if (kind < 20) return Arrival();
  if (kind < 45) return OfAnOffer();
  if (kind < 67) return OfAContact();
  if (kind < 88) return OfAnAgent();
  return kind < 95 ? OfConnections() : OfOperations();
}

std::string RandomDay::Arrival() {
  static const std::vector<std::string> kKinds = {"call", "chat", "email", "contact"};
  const bool again = !contacts_.empty() && Chance(5);
  const std::string contact = again ? Any(contacts_) : "c" + std::to_string(next_contact_++);
  if (!again) contacts_.push_back(contact);
  const std::string kind = Any(kKinds);
  std::string row = kind + " " + contact + " arrives in " + Any(kQueues);
  if (kind == "contact") row += " on callback";
  row += " from " + Any(kGateways);
  if (Chance(20)) row += " priority " + std::to_string(Below(60));
  if (Chance(25)) row += " needs " + Any(kSkills) + " " + std::to_string(1 + Below(6));
  if (Chance(15)) row += " age " + std::to_string(Below(90)) + "s";
  if (Chance(30)) row += " of customer k" + std::to_string(Below(5));
  if (Chance(15)) {
    row += Chance(50) ? " directly to " + Any(kAgents)
                      : " preferring " + Any(kAgents) + " " + std::to_string(1 + Below(9));
    if (Chance(60)) row += " waiting " + std::to_string(Below(12)) + "s";
  }
  if (Chance(8)) {
    const TimeMs due = audited_.engine().now_ms() + static_cast<SpanMs>(Below(15'000));
    row += " not before " + compiler::SpanText(due);
  }
  return row;
}

std::string RandomDay::OfAnOffer() {
  const auto open = audited_.story().OpenOffers();
  if (open.empty()) return "";
  const auto& [contact, agent] = Any(open);
  if (Chance(20)) return agent + " declines " + contact;
  return agent + (Chance(20) ? " picks up " : " accepts ") + contact;
}

// A contact in this state; empty: there is none.
std::string RandomDay::AnyOf(core::ContactState state) {
  std::vector<std::string> found;
  const auto snapshot = audited_.engine().Snapshot();
  for (const engine::ContactView& contact : snapshot->contacts) {
    if (contact.status.state == state) found.push_back(contact.identity->id);
  }
  return found.empty() ? "" : Any(found);
}

std::string RandomDay::OfAContact() {
  static const std::vector<std::string> kCauses = {"busy", "no_answer", "customer_busy", "other"};
  if (contacts_.empty()) return "";
  if (Chance(40)) {
    const std::string connecting = AnyOf(core::ContactState::kConnecting);
    if (connecting.empty()) return "";
    return connecting + (Chance(75) ? " is connected" : " fails to connect " + Any(kCauses));
  }
  const std::string assigned = AnyOf(core::ContactState::kAssigned);
  const std::string contact = !assigned.empty() && Chance(50) ? assigned : Any(contacts_);
  switch (Below(9)) {
    case 0:
      return contact + " is transferred to " + Any(kQueues);
    case 1:
      return contact + " now has priority " + std::to_string(Below(60));
    case 2:
      return contact + " now needs " + (Chance(30) ? "nothing" : Any(kSkills) + " 2");
    case 3:
      return contact + (Chance(50) ? " is credited 20s" : " is debited 20s");
    case 4:
      return contact + " is withdrawn" + (Chance(30) ? " by supervisor" : "");
    case 5:
      return contact + (Chance(50) ? " is put on hold" : " is taken off hold");
    case 6:
      return contact + " ends";
    default:
      return contact + " hangs up";
  }
}

std::string RandomDay::OfAnAgent() {
  if (agents_.empty() || Chance(25)) {
    const std::string agent = Any(kAgents);
    agents_.push_back(agent);
    std::string row = "agent " + agent + " logs in " + (Chance(80) ? "ready" : "not ready");
    if (Chance(10)) row += " with skills german 5, billing 3";
    if (Chance(15)) row += " on voice, chat";
    return row + " at desk-" + std::to_string(Below(2));
  }
  const std::string agent = Any(agents_);
  switch (Below(8)) {
    case 0:
      return agent + " goes not ready";
    case 1:
      return agent + " logs out";
    case 2:
      return agent + " is busy elsewhere on " + Any(kChannels);
    case 3:
      return agent + " is free elsewhere on " + Any(kChannels);
    case 4:
    case 5: {
      const std::string contact = AnyOf(core::ContactState::kWrapUp);
      return contact.empty() ? "" : agent + " ends wrap-up of " + contact;
    }
    default:
      return agent + " goes ready" + (Chance(20) ? " on chat" : "");
  }
}

std::string RandomDay::OfConnections() {
  const bool back = Chance(65);
  const std::string how = back ? " returns" : " disconnects";
  if (Chance(20) && !contacts_.empty()) {
    return "gateway " + Any(kGateways) + " keeps " + Any(contacts_) + " and ends " + Any(contacts_);
  }
  if (Chance(50)) return "gateway " + Any(kGateways) + how;
  if (agents_.empty()) return "";
  return "desktop desk-" + std::to_string(Below(2)) + how;
}

std::string RandomDay::OfOperations() {
  static const std::vector<std::string> kModes = {"open", "open", "open", "closed", "emergency"};
  switch (Below(5)) {
    case 0:
      return "wall clock jumps " + std::string(Chance(50) ? "back" : "forward") + " 1h";
    case 1:
      if (agents_.empty()) return "";
      return "supervisor sets skills of " + Any(agents_) + " to " +
             (Chance(50) ? "the policy's" : "sales 4, german 8");
    case 2:
      policy_ = 1 - policy_;
      return "policy becomes policy-" + std::to_string(policy_);
    default:
      return "supervisor sets queue " + Any(kQueues) + " " + Any(kModes);
  }
}

}  // namespace routerd::sim
