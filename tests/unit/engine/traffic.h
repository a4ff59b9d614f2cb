// A day in a small centre, the same for the same seed: what the tests of the whole engine run.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "tests/unit/engine/fixture.h"

namespace routerd::engine {

class TrafficTest : public EngineTest {
 protected:
  void Traffic(unsigned seed, int steps) {
    random_.seed(seed);
    gateway_ = Open(SessionKind::kGateway, "pbx");
    desk_ = Open(SessionKind::kDesktop, "desk");
    for (const char* agent : kAgents) Desktop(Ready(agent));
    for (int i = 0; i < steps; ++i) {
      Step(Pick(20));
      for (const OutboxItem& item : desk_.outbox->Drain().items) {
        if (item.event->kind == EventKind::kOfferMade) offers_.push_back(item.event->offer);
      }
      Kinds(gateway_.outbox);
      ASSERT_EQ(engine().core().CheckInvariants(engine().now()), "") << "step " << i;
    }
  }
  // As if there had been no day before.
  void Forget() {
    offers_.clear();
    contacts_ = 0;
  }
  [[nodiscard]] std::size_t contacts() const { return contacts_; }
  [[nodiscard]] std::size_t offers() const { return offers_.size(); }

 private:
  static constexpr const char* kAgents[] = {"ann", "bob", "cid"};
  static constexpr const char* kQueues[] = {"sales", "support", "small"};

  std::size_t Pick(std::size_t n) { return random_() % n; }
  std::string AContact() { return "c" + std::to_string(contacts_ == 0 ? 0 : Pick(contacts_)); }
  std::string AnAgent() { return kAgents[Pick(3)]; }
  std::string AQueue() { return kQueues[Pick(3)]; }
  // A recent one, mostly.
  OfferId AnOffer() {
    if (offers_.empty()) return {};
    const std::size_t among =
        Pick(10) == 0 ? offers_.size() : std::min<std::size_t>(offers_.size(), 4);
    return offers_[offers_.size() - 1 - Pick(among)];
  }

  void Step(std::size_t kind) {
    if (kind < 5) return Arrives();
    if (kind < 9) return Agents(kind - 5);
    if (kind < 15) return Contacts(kind - 9);
    Others(kind - 15);
  }

  void Arrives() {
    std::string id = "c" + std::to_string(contacts_++);
    Arrive c = Pick(2) == 0 ? Call(std::move(id), AQueue()) : Chat(std::move(id), AQueue());
    if (Pick(3) == 0) c.priority = static_cast<int>(Pick(5));
    if (Pick(10) == 0) c.not_before_unix_ms = clock_.WallMs() + 3'000;
    if (Pick(4) == 0) c.requirements = {{"french", 1}};
    Gateway(c);
  }

  void Agents(std::size_t kind) {
    switch (kind) {
      case 0:
        Desktop(AcceptOffer{AnOffer(), {}});
        break;
      case 1:
        if (Pick(3) == 0) {
          Desktop(RejectOffer{AnOffer(), {}});
        } else {
          Desktop(AcceptOffer{AnOffer(), {}});
        }
        break;
      case 2:
        Desktop(SetPresence{AnAgent(), Pick(8) != 0, "lunch", {}});
        break;
      default:
        if (Pick(8) == 0) Desktop(LogOut{AnAgent()});
        Desktop(Ready(AnAgent()));
    }
  }

  void Contacts(std::size_t kind) {
    switch (kind) {
      case 0:
      case 1:
        Gateway(Connected{AContact(), {}});
        break;
      case 2:
        Gateway(EndContact{AContact()});
        Desktop(ExtendWrapUp{AnAgent(), AContact(), 5'000});
        Desktop(EndWrapUp{AnAgent(), AContact()});
        break;
      case 3:
        Gateway(TransferContact{AContact(), AQueue(), {}, {}});
        break;
      case 4:
        Gateway(UpdateContact{AContact(), static_cast<int>(Pick(9)), {}, {}, 500});
        break;
      default:
        Gateway(Hold{AContact(), Pick(2) == 0});
        Gateway(ConnectFailed{AContact(), core::ConnectFailure::kBusy, {}});
    }
  }

  void Others(std::size_t kind) {
    switch (kind) {
      case 0:
      case 1:
        Advance(static_cast<SpanMs>(Pick(15'000)));
        break;
      case 2:
        clock_.JumpWall(static_cast<SpanMs>(Pick(2'000)) - 1'000);
        break;
      case 3:
        Reconnect(SessionKind::kDesktop, "desk", desk_, 40'000);
        break;
      default:
        if (Pick(2) == 0) return Reconnect(SessionKind::kGateway, "pbx", gateway_, 80'000);
        Desktop(BusyElsewhere{AnAgent(), "voice", Pick(2) == 0});
        Operations(SetQueueMode{
            AQueue(), Pick(4) != 0 ? model::QueueMode::kOpen : model::QueueMode::kEmergency});
    }
  }

  void Reconnect(SessionKind kind, const std::string& client, Session& session, SpanMs most) {
    Drop(kind, client, session);
    Advance(static_cast<SpanMs>(Pick(static_cast<std::size_t>(Pick(12) == 0 ? most : most / 10))));
    session = Open(kind, client, session.id);
  }

  std::mt19937 random_;
  Session gateway_;
  Session desk_;
  std::vector<OfferId> offers_;
  std::size_t contacts_ = 0;
};

}  // namespace routerd::engine
