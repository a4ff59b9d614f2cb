// Finds what the router sustains: steps of growing open-loop rate until one is not sustained, then
// the middle between the last that was and the first that was not, then latencies at half of it.
#include <cstdio>
#include <optional>
#include <string>

#include "load-tests/commands.h"
#include "load-tests/rate_search.h"
#include "load-tests/stage.h"
#include "load-tests/summary.h"

namespace routerd::load {
namespace {

constexpr double kSettleShare = 0.3;  // of a step, not measured
constexpr auto kCalm = std::chrono::seconds(20);

void Print(const Step& step, const Histogram& offers, const Histogram& lag,
           const std::string& why) {
  std::printf(
      "%8.0f contacts/s  %-13s  arrival to offer p50 %-8s p99 %-8s  generator late p99 %-8s"
      "  backlog %zu%s%s\n",
      step.rate, why.empty() ? "sustained" : "not sustained",
      FormatSpan(offers.Quantile(500)).c_str(), FormatSpan(step.offer_p99).c_str(),
      FormatSpan(lag.Quantile(990)).c_str(), step.backlog, why.empty() ? "" : "  ", why.c_str());
  std::fflush(stdout);
}

class Search {
 public:
  explicit Search(Stage* stage) : stage_(stage) {}

  // False: a stop was asked for.
  bool Run(RateSearch* search) {
    while (const std::optional<double> rate = search->Next()) {
      const bool sustained = Sustains(*rate, stage_->options().step);
      if (Stopped()) return false;
      search->Tried(sustained);
    }
    return true;
  }

  // Plays one step; its latencies stay in the centre's statistics.
  bool Sustains(double rate, Span length) {
    Centre& centre = stage_->centre();
    const LatencyBook& book = centre.latency_book();
    const Span settling = FromSeconds(Seconds(length) * kSettleShare);
    const std::uint64_t unserved = book.Unserved();
    const Time start = Clock::now();
    centre.MeasureFrom(start + settling);
    centre.StartArrivalsAt(rate);
    stage_->loop().RunUntil([&] { return Stopped(); }, start + length);
    const Histogram offers = book.OffersAsOf(Clock::now());
    Step step = {.rate = rate,
                 .measured = length - settling,
                 .count = offers.Count(),
                 .offer_p99 = offers.Quantile(990),
                 .backlog = book.Unoffered()};
    centre.StopArrivals();
    centre.Settle(kCalm, [&] { return Stopped(); });
    if (Stopped()) return false;
    step.unserved = book.Unserved() - unserved;
    const std::string why = WhyNotSustained(step, stage_->options().bound);
    Print(step, offers, centre.statistics().latencies.send_lag, why);
    return why.empty();
  }

 private:
  [[nodiscard]] bool Stopped() const { return stage_->Stops() > 0; }

  Stage* stage_;
};

// Searches, measures at half of what was found and says what came of it. False: nothing to tell.
bool SearchAndTell(Stage* stage) {
  const Options& options = stage->options();
  RateSearch rates(options.start_rate, options.max_rate);
  Search search(stage);
  if (!search.Run(&rates)) {
    std::printf("stopped before the search was over\n");
    return false;
  }
  if (rates.Found() == 0) {
    std::printf("not even %.0f contacts/s were sustained\n", options.start_rate);
    return false;
  }
  if (!search.Sustains(rates.Found() / 2, options.measure)) {
    std::printf("half of %.0f contacts/s was not measured: %s\n", rates.Found(),
                stage->Stops() > 0 ? "stopped" : "it was not sustained");
    return false;
  }
  std::printf("\nsustained: %.0f contacts/s through the full life cycle%s\n", rates.Found(),
              rates.AtMost() ? ", the most that was tried (--max-rate)" : "");
  std::printf("arrival to offer at half of that: %s\n\n",
              PercentilesText(stage->centre().statistics().latencies.arrival_to_offer_all).c_str());
  return true;
}

}  // namespace

int ThroughputCommand(const Options& options) {
  Stage stage(options);
  if (const std::string error = stage.SetUp(); !error.empty()) {
    std::fprintf(stderr, "routerd-load: %s\n", error.c_str());
    return 1;
  }
  const Time start = Clock::now();
  const bool told = SearchAndTell(&stage);
  stage.ArrivalsLasted(Clock::now() - start);
  const int code = stage.TakeDown();
  return told ? code : 1;
}

}  // namespace routerd::load
