// The core's words in the public protocol, and back. The two lists are kept apart on purpose: the
// numbers of one are the journal's, of the other the wire's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "routerd/base/ids.h"
#include "routerd/core/vocabulary.h"
#include "routerd/engine/command.h"
#include "routerd/model/model.h"
#include "routerd/v1/common.pb.h"
#include "routerd/v1/vocabulary.pb.h"

namespace routerd::api {

v1::ContactState ToProto(core::ContactState);
v1::VisitOutcome ToProto(core::VisitOutcome);
v1::OfferOutcome ToProto(core::OfferOutcome);
v1::EndReason ToProto(core::EndReason);
v1::AgentPresence ToProto(core::Presence);
v1::AgentShownState ToProto(core::ShownState);
v1::ItemState ToProto(core::ItemState);
v1::ConnectFailedCause ToProto(core::ConnectFailure);
v1::QueueMode ToProto(model::QueueMode);
v1::AcceptBy ToProto(model::AcceptBy);

// None: not said, or a value that this version does not know.
std::optional<core::ContactState> FromProto(v1::ContactState);
std::optional<core::ShownState> FromProto(v1::AgentShownState);
std::optional<core::ConnectFailure> FromProto(v1::ConnectFailedCause);
std::optional<model::QueueMode> FromProto(v1::QueueMode);

void SetPosition(const Position& from, v1::Position* to);

// EPOCH-SEQUENCE-INDEX in decimal; empty for no offer.
std::string OfferText(const OfferId& offer);
std::optional<OfferId> ParseOffer(std::string_view text);
// Likewise how far a session's client knows what happened.
std::string CursorText(const engine::EventCursor& cursor);
std::optional<engine::EventCursor> ParseCursor(std::string_view text);

}  // namespace routerd::api
