#include "routerd/publish/queue_metrics.h"

#include <algorithm>
#include <cstddef>

#include "routerd/core/vocabulary.h"
#include "routerd/publish/family.h"

namespace routerd::publish {
namespace {

using core::ContactState;
using core::OfferOutcome;
using core::VisitOutcome;
using prometheus::MetricFamily;

std::string Word(auto value) { return std::string(core::Name(value)); }

void AddVisits(std::vector<MetricFamily>& all, const std::string& domain,
               const std::vector<QueueSeries>& queues) {
  Family ended = Family::Counter("routerd_visits_total",
                                 "Stays of contacts in a queue that ended, by outcome.");
  Family in_target =
      Family::Counter("routerd_visits_in_target_total",
                      "Visits answered or abandoned within the queue's service level time.");
  Family level = Family::Gauge(
      "routerd_service_level_ratio",
      "Answered in target / (answered + abandoned - abandoned in target) since the start.");
  for (const QueueSeries& series : queues) {
    const QueueFigures& queue = series.figures;
    for (std::size_t i = 0; i < kVisitOutcomes; ++i) {
      const auto outcome = static_cast<VisitOutcome>(i);
      ended.Add({{"domain", domain}, {"queue", queue.id}, {"outcome", Word(outcome)}},
                queue.visits.of(outcome));
    }
    in_target.Add({{"domain", domain}, {"queue", queue.id}, {"outcome", "answered"}},
                  queue.visits.answered_in_target);
    in_target.Add({{"domain", domain}, {"queue", queue.id}, {"outcome", "abandoned"}},
                  queue.visits.abandoned_in_target);
    if (queue.service_level) {
      level.Add({{"domain", domain}, {"queue", queue.id}}, *queue.service_level);
    }
  }
  ended.MoveTo(all);
  in_target.MoveTo(all);
  level.MoveTo(all);
}

void AddOffers(std::vector<MetricFamily>& all, const std::string& domain,
               const std::vector<QueueSeries>& queues) {
  Family made = Family::Counter("routerd_offers_made_total", "Offers made to agents.");
  Family ended = Family::Counter("routerd_offers_total", "Offers that ended, by outcome.");
  Family stuck = Family::Counter(
      "routerd_contacts_stuck_total",
      "Times that every ready agent who may have a waiting contact had declined it for good.");
  for (const QueueSeries& series : queues) {
    const QueueFigures& queue = series.figures;
    made.Add({{"domain", domain}, {"queue", queue.id}}, queue.offers_made);
    stuck.Add({{"domain", domain}, {"queue", queue.id}}, queue.stuck);
    for (std::size_t i = 0; i < kOfferOutcomes; ++i) {
      ended.Add({{"domain", domain},
                 {"queue", queue.id},
                 {"outcome", Word(static_cast<OfferOutcome>(i))}},
                queue.offers[i]);
    }
  }
  made.MoveTo(all);
  ended.MoveTo(all);
  stuck.MoveTo(all);
}

void AddWaiting(std::vector<MetricFamily>& all, const std::string& domain,
                const std::vector<QueueSeries>& queues, TimeMs now_unix_ms) {
  Family waiting = Family::Gauge("routerd_waiting_contacts",
                                 "Contacts that wait for an agent, those offered included.");
  Family also = Family::Gauge(
      "routerd_also_waiting_contacts",
      "Contacts of other queues that wait in this one as well; they are none of those waiting.");
  Family oldest = Family::Gauge(
      "routerd_oldest_waiting_seconds",
      "How long the oldest waiting contact has been in the queue; 0 while nobody waits.");
  Family staffed =
      Family::Gauge("routerd_queue_agents_staffed",
                    "Agents logged in who belong to the queue and have the skills it asks for.");
  Family ready = Family::Gauge("routerd_queue_agents_ready", "Of these, with presence ready.");
  for (const QueueSeries& series : queues) {
    const QueueFigures& queue = series.figures;
    const Labels labels = {{"domain", domain}, {"queue", queue.id}};
    const TimeMs age_ms =
        queue.oldest_unix_ms ? std::max<TimeMs>(now_unix_ms - *queue.oldest_unix_ms, 0) : 0;
    waiting.Add(labels, queue.waiting());
    also.Add(labels, queue.also_waiting);
    oldest.Add(labels, static_cast<double>(age_ms) / 1000.0);
    staffed.Add(labels, queue.agents_staffed);
    ready.Add(labels, queue.agents_ready);
  }
  waiting.MoveTo(all);
  also.MoveTo(all);
  oldest.MoveTo(all);
  staffed.MoveTo(all);
  ready.MoveTo(all);
}

// Only the pairs of channel and queue that have been seen: at most channels × queues of the policy.
void AddChannels(std::vector<MetricFamily>& all, const std::string& domain,
                 const std::vector<QueueSeries>& queues) {
  Family arrived = Family::Counter("routerd_contacts_arrived_total",
                                   "Contacts that arrived, by the queue they arrived in.");
  Family entered = Family::Counter("routerd_contacts_entered_total",
                                   "Visits that began: contacts that entered the queue.");
  Family ended = Family::Counter("routerd_contacts_total",
                                 "Contacts that ended, by the queue of their last visit.");
  for (const QueueSeries& series : queues) {
    for (const auto& [channel, counters] : series.channels) {
      const Labels labels = {
          {"domain", domain}, {"channel", channel}, {"queue", series.figures.id}};
      arrived.Add(labels, counters.arrived);
      entered.Add(labels, counters.entered);
      for (std::size_t i = 0; i < kContactStates; ++i) {
        const auto state = static_cast<ContactState>(i);
        if (!core::IsTerminal(state)) continue;
        Labels with_outcome = labels;
        with_outcome.push_back({"outcome", Word(state)});
        ended.Add(std::move(with_outcome), counters.ended[i]);
      }
    }
  }
  arrived.MoveTo(all);
  entered.MoveTo(all);
  ended.MoveTo(all);
}

}  // namespace

void AddQueues(std::vector<MetricFamily>& all, const std::string& domain,
               const std::vector<QueueSeries>& queues, TimeMs now_unix_ms) {
  AddChannels(all, domain, queues);
  AddVisits(all, domain, queues);
  AddWaiting(all, domain, queues, now_unix_ms);
  AddOffers(all, domain, queues);
}

void AddDomain(std::vector<MetricFamily>& all, const std::string& domain,
               const DomainFigures& figures) {
  Family contacts =
      Family::Gauge("routerd_contacts_open", "Contacts that have not ended, by state.");
  for (std::size_t i = 0; i < kContactStates; ++i) {
    const auto state = static_cast<ContactState>(i);
    if (core::IsTerminal(state)) continue;
    contacts.Add({{"domain", domain}, {"state", Word(state)}}, figures.contacts[i]);
  }
  contacts.MoveTo(all);
  Family agents = Family::Gauge("routerd_agents", "Agents by the state shown for them.");
  for (std::size_t i = 0; i < kShownStates; ++i) {
    agents.Add({{"domain", domain}, {"state", Word(static_cast<core::ShownState>(i))}},
               figures.agents[i]);
  }
  agents.MoveTo(all);
  Family::Counter("routerd_contacts_answered_total", "Contacts that an agent answered, once each.")
      .Add({{"domain", domain}}, figures.answered)
      .MoveTo(all);
  Family::Gauge("routerd_policy_version", "Version of the policy in force.")
      .Add({{"domain", domain}}, figures.policy_version)
      .MoveTo(all);
}

}  // namespace routerd::publish
