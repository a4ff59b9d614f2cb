#include "load-tests/table.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "load-tests/words.h"

namespace routerd::load {
namespace {

using google::protobuf::util::TimeUtil;

// printf into a string.
template <class... Values>
std::string Format(const char* format, Values... values) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

std::string Oldest(const Board& board, const v1::Queue& queue) {
  if (!queue.has_oldest_time()) return "";
  const std::int64_t since_ms = TimeUtil::TimestampToMilliseconds(queue.oldest_time());
  const std::int64_t age_s = std::max<std::int64_t>(0, (board.TimeUnixMs() - since_ms) / 1'000);
  return age_s < 60
             ? Format("%lds", static_cast<long>(age_s))
             : Format("%ldm%02lds", static_cast<long>(age_s / 60), static_cast<long>(age_s % 60));
}

std::string Level(const v1::Queue& queue) {
  return queue.has_service_level() ? Format("%.0f %%", queue.service_level() * 100) : "";
}

std::string Target(const v1::Queue& queue) {
  if (queue.target_percent() == 0) return "";
  const auto seconds = static_cast<long>(TimeUtil::DurationToSeconds(queue.target()));
  const std::string share = Format("%d %% in ", queue.target_percent());
  if (seconds % 3'600 == 0) return share + Format("%ldh", seconds / 3'600);
  if (seconds % 60 == 0) return share + Format("%ldm", seconds / 60);
  return share + Format("%lds", seconds);
}

std::string Queues(const Board& board) {
  std::string text = Format("%-18s%8s%8s%9s%10s%10s%8s  %s\n", "queue", "waiting", "oldest",
                            "talking", "answered", "left", "level", "target");
  for (const auto& [id, queue] : board.queues()) {
    text +=
        Format("%-18.17s%8ld%8s%9ld%10ld%10ld%8s  %s\n", id.c_str(),
               static_cast<long>(queue.waiting()), Oldest(board, queue).c_str(),
               static_cast<long>(queue.assigned()), static_cast<long>(queue.answered()),
               static_cast<long>(queue.abandoned()), Level(queue).c_str(), Target(queue).c_str());
  }
  return text;
}

std::string Agents(const Board& board) {
  std::string text = "agents    ";
  for (const v1::AgentStateCount& count : board.domain().agents()) {
    text += Word(count.state()) + " " + std::to_string(count.count()) + "  ";
  }
  return text;
}

std::string Contacts(const Board& board, Centre& centre) {
  std::string text = Format("contacts  arrived %lu  routed %lu  open %lu",
                            static_cast<unsigned long>(centre.statistics().Arrived()),
                            static_cast<unsigned long>(centre.statistics().Answered()),
                            static_cast<unsigned long>(centre.OpenContacts()));
  for (const v1::ContactStateCount& count : board.domain().ended()) {
    text += "  " + Word(count.state()) + " " + std::to_string(count.count());
  }
  return text;
}

std::string Offered(Centre& centre) {
  const Histogram& free = centre.statistics().latencies.arrival_to_offer;
  if (free.Count() == 0) return "arrival to offer  no contact yet that found an agent free";
  return "arrival to offer  p50 " + FormatSpan(free.Quantile(500)) + "  p99 " +
         FormatSpan(free.Quantile(990)) + "  (" + std::to_string(free.Count()) +
         " contacts that found an agent free)";
}

}  // namespace

std::string DrawTable(const Addresses& addresses, const Board& board, Centre& centre,
                      Span elapsed) {
  std::string text = "routerd  gRPC " + addresses.grpc;
  if (!addresses.metrics.empty()) text += "  metrics http://" + addresses.metrics + "/metrics";
  text += "\n        ";
  if (!addresses.redis.empty()) text += " Redis " + addresses.redis + " ";
  text += " " + FormatSpan(elapsed) + (board.IsLive() ? "" : "  (no figures from the router now)") +
          "  Ctrl-C ends\n\n";
  text += Queues(board) + "\n";
  text += Agents(board) + "\n";
  text += Contacts(board, centre) + "\n";
  text += Offered(centre) + "\n";
  if (const std::uint64_t count = centre.violations().Count(); count > 0) {
    text += "audit     " + std::to_string(count) + " violations\n";
  }
  return text;
}

std::string DrawProgress(const Board& board, Centre& centre, Span elapsed) {
  long waiting = 0;
  for (const auto& [id, queue] : board.queues()) waiting += static_cast<long>(queue.waiting());
  const Histogram& free = centre.statistics().latencies.arrival_to_offer;
  return FormatSpan(elapsed) + ": arrived " + std::to_string(centre.statistics().Arrived()) +
         ", routed " + std::to_string(centre.statistics().Answered()) + ", waiting " +
         std::to_string(waiting) + ", open " + std::to_string(centre.OpenContacts()) +
         ", arrival to offer p50 " + FormatSpan(free.Quantile(500)) + " p99 " +
         FormatSpan(free.Quantile(990)) + ", violations " +
         std::to_string(centre.violations().Count());
}

}  // namespace routerd::load
