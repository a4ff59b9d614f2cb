#include "routerd/sim/check.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "routerd/compiler/values.h"

namespace routerd::sim {
namespace {

using engine::EventKind;

// Whether he is one of several whom the contact is offered to.
bool RingsFor(const engine::ContactStatus& status, const std::string& agent) {
  return status.more_offers != nullptr &&
         std::any_of(status.more_offers->begin(), status.more_offers->end(),
                     [&](const engine::RingingAgent& ringing) { return ringing.agent == agent; });
}

bool IsParked(const engine::Snapshot& now, const std::string& contact) {
  return std::any_of(now.agents.begin(), now.agents.end(), [&](const auto& agent) {
    return std::any_of(agent->items.begin(), agent->items.end(), [&](const auto& item) {
      return item.contact == contact && item.state == core::ItemState::kParked;
    });
  });
}

// Collects what differs.
class Differences {
 public:
  explicit Differences(std::string subject) : subject_(std::move(subject)) {}

  void Compare(std::string_view what, const std::string& is, const std::string& expected) {
    if (is == expected) return;
    text_ += (text_.empty() ? "" : "; ") + subject_ + "'s " + std::string(what) + " is " +
             (is.empty() ? "none" : is) + ", not " + (expected.empty() ? "none" : expected);
  }
  void CompareNumber(std::string_view what, std::int64_t is, std::int64_t expected) {
    Compare(what, std::to_string(is), std::to_string(expected));
  }
  void CompareTime(std::string_view what, TimeMs is, TimeMs expected) {
    Compare(what, compiler::SpanText(is), compiler::SpanText(expected));
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string subject_;
  std::string text_;
};

std::string_view ModeName(model::QueueMode mode) {
  constexpr std::array<std::string_view, 3> kNames = {"open", "closed", "emergency"};
  return kNames[static_cast<std::size_t>(mode)];
}

std::string Listed(const Ids& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

class Checker {
 public:
  explicit Checker(Stage& stage) : stage_(stage), now_ms_(stage.engine.now_ms()) {}

  std::string operator()(const ExpectOffered& e) {
    for (std::size_t i = 0; i < e.contacts.size(); ++i) {
      if (std::string wrong = Offered(e.contacts[i], e.agents[i], e); !wrong.empty()) {
        return wrong;
      }
    }
    return "";
  }

  std::string operator()(const ExpectOffers& e) const {
    const std::size_t made = stage_.story.TakeOffers(now_ms_);
    if (made == e.count) return "";
    return std::to_string(made) +
           " offers were made in this instant that no row above expects, not " +
           std::to_string(e.count);
  }

  std::string operator()(const ExpectOfferEnded& e) const {
    Story::Chapter* c = stage_.story.FindNew(now_ms_, EventKind::kOfferEnded, e.contact, e.agent);
    if (c == nullptr)
      return "no offer of " + e.contact + " to " + e.agent + " ended in this instant";
    c->expected = true;
    if (c->event.outcome == e.outcome) return "";
    return "the offer ended " + std::string(core::Name(c->event.outcome)) + ", not " +
           std::string(core::Name(e.outcome));
  }

  std::string operator()(const ExpectAnswered& e) const {
    Story::Chapter* c =
        stage_.story.FindNew(now_ms_, EventKind::kContactAnswered, e.contact, e.agent);
    if (c == nullptr) {
      return e.contact + " was not answered" + (e.agent.empty() ? "" : " by " + e.agent) +
             " in this instant";
    }
    c->expected = true;
    Differences differences(e.contact);
    if (e.waited_ms) differences.CompareTime("wait", c->event.waited_ms, *e.waited_ms);
    return differences.text();
  }

  std::string operator()(const ExpectAgentLost& e) const {
    Story::Chapter* c = stage_.story.FindNew(now_ms_, EventKind::kAgentLost, e.contact, e.agent);
    if (c == nullptr) return e.contact + " did not lose " + e.agent + " in this instant";
    c->expected = true;
    return "";
  }

  std::string operator()(const ExpectHandedOver& e) const {
    Story::Chapter* c = stage_.story.FindNew(now_ms_, EventKind::kContactHandedOver, e.contact, "");
    if (c == nullptr) return e.contact + " was not handed over in this instant";
    c->expected = true;
    return c->event.gateway == e.gateway
               ? ""
               : e.contact + " was handed over to " + c->event.gateway + ", not to " + e.gateway;
  }

  std::string operator()(const ExpectContact& e) {
    std::uint32_t position = e.position.value_or(0);
    for (const std::string& contact : e.contacts) {
      if (std::string wrong = Contact(e, contact); !wrong.empty()) return wrong;
      if (!e.position) continue;
      const auto is = stage_.engine.PositionOf(contact);
      if (is != position) {
        return contact + " has " + (is ? "position " + std::to_string(*is) : "no position") +
               ", not " + std::to_string(position);
      }
      ++position;
    }
    return "";
  }

  std::string operator()(const ExpectAgent& e) {
    for (const std::string& agent : e.agents) {
      if (std::string wrong = Agent(e, agent); !wrong.empty()) return wrong;
    }
    return "";
  }

  std::string operator()(const ExpectQueue& e) {
    for (const engine::QueueView& q : Now().queues) {
      if (q.id != e.queue) continue;
      Differences differences("queue " + e.queue);
      if (e.waiting) differences.CompareNumber("number of waiting", q.waiting, *e.waiting);
      if (e.also_waiting) {
        differences.CompareNumber("number of also waiting", q.also_waiting, *e.also_waiting);
      }
      if (e.offered) differences.CompareNumber("number of offered", q.offered, *e.offered);
      if (e.assigned) differences.CompareNumber("number of assigned", q.assigned, *e.assigned);
      if (e.mode) {
        differences.Compare("mode", std::string(ModeName(q.mode)), std::string(ModeName(*e.mode)));
      }
      return differences.text();
    }
    return "the policy has no queue " + e.queue;
  }

  std::string operator()(const ExpectRefused&) const { return ""; }

 private:
  const engine::Snapshot& Now() {
    if (snapshot_ == nullptr) snapshot_ = stage_.engine.Snapshot();
    return *snapshot_;
  }

  [[nodiscard]] std::string Offered(const std::string& contact, const std::string& agent,
                                    const ExpectOffered& expected) const {
    Story::Chapter* c = stage_.story.FindNew(now_ms_, EventKind::kOfferMade, contact, agent);
    if (c == nullptr) c = stage_.story.FindNew(now_ms_, EventKind::kOfferMade, contact, "");
    if (c == nullptr) return contact + " was not offered to anybody in this instant";
    c->expected = true;
    const engine::Event& e = c->event;
    if (e.agent != agent) return contact + " was offered to " + e.agent + ", not to " + agent;
    Differences differences("the offer");
    if (expected.until_ms) {
      differences.CompareTime("end", now_ms_ + e.ttl_ms, *expected.until_ms);
    }
    if (expected.through) {
      differences.Compare("further queue", e.through, *expected.through);
    }
    return differences.text();
  }

  // How it stands now, or stood when it ended; nullptr: it never arrived.
  const engine::ContactView* View(const std::string& contact) {
    const auto& held = Now().contacts;
    const auto it = std::find_if(held.begin(), held.end(), [&](const engine::ContactView& view) {
      return view.identity->id == contact;
    });
    return it != held.end() ? &*it : stage_.story.LastView(contact);
  }

  std::string Contact(const ExpectContact& e, const std::string& contact) {
    const engine::ContactView* view = View(contact);
    if (view == nullptr) return contact + " has never arrived";
    const engine::ContactStatus& status = view->status;
    Differences differences(contact);
    differences.Compare("state", std::string(core::Name(status.state)),
                        std::string(core::Name(e.state)));
    if (!e.queue.empty()) differences.Compare("queue", status.queue, e.queue);
    if (e.also) differences.Compare("further queues", Listed(status.also), Listed(*e.also));
    if (e.through) differences.Compare("further queue", status.through, *e.through);
    if (!e.agent.empty() && !RingsFor(status, e.agent)) {
      differences.Compare("agent", status.agent, e.agent);
    }
    const bool tells_all = e.state == core::ContactState::kAssigned && !e.agent.empty();
    if (tells_all || !e.second_agent.empty()) {
      differences.Compare("second agent", status.second_agent, e.second_agent);
    }
    if (e.priority) differences.CompareNumber("priority", status.priority, *e.priority);
    if (e.step) differences.CompareNumber("step", status.step, *e.step);
    if (e.stuck) {
      differences.Compare("being stuck", status.stuck ? "yes" : "no", *e.stuck ? "yes" : "no");
    }
    if (e.held) differences.Compare("hold", status.held ? "on" : "off", *e.held ? "on" : "off");
    if (!e.treatment.empty()) differences.Compare("treatment", status.treatment, e.treatment);
    if (e.inactive) {
      differences.Compare("being inactive", status.inactive ? "yes" : "no",
                          *e.inactive ? "yes" : "no");
    }
    if (e.parked) {
      const bool parked = IsParked(Now(), contact);
      differences.Compare("being parked", parked ? "yes" : "no", *e.parked ? "yes" : "no");
    }
    if (e.because) {
      const auto end = stage_.story.EndOf(contact);
      differences.Compare("reason", end ? std::string(core::Name(*end)) : "",
                          std::string(core::Name(*e.because)));
    }
    if (e.until_ms) {
      const TimeMs deadline =
          status.deadline_unix_ms == 0 ? 0 : status.deadline_unix_ms - stage_.engine.ToUnix(0);
      const TimeMs until = e.state == core::ContactState::kWrapUp
                               ? stage_.story.WrapUpUntil(contact).value_or(0)
                               : deadline;
      differences.CompareTime("deadline", until, *e.until_ms);
    }
    MarkEnd(contact);
    return differences.text();
  }

  // An end of its own accord has been spoken of.
  void MarkEnd(const std::string& contact) const {
    Story::Chapter* end = stage_.story.FindNew(now_ms_, EventKind::kContactEnded, contact, "");
    if (end != nullptr) end->expected = true;
  }

  std::string Agent(const ExpectAgent& e, const std::string& agent) {
    const auto& agents = Now().agents;
    const auto it = std::find_if(agents.begin(), agents.end(),
                                 [&](const auto& view) { return view->id == agent; });
    if (it == agents.end()) return agent + " has never logged in";
    const engine::AgentView& view = **it;
    Differences differences(agent);
    differences.Compare("state", std::string(core::Name(view.shown)),
                        std::string(core::Name(e.shown)));
    if (!e.reason.empty()) differences.Compare("reason", view.reason, e.reason);
    const std::string pending =
        view.pending ? std::string(core::Name(view.pending_presence)) : std::string();
    differences.Compare("pending presence", pending,
                        e.pending ? std::string(core::Name(*e.pending)) : std::string());
    if (!e.pending_reason.empty()) {
      differences.Compare("pending reason", view.pending_reason, e.pending_reason);
    }
    if (e.contacts) {
      const auto count = std::count_if(view.items.begin(), view.items.end(),
                                       [](const auto& item) { return !item.contact.empty(); });
      differences.CompareNumber("number of contacts", count,
                                static_cast<std::int64_t>(*e.contacts));
    }
    if (e.units) differences.CompareNumber("units used", view.units_used, *e.units);
    return differences.text();
  }

  Stage& stage_;
  const TimeMs now_ms_;
  std::shared_ptr<const engine::Snapshot> snapshot_;
};

}  // namespace

std::string Check(const Expectation& expectation, Stage& stage) {
  return std::visit(Checker(stage), expectation);
}

}  // namespace routerd::sim
