// Who has appeared in a scenario so far: what a row may name.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "routerd/sim/row_words.h"
#include "routerd/sim/scenario.h"

namespace routerd::sim {

class Cast {
 public:
  enum class Kind { kNobody, kContact, kAgent };

  [[nodiscard]] Kind Of(const std::string& name) const;
  void AddGateway(const std::string& name) { gateways_.insert(name); }
  void AddDesktop(const std::string& name) { desktops_.insert(name); }
  // Nobody may be an agent and a contact: rows would be read wrongly.
  void AddContacts(const Ids& names, RowWords& words);
  void AddAgents(const Ids& names, RowWords& words);

  // Reads names of those who have appeared; an unknown one fails with the nearest known.
  Ids Contacts(RowWords& words) const;
  Ids Agents(RowWords& words) const;
  std::string Contact(RowWords& words) const;
  std::string Agent(RowWords& words) const;
  std::string Gateway(RowWords& words) const;
  std::string Desktop(RowWords& words) const;
  // Fails with the nearest known name unless all have appeared.
  void NeedAgents(const Ids& names, RowWords& words) const;
  // Contacts or agents, all of one kind.
  Kind Subject(RowWords& words, Ids& names) const;

 private:
  std::set<std::string> contacts_;
  std::set<std::string> agents_;
  std::set<std::string> gateways_;
  std::set<std::string> desktops_;
};

}  // namespace routerd::sim
