// The independent bookkeeping of a run. It knows only what crosses the wire, shares nothing with
// the behaviour that makes the load, and calls the run failed if the router broke a promise.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "load-tests/agent_audit.h"
#include "load-tests/api.h"
#include "load-tests/contact_audit.h"
#include "load-tests/frame_audit.h"
#include "load-tests/hold_audit.h"
#include "load-tests/limits.h"
#include "load-tests/offer_audit.h"
#include "load-tests/starvation_audit.h"
#include "load-tests/still_held.h"
#include "load-tests/violations.h"

namespace routerd::load {

class Auditor final : public Tap<GatewayApi>, public Tap<DesktopApi> {
 public:
  explicit Auditor(Limits limits) : limits_(std::move(limits)) {}
  Auditor(const Auditor&) = delete;
  Auditor& operator=(const Auditor&) = delete;

  void Sent(const std::string& client, const v1::GatewayCommand& command) override;
  void Received(const std::string& client, const v1::OpenGatewaySessionResponse& frame) override;
  void Sent(const std::string& client, const v1::DesktopCommand& command) override;
  void Received(const std::string& client, const v1::OpenDesktopSessionResponse& frame) override;

  // Another policy came into force.
  void PolicyChanged() { waits_.PolicyChanged(); }
  // Once, when everything was ended and all sessions are closed.
  void Finish(const StillHeld& still_held);

  [[nodiscard]] const Violations& violations() const { return violations_; }
  [[nodiscard]] std::uint64_t TakenCount() const;
  [[nodiscard]] std::uint64_t EndedCount() const;

 private:
  struct Asked {
    std::string contact;
    bool arrive = false;
  };

  struct Gateway {
    Gateway(const Limits* limits, Violations* violations) : contacts(limits, violations) {}
    ContactAudit contacts;
    std::unordered_map<std::string, Asked> asked;  // by request id
    std::uint64_t sequence = 0;
    bool opened = false;
  };

  struct Desktop {
    Desktop(std::string name, const Limits* limits, Violations* violations, HoldAudit* holds)
        : client(std::move(name)), agents(limits, violations, holds) {}
    std::string client;
    AgentAudit agents;
    std::uint64_t sequence = 0;
    bool opened = false;
  };

  Gateway& GatewayOf(const std::string& client);
  Desktop& DesktopOf(const std::string& client);
  void Result(Gateway& gateway, const v1::GatewayCommandResult& result);
  [[nodiscard]] bool IsOurs(const std::string& contact) const;
  template <class Message>
  void Compare(OfferAudit::What what, const Message& told, const std::string& agent,
               OfferAudit::Side side, std::uint64_t sequence);
  void Event(Gateway& gateway, const v1::GatewayEvent& event);
  void Event(Desktop& desktop, const v1::DesktopEvent& event);

  Limits limits_;
  Violations violations_;
  FrameAudit frames_{&violations_};
  HoldAudit holds_{&violations_};
  OfferAudit offers_{&violations_};
  StarvationAudit waits_{&violations_};
  std::map<std::string, Gateway> gateways_;
  std::map<std::string, Desktop> desktops_;
  std::unordered_set<std::string> agents_;  // whom our desktops have logged in
};

}  // namespace routerd::load
