#include <algorithm>
#include <utility>

#include "routerd/compiler/nearest.h"

namespace routerd::compiler {
namespace {

// Words that other routers use for the same thing.
constexpr std::pair<std::string_view, std::string_view> kElsewhere[] = {
    {"acw", "wrap_up"},
    {"wrapuptime", "wrap_up"},
    {"after_contact", "wrap_up"},
    {"sla", "service_level"},
    {"sl", "service_level"},
    {"target", "service_level"},
    {"threshold", "service_level"},
    {"weight", "priority"},
    {"members", "agents"},
    {"users", "agents"},
    {"workers", "agents"},
    {"teams", "groups"},
    {"team", "groups"},
    {"tiers", "agents"},
    {"penalty", "tier"},
    {"level", "tier"},
    {"maxlen", "max_waiting"},
    {"max_size", "max_waiting"},
    {"max_queue", "max_waiting"},
    {"timeout", "offer_time"},
    {"ring_time", "offer_time"},
    {"reservation_timeout", "offer_time"},
    {"expire", "max_wait"},
    {"ttl", "max_wait"},
    {"capacity", "units"},
    {"cost", "units"},
    {"levels", "skills"},
    {"attributes", "contact_attributes"},
    {"attributes", "skills"},
    {"proficiencies", "skills"},
    {"requires", "require"},
    {"requirements", "require"},
    {"aux_codes", "not_ready_reasons"},
    {"pause_reasons", "not_ready_reasons"},
    {"limits", "max"},
    {"boost", "acceleration"},
    {"aging", "acceleration"},
    {"state", "mode"},
    {"strategy", "offer"},
    {"ring", "offer"},
    {"ringall", "offer"},
    {"sticky_agent", "last_agent"},
    {"last_agent_routing", "last_agent"},
    {"routing_profile", "profile"},
    {"routing_profiles", "profiles"},
    {"order", "rank"},
    {"priority", "rank"},
};

}  // namespace

std::string NearestKey(std::string_view word, const std::vector<std::string_view>& known) {
  for (const auto& [theirs, ours] : kElsewhere) {
    if (word == theirs && std::find(known.begin(), known.end(), ours) != known.end()) {
      return DidYouMean(ours);
    }
  }
  std::string hint = DidYouMean(Nearest(word, known));
  if (!hint.empty()) return hint;
  std::string all = known.empty() ? "" : "known here:";
  for (const std::string_view key : known)
    all += (all.back() == ':' ? " " : ", ") + std::string(key);
  return all;
}

}  // namespace routerd::compiler
