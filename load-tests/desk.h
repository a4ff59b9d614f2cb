// One desktop backend: a session with any number of agents, each of whom accepts, declines or
// misses offers, does his wrap-up and takes breaks.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "load-tests/behaviour.h"
#include "load-tests/session.h"
#include "load-tests/surroundings.h"

namespace routerd::load {

// Loop's thread only.
class Desk final : private Session<DesktopApi>::Owner {
 public:
  Desk(const Surroundings& around, std::unique_ptr<Connector<DesktopApi>> connector,
       const SessionTerms& terms, AgentBehaviour behaviour, const std::vector<std::string>& agents);

  void Open() { session_.Open(); }
  [[nodiscard]] bool IsClosed() const { return closed_; }
  [[nodiscard]] const std::string& refusal() const { return refusal_; }  // empty = none

  // Agents of whom the router has said that they are logged in, or that it does not know them.
  [[nodiscard]] std::size_t LoggedIn() const { return logged_in_; }
  [[nodiscard]] const std::string& login_error() const { return login_error_; }  // empty = none
  [[nodiscard]] std::size_t Size() const { return agents_.size(); }

  // No more breaks; wrap-ups end as soon as they may.
  void Hurry();
  void LogOutAll();
  // Agents of whom the router has not said yet that they are logged out.
  [[nodiscard]] std::size_t StillIn() const;
  [[nodiscard]] std::size_t Unanswered() const { return session_.Unanswered(); }

  [[nodiscard]] std::uint64_t Reconnects() const { return session_.Reconnects(); }
  void Drop() { session_.Drop(); }
  void Close() { session_.Close(); }

 private:
  struct OpenOffer {
    std::string offer_id;
    Loop::TimerId timer;
    Time accept_intended;
  };

  struct Agent {
    std::string id;
    bool logged_in = false;
    bool on_break = false;
    bool out = false;                               // logged out for a break
    bool told_out = true;                           // the router has said that he is logged out
    bool recovering = false;                        // is about to say ready after a miss
    std::map<std::string, OpenOffer> offers;        // by contact
    std::map<std::string, Loop::TimerId> wrap_ups;  // by contact: when he will end it
    Loop::TimerId break_timer;
  };

  using Result = v1::DesktopCommandResult;

  void OnWelcome(const v1::Welcome& welcome) override;
  void OnEvent(const v1::DesktopEvent& event, Time received) override;
  void OnRefused(const std::string& why) override { refusal_ = why + "."; }
  void OnClosed() override { closed_ = true; }

  void LogIn(Agent& agent);
  void LogOut(Agent& agent);
  void SetPresence(Agent& agent, v1::AgentPresence presence, const std::string& reason);

  void TakeOffer(Agent& agent, const v1::AgentOfferEvent& offer, Time received);
  void Accept(Agent& agent, const std::string& contact, Time due);
  void Reject(Agent& agent, const std::string& contact);
  void TakeConfirmed(Agent& agent, const v1::AgentConfirmedEvent& confirmed, Time received);
  void DropOffer(Agent& agent, const std::string& contact) const;
  void TakeWrapUp(Agent& agent, const v1::AgentWrapUpStartedEvent& started);
  void EndWrapUp(Agent& agent, const std::string& contact);
  void TakeState(Agent& agent, const v1::AgentStatus& status);
  void Forget(Agent& agent);

  void ArmBreak(Agent& agent);
  void BeginBreak(Agent& agent);
  void EndBreak(Agent& agent);

  void Send(v1::DesktopCommand&& command, v1::RequestHeader* header, const char* name,
            Time intended, const std::function<void(const Result&)>& answer = nullptr);

  Surroundings around_;
  AgentBehaviour behaviour_;
  Random random_;
  std::vector<Agent> agents_;
  std::unordered_map<std::string, Agent*> by_id_;
  std::size_t logged_in_ = 0;
  std::string login_error_;
  bool welcomed_ = false;
  bool hurry_ = false;
  bool leaving_ = false;
  bool closed_ = false;
  std::string refusal_;
  Session<DesktopApi> session_;
};

}  // namespace routerd::load
