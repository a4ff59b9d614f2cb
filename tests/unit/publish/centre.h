// A small contact centre for tests: makes the events that the engine makes, record by record.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "routerd/engine/event.h"
#include "routerd/engine/feed.h"
#include "routerd/model/model.h"

namespace routerd::publish {

inline constexpr TimeMs kStart = 1'800'000'000'000;  // Unix time in milliseconds

// Contact `id` in `queue`, as it stands after an event.
inline engine::ContactView MakeContact(const std::string& id, const std::string& queue,
                                       core::ContactState state, TimeMs since = kStart) {
  auto identity = std::make_shared<engine::ContactIdentity>();
  identity->id = id;
  identity->gateway = "pbx";
  identity->channel = "voice";
  identity->customer_key = "secret-key";
  identity->attributes = {{"name", "secret-attribute"}};
  engine::ContactView view;
  view.identity = identity;
  view.status.state = state;
  view.status.queue = queue;
  view.status.arrived_unix_ms = since;
  view.status.age_since_unix_ms = since;
  view.status.visit_since_unix_ms = since;
  return view;
}

inline engine::Event MakeEvent(engine::EventKind kind, engine::ContactView contact,
                               SpanMs waited_ms = 0) {
  engine::Event event;
  event.kind = kind;
  event.queue = contact.status.queue;
  event.contact = std::move(contact);
  event.waited_ms = event.sl_waited_ms = waited_ms;
  return event;
}

inline engine::Event AgentEvent(const std::string& id, core::Presence presence,
                                core::ShownState shown,
                                std::vector<engine::SkillNeed> skills = {}) {
  auto view = std::make_shared<engine::AgentView>();
  view->id = id;
  view->presence = presence;
  view->shown = shown;
  view->skills = std::move(skills);
  view->client = "desk";
  view->connected = true;
  view->shown_since_unix_ms = kStart;
  view->presence_since_unix_ms = kStart;
  engine::Event event;
  event.kind = engine::EventKind::kAgentChanged;
  event.agent = id;
  event.agent_view = view;
  return event;
}

// Queues `sales` and `support`, 80 % in 20 s; support asks for the skill `linux` at level 3.
inline std::shared_ptr<model::Model> MakeModel() {
  auto model = std::make_shared<model::Model>();
  model->channels.emplace_back().name = "voice";
  model->skills.push_back({"linux"});
  model->queues.resize(2);
  model->queues[0].name = "sales";
  model->queues[1].name = "support";
  model->queues[1].requirements.all = {{SkillNo(0), 3}};
  return model;
}

// Stamps events as one record, one batch.
class Stamper {
 public:
  explicit Stamper(std::uint32_t epoch = 1) : at_{epoch, 0} {}

  std::shared_ptr<const engine::EventBatch> Batch(std::vector<engine::Event> events,
                                                  TimeMs unix_ms = kStart) {
    ++at_.sequence;
    auto batch = std::make_shared<engine::EventBatch>();
    batch->last = at_;
    batch->unix_ms = unix_ms;
    batch->commands = 1;
    batch->decision_ns = {1'500};
    std::uint32_t index = 0;
    for (engine::Event& event : events) {
      event.at = at_;
      event.index = index++;
      event.unix_ms = unix_ms;
    }
    batch->events = std::move(events);
    return batch;
  }
  [[nodiscard]] Position at() const { return at_; }

 private:
  Position at_;
};

}  // namespace routerd::publish
