#include "routerd/core/vocabulary.h"

#include <array>
#include <cstddef>

namespace routerd::core {
namespace {

template <std::size_t N, typename E>
std::string_view At(const std::array<std::string_view, N>& names, E value) {
  const auto i = static_cast<std::size_t>(value);
  return i < N ? names[i] : "unknown";
}

}  // namespace

std::string_view Name(Verdict v) {
  static constexpr std::array<std::string_view, 16> kNames = {
      "may_serve",           "not_waiting",       "rings_him", "asks_another",
      "agent_not_ready",     "agent_has_no_room", "no_member", "not_in_profile",
      "lacks_skill",         "waits_for_another", "delayed",   "barred",
      "queue_serves_nobody", "gateway_absent",    "reserved",  "beyond_share"};
  return At(kNames, v);
}

std::string_view Name(ContactState v) {
  static constexpr std::array<std::string_view, 13> kNames = {
      "scheduled", "queued",    "offered", "connecting", "assigned",         "wrap_up", "completed",
      "abandoned", "withdrawn", "expired", "refused",    "expired_callback", "treated"};
  return At(kNames, v);
}

std::string_view Name(VisitOutcome v) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "answered", "abandoned", "transferred", "withdrawn",
      "refused",  "expired",   "overflowed",  "to_callback"};
  return At(kNames, v);
}

std::string_view Name(OfferOutcome v) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "accepted",     "rejected",   "timed_out", "rescinded",
      "contact_gone", "agent_gone", "failed",    "router_down"};
  return At(kNames, v);
}

std::string_view Name(EndReason v) {
  static constexpr std::array<std::string_view, 14> kNames = {
      "unspecified",  "customer_left", "gateway_withdrew", "supervisor_withdrew",
      "gateway_lost", "max_wait",      "queue_full",       "queue_closed",
      "completed",    "contact_limit", "transferred",      "callback_attempts",
      "not_joined",   "left"};
  return At(kNames, v);
}

std::string_view Name(Presence v) {
  static constexpr std::array<std::string_view, 4> kNames = {"logged_out", "not_ready", "ready",
                                                             "not_responding"};
  return At(kNames, v);
}

std::string_view Name(ItemState v) {
  static constexpr std::array<std::string_view, 6> kNames = {"offered", "connecting", "on_contact",
                                                             "held",    "wrap_up",    "parked"};
  return At(kNames, v);
}

std::string_view Name(ShownState v) {
  static constexpr std::array<std::string_view, 9> kNames = {
      "logged_out", "not_ready",  "ready", "not_responding", "offered",
      "connecting", "on_contact", "held",  "wrap_up"};
  return At(kNames, v);
}

std::string_view Name(ConnectFailure v) {
  static constexpr std::array<std::string_view, 8> kNames = {
      "no_answer",          "busy",          "unreachable", "customer_gone",
      "customer_no_answer", "customer_busy", "other",       "timeout"};
  return At(kNames, v);
}

std::string_view Name(Refusal v) {
  static constexpr std::array<std::string_view, 28> kNames = {"none",
                                                              "unknown_contact",
                                                              "unknown_agent",
                                                              "agent_logged_out",
                                                              "unknown_queue",
                                                              "wrong_state",
                                                              "offer_ended",
                                                              "queue_closed",
                                                              "queue_full",
                                                              "contact_limit",
                                                              "lane_limit",
                                                              "class_limit",
                                                              "agent_limit",
                                                              "gateway_limit",
                                                              "not_in_wrap_up",
                                                              "wrap_up_forced",
                                                              "queue_has_contacts",
                                                              "no_callback",
                                                              "wrap_up_not_extended",
                                                              "not_joined",
                                                              "queue_moves",
                                                              "in_consult",
                                                              "no_consult",
                                                              "conference_full",
                                                              "no_conference",
                                                              "live_contact",
                                                              "no_treatment",
                                                              "not_holder"};

  return At(kNames, v);
}

}  // namespace routerd::core
