#include "tests/unit/core/tell_event.h"

#include <array>
#include <string_view>

namespace routerd::core {
namespace {

constexpr std::array<std::string_view, std::variant_size_v<Event>> kKinds = {"contact arrives",
                                                                             "contact updated",
                                                                             "contact transferred",
                                                                             "contact ends",
                                                                             "connected",
                                                                             "connect failed",
                                                                             "held or resumed",
                                                                             "accepted",
                                                                             "rejected",
                                                                             "agent logs in",
                                                                             "agent's presence",
                                                                             "busy elsewhere",
                                                                             "wrap-up ended",
                                                                             "agent logs out",
                                                                             "agent's skills",
                                                                             "agent's connection",
                                                                             "gateway",
                                                                             "queue's mode",
                                                                             "policy",
                                                                             "callback requested",
                                                                             "wrap-up extended",
                                                                             "calendar",
                                                                             "wall clock",
                                                                             "queue moved",
                                                                             "consult starts",
                                                                             "consult completes",
                                                                             "consult joined",
                                                                             "consult canceled",
                                                                             "holder leaves",
                                                                             "customer inactive",
                                                                             "treatment done",
                                                                             "router restarted"};

// Each field that such an event has.
struct Fields {
  template <typename E>
  std::string operator()(const E& e) const {
    std::string text;
    const auto add = [&](std::string_view name, auto value) {
      text += " " + std::string(name) + "=" + std::to_string(value);
    };
    if constexpr (requires { e.contact.value; }) add("contact", e.contact.value);
    if constexpr (requires { e.agent.value; }) add("agent", e.agent.value);
    if constexpr (requires { e.queue.value; }) add("queue", e.queue.value);
    if constexpr (requires { e.channel.value; }) add("channel", unsigned{e.channel.value});
    if constexpr (requires { e.gateway.value; }) add("gateway", e.gateway.value);
    if constexpr (requires { e.offer.valid(); }) {
      if (e.offer.valid()) {
        add("offer", e.offer.at.sequence);
        add("index", e.offer.index);
      }
    }
    if constexpr (requires { e.priority.has_value(); }) {
      if (e.priority) add("priority", *e.priority);
    }
    if constexpr (requires { e.asking.value; }) {
      if (e.asking.valid()) add("asking", e.asking.value);
    }
    if constexpr (requires { e.by_ms + 0; }) add("by_ms", e.by_ms);
    if constexpr (requires { e.delay_ms + 0; }) add("delay_ms", e.delay_ms);
    if constexpr (requires { e.credit_ms + 0; }) add("credit_ms", e.credit_ms);
    if constexpr (requires { e.ready ? 1 : 0; }) add("ready", int{e.ready});
    if constexpr (requires { e.connected ? 1 : 0; }) add("connected", int{e.connected});
    if constexpr (requires { e.on ? 1 : 0; }) add("on", int{e.on});
    if constexpr (requires { e.held ? 1 : 0; }) add("held", int{e.held});
    if constexpr (requires { e.inactive ? 1 : 0; }) add("inactive", int{e.inactive});
    return text;
  }
};

}  // namespace

std::string_view KindOfEvent(std::size_t index) { return kKinds[index]; }

std::string Told(const Event& event) {
  return std::string(kKinds[event.index()]) + std::visit(Fields{}, event);
}

}  // namespace routerd::core
