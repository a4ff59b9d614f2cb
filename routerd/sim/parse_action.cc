#include "routerd/sim/parse_action.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "routerd/base/limits.h"

namespace routerd::sim {
namespace {

constexpr std::string_view kUsualGateway = "gateway-1";

// What arrives, and the channel it comes by; none: `on` says it.
struct Kind {
  std::string_view one;
  std::string_view many;
  std::string_view channel;
};
constexpr std::array<Kind, 6> kKinds = {{{"call", "calls", "voice"},
                                         {"chat", "chats", "chat"},
                                         {"email", "emails", "email"},
                                         {"message", "messages", "messaging"},
                                         {"task", "tasks", "task"},
                                         {"contact", "contacts", ""}}};

int Priority(RowWords& words) {
  return static_cast<int>(words.Number("a priority", limits::kMinPriority, limits::kMaxPriority));
}

Needs NeedsOrNothing(RowWords& words) {
  return words.Take("nothing") ? Needs{} : words.Skills("a skill");
}

void ArrivalDetail(RowWords& words, Cast& cast, Arrive& a) {
  if (words.Take("from")) {
    a.gateway = words.Name("the name of a gateway");
    cast.AddGateway(a.gateway);
  } else if (words.Take("with priority") || words.Take("priority")) {
    a.priority = Priority(words);
  } else if (words.Take("needs") || words.Take("need")) {
    a.needs = words.Skills("a skill");
  } else if (words.Take("age")) {
    a.age_ms = words.Span("the age it brings");
  } else if (words.Take("also in")) {
    a.also = words.Names("the name of a queue");
  } else if (words.Take("not before")) {
    a.not_before_ms = words.Span("a time of the scenario");
  } else if (words.Take("live")) {
    a.live = true;
  } else if (words.Take("not live")) {
    a.live = false;
  } else if (words.Take("of customer")) {
    a.customer = words.Name("the customer's key");
  } else if (words.Take("directly to")) {
    a.direct = words.Name("the name of an agent");
  } else if (words.Take("preferring")) {
    for (const engine::SkillNeed& wanted : words.Skills("the name of an agent")) {
      a.preferred.emplace_back(wanted.skill, wanted.level);
    }
  } else if (words.Take("waiting")) {
    a.agents_wait_ms = words.Span("how long it waits for them");
  } else if (words.Take("attribute")) {
    std::string key = words.Name("the name of an attribute");
    a.attributes.emplace_back(std::move(key), words.Name("the attribute's value"));
  } else {
    words.Fail();
  }
}

Action ParseArrival(const Kind& kind, RowWords& words, Cast& cast) {
  Arrive a;
  a.contacts = words.Names("the name of a contact");
  cast.AddContacts(a.contacts, words);
  if (!words.Take("arrive")) words.Need("arrives");
  words.Need("in");
  a.queue = words.Name("the name of a queue");
  a.channel = kind.channel;
  if (kind.channel.empty()) {
    words.Need("on");
    a.channel = words.Name("the name of a channel");
  }
  a.gateway = kUsualGateway;
  cast.AddGateway(a.gateway);
  while (!words.AtEnd() && words.Peek() != "by") ArrivalDetail(words, cast, a);
  return a;
}

Action ParseTransfer(Ids contacts, RowWords& words, const Cast& cast) {
  Transfer t;
  t.contacts = std::move(contacts);
  if (words.Take("gateway")) {
    t.gateway = cast.Gateway(words);
    return t;
  }
  if (words.Take("agent")) {
    t.agent = words.Name("the name of an agent");
    if (words.Take("in")) t.queue = words.Name("the name of a queue");
    if (words.Take("waiting")) t.agents_wait_ms = words.Span("how long it waits for him");
  } else {
    t.queue = words.Name("the name of a queue");
  }
  if (words.Take("with priority")) t.priority = Priority(words);
  if (words.Take("needing")) t.needs = NeedsOrNothing(words);
  return t;
}

Action ParseConsult(Ids contacts, RowWords& words, Cast& cast) {
  if (contacts.size() > 1) words.FailWith("one contact at a time starts a consult");
  StartConsult start;
  start.contact = contacts.front();
  start.consult = words.Name("the name of the linked contact");
  cast.AddContacts({start.consult}, words);
  if (words.Take("with agent")) start.agent = words.Name("the name of an agent");
  if (start.agent.empty()) words.Need("in");
  if (start.agent.empty() || words.Take("in")) start.queue = words.Name("the name of a queue");
  if (words.Take("waiting")) start.agents_wait_ms = words.Span("how long it waits for him");
  if (words.Take("with priority")) start.priority = Priority(words);
  if (words.Take("needing")) start.needs = NeedsOrNothing(words);
  if (words.Take("asked by")) start.asking = words.Name("the name of an agent");
  return start;
}

Action ParseConnect(Ids contacts, std::optional<core::ConnectFailure> failure, RowWords& words,
                    const Cast& cast) {
  Connect connect{std::move(contacts), failure, ""};
  if (words.Take("to")) connect.agent = cast.Agent(words);
  return connect;
}

// What contacts do, or what their gateway reports of them.
Action ParseOfContacts(Ids contacts, RowWords& words, Cast& cast) {
  const auto either = [&](std::string_view one, std::string_view many) {
    return words.Take(one) || words.Take(many);
  };
  if (either("hangs up", "hang up")) return Leave{std::move(contacts), Leaving::kHangsUp};
  if (either("leaves", "leave")) return Leave{std::move(contacts), Leaving::kHangsUp};
  if (either("ends", "end")) return Leave{std::move(contacts), Leaving::kEnds};
  if (either("is withdrawn", "are withdrawn")) {
    return Leave{std::move(contacts), Leaving::kWithdrawn};
  }
  if (either("is connected", "are connected")) {
    return ParseConnect(std::move(contacts), std::nullopt, words, cast);
  }
  if (either("fails to connect", "fail to connect")) {
    const auto cause = words.OneOf<core::ConnectFailure>(
        "a cause", 7, [](core::ConnectFailure f) { return core::Name(f); });
    return ParseConnect(std::move(contacts), cause, words, cast);
  }
  if (either("asks to be called back", "ask to be called back")) {
    AskCallback ask{std::move(contacts), {}};
    if (words.Take("not before")) ask.not_before_ms = words.Span("a time of the scenario");
    return ask;
  }
  if (words.Take("starts consult")) return ParseConsult(std::move(contacts), words, cast);
  if (words.Take("completes the consult")) {
    return EndConsult{contacts.front(), engine::ConsultEnd::kComplete};
  }
  if (words.Take("joins the conversation")) {
    return EndConsult{contacts.front(), engine::ConsultEnd::kJoin};
  }
  if (words.Take("cancels the consult")) {
    return EndConsult{contacts.front(), engine::ConsultEnd::kCancel};
  }
  if (words.Take("is put on hold")) return PutOnHold{std::move(contacts), true};
  if (words.Take("is taken off hold")) return PutOnHold{std::move(contacts), false};
  if (either("has been treated", "have been treated")) return Treated{std::move(contacts)};
  if (either("goes inactive", "go inactive")) return GoInactive{std::move(contacts), true};
  if (either("is active again", "are active again")) {
    return GoInactive{std::move(contacts), false};
  }
  if (either("is transferred to", "are transferred to")) {
    return ParseTransfer(std::move(contacts), words, cast);
  }
  Change change;
  change.contacts = std::move(contacts);
  if (either("now has priority", "now have priority")) {
    change.priority = Priority(words);
  } else if (either("now needs", "now need")) {
    change.needs = NeedsOrNothing(words);
  } else if (words.Take("is credited")) {
    change.credit_ms = words.Span("how much older it counts");
  } else if (words.Take("is debited")) {
    change.credit_ms = -words.Span("how much younger it counts");
  } else {
    words.Fail();
  }
  return change;
}

Ids ChannelList(RowWords& words) { return words.Names("the name of a channel"); }

// An optional reason of not ready: any word that does not begin another clause.
std::string Reason(RowWords& words) {
  for (const std::string_view clause : {"", "with", "on", "at", "by"}) {
    if (words.Peek() == clause) return "";
  }
  return words.Name("a reason");
}

Action ParseLogIn(Ids agents, RowWords& words, Cast& cast) {
  LogIn in;
  in.agents = std::move(agents);
  if (words.Take("ready")) {
    in.ready = true;
  } else {
    words.Need("not ready");
    in.reason = Reason(words);
  }
  while (!words.AtEnd() && words.Peek() != "by") {
    if (words.Take("with skills")) {
      in.skills = words.Skills("a skill");
    } else if (words.Take("with no skills")) {
      in.skills = Needs{};
    } else if (words.Take("on")) {
      in.channels = ChannelList(words);
    } else if (words.Take("at")) {
      in.desktop = words.Name("the name of a desktop");
      cast.AddDesktop(in.desktop);
    } else {
      words.Fail();
    }
  }
  return in;
}

Action ParseGoReady(Ids agents, bool ready, RowWords& words) {
  GoReady go;
  go.agents = std::move(agents);
  go.ready = ready;
  if (!ready) {
    go.reason = Reason(words);
  } else if (words.Take("on")) {
    go.channels = ChannelList(words);
  }
  return go;
}

Action ParseDecision(Ids agents, Decision what, RowWords& words, const Cast& cast) {
  Decide decide;
  decide.what = what;
  decide.agents = std::move(agents);
  decide.contacts = cast.Contacts(words);
  if (decide.agents.size() == 1) decide.agents.resize(decide.contacts.size(), decide.agents[0]);
  if (decide.agents.size() != decide.contacts.size()) {
    words.FailWith(std::to_string(decide.agents.size()) + " agents cannot decide about " +
                   std::to_string(decide.contacts.size()) + " contacts one by one");
  }
  return decide;
}

Action ParseOfAgents(Ids agents, RowWords& words, const Cast& cast) {
  const auto either = [&](std::string_view one, std::string_view many) {
    return words.Take(one) || words.Take(many);
  };
  if (either("goes ready", "go ready")) return ParseGoReady(std::move(agents), true, words);
  if (either("goes not ready", "go not ready")) {
    return ParseGoReady(std::move(agents), false, words);
  }
  if (either("logs out", "log out")) return LogOut{std::move(agents)};
  if (either("accepts", "accept")) {
    return ParseDecision(std::move(agents), Decision::kAccept, words, cast);
  }
  if (either("declines", "decline")) {
    return ParseDecision(std::move(agents), Decision::kDecline, words, cast);
  }
  if (either("picks up", "pick up")) {
    return ParseDecision(std::move(agents), Decision::kPickUp, words, cast);
  }
  if (words.Take("ends wrap-up of")) {
    if (agents.size() > 1) words.FailWith("one agent at a time ends a wrap-up");
    return EndWrapUp{agents.front(), cast.Contact(words)};
  }
  if (words.Take("extends wrap-up of")) {
    if (agents.size() > 1) words.FailWith("one agent at a time extends a wrap-up");
    ExtendWrapUp extend{agents.front(), cast.Contact(words)};
    words.Need("by");
    extend.by_ms = words.Span("how much longer");
    return extend;
  }
  if (words.Take("leaves")) return LeaveConference{agents.front(), cast.Contact(words)};
  if (words.Take("is busy elsewhere on")) {
    return BusyElsewhere{std::move(agents), words.Name("the name of a channel"), true};
  }
  if (words.Take("is free elsewhere on")) {
    return BusyElsewhere{std::move(agents), words.Name("the name of a channel"), false};
  }
  words.Fail();
  return LogOut{};
}

bool TakeLink(RowWords& words, Connection& connection) {
  if (words.Take("disconnects")) {
    connection.up = false;
    return true;
  }
  return words.Take("returns");
}

Action ParseGateway(RowWords& words, Cast& cast) {
  if (words.Peek(1) == "connects") {
    Connection connection{Link::kGateway, words.Name("the name of a gateway"), true};
    words.Need("connects");
    cast.AddGateway(connection.name);
    return connection;
  }
  Connection connection{Link::kGateway, cast.Gateway(words), true};
  if (TakeLink(words, connection)) return connection;
  Reconcile reconcile;
  reconcile.gateway = connection.name;
  if (words.Take("keeps")) reconcile.kept = cast.Contacts(words);
  if (words.Take("and ends") || words.Take("ends")) reconcile.ended = cast.Contacts(words);
  if (reconcile.kept.empty() && reconcile.ended.empty()) words.Fail();
  return reconcile;
}

Action ParseSupervisor(RowWords& words, const Cast& cast) {
  if (words.Take("sets skills of")) {
    SetSkills set;
    set.agent = cast.Agent(words);
    words.Need("to");
    if (!words.Take("the policy's")) set.skills = NeedsOrNothing(words);
    return set;
  }
  if (words.Take("moves all of")) {
    MoveWaiting move;
    move.queue = words.Name("the name of a queue");
    words.Need("to");
    move.to = words.Name("the name of a queue");
    return move;
  }
  if (words.Take("stops moving")) return MoveWaiting{words.Name("the name of a queue"), ""};
  words.Need("sets queue");
  SetQueue set;
  set.queue = words.Name("the name of a queue");
  if (words.Take("as the policy says")) return set;
  constexpr std::array<std::string_view, 3> kModes = {"open", "closed", "emergency"};
  set.mode = words.OneOf<model::QueueMode>(
      "a mode", kModes.size(), [&](model::QueueMode m) { return kModes[static_cast<int>(m)]; });
  return set;
}

Action ParseClock(RowWords& words) {
  const bool back = words.Take("back");
  if (!back) words.Need("forward");
  const SpanMs span = words.Span("how far");
  return WallClock{back ? -span : span};
}

// `anna's desktop disconnects`
bool IsPossessive(std::string_view word) { return word.size() > 2 && word.ends_with("'s"); }

Action ParseOwnDesktop(RowWords& words, const Cast& cast) {
  std::string agent = words.Name("the name of an agent");
  agent.resize(agent.size() - 2);
  if (cast.Of(agent) != Cast::Kind::kAgent) {
    words.FailWith("no agent " + Quoted(agent) + " has appeared so far");
  }
  words.Need("desktop");
  Connection connection{Link::kDesktop, "desktop-of-" + agent, true};
  if (!TakeLink(words, connection)) words.Fail();
  return connection;
}

}  // namespace

Action ParseAction(RowWords& words, Cast& cast) {
  for (const Kind& kind : kKinds) {
    if (words.Take(kind.one) || words.Take(kind.many)) return ParseArrival(kind, words, cast);
  }
  if (words.Take("agent") || words.Take("agents")) {
    Ids agents = words.Names("the name of an agent");
    if (words.Take("logs in") || words.Take("log in")) {
      cast.AddAgents(agents, words);
      return ParseLogIn(std::move(agents), words, cast);
    }
    cast.NeedAgents(agents, words);
    return ParseOfAgents(std::move(agents), words, cast);
  }
  if (words.Take("gateway")) return ParseGateway(words, cast);
  if (words.Take("desktop")) {
    Connection connection{Link::kDesktop, cast.Desktop(words), true};
    if (!TakeLink(words, connection)) words.Fail();
    return connection;
  }
  if (words.Take("supervisor")) return ParseSupervisor(words, cast);
  if (words.Take("wall clock jumps")) return ParseClock(words);
  if (words.Take("policy becomes")) {
    return PolicyBecomes{{words.AtEnd() ? "" : words.Name("a policy file"), ""}};
  }
  if (IsPossessive(words.Peek())) return ParseOwnDesktop(words, cast);
  Ids names;
  switch (cast.Subject(words, names)) {
    case Cast::Kind::kContact:
      return ParseOfContacts(std::move(names), words, cast);
    case Cast::Kind::kAgent:
      return ParseOfAgents(std::move(names), words, cast);
    case Cast::Kind::kNobody:
      break;
  }
  return LogOut{};
}

}  // namespace routerd::sim
