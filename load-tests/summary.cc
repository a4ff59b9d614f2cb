#include "load-tests/summary.h"

#include <array>
#include <utility>

#include "load-tests/json.h"

namespace routerd::load {
namespace {

std::array<std::pair<const char*, const Histogram*>, 5> Named(const Latencies& latencies) {
  return {{{"arrival_to_offer", &latencies.arrival_to_offer},
           {"arrival_to_offer_all", &latencies.arrival_to_offer_all},
           {"arrival_to_accepted", &latencies.arrival_to_accepted},
           {"accept_to_confirmed", &latencies.accept_to_confirmed},
           {"send_lag", &latencies.send_lag}}};
}

// 999 → `p99.9`
std::string PercentileName(int per_mille) {
  const std::string tenths = per_mille % 10 == 0 ? "" : "." + std::to_string(per_mille % 10);
  return "p" + std::to_string(per_mille / 10) + tenths;
}

std::string Counts(const std::map<std::string, std::uint64_t>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) text += "  " + name + " " + std::to_string(count);
  return text;
}

std::string ChannelText(const std::string& name, const ChannelCounts& counts) {
  return name + ": arrived " + std::to_string(counts.arrived) + "  taken " +
         std::to_string(counts.taken) + "  turned_away " + std::to_string(counts.turned_away) +
         "  rejected " + std::to_string(counts.rejected) + "  answered " +
         std::to_string(counts.answered) + "  transferred " + std::to_string(counts.transferred) +
         "  held " + std::to_string(counts.held) + Counts(counts.ended) + "\n";
}

void WriteCounts(JsonWriter& json, const char* name,
                 const std::map<std::string, std::uint64_t>& counts) {
  json.Object(name);
  for (const auto& [key, count] : counts) json.Number(key, static_cast<double>(count));
  json.End();
}

void WriteChannels(JsonWriter& json, const Statistics& statistics) {
  json.Object("channels");
  for (const auto& [name, counts] : statistics.channels) {
    json.Object(name);
    json.Number("arrived", static_cast<double>(counts.arrived));
    json.Number("taken", static_cast<double>(counts.taken));
    json.Number("turned_away", static_cast<double>(counts.turned_away));
    json.Number("rejected", static_cast<double>(counts.rejected));
    json.Number("answered", static_cast<double>(counts.answered));
    json.Number("transferred", static_cast<double>(counts.transferred));
    json.Number("held", static_cast<double>(counts.held));
    WriteCounts(json, "ended", counts.ended);
    json.End();
  }
  json.End();
}

void WriteLatencies(JsonWriter& json, const Latencies& latencies) {
  json.Object("latencies_us");
  for (const auto& [name, histogram] : Named(latencies)) {
    json.Object(name);
    json.Number("count", static_cast<double>(histogram->Count()));
    for (const int per_mille : kPerMille) {
      json.Number(PercentileName(per_mille), Seconds(histogram->Quantile(per_mille)) * 1e6);
    }
    json.Number("max", Seconds(histogram->Max()) * 1e6);
    json.Number("mean", Seconds(histogram->Mean()) * 1e6);
    json.End();
  }
  json.End();
  json.Number("never_offered", static_cast<double>(latencies.never_offered));
}

void WriteViolations(JsonWriter& json, const Violations& violations) {
  json.Object("violations");
  json.Number("count", static_cast<double>(violations.Count()));
  json.Object("by_kind");
  for (const auto& [kind, count] : violations.ByKind()) {
    json.Number(Name(kind), static_cast<double>(count));
  }
  json.End();
  json.List("first");
  for (const std::string& what : violations.First()) json.Item(what);
  json.End();
  json.End();
}

}  // namespace

std::string PercentilesText(const Histogram& histogram) {
  std::string text;
  for (const int per_mille : kPerMille) {
    text += PercentileName(per_mille) + " " + FormatSpan(histogram.Quantile(per_mille)) + "  ";
  }
  return text + "max " + FormatSpan(histogram.Max()) + "  (" + std::to_string(histogram.Count()) +
         ")";
}

std::string SummaryText(const Summary& summary) {
  const Statistics& statistics = *summary.statistics;
  std::string text;
  for (const auto& [name, counts] : statistics.channels) text += ChannelText(name, counts);
  text += "offers:" + Counts(statistics.offers) + "\n";
  text += "agents: breaks " + std::to_string(statistics.breaks) + ", of these logged out " +
          std::to_string(statistics.logouts) + "; connections lost and taken up again " +
          std::to_string(statistics.reconnects) + "\n";
  for (const auto& [name, histogram] : Named(statistics.latencies)) {
    text += std::string(name) + ": " + PercentilesText(*histogram);
    if (histogram == &statistics.latencies.arrival_to_offer_all) {
      text += "; not in it: " + std::to_string(statistics.latencies.never_offered) +
              " that ended without an offer";
    }
    text += "\n";
  }
  if (!statistics.errors.empty()) text += "answers that were errors:\n";
  for (const auto& [what, count] : statistics.errors) {
    text += "  " + std::to_string(count) + " × " + what + "\n";
  }
  for (const std::string& what : summary.violations->First()) text += "VIOLATION " + what + "\n";
  text += "audit: " + std::to_string(summary.taken) + " contacts taken by the router, " +
          std::to_string(summary.ended) + " ended, " + std::to_string(summary.violations->Count()) +
          " violations\n";
  return text;
}

std::string SummaryJson(const Summary& summary) {
  JsonWriter json;
  json.Text("router", summary.router);
  json.Number("seed", static_cast<double>(summary.seed));
  json.Number("arrivals_s", Seconds(summary.arrivals));
  WriteChannels(json, *summary.statistics);
  WriteCounts(json, "offers", summary.statistics->offers);
  WriteCounts(json, "errors", summary.statistics->errors);
  json.Number("breaks", static_cast<double>(summary.statistics->breaks));
  json.Number("logouts", static_cast<double>(summary.statistics->logouts));
  json.Number("reconnects", static_cast<double>(summary.statistics->reconnects));
  WriteLatencies(json, summary.statistics->latencies);
  json.Number("taken", static_cast<double>(summary.taken));
  json.Number("ended", static_cast<double>(summary.ended));
  WriteViolations(json, *summary.violations);
  return json.Finish();
}

}  // namespace routerd::load
