#include "tests/unit/core/random_consults.h"

#include <set>
#include <vector>

namespace routerd::core {

Event RandomConsult(Random& random, const Core& core, ContactNo no) {
  const Contact& c = *core.FindContact(no);
  if (c.parent != kNil) {
    if (Chance(random, 40)) return ConsultJoins{no};
    if (Chance(random, 60)) return ConsultCompletes{no};
    return ConsultCanceled{no};
  }
  if (c.second.valid() && Chance(random, c.child == kNil ? 30 : 10)) {
    return HolderLeaves{no, Chance(random, 50) ? c.agent : c.second};
  }
  if (c.child != kNil && Chance(random, 60)) return ContactHeld{no, !c.held};
  const auto below = [&](std::size_t n) {
    return static_cast<std::uint32_t>(Below(random, static_cast<int>(n)));
  };
  ConsultStarts e;
  e.contact = no;
  e.queue = Chance(random, 50) ? c.queue : QueueNo(below(core.queue_count()));
  if (Chance(random, 30)) e.priority = Below(random, 3);
  e.requirements = RandomNeeds(random, core.model().skills.size(), 15);
  if (Chance(random, 30)) e.direct = AgentNo(below(core.agent_count()));
  if (Chance(random, 50)) e.agents_wait_ms = Below(random, 4) * 10'000;
  if (c.second.valid()) e.asking = Chance(random, 70) ? c.second : c.agent;
  return e;
}

std::optional<Event> RandomConsult(Random& random, const Core& core) {
  std::set<std::uint32_t> conferences;  // slots
  core.ForEachContact([&](ContactNo no, const Contact& c) {
    if (c.second.valid()) conferences.insert(static_cast<std::uint32_t>(no.value));
  });
  const bool any = conferences.empty() || Chance(random, 40);
  std::vector<ContactNo> talked_about;
  core.ForEachContact([&](ContactNo no, const Contact& c) {
    const bool of_one = c.second.valid() || conferences.count(c.parent) != 0;
    const bool suits = c.state == ContactState::kAssigned || c.parent != kNil;
    if (suits && (any || of_one)) talked_about.push_back(no);
  });
  if (talked_about.empty()) return std::nullopt;
  const auto n = static_cast<int>(talked_about.size());
  const ContactNo no = talked_about[static_cast<std::size_t>(Below(random, n))];
  const Contact& c = *core.FindContact(no);
  switch (c.state) {
    case ContactState::kAssigned:
      return RandomConsult(random, core, no);
    case ContactState::kOffered:
      return OfferAccepted{core.lease(c.first_lease).id};
    case ContactState::kConnecting:
      return ContactConnected{no, c.offer};
    default:
      return std::nullopt;
  }
}

}  // namespace routerd::core
