// What all commands have in common: find out whom and what the router has, play, end, audit.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "load-tests/centre.h"
#include "load-tests/loop.h"
#include "load-tests/options.h"
#include "load-tests/policy_facts.h"
#include "load-tests/stop_signal.h"

namespace grpc {
class Channel;
}  // namespace grpc

namespace routerd::load {

class Operations;

class Stage {
 public:
  explicit Stage(Options options);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // Everything up to agents who are ready. Empty = done, else what went wrong.
  std::string SetUp();

  // Ends all that is open, closes, audits, prints the summary and writes the JSON. The exit code: 0
  // only if every contact is accounted for. A second stop cuts it short.
  int TakeDown();

  [[nodiscard]] const Options& options() const { return options_; }
  Loop& loop() { return loop_; }
  Centre& centre() { return *centre_; }
  [[nodiscard]] const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  [[nodiscard]] int Stops() const { return stop_.Count(); }
  // What TakeDown tells as the length of the run.
  void ArrivalsLasted(Span span) { arrivals_ = span; }

 private:
  std::string ReadThePolicy();
  std::string FindAgents();
  std::string FindQueues();
  // Asked to stop: once before the run is taken down, twice then.
  [[nodiscard]] bool GivesUp() const { return Stops() > (taking_down_ ? 1 : 0); }
  int Report(std::vector<std::string> troubles);

  Options options_;
  Loop loop_;
  StopSignal stop_{&loop_};
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Operations> operations_;
  std::unique_ptr<Centre> centre_;
  bool taking_down_ = false;
  std::string version_;
  std::string policy_text_;  // when the run began
  PolicyFacts policy_;
  Time opened_;
  Span arrivals_ = Span::zero();
  Span lasted_ = Span::zero();  // from opened_ until contacts were ended
};

}  // namespace routerd::load
