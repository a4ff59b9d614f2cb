#include "routerd/sim/trace_names.h"

#include "routerd/compiler/nearest.h"
#include "routerd/compiler/report.h"

namespace routerd::sim {

template <typename No>
std::string NamesOf<No>::Unknown(std::string_view name) const {
  return std::string("the policy has no ") + kind_ + " " + compiler::Quoted(name);
}

template <typename No>
std::string NamesOf<No>::Hint(std::string_view name) const {
  std::string hint = compiler::DidYouMean(compiler::Nearest(name, words_));
  return hint.empty() ? std::string("add the ") + kind_ + " to the policy, or correct the row"
                      : hint;
}

template class NamesOf<QueueNo>;
template class NamesOf<ChannelNo>;
template class NamesOf<SkillNo>;
template class NamesOf<GroupNo>;
template class NamesOf<ReasonNo>;

}  // namespace routerd::sim
