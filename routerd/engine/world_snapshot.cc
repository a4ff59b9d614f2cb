#include "routerd/engine/world_snapshot.h"

#include <utility>

#include "routerd/core/snapshot.h"
#include "routerd/engine/record_codec.h"
#include "routerd/engine/views.h"
#include "routerd/engine/walk.h"
#include "routerd/model/encoding.h"

namespace routerd::engine {
namespace {

// `calendar` null: none.
std::string CalendarBytes(const std::shared_ptr<const model::Calendar>& calendar) {
  std::string bytes;
  if (calendar != nullptr) EncodeEvent(core::CalendarSet{calendar}, bytes);
  return bytes;
}

Result<std::shared_ptr<const model::Calendar>> ReadCalendar(std::string_view bytes) {
  std::shared_ptr<const model::Calendar> none;
  if (bytes.empty()) return none;
  const Result<core::Event> event = DecodeEvent(bytes);
  if (!event.ok()) return event.status();
  const auto* set = std::get_if<core::CalendarSet>(&event.value());
  if (set == nullptr) return Status(Code::kInvalidArgument, "snapshot: no calendar");
  return set->calendar;
}

struct Head {
  std::uint32_t version = kWorldVersion;
  TimeMs now = 0;
  SpanMs offset = 0;
  std::uint64_t digest = 0;
  std::uint32_t rules_version = 0;
};

template <typename Io>
void WalkHead(Io& io, Of<Io, Head> head) {
  io.Number(head.version);
  io.Number(head.now);
  io.Number(head.offset);
  io.Number(head.digest);
  io.Number(head.rules_version);
}

template <typename Io>
void WalkPolicy(Io& io, Of<Io, PolicyInForce> policy) {
  WalkText(io, policy.source);
  WalkText(io, policy.comment);
  WalkText(io, policy.actor);
  io.Number(policy.applied_unix_ms);
  io.Number(policy.file_hash);
}

void SaveBooks(const World& world, ByteWriter& io) {
  world.contacts.Save(io);
  world.agents.Save(io);
  world.gateways.Save(io);
  world.last_agents.Save(io);
  world.offers.Save(io);
  world.overrides.Save(io);
  world.sessions.Save(io);
  world.answers.Save(io);
}

void LoadBooks(World& world, ByteReader& io) {
  world.contacts.Load(io);
  world.agents.Load(io);
  world.gateways.Load(io);
  world.last_agents.Load(io);
  world.offers.Load(io);
  world.overrides.Load(io);
  world.sessions.Load(io);
  world.answers.Load(io);
}

// Whether every number in the books names something: they are used as places later.
bool IsSound(World& world) {
  const model::Model& model = world.model();
  const std::size_t agents = world.agents.size();
  const auto agent_known = [agents](AgentNo no) { return !no.valid() || no.index() < agents; };
  bool sound = world.core.agent_count() <= agents;
  world.contacts.ForEach([&](const ContactDirectory::Contact& contact) {
    sound = sound && contact.channel.index() < model.channels.size() &&
            agent_known(contact.holder) && agent_known(contact.second) &&
            agent_known(contact.left) &&
            (!contact.first.queue.valid() || contact.first.queue.index() < model.queues.size()) &&
            (!contact.last.queue.valid() || contact.last.queue.index() < model.queues.size());
  });
  world.core.ForEachContact([&](ContactNo no, const core::Contact& contact) {
    sound = sound && contact.gateway.index() < world.gateways.size() &&
            world.contacts.Find(no) != nullptr;
  });
  sound = sound && world.offers.All(agent_known) && world.last_agents.All(agent_known) &&
          world.overrides.All([&](const OverrideTarget& target) {
            return agent_known(target.agent) &&
                   (!target.queue.valid() || target.queue.index() < model.queues.size());
          });
  return sound && world.contacts.AllEnded([&](const ContactDirectory::Ended& ended) {
    return ended.gateway.index() < world.gateways.size() &&
           (!ended.first.queue.valid() || ended.first.queue.index() < model.queues.size());
  });
}

Status Malformed() { return {Code::kInvalidArgument, "snapshot: malformed"}; }

}  // namespace

void SaveWorld(const World& world, std::uint64_t digest, std::string& out) {
  ByteWriter io(out);
  WalkHead(io, Head{kWorldVersion, world.clock.now(), world.clock.offset(), digest,
                    world.rules_version});
  WalkPolicy(io, *world.policy);
  io.Text(model::Encode(world.model()));
  io.Text(CalendarBytes(world.calendar));
  std::string core;
  core::Snapshot::Save(world.core, core);
  io.Text(core);
  SaveBooks(world, io);
}

Result<TimeMs> SavedAt(std::string_view bytes) {
  ByteReader io(bytes);
  Head head;
  WalkHead(io, head);
  if (!io.ok() || head.version != kWorldVersion) return Malformed();
  return head.now;
}

Result<LoadedWorld> LoadWorld(const Clock& clock, std::string_view bytes) {
  ByteReader io(bytes);
  Head head;
  WalkHead(io, head);
  if (io.ok() && head.version != kWorldVersion) {
    return Status(Code::kFailedPrecondition,
                  "snapshot: form " + std::to_string(head.version) + " is not known here");
  }
  auto policy = std::make_shared<PolicyInForce>();
  WalkPolicy(io, *policy);
  std::string_view model_bytes;
  std::string_view calendar_bytes;
  std::string_view core_bytes;
  io.Text(model_bytes);
  io.Text(calendar_bytes);
  io.Text(core_bytes);
  if (!io.ok()) return Malformed();
  Result<model::Model> model = model::Decode(model_bytes);
  if (!model.ok()) return model.status();
  policy->model = std::make_shared<const model::Model>(std::move(model).value());
  const auto calendar = ReadCalendar(calendar_bytes);
  if (!calendar.ok()) return calendar.status();
  Result<core::Core> core = core::Snapshot::Load(policy->model, calendar.value(), core_bytes);
  if (!core.ok()) return core.status();
  LoadedWorld loaded;
  loaded.digest = head.digest;
  loaded.world =
      std::make_unique<World>(clock, head.now, std::move(policy), std::move(core).value());
  loaded.world->clock.Replay(head.now, head.offset);
  loaded.world->calendar = calendar.value();
  loaded.world->rules_version = head.rules_version;
  LoadBooks(*loaded.world, io);
  if (!io.ok() || io.left() != 0 || !IsSound(*loaded.world)) return Malformed();
  World& world = *loaded.world;
  world.contacts.ForEach([&world](ContactDirectory::Contact& contact) { Refresh(world, contact); });
  return loaded;
}

}  // namespace routerd::engine
