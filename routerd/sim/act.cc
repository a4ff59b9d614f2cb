#include "routerd/sim/act.h"

#include <memory>
#include <optional>
#include <utility>

#include "routerd/compiler/calendar.h"
#include "routerd/compiler/compile.h"
#include "routerd/sim/row_words.h"

namespace routerd::sim {
namespace {

constexpr char kSupervisor[] = "supervisor";

std::string_view CodeName(Code code) {
  switch (code) {
    case Code::kInvalidArgument:
      return "invalid_argument";
    case Code::kNotFound:
      return "not_found";
    case Code::kAlreadyExists:
      return "already_exists";
    case Code::kPermissionDenied:
      return "permission_denied";
    case Code::kResourceExhausted:
      return "resource_exhausted";
    case Code::kFailedPrecondition:
      return "failed_precondition";
    case Code::kUnavailable:
      return "unavailable";
    default:
      return "failed";
  }
}

std::string DetailOf(const engine::Answer& answer) {
  if (answer.offer_outcome) return std::string(core::Name(*answer.offer_outcome));
  if (!answer.owner.empty()) return answer.owner;
  if (answer.contact) return std::string(core::Name(answer.contact->status.state));
  return "";
}

void AddRefusal(const engine::Answer& answer, std::vector<Refusal>& out) {
  if (!answer.status.ok()) {
    const std::string& reason = answer.status.reason();
    out.push_back({reason.empty() ? std::string(CodeName(answer.status.code())) : reason,
                   DetailOf(answer), answer.status.message()});
  } else if (answer.refused_by != core::EndReason::kUnspecified) {
    std::string reason(core::Name(answer.refused_by));
    out.push_back({reason, DetailOf(answer), "a limit refused the arrival: " + reason});
  }
}

class Actor {
 public:
  Actor(const Row& row, Stage& stage) : row_(row), stage_(stage) {}

  Acted Finish() {
    if (acted_.impossible.empty() && !envelopes_.empty()) {
      const std::vector<engine::Answer> answers = stage_.engine.Run(std::move(envelopes_));
      for (std::size_t i = 0; i < answers.size(); ++i) {
        AddRefusal(answers[i], acted_.refusals);
        if (i < log_ins_.size() && answers[i].status.ok()) {
          stage_.desktop_of[log_ins_[i].first] = log_ins_[i].second;
        }
      }
    }
    return std::move(acted_);
  }

  void operator()(const Arrive& a) {
    Connect(engine::SessionKind::kGateway, a.gateway);
    for (const std::string& contact : a.contacts) {
      stage_.gateway_of.emplace(contact, a.gateway);
      engine::Arrive command;
      command.contact = contact;
      command.channel = a.channel;
      command.queue = a.queue;
      command.priority = a.priority;
      command.requirements = a.needs;
      command.attributes = a.attributes;
      command.live = a.live;
      command.credit_ms = a.age_ms;
      command.customer_key = a.customer;
      command.direct_agent = a.direct;
      command.preferred_agents = a.preferred;
      command.also = a.also;
      command.direct_wait_ms = command.preferred_wait_ms = a.agents_wait_ms;
      if (a.not_before_ms) command.not_before_unix_ms = stage_.engine.ToUnix(*a.not_before_ms);
      Add(engine::Role::kGateway, a.gateway, std::move(command));
    }
  }

  void operator()(const Change& c) {
    for (const std::string& contact : c.contacts) {
      engine::UpdateContact command;
      command.contact = contact;
      command.priority = c.priority;
      command.requirements = c.needs;
      command.credit_ms = c.credit_ms;
      AddForContact(contact, std::move(command));
    }
  }

  void operator()(const Transfer& t) {
    for (const std::string& contact : t.contacts) {
      engine::TransferContact command;
      command.contact = contact;
      command.queue = t.queue;
      command.priority = t.priority;
      command.requirements = t.needs;
      command.agent = t.agent;
      command.direct_wait_ms = t.agents_wait_ms;
      command.gateway = t.gateway;
      AddForContact(contact, std::move(command));
    }
  }

  void operator()(const Leave& leave) {
    for (const std::string& contact : leave.contacts) {
      if (leave.how == Leaving::kWithdrawn) {
        engine::WithdrawContact command;
        command.contact = contact;
        if (row_.by == kSupervisor) {
          command.reason = core::EndReason::kSupervisorWithdrew;
          command.only_waiting = true;
        }
        AddForContact(contact, std::move(command));
        continue;
      }
      engine::EndContact command;
      command.contact = contact;
      if (leave.how == Leaving::kEnds) command.reason = core::EndReason::kCompleted;
      AddForContact(contact, std::move(command));
    }
  }

