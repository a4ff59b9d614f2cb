// Finds what the router sustains: steps of growing open-loop rate until one is not sustained, then
// the middle between the last that was and the first that was not, then latencies at half of it.
#include <algorithm>
#include <cstdio>

#include "load-tests/commands.h"
#include "load-tests/stage.h"
#include "load-tests/summary.h"

namespace routerd::load {
namespace {

constexpr double kGrowth = 1.4;
constexpr double kPrecision = 1.05;   // of the rate that is told
constexpr double kSettleShare = 0.3;  // of a step, not measured
constexpr double kBacklogSeconds = 0.2;
constexpr std::size_t kBacklogAlways = 20;
constexpr auto kCalm = std::chrono::seconds(20);

struct Step {
  double rate = 0;
  bool sustained = false;
};

class Search {
 public:
  explicit Search(Stage* stage) : stage_(stage) {}

  // Contacts a second; 0 = not even the first step was sustained, or a stop was asked for.
  double Run() {
    double good = 0;
    double bad = 0;
    for (double rate = stage_->options().start_rate; !Stopped();) {
      // Twice before it counts as too much: something else may have had the machine for a moment.
      const Span step = stage_->options().step;
      const bool sustained = Try(rate, step) || (!Stopped() && Try(rate, step));
      (sustained ? good : bad) = rate;
      if (good == 0) return 0;
      if (bad > 0 && bad / good <= kPrecision) return good;
      rate = bad > 0 ? (good + bad) / 2 : rate * kGrowth;
    }
    return good;
  }

  // One step; its latencies stay in the centre's statistics.
  bool Try(double rate, Span length) {
    Centre& centre = stage_->centre();
    const Time start = Clock::now();
    const std::size_t before = centre.Backlog();
    centre.MeasureFrom(start + FromSeconds(Seconds(length) * kSettleShare));
    centre.StartArrivalsAt(rate);
    stage_->loop().RunUntil([&] { return Stopped(); }, start + length);
    const std::size_t backlog = centre.Backlog();
    centre.StopArrivals();
    const Latencies& latencies = centre.statistics().latencies;
    const Span p99 = latencies.arrival_to_offer_all.Quantile(990);
    const auto allowed = before + kBacklogAlways + static_cast<std::size_t>(rate * kBacklogSeconds);
    const bool sustained = p99 < stage_->options().bound && backlog <= allowed;
    std::printf(
        "%8.0f contacts/s  %-13s  arrival to offer p50 %-8s p99 %-8s  generator late p99 %-8s"
        "  backlog %zu\n",
        rate, sustained ? "sustained" : "not sustained",
        FormatSpan(latencies.arrival_to_offer_all.Quantile(500)).c_str(), FormatSpan(p99).c_str(),
        FormatSpan(latencies.send_lag.Quantile(990)).c_str(), backlog);
    std::fflush(stdout);
    centre.Settle(kCalm, [&] { return Stopped(); });
    return sustained;
  }

 private:
  [[nodiscard]] bool Stopped() const { return stage_->Stops() > 0; }

  Stage* stage_;
};

}  // namespace

int ThroughputCommand(const Options& options) {
  Stage stage(options);
  if (const std::string error = stage.SetUp(); !error.empty()) {
    std::fprintf(stderr, "routerd-load: %s\n", error.c_str());
    return 1;
  }
  const Time start = Clock::now();
  Search search(&stage);
  const double sustained = search.Run();
  if (sustained == 0) {
    std::printf("not even %.0f contacts/s were sustained\n", options.start_rate);
  } else if (stage.Stops() == 0) {
    search.Try(sustained / 2, options.measure);
    std::printf("\nsustained: %.0f contacts/s through the full life cycle\n", sustained);
    std::printf(
        "arrival to offer at half of that: %s\n\n",
        PercentilesText(stage.centre().statistics().latencies.arrival_to_offer_all).c_str());
  }
  stage.ArrivalsLasted(Clock::now() - start);
  const int code = stage.TakeDown();
  return sustained == 0 ? 1 : code;
}

}  // namespace routerd::load
