// What random policies and traffic have reached: a rule that was not exercised was not compared.
#pragma once

#include <set>
#include <string>

#include "routerd/core/core.h"
#include "routerd/model/model.h"

namespace routerd::core {

class Coverage {
 public:
  void See(const model::Model& model);
  void See(const Event& event) { events_.insert(event.index()); }
  void See(const Effects& effects);
  void See(const Event& event, Refusal refusal) { refusals_.insert({event.index(), refusal}); }
  // What forbids each pair that is there.
  void SeeVerdicts(const Core& core);
  void Add(const Coverage& other);

  // What is missing, in words; empty: everything that a policy can say and an event can be.
  [[nodiscard]] std::string Missing() const;
  // Likewise of why each kind of event can be refused.
  [[nodiscard]] std::string MissingRefusals() const;

 private:
  void SeeRule(const std::string& rule, unsigned value) { rules_.insert({rule, value}); }
  void SeeWrapUp(const model::WrapUp& wrap_up);
  void SeeQueue(const model::Queue& queue);

  std::set<std::pair<std::string, unsigned>> rules_;
  std::set<std::size_t> events_;
  std::set<std::size_t> effects_;
  std::set<std::pair<std::size_t, Refusal>> refusals_;  // of which kind of event
  std::set<Verdict> verdicts_;
};

}  // namespace routerd::core