  void operator()(const sim::Connect& c) {
    for (const std::string& contact : c.contacts) {
      OfferId offer;
      if (!c.agent.empty() && !FindOffer(contact, c.agent, offer)) return;
      if (c.failure) {
        engine::ConnectFailed command;
        command.contact = contact;
        command.cause = *c.failure;
        command.offer = offer;
        AddForContact(contact, std::move(command));
      } else {
        engine::Connected command;
        command.contact = contact;
        command.offer = offer;
        AddForContact(contact, std::move(command));
      }
    }
  }

  void operator()(const StartConsult& s) {
    stage_.gateway_of[s.consult] = stage_.gateway_of[s.contact];
    engine::StartConsult command;
    command.contact = s.contact;
    command.consult_contact = s.consult;
    command.queue = s.queue;
    command.agent = s.agent;
    command.direct_wait_ms = s.agents_wait_ms;
    command.priority = s.priority;
    command.requirements = s.needs;
    command.asking = s.asking;
    AddForContact(s.contact, std::move(command));
  }

  void operator()(const EndConsult& e) {
    AddForContact(e.consult, engine::EndConsult{e.consult, e.how});
  }

  void operator()(const LeaveConference& l) {
    AddForContact(l.contact, engine::LeaveConference{l.contact, l.agent});
  }

  void operator()(const AskCallback& a) {
    for (const std::string& contact : a.contacts) {
      engine::RequestCallback command{contact};
      if (a.not_before_ms) command.not_before_unix_ms = stage_.engine.ToUnix(*a.not_before_ms);
      AddForContact(contact, std::move(command));
    }
  }

  void operator()(const PutOnHold& h) {
    for (const std::string& contact : h.contacts) {
      AddForContact(contact, engine::Hold{contact, h.held});
    }
  }

  void operator()(const Treated& t) {
    for (const std::string& contact : t.contacts) {
      const OfferId treatment = stage_.story.LastTreatment(contact);
      if (!treatment.valid()) acted_.impossible = contact + " has never been treated";
      AddForContact(contact, engine::EndTreatment{contact, treatment});
    }
  }

  void operator()(const GoInactive& g) {
    for (const std::string& contact : g.contacts) {
      AddForContact(contact, engine::SetInactive{contact, g.inactive});
    }
  }

  void operator()(const LogIn& in) {
    for (const std::string& agent : in.agents) {
      const std::string desktop = in.desktop.empty() ? "desktop-of-" + agent : in.desktop;
      Connect(engine::SessionKind::kDesktop, desktop);
      log_ins_.emplace_back(agent, desktop);
      engine::LogIn command;
      command.agent = agent;
      command.ready = in.ready;
      command.reason = in.reason;
      command.skills = in.skills;
      for (const std::string& channel : in.channels.value_or(AllChannels())) {
        std::string endpoint = channel;
        endpoint.append(":").append(agent);
        command.endpoints.emplace_back(channel, std::move(endpoint));
      }
      Add(engine::Role::kDesktop, desktop, std::move(command));
    }
  }

  void operator()(const GoReady& go) {
    for (const std::string& agent : go.agents) {
      AddForAgent(agent, engine::SetPresence{agent, go.ready, go.reason, go.channels});
    }
  }

  void operator()(const LogOut& out) {
    for (const std::string& agent : out.agents) AddForAgent(agent, engine::LogOut{agent});
  }

  void operator()(const Decide& d) {
    for (std::size_t i = 0; i < d.contacts.size(); ++i) {
      const std::string& agent = d.agents[i];
      OfferId offer;
      if (!FindOffer(d.contacts[i], agent, offer)) return;
      if (d.what == Decision::kAccept) {
        AddForAgent(agent, engine::AcceptOffer{offer, agent});
      } else if (d.what == Decision::kDecline) {
        AddForAgent(agent, engine::RejectOffer{offer, agent});
      } else {
        AddForContact(d.contacts[i], engine::AgentAnswered{offer, d.contacts[i]});
      }
    }
  }

  void operator()(const EndWrapUp& e) {
    AddForAgent(e.agent, engine::EndWrapUp{e.agent, e.contact});
  }

  void operator()(const ExtendWrapUp& e) {
    AddForAgent(e.agent, engine::ExtendWrapUp{e.agent, e.contact, e.by_ms});
  }

