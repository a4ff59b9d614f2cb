#include "routerd/sim/parse_expectation.h"

#include <array>
#include <string_view>
#include <utility>

#include "routerd/base/limits.h"

namespace routerd::sim {
namespace {

// Work from elsewhere comes on top of what the router gave him.
constexpr int kMostUnits = limits::kUnitsPerAgent * 16;

constexpr int kContactStates = 13;
constexpr int kOfferOutcomes = 8;
constexpr int kEndReasons = 14;
constexpr int kPresences = 4;
constexpr int kShownStates = 9;

template <typename Enum>
Enum Word(RowWords& words, std::string_view what, int count) {
  return words.OneOf<Enum>(what, count, [](Enum e) { return core::Name(e); });
}

std::uint32_t Count(RowWords& words, std::string_view what) {
  return static_cast<std::uint32_t>(words.Number(what, 0, limits::kMaxContacts));
}

// `until 20s`: a time of the scenario.
TimeMs Time(RowWords& words) { return words.Span("a time of the scenario"); }

Expectation ParseOffered(Ids contacts, RowWords& words, const Cast& cast) {
  ExpectOffered e;
  e.contacts = std::move(contacts);
  e.agents = cast.Agents(words);
  while (!words.AtEnd()) {
    if (words.Take("until")) {
      e.until_ms = Time(words);
    } else if (words.Take("through")) {
      e.through = words.Name("the name of a queue");
    } else {
      words.Fail();
    }
  }
  if (e.agents.size() == 1) e.agents.resize(e.contacts.size(), e.agents[0]);
  if (e.agents.size() != e.contacts.size()) {
    words.FailWith(std::to_string(e.contacts.size()) + " contacts cannot be offered to " +
                   std::to_string(e.agents.size()) + " agents one by one");
  }
  return e;
}

void ContactDetail(RowWords& words, const Cast& cast, ExpectContact& e) {
  if (words.Take("in")) {
    e.queue = words.Name("the name of a queue");
  } else if (words.Take("also in")) {
    e.also = words.Names("the name of a queue");
  } else if (words.Take("also nowhere")) {
    e.also = Ids();
  } else if (words.Take("through")) {
    e.through = words.Name("the name of a queue");
  } else if (words.Take("to") || words.Take("by")) {
    e.agent = cast.Agent(words);
  } else if (words.Take("with")) {
    e.second_agent = cast.Agent(words);
  } else if (words.Take("position")) {
    e.position = Count(words, "a position");
  } else if (words.Take("priority")) {
    e.priority =
        static_cast<int>(words.Number("a priority", limits::kMinPriority, limits::kMaxPriority));
  } else if (words.Take("step")) {
    e.step = static_cast<std::uint32_t>(words.Number("a step", 0, limits::kMaxSteps));
  } else if (words.Take("stuck")) {
    e.stuck = true;
  } else if (words.Take("not stuck")) {
    e.stuck = false;
  } else if (words.Take("until")) {
    e.until_ms = Time(words);
  } else if (words.Take("because")) {
    e.because = Word<core::EndReason>(words, "a reason", kEndReasons);
  } else if (words.Take("on hold")) {
    e.held = true;
  } else if (words.Take("off hold")) {
    e.held = false;
  } else if (words.Take("parked")) {
    e.parked = true;
  } else if (words.Take("not parked")) {
    e.parked = false;
  } else if (words.Take("playing")) {
    e.treatment = words.Name("the name of a treatment");
  } else if (words.Take("inactive")) {
    e.inactive = true;
  } else if (words.Take("active")) {
    e.inactive = false;
  } else {
    words.Fail();
  }
}

Expectation ParseContact(Ids contacts, RowWords& words, const Cast& cast) {
  if (words.Take("offered to")) return ParseOffered(std::move(contacts), words, cast);
  if (words.Take("answered")) {
    ExpectAnswered e;
    e.contact = contacts.front();
    if (words.Take("by")) e.agent = cast.Agent(words);
    if (words.Take("after")) e.waited_ms = words.Span("how long it waited");
    return e;
  }
  if (words.Take("loses")) return ExpectAgentLost{contacts.front(), cast.Agent(words)};
  if (words.Take("handed over to")) return ExpectHandedOver{contacts.front(), cast.Gateway(words)};
  ExpectContact e;
  e.contacts = std::move(contacts);
  words.Take("still");
  e.state = Word<core::ContactState>(words, "a contact's state", kContactStates);
  while (!words.AtEnd()) ContactDetail(words, cast, e);
  return e;
}

// A reason of not ready may follow the word.
std::string ExpectedReason(RowWords& words) {
  for (const std::string_view clause : {"", "pending", "with", "using"}) {
    if (words.Peek() == clause) return "";
  }
  return words.Name("a reason");
}

Expectation ParseAgent(Ids agents, RowWords& words) {
  ExpectAgent e;
  e.agents = std::move(agents);
  words.Take("still");
  e.shown = Word<core::ShownState>(words, "an agent's state", kShownStates);
  if (e.shown == core::ShownState::kNotReady) e.reason = ExpectedReason(words);
  while (!words.AtEnd()) {
    if (words.Take("pending")) {
      e.pending = Word<core::Presence>(words, "a presence", kPresences);
      if (e.pending == core::Presence::kNotReady) e.pending_reason = ExpectedReason(words);
    } else if (words.Take("with")) {
      e.contacts = Count(words, "a number of contacts");
      if (!words.Take("contact")) words.Need("contacts");
    } else if (words.Take("using")) {
      e.units = static_cast<int>(words.Number("a number of units", 0, kMostUnits));
      words.Need("units");
    } else {
      words.Fail();
    }
  }
  return e;
}

Expectation ParseQueue(RowWords& words) {
  constexpr std::array<std::string_view, 3> kModes = {"open", "closed", "emergency"};
  ExpectQueue e;
  e.queue = words.Name("the name of a queue");
  do {
    if (words.Take("empty")) {
      e.waiting = 0;
    } else if (words.Take("waiting")) {
      e.waiting = Count(words, "how many wait");
    } else if (words.Take("also waiting")) {
      e.also_waiting = Count(words, "how many of other queues wait here as well");
    } else if (words.Take("offered")) {
      e.offered = Count(words, "how many are offered or connecting");
    } else if (words.Take("assigned")) {
      e.assigned = Count(words, "how many are assigned");
    } else if (words.Take("mode")) {
      e.mode = words.OneOf<model::QueueMode>(
          "a mode", kModes.size(), [&](model::QueueMode m) { return kModes[static_cast<int>(m)]; });
    } else {
      words.Fail();
    }
  } while (!words.AtEnd());
  return e;
}

Expectation ParseOfferEnded(RowWords& words, const Cast& cast) {
  ExpectOfferEnded e;
  e.contact = cast.Contact(words);
  words.Need("to");
  e.agent = cast.Agent(words);
  words.Need("ended");
  e.outcome = Word<core::OfferOutcome>(words, "an offer's outcome", kOfferOutcomes);
  return e;
}

}  // namespace

Expectation ParseExpectation(RowWords& words, const Cast& cast) {
  if (words.Take("no offer")) return ExpectOffers{0};
  if (words.Take("refused")) {
    ExpectRefused e;
    e.reason = words.Name("why it is refused");
    if (!words.AtEnd()) e.detail = words.Name("more of the reason");
    return e;
  }
  if (words.Take("offer of")) return ParseOfferEnded(words, cast);
  if (words.Take("queue")) return ParseQueue(words);
  if (words.Take("agent") || words.Take("agents")) return ParseAgent(cast.Agents(words), words);
  if (words.Peek(1) == "offers" || words.Peek(1) == "offer") {
    ExpectOffers e;
    e.count = Count(words, "a number of offers");
    if (!words.Take("offer")) words.Need("offers");
    return e;
  }
  Ids names;
  if (cast.Subject(words, names) == Cast::Kind::kAgent) return ParseAgent(std::move(names), words);
  return ParseContact(std::move(names), words, cast);
}

}  // namespace routerd::sim
