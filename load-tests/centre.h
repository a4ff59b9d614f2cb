// The contact centre that a run plays against the router: one gateway per channel, desks with
// agents, and the audit of all of it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "load-tests/auditor.h"
#include "load-tests/behaviour.h"
#include "load-tests/desk.h"
#include "load-tests/gateway.h"

namespace routerd::load {

struct Plan {
  std::string grpc;    // HOST:PORT
  std::string domain;  // empty = the router's default
  std::string run_id;  // part of contact and request ids; unique within 15 minutes
  std::uint64_t seed = 1;
  std::vector<ChannelBehaviour> channels;
  AgentBehaviour agents;
  std::vector<std::string> agent_ids;
  std::size_t streams = 1;         // desktop sessions that the agents are spread over
  Limits limits;                   // what the audit holds the router to
  Span drop_every = Span::zero();  // a connection is cut so often, in the mean; 0 = never
};

std::shared_ptr<grpc::Channel> OpenChannel(const std::string& address);

class Centre {
 public:
  Centre(Loop* loop, Plan plan);
  ~Centre();
  Centre(const Centre&) = delete;
  Centre& operator=(const Centre&) = delete;

  // Opens the sessions and logs the agents in. Empty = done, else what went wrong.
  std::string Open();

  // At the plan's rates, times `factor`.
  void StartArrivals(double factor = 1);
  // All channels together `per_second`, in the plan's proportions.
  void StartArrivalsAt(double per_second);
  void StopArrivals();

  // Until nothing is open, or the time is over; `stop` ends it early.
  bool Settle(Span patience, const std::function<bool()>& stop = nullptr);
  // Ends what is open, and waits until the router has.
  bool EndContacts(Span patience);
  // Logs out and closes the sessions.
  void Close();
  // After Close: the audit's last word.
  void Audit(const StillHeld& still_held) { auditor_.Finish(still_held); }

  [[nodiscard]] std::size_t OpenContacts() const;
  // Arrived, and neither offered nor ended yet.
  [[nodiscard]] std::size_t Backlog() const { return latency_book_.Unoffered(); }
  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] const Auditor& auditor() const { return auditor_; }
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
  Auditor auditor_;
  Random drop_random_;
  Loop::TimerId drop_timer_;
  std::vector<std::unique_ptr<Gateway>> gateways_;
  std::vector<std::unique_ptr<Desk>> desks_;
};

}  // namespace routerd::load
