// What is played to customers whom a limit stops: what a gateway is told, and answers.
#include <gtest/gtest.h>

#include "tests/unit/engine/fixture.h"

namespace routerd::engine {
namespace {

class TreatmentTest : public EngineTest {
 protected:
  TreatmentTest() {
    model::Model model = TestModel();
    model.treatments = {{"sorry", 20'000}};
    model.queues[2].when_full.treat = TreatmentNo(0);
    EngineOptions options;
    options.model = std::make_shared<const model::Model>(std::move(model));
    Begin(std::move(options));
    Gateway(Call("c0", "small"));  // full from here on
  }
};

TEST_F(TreatmentTest, AnArrivalIsTreatedAndThenRefused) {
  const Session pbx = Open(SessionKind::kGateway, "pbx");
  const Answer arrived = Gateway(Call("c1", "small"));
  EXPECT_TRUE(arrived.status.ok());
  EXPECT_EQ(arrived.contact->status.state, core::ContactState::kTreated);
  EXPECT_EQ(arrived.contact->status.treatment, "sorry");
  EXPECT_EQ(arrived.refused_by, core::EndReason::kUnspecified);
  EXPECT_FALSE(arrived.position.has_value());
  const Outbox::Drained told = pbx.outbox->Drain();
  ASSERT_EQ(told.items.size(), 1U);
  const Event treat = *told.items[0].event;
  EXPECT_EQ(treat.kind, EventKind::kContactTreated);
  EXPECT_EQ(treat.treatment, "sorry");
  EXPECT_EQ(treat.queue, "small");
  EXPECT_EQ(treat.ttl_ms, 20'000);
  EXPECT_EQ(treat.offer, arrived.contact->status.treatment_id);

  const Answer again = Gateway(Call("c1", "small"));
  EXPECT_EQ(again.contact->status.state, core::ContactState::kTreated) << "the first answer";

  const Answer wrong = Gateway(EndTreatment{"c1", {treat.offer.at, treat.offer.index + 1}});
  EXPECT_EQ(wrong.status.code(), Code::kFailedPrecondition);
  EXPECT_EQ(wrong.status.reason(), "no_treatment");
  EXPECT_EQ(wrong.contact->status.state, core::ContactState::kTreated);

  const Answer done = Gateway(EndTreatment{"c1", treat.offer});
  EXPECT_TRUE(done.status.ok()) << done.status.message();
  EXPECT_EQ(done.contact->status.state, core::ContactState::kRefused);
  EXPECT_EQ(History().back().reason, core::EndReason::kQueueFull);
}

TEST_F(TreatmentTest, AGatewayThatStartsAnewIsToldWhatToPlay) {
  const Session before = Open(SessionKind::kGateway, "pbx");
  Gateway(Call("c1", "small"));
  Drop(SessionKind::kGateway, "pbx", before);
  const Session anew = Open(SessionKind::kGateway, "pbx");
  ASSERT_EQ(anew.answer.held_contacts.size(), 2U);
  const ContactStatus& status = anew.answer.held_contacts[1].contact.status;
  EXPECT_EQ(status.state, core::ContactState::kTreated);
  EXPECT_EQ(status.treatment, "sorry");
  EXPECT_TRUE(status.treatment_id.valid());
  EXPECT_EQ(status.deadline_unix_ms, kWall + 20'000);
}

TEST_F(TreatmentTest, ItIsOverWhenItsTimeIs) {
  Gateway(Call("c1", "small"));
  Advance(19'999);
  EXPECT_NE(History().back().kind, EventKind::kContactEnded);
  Advance(1);
  EXPECT_EQ(History().back().kind, EventKind::kContactEnded);
  EXPECT_EQ(History().back().contact.status.state, core::ContactState::kRefused);
  EXPECT_EQ(History().back().contact.status.treatment, "");
}

TEST_F(TreatmentTest, TheCustomerMayHangUp) {
  Gateway(Call("c1", "small"));
  const Answer answer = Gateway(EndContact{"c1"});
  EXPECT_EQ(answer.contact->status.state, core::ContactState::kAbandoned);
  Gateway(Call("c2", "small"));
  const Answer withdrawn = Gateway(WithdrawContact{"c2"});
  EXPECT_EQ(withdrawn.contact->status.state, core::ContactState::kWithdrawn);
}

}  // namespace
}  // namespace routerd::engine
