// Contacts that wait in several queues, as gateways, desktops and readers see them.
#include <algorithm>

#include "tests/unit/engine/fixture.h"

namespace routerd::engine {
namespace {

class AlsoTest : public EngineTest {
 protected:
  AlsoTest() {
    auto model = std::make_shared<model::Model>(TestModel());
    sales_ = model->queues[0].name;
    model::Queue general;
    general.name = "general";
    model->queues.push_back(general);
    EngineOptions options;
    options.model = std::move(model);
    Begin(std::move(options));
  }

  [[nodiscard]] const QueueView& Queue(const std::string& id) {
    engine().TakeSnapshot(
        [this](std::shared_ptr<const Snapshot> taken) { snapshot_ = std::move(taken); });
    return *std::find_if(snapshot_->queues.begin(), snapshot_->queues.end(),
                         [&](const QueueView& queue) { return queue.id == id; });
  }

  std::string sales_;
  std::shared_ptr<const Snapshot> snapshot_;
};

TEST_F(AlsoTest, AnArrivalMayNameFurtherQueues) {
  Arrive arrive = Chat("c1", sales_);
  arrive.also = {"general"};
  const Answer arrived = Gateway(arrive);
  ASSERT_TRUE(arrived.status.ok()) << arrived.status.message();
  EXPECT_EQ(arrived.contact->status.queue, sales_);
  EXPECT_EQ(arrived.contact->status.also, std::vector<std::string>{"general"});
  EXPECT_EQ(Queue("general").also_waiting, 1U);
  EXPECT_EQ(Queue("general").waiting, 0U);
  EXPECT_EQ(Queue(sales_).waiting, 1U);
  // Told again, the same; with another list it is another contact.
  EXPECT_TRUE(Gateway(arrive).status.ok());
  EXPECT_EQ(Gateway(Chat("c1", sales_)).status.code(), Code::kAlreadyExists);
}

TEST_F(AlsoTest, FurtherQueuesThatCannotBeAreRefused) {
  Arrive arrive = Chat("c1", sales_);
  arrive.also = {"nowhere"};
  EXPECT_EQ(Gateway(arrive).status.code(), Code::kNotFound);
  arrive.also = {sales_};
  EXPECT_EQ(Gateway(arrive).status.code(), Code::kInvalidArgument);
  arrive.also = {"general", "general"};
  EXPECT_EQ(Gateway(arrive).status.code(), Code::kInvalidArgument);
  EXPECT_EQ(Queue("general").also_waiting, 0U);
}

TEST_F(AlsoTest, OfferAndAnswerTellTheQueueThatServes) {
  Arrive arrive = Chat("c1", sales_);
  arrive.also = {"general"};
  Gateway(arrive);
  // Its own queue serves nobody: it can only be asked of the other.
  ASSERT_TRUE(Operations(SetQueueMode{sales_, model::QueueMode::kEmergency}).status.ok());
  Desktop(Ready("ann"));
  std::string through;
  OfferId offer;
  for (const Event& event : History()) {
    if (event.kind != EventKind::kOfferMade) continue;
    through = event.through;
    offer = event.offer;
    EXPECT_EQ(event.queue, sales_);
  }
  ASSERT_TRUE(offer.valid());
  EXPECT_EQ(through, "general");
  const Answer accepted = Desktop(AcceptOffer{offer, "ann"});
  ASSERT_TRUE(accepted.status.ok()) << accepted.status.message();
  EXPECT_EQ(accepted.contact->status.through, "general");
  EXPECT_TRUE(accepted.contact->status.also.empty());
  EXPECT_EQ(accepted.contact->status.queue, sales_);
}

}  // namespace
}  // namespace routerd::engine
