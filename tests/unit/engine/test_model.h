// A small centre, made by hand: what the engine's tests run under.
#pragma once

#include <memory>
#include <string>

#include "routerd/model/model.h"

namespace routerd::engine {

// Channels `voice` (live, connects), `chat` (no connecting; four at a time), `phone` (like voice,
// accepted by phone). Skills `german`, `french`. Queues `sales` and `support` (needs german 5),
// `calls` for everything. Of contacts it keeps `lang`, `mood` and `tier`. Agents ann (german 8),
// bob (german 5, french 5), cid (nothing).
inline model::Model TestModel(std::uint64_t version = 1) {
  model::Model m;
  m.version = version;
  model::Channel voice;
  voice.name = "voice";
  voice.live = true;
  voice.connect = true;
  voice.wrap_up = {model::WrapUpMode::kTimed, 30'000};
  model::Channel chat;
  chat.name = "chat";
  chat.units = 25;
  chat.max_per_agent = 4;
  chat.offer_ms = 30'000;
  chat.wrap_up = {model::WrapUpMode::kNone, 0};
  model::Channel phone = voice;
  phone.name = "phone";
  phone.accept_by = model::AcceptBy::kPhone;
  m.channels = {voice, chat, phone};
  m.skills = {{"german"}, {"french"}};
  model::Queue sales;
  sales.name = "sales";
  model::Queue support;
  support.name = "support";
  support.requirements.all = {{SkillNo(0), 5}};
  model::Queue small;
  small.name = "small";
  small.max_waiting = 1;
  m.queues = {sales, support, small};
  m.reasons = {{"rona"}, {"lunch"}};
  m.rona = ReasonNo(0);
  m.agents = {{"ann", {{{SkillNo(0), 8}}, {}, {}}},
              {"bob", {{{SkillNo(0), 5}, {SkillNo(1), 5}}, {}, {}}},
              {"cid", {}}};
  m.contact_attributes = {{"lang", false}, {"mood", false}, {"tier", false}};
  return m;
}

inline std::shared_ptr<const model::Model> SharedTestModel(std::uint64_t version = 1) {
  return std::make_shared<const model::Model>(TestModel(version));
}

}  // namespace routerd::engine
