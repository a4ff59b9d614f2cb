// From a request to the envelope that the engine takes: the one way for unary calls and sessions.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "routerd/api/commands.h"
#include "routerd/engine/command.h"

namespace routerd::api {

// Who may ask what here. For a unary call `client` is empty: the request's header names him.
struct Scope {
  engine::Role role = engine::Role::kGateway;
  std::string domain;
  std::string client;
  std::string actor;
  std::string session;
  [[nodiscard]] bool in_session() const { return !session.empty(); }
};

// NOT_FOUND unless `domain` is empty or the router's own.
Status CheckDomain(const std::string& domain, const std::string& own);

// Fills client, actor, session, role and request_id. Wrong fields go to `check`.
Status FillEnvelope(const v1::RequestHeader&, const Scope&, Check& check, engine::Envelope*);

// Of a request without its header: that names the request, and may differ between a unary call and
// a session that repeats it. So may the actor, which a session's Hello names once for all.
std::uint64_t BodyHash(const google::protobuf::Message& headless);

// The envelope without `done`; not to be submitted unless the status is OK.
template <typename Request>
std::pair<Status, engine::Envelope> Prepare(const Request& request, const Scope& scope) {
  engine::Envelope envelope;
  Check check;
  Status status = FillEnvelope(request.header(), scope, check, &envelope);
  if (!status.ok()) return {std::move(status), std::move(envelope)};
  envelope.command = ToCommand(request, check);
  if (!envelope.request_id.empty()) {
    Request headless = request;
    headless.clear_header();
    envelope.body_hash = BodyHash(headless);
  }
  return {check.status(), std::move(envelope)};
}

}  // namespace routerd::api
