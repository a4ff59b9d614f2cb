// One gateway: a session that brings the contacts of one channel and sees each through, as the
// adapter of a PBX, a chat server or a mailbox would.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "load-tests/behaviour.h"
#include "load-tests/customer.h"
#include "load-tests/sequencer.h"
#include "load-tests/session.h"
#include "load-tests/surroundings.h"

namespace routerd::load {

// Loop's thread only.
class Gateway final : private Session<GatewayApi>::Owner {
 public:
  // agents: how agents behave whose phone this gateway rings (accept_by phone).
  Gateway(const Surroundings& around, std::unique_ptr<Connector<GatewayApi>> connector,
          const SessionTerms& terms, ChannelBehaviour behaviour, AgentBehaviour agents);

  void Open() { session_.Open(); }
  [[nodiscard]] bool IsOpen() const { return session_.IsConnected(); }
  [[nodiscard]] bool IsClosed() const { return closed_; }
  [[nodiscard]] const std::string& refusal() const { return refusal_; }  // empty = none

  // Arrivals from `start` on, at the behaviour's rate or another one.
  void StartArrivals(Time start, double per_second);
  void StopArrivals() { sequencer_.reset(); }

  // From now on every contact is ended as soon as that can be.
  void EndContacts();

  [[nodiscard]] std::size_t OpenContacts() const { return contacts_.size(); }
  [[nodiscard]] const std::string& client() const { return session_.client(); }

  [[nodiscard]] std::size_t Unanswered() const { return session_.Unanswered(); }
  [[nodiscard]] std::uint64_t Reconnects() const { return session_.Reconnects(); }
  void Drop() { session_.Drop(); }
  void Close() { session_.Close(); }

 private:
  enum class Phase { kArriving, kWaiting, kConnecting, kTalking, kEnding };

  struct Contact {
    explicit Contact(Customer who) : customer(who), destination(who.FirstDestination()) {}

    Customer customer;
    std::size_t destination;
    Phase phase = Phase::kArriving;
    std::string offer_id;             // open or confirmed
    std::uint64_t rings = 0;          // of an agent's phone, so far
    std::uint64_t tries = 0;          // to connect, so far
    std::uint64_t conversations = 0;  // begun
    std::uint64_t transfers = 0;
    Customer::Connecting connecting{};  // the last try
    Customer::Conversation talk{};      // the last one
    Loop::TimerId patience;
    Loop::TimerId step;    // of whatever comes next in the conversation
    bool hung_up = false;  // the customer left before the router had answered the Arrive
  };

  using Result = v1::GatewayCommandResult;
  using Todo = void (Gateway::*)(const std::string& id, Contact& contact);

  // Session's owner.
  void OnWelcome(const v1::Welcome& welcome) override;
  void OnEvent(const v1::GatewayEvent& event, Time received) override;
  void OnRefused(const std::string& why) override { refusal_ = why + "."; }
  void OnClosed() override { closed_ = true; }

  // The customer's side.
  void Arrive(Time intended);
  void TakeArriveAnswer(const std::string& id, const Result& result, Time when);
  void LosePatience(const std::string& id, Contact& contact);

  // The conversation, step by step.
  void TakeOffer(const v1::ContactOfferEvent& offer);
  void TakeConfirmed(const v1::ContactConfirmedEvent& confirmed);
  void BeginConnecting(const std::string& id, Contact& contact);
  void Connect(const std::string& id, Contact& contact);
  void Talk(const std::string& id, Contact& contact);
  void Hold(const std::string& id, Contact& contact);
  void Resume(const std::string& id, Contact& contact);
  void Finish(const std::string& id, Contact& contact);
  void Transfer(const std::string& id, Contact& contact);
  void End(const std::string& id, Contact& contact);
  void AnswerPhone(const std::string& id, Contact& contact);
  void PhoneBusy(const std::string& id, Contact& contact);
  void LoseAgent(const std::string& id);
  void BackInQueue(const std::string& id);
  void Forget(const std::string& id, v1::ContactState state);

  // What the router holds, at the start and after a session that could not be resumed.
  void TakeReconcile(const v1::ReconcileEvent& reconcile);
  void TakeResync(const v1::GatewayResyncEvent& resync);
  void TakeHeld(const v1::HeldContact& held);
  void TakeUnknown(const std::string& id);

  void After(Span span, const std::string& id, Contact& contact, Todo todo);
  void Send(v1::GatewayCommand&& command, v1::RequestHeader* header, const char* name,
            const std::function<void(const Result&)>& answer = nullptr);
  Contact* Find(const std::string& id);

  Surroundings around_;
  ChannelBehaviour behaviour_;
  AgentBehaviour agents_;
  std::string id_prefix_;
  Random customers_;  // split off by a contact's number
  std::uint64_t seed_;
  std::uint64_t next_contact_ = 1;
  std::uint64_t sequencers_ = 0;
  ChannelCounts* counts_;
  std::unordered_map<std::string, Contact> contacts_;
  std::unordered_set<std::string> held_;  // named by the resync that is being told
  bool ending_ = false;
  bool closed_ = false;
  std::string refusal_;
  std::unique_ptr<Sequencer> sequencer_;
  Session<GatewayApi> session_;
};

}  // namespace routerd::load