  void operator()(const BusyElsewhere& b) {
    for (const std::string& agent : b.agents) {
      AddForAgent(agent, engine::BusyElsewhere{agent, b.channel, b.on});
    }
  }

  void operator()(const Connection& c) {
    const bool gateway = c.kind == Link::kGateway;
    AddRefusal(
        stage_.connections.Set(
            gateway ? engine::SessionKind::kGateway : engine::SessionKind::kDesktop, c.name, c.up),
        acted_.refusals);
  }

  void operator()(const Reconcile& r) {
    Add(engine::Role::kGateway, r.gateway, engine::Reconcile{r.kept, r.ended});
  }

  void operator()(const SetQueue& s) {
    Add(engine::Role::kOperations, kSupervisor, engine::SetQueueMode{s.queue, s.mode});
  }

  void operator()(const MoveWaiting& m) {
    Add(engine::Role::kOperations, kSupervisor, engine::MoveQueue{m.queue, m.to});
  }

  void operator()(const SetSkills& s) {
    Add(engine::Role::kOperations, kSupervisor,
        engine::SetAgentSkills{s.agent, s.skills.value_or(Needs{}), !s.skills.has_value()});
  }

  void operator()(const PolicyBecomes& p) {
    CompiledPolicy policy = CompilePolicy(p.policy, stage_.file, stage_.read_policy,
                                          stage_.engine.policy()->model.get());
    if (policy.model == nullptr) {
      acted_.impossible = "the policy is refused:\n" + policy.wrong;
      return;
    }
    auto calendar = std::make_shared<const model::Calendar>(
        compiler::MakeCalendar(*policy.model, stage_.engine.ToUnix(stage_.engine.now_ms())));
    Add(engine::Role::kOperations, kSupervisor,
        engine::ApplyPolicy{
            std::move(policy.model), std::move(policy.source), "", {}, std::move(calendar)});
  }

  void operator()(const WallClock& w) { stage_.engine.JumpWall(w.jump_ms); }

 private:
  bool FindOffer(const std::string& contact, const std::string& agent, OfferId& offer) {
    offer = stage_.story.LastOffer(contact, agent);
    if (!offer.valid()) acted_.impossible = contact + " was never offered to " + agent;
    return offer.valid();
  }

  void Connect(engine::SessionKind kind, const std::string& client) {
    AddRefusal(stage_.connections.Ensure(kind, client), acted_.refusals);
  }

  void Add(engine::Role role, const std::string& client, engine::Command command) {
    engine::Envelope envelope;
    envelope.role = role;
    envelope.client = client;
    if (row_.by == kSupervisor) envelope.role = engine::Role::kOperations;
    if (!row_.by.empty()) envelope.client = row_.by;
    envelope.command = std::move(command);
    envelopes_.push_back(std::move(envelope));
  }

  void AddForContact(const std::string& contact, engine::Command command) {
    Add(engine::Role::kGateway, stage_.gateway_of[contact], std::move(command));
  }

  void AddForAgent(const std::string& agent, engine::Command command) {
    Add(engine::Role::kDesktop, stage_.desktop_of[agent], std::move(command));
  }

  [[nodiscard]] Ids AllChannels() const {
    Ids names;
    for (const model::Channel& channel : stage_.engine.policy()->model->channels) {
      if (!channel.name.empty()) names.push_back(channel.name);
    }
    return names;
  }

  const Row& row_;
  Stage& stage_;
  std::vector<engine::Envelope> envelopes_;
  std::vector<std::pair<std::string, std::string>> log_ins_;  // agent, desktop; as the envelopes
  Acted acted_;
};

}  // namespace

Acted Act(const Row& row, const Action& action, Stage& stage) {
  Actor actor(row, stage);
  std::visit(actor, action);
  return actor.Finish();
}

CompiledPolicy CompilePolicy(const PolicyText& text, const std::string& scenario_file,
                             const PolicyReader& read, const model::Model* in_force) {
  CompiledPolicy out;
  compiler::Source source{scenario_file, text.text};
  if (!text.path.empty()) {
    Result<std::string> file = read(text.path);
    if (!file.ok()) {
      out.wrong = file.status().message();
      return out;
    }
    source = {text.path, std::move(file).value()};
  }
  compiler::Compiled compiled = compiler::Compile(source, in_force);
  out.model = std::move(compiled.model);
  out.source = std::move(source.text);
  if (out.model == nullptr) out.wrong = compiler::ToText(compiled.findings);
  return out;
}

}  // namespace routerd::sim
