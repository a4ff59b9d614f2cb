#include "routerd/publish/metrics.h"

#include <prometheus/text_serializer.h>

#include <sstream>
#include <utility>

#include "routerd/publish/family.h"
#include "routerd/publish/process_metrics.h"
#include "routerd/publish/queue_metrics.h"

namespace routerd::publish {
namespace {

using prometheus::MetricFamily;

prometheus::Histogram& Histogram(prometheus::Registry& registry, const std::string& domain,
                                 const char* name, const char* help,
                                 const prometheus::Histogram::BucketBoundaries& bounds) {
  return prometheus::BuildHistogram()
      .Name(name)
      .Help(help)
      .Labels({{"domain", domain}})
      .Register(registry)
      .Add({}, bounds);
}

void AddEngine(std::vector<MetricFamily>& all, const Labels& domain,
               const engine::Figures& figures) {
  const auto gauge = [&](const char* name, const char* help, auto value) {
    Family::Gauge(name, help).Add(domain, value).MoveTo(all);
  };
  const auto counter = [&](const char* name, const char* help, auto value) {
    Family::Counter(name, help).Add(domain, value).MoveTo(all);
  };
  gauge("routerd_inbox_depth", "Commands that wait for the writer.", figures.inbox_depth);
  gauge("routerd_inbox_capacity",
        "Commands that may wait; beyond it clients are told to slow down.", figures.inbox_capacity);
  counter("routerd_commands_total", "Commands carried out or refused by the writer.",
          figures.commands_total);
  counter("routerd_commands_overloaded_total", "Commands turned away because the inbox was full.",
          figures.commands_overloaded_total);
  counter("routerd_batches_total", "Batches of commands made durable and released.",
          figures.batches_total);
  counter("routerd_clock_jumps_total", "Times the wall clock jumped by more than 100 ms.",
          figures.clock_jumps_total);
  counter(
      "routerd_contact_attributes_not_kept_total",
      "Attributes of contacts that came and were not kept, since the policy does not name them.",
      figures.contact_attributes_not_kept_total);
  gauge("routerd_epoch", "Epoch of the running process; each start has a greater one.",
        figures.head.epoch);
  gauge("routerd_sequence", "Sequence number of the last record.", figures.head.sequence);
  gauge("routerd_journal_low_on_space",
        "1 while the journal lives from its reserve: arrivals and log-ins are refused.",
        figures.journal_low ? 1 : 0);
  gauge("routerd_journal_full", "1 while the journal has no space: everything is refused.",
        figures.journal_full ? 1 : 0);
  gauge("routerd_journal_failed", "1 once the journal has failed: the process ends.",
        figures.failed ? 1 : 0);
  gauge("routerd_snapshot_sequence",
        "Sequence number of the last record that a snapshot has; a start replays what follows.",
        figures.snapshot_sequence);
  gauge("routerd_snapshots_stopped", "1 once nothing makes snapshots any more; the log says why.",
        figures.snapshots_stopped ? 1 : 0);
  gauge("routerd_draining", "1 while the router drains before it stops.", figures.draining ? 1 : 0);
}

void AddProjection(std::vector<MetricFamily>& all, const Labels& domain,
                   const ProjectionFigures& figures, Position at) {
  Family::Gauge("routerd_projection_sequence",
                "Sequence number of the last record that reads, Redis and these metrics show.")
      .Add(domain, at.sequence)
      .MoveTo(all);
  Family::Counter("routerd_projection_catch_ups_total",
                  "Times the projection fell behind and read on from history; nothing was missed.")
      .Add(domain, figures.catch_ups)
      .MoveTo(all);
  Family::Counter("routerd_projection_resyncs_total",
                  "Times it fell behind history too; state is right, counters missed something.")
      .Add(domain, figures.resyncs)
      .MoveTo(all);
}

void AddRedis(std::vector<MetricFamily>& all, const Labels& domain, const RedisStatus& redis) {
  const auto gauge = [&](const char* name, const char* help, auto value) {
    Family::Gauge(name, help).Add(domain, value).MoveTo(all);
  };
  const auto counter = [&](const char* name, const char* help, auto value) {
    Family::Counter(name, help).Add(domain, value).MoveTo(all);
  };
  gauge("routerd_redis_up", "1 while Redis is connected and has the whole state.",
        redis.state == RedisState::kUp ? 1 : 0);
  gauge("routerd_redis_lag_seconds", "Age of the oldest change that Redis has not confirmed.",
        static_cast<double>(redis.lag_ms) / 1000.0);
  gauge("routerd_redis_pending_commands", "Commands sent to Redis and not answered.",
        redis.pending_commands);
  gauge("routerd_redis_backlog_records", "Records whose events are not yet in the stream.",
        redis.backlog_records);
  counter("routerd_redis_commands_total", "Commands that Redis confirmed.", redis.commands);
  counter("routerd_redis_events_total", "Entries of the event stream that Redis confirmed.",
          redis.events);
  counter("routerd_redis_connects_total", "Connections to Redis that were made.", redis.connects);
  counter("routerd_redis_failures_total", "Connections to Redis, or attempts, that failed.",
          redis.failures);
  counter("routerd_redis_gaps_total", "Gaps in the event stream: history was too short.",
          redis.gaps);
}

}  // namespace

Metrics::Metrics(engine::Service& service, const Projection& projection, const Clock& clock,
                 std::function<RedisStatus()> redis, const BuildInfo& build)
    : service_(service),
      projection_(projection),
      clock_(clock),
      redis_(std::move(redis)),
      build_(build),
      decision_(Histogram(registry_, service.domain(), "routerd_decision_seconds",
                          "Time the core took to apply one event and decide what follows from it.",
                          {1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 1e-2})),
      first_offer_(Histogram(
          registry_, service.domain(), "routerd_arrival_to_offer_seconds",
          "Time from the start of a visit to its first offer, waiting for a free agent included, "
          "by the router's batch time in whole milliseconds.",
          {0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600})),
      batch_(Histogram(registry_, service.domain(), "routerd_batch_commands",
                       "Commands made durable together, by batch.",
                       {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024})),
      append_(Histogram(registry_, service.domain(), "routerd_journal_append_seconds",
                        "Time it took to make a batch durable; nobody hears of it before.",
                        {1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2,
                         0.1, 0.5, 1, 5})) {}

void Metrics::Observe(const engine::EventBatch& batch,
                      const std::vector<SpanMs>& first_offer_waits) {
  if (batch.append_ns > 0) append_.Observe(static_cast<double>(batch.append_ns) * 1e-9);
  if (batch.commands > 0) batch_.Observe(static_cast<double>(batch.commands));
  for (const std::int64_t ns : batch.decision_ns) decision_.Observe(static_cast<double>(ns) * 1e-9);
  for (const SpanMs ms : first_offer_waits) first_offer_.Observe(static_cast<double>(ms) / 1000.0);
}

std::vector<MetricFamily> Metrics::Collect() const {
  std::vector<MetricFamily> all;
  const Labels domain = {{"domain", service_.domain()}};
  const auto shown = projection_.Domain();
  AddQueues(all, service_.domain(), projection_.AllQueues(), clock_.WallMs());
  AddDomain(all, service_.domain(), shown.value);
  AddEngine(all, domain, service_.figures());
  AddProjection(all, domain, projection_.figures(), shown.at);
  if (redis_) AddRedis(all, domain, redis_());
  Family::Gauge("routerd_build_info", "1; which build of the router this is.")
      .Add({{"version", build_.version},
            {"compiler", build_.compiler},
            {"rules_version", std::to_string(build_.rules_version)}},
           1)
      .MoveTo(all);
  for (auto& family : registry_.Collect()) all.push_back(std::move(family));
  for (auto& family : ProcessMetrics()) all.push_back(std::move(family));
  return all;
}

std::string Metrics::Text() const {
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, Collect());
  return std::move(text).str();
}

}  // namespace routerd::publish
