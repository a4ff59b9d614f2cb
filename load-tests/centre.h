// The contact centre that a run plays against the router: one gateway per channel, desks with
// agents, and the audit of all of it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "load-tests/latency_book.h"
#include "load-tests/loop.h"
#include "load-tests/plan.h"
#include "load-tests/random.h"
#include "load-tests/statistics.h"
#include "load-tests/violations.h"

namespace routerd::load {

class Auditor;
class Desk;
class Gateway;

class Centre {
 public:
  Centre(Loop* loop, Plan plan);
  ~Centre();
  Centre(const Centre&) = delete;
  Centre& operator=(const Centre&) = delete;

  // Asked while the centre waits for something; true = it is not to wait any longer.
  using Stop = std::function<bool()>;

  // Opens the sessions and logs the agents in. Empty = done, else what went wrong.
  std::string Open(const Stop& stop);

  // At the plan's rates, times `factor`.
  void StartArrivals(double factor = 1);
  // All channels together `per_second`, in the plan's proportions.
  void StartArrivalsAt(double per_second);
  void StopArrivals();

  // Until nothing is open, or the time is over. True = nothing is.
  bool Settle(Span patience, const Stop& stop);
  // Ends what is open, and waits until the router has.
  bool EndContacts(Span patience, const Stop& stop);
  // Logs out, waits until the router says that it is so, and closes the sessions. What did not
  // happen as it should: nothing, if all is well.
  std::vector<std::string> Close(Span patience, const Stop& stop);

  [[nodiscard]] std::size_t OpenContacts() const;
  [[nodiscard]] const LatencyBook& latency_book() const { return latency_book_; }
  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] Auditor& auditor() const { return *auditor_; }
  [[nodiscard]] const Violations& violations() const;
  [[nodiscard]] Statistics& statistics() { return statistics_; }
  // Latencies of what arrives from now on only.
  void MeasureFrom(Time time);
  // What no audit can see past: a session that the router refused. Empty = nothing.
  [[nodiscard]] std::string Refusal() const;

 private:
  void ArmDrop();
  [[nodiscard]] bool AllLoggedIn() const;
  [[nodiscard]] std::string LoginError() const;

  Loop* loop_;
  Plan plan_;
  Statistics statistics_;
  LatencyBook latency_book_{&statistics_.latencies};
  std::unique_ptr<Auditor> auditor_;
  Random drop_random_;
  Loop::TimerId drop_timer_;
  std::vector<std::unique_ptr<Gateway>> gateways_;
  std::vector<std::unique_ptr<Desk>> desks_;
};

}  // namespace routerd::load
