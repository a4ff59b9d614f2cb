// The sessions of gateways and desktops: who has one, and where its events go.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "routerd/base/ids.h"
#include "routerd/engine/bytes.h"
#include "routerd/engine/command.h"
#include "routerd/engine/outbox.h"

namespace routerd::engine {

// A session outlives its connection by the grace; a client has at most one of each kind.
class Sessions {
 public:
  struct Session {
    std::string id;
    SessionKind kind = SessionKind::kGateway;
    std::string client;
    std::shared_ptr<Outbox> outbox;
    bool connected = true;
    TimeMs expires = 0;  // while not connected
    // Its outbox is not of a connection: since the record after this one it has gathered what the
    // session would have been told before the router went down. Absent: it is of a connection.
    std::optional<std::uint64_t> kept_from = {};
  };

  [[nodiscard]] Session* Find(const std::string& id);
  [[nodiscard]] Session* OfClient(SessionKind kind, const std::string& client) const;
  // Where the events of a client go; nullptr: it has no session.
  [[nodiscard]] const std::shared_ptr<Outbox>* OutboxOf(SessionKind kind,
                                                        const std::string& client) const;

  // `at`: the record that opens it, which makes its id. It hears nothing until it is given an
  // outbox.
  Session& Open(SessionKind kind, const std::string& client, Position at);
  // Another connection takes the session up; what the one before did not take goes on to it, but
  // for what is not released yet: see FanOut::Redirect. `told`, of a client that comes back after
  // the router was down: only of a session that no connection has had since. False: something was
  // lost meanwhile, the session cannot be resumed.
  [[nodiscard]] static bool Resume(Session& session, std::shared_ptr<Outbox> outbox,
                                   const std::optional<EventCursor>& told);
  // Its connection is gone; it can be resumed until `expires`.
  void Drop(Session& session, TimeMs expires);
  // Ends it; its outbox is closed for `reason`.
  void End(const std::string& id, const char* reason);
  // Ids of those whose grace is over at `now`.
  [[nodiscard]] std::vector<std::string> Expired(TimeMs now) const;
  // Its connection is back.
  void Connect(Session& session);

  [[nodiscard]] std::size_t size() const { return sessions_.size(); }
  void ForEach(const std::function<void(Session&)>& f);
  // Is told of each session that is opened from now on; empty: nobody is.
  void SetOnOpen(std::function<void(Session&)> on_open) { on_open_ = std::move(on_open); }

  // For snapshots; Load into an empty one, `io` says whether it was sound.
  void Save(ByteWriter& io) const;
  void Load(ByteReader& io);

 private:
  [[nodiscard]] static bool ResumeKept(Session& session, const std::shared_ptr<Outbox>& outbox,
                                       const std::optional<EventCursor>& told);

  std::unordered_map<std::string, Session> sessions_;
  std::unordered_map<std::string, Session*> by_client_[2];  // by kind
  std::set<std::pair<TimeMs, std::string>> expiring_;
  std::function<void(Session&)> on_open_;
};

}  // namespace routerd::engine
