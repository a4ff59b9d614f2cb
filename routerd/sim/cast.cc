#include "routerd/sim/cast.h"

#include <vector>

#include "routerd/compiler/nearest.h"

namespace routerd::sim {
namespace {

std::string Hint(const std::string& name,
                 std::initializer_list<const std::set<std::string>*> sets) {
  std::vector<std::string_view> candidates;
  for (const auto* set : sets) candidates.insert(candidates.end(), set->begin(), set->end());
  return compiler::DidYouMean(compiler::Nearest(name, candidates));
}

void Add(const Ids& names, std::set<std::string>& to, const std::set<std::string>& others,
         std::string_view other, RowWords& words) {
  for (const std::string& name : names) {
    if (others.contains(name)) {
      words.FailWith(Quoted(name) + " is " + std::string(other) + " already",
                     "give agents and contacts different names");
      return;
    }
    to.insert(name);
  }
}

void NeedKnown(const Ids& names, const std::set<std::string>& known, std::string_view what,
               RowWords& words) {
  for (const std::string& name : names) {
    if (known.contains(name)) continue;
    words.FailWith("no " + std::string(what) + " " + Quoted(name) + " has appeared so far",
                   Hint(name, {&known}));
    return;
  }
}

std::string OneOf(const std::set<std::string>& known, std::string_view what, RowWords& words) {
  std::string name = words.Name("the name of a " + std::string(what));
  NeedKnown({name}, known, what, words);
  return name;
}

}  // namespace

Cast::Kind Cast::Of(const std::string& name) const {
  if (contacts_.contains(name)) return Kind::kContact;
  return agents_.contains(name) ? Kind::kAgent : Kind::kNobody;
}

void Cast::AddContacts(const Ids& names, RowWords& words) {
  Add(names, contacts_, agents_, "an agent", words);
}

void Cast::AddAgents(const Ids& names, RowWords& words) {
  Add(names, agents_, contacts_, "a contact", words);
}

Ids Cast::Contacts(RowWords& words) const {
  Ids names = words.Names("the name of a contact");
  NeedKnown(names, contacts_, "contact", words);
  return names;
}

Ids Cast::Agents(RowWords& words) const {
  Ids names = words.Names("the name of an agent");
  NeedKnown(names, agents_, "agent", words);
  return names;
}

void Cast::NeedAgents(const Ids& names, RowWords& words) const {
  NeedKnown(names, agents_, "agent", words);
}

std::string Cast::Contact(RowWords& words) const { return OneOf(contacts_, "contact", words); }
std::string Cast::Agent(RowWords& words) const { return OneOf(agents_, "agent", words); }
std::string Cast::Gateway(RowWords& words) const { return OneOf(gateways_, "gateway", words); }
std::string Cast::Desktop(RowWords& words) const { return OneOf(desktops_, "desktop", words); }

Cast::Kind Cast::Subject(RowWords& words, Ids& names) const {
  const std::string first(words.Peek());
  names = words.Names("who or what acts");
  if (words.failed()) return Kind::kNobody;
  const Kind kind = Of(names.front());
  if (kind == Kind::kNobody) {
    static const std::set<std::string> kBeginnings = {
        "at",      "agent",    "agents",     "call",   "calls",   "chat",    "chats",    "contact",
        "desktop", "email",    "emails",     "expect", "gateway", "message", "messages", "policy",
        "queue",   "contacts", "supervisor", "task",   "tasks",   "wall"};
    words.FailWith("nobody called " + Quoted(names.front()) + " has appeared so far",
                   Hint(first, {&contacts_, &agents_, &kBeginnings}));
    return kind;
  }
  const bool contact = kind == Kind::kContact;
  NeedKnown(names, contact ? contacts_ : agents_, contact ? "contact" : "agent", words);
  return kind;
}

}  // namespace routerd::sim
