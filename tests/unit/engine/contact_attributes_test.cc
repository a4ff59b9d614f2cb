// Which of a contact's attributes are kept: those that the policy in force names.
#include "routerd/engine/contact_attributes.h"

#include <string>
#include <vector>

#include "tests/unit/engine/fixture.h"

namespace routerd::engine {
namespace {

using Keys = std::vector<std::string>;

// Keeps `lang`, `mood` and `tier`.
class ContactAttributesTest : public EngineTest {
 protected:
  static Arrive Told(const std::string& id, const std::string& queue = "sales") {
    Arrive call = Call(id, queue);
    call.attributes = {{"tier", "gold"}, {"msisdn", "telltale-1"}, {"iban", "telltale-2"}};
    return call;
  }
  static UpdateContact Update(const std::string& id, Attributes attributes) {
    UpdateContact update;
    update.contact = id;
    update.attributes = std::move(attributes);
    return update;
  }
  Answer Asked(Command command, const std::string& request_id) {
    Envelope envelope = From(Role::kGateway, "pbx", std::move(command));
    envelope.request_id = request_id;
    return Do(std::move(envelope));
  }
  void Apply(std::uint64_t version, std::vector<model::ContactAttribute> kept) {
    model::Model model = TestModel(version);
    model.contact_attributes = std::move(kept);
    const auto shared = std::make_shared<const model::Model>(std::move(model));
    ASSERT_TRUE(Operations(ApplyPolicy{shared, "text", "", {}}).status.ok());
  }
  [[nodiscard]] std::uint64_t not_kept() const {
    return service_->figures().contact_attributes_not_kept_total;
  }
  // Whether the text stands anywhere in the journal.
  bool Journaled(const std::string& text) {
    const std::vector<journal::Batch> batches = journal_->Read(1, 1'000'000).value();
    for (const journal::Batch& batch : batches) {
      for (std::size_t i = 0; i < batch.size(); ++i) {
        if (batch.at(i).identity.find(text) != std::string_view::npos) return true;
        if (batch.at(i).decision.find(text) != std::string_view::npos) return true;
      }
    }
    return false;
  }
};

TEST(TakeNotKept, LeavesWhatThePolicyNames) {
  model::Model model;
  Attributes attributes = {{"b", "1"}, {"c", "2"}, {"a", "3"}};
  Attributes all = attributes;
  EXPECT_EQ(TakeNotKept(model, all), (Keys{"a", "b", "c"})) << "no section, nothing is kept";
  EXPECT_TRUE(all.empty());
  model.contact_attributes = {{"b", false}, {"d", false}};
  EXPECT_EQ(TakeNotKept(model, attributes), (Keys{"a", "c"}));
  EXPECT_EQ(attributes, (Attributes{{"b", "1"}}));
  EXPECT_TRUE(TakeNotKept(model, attributes).empty());
  EXPECT_EQ(attributes, (Attributes{{"b", "1"}}));
}

TEST_F(ContactAttributesTest, OthersThanThoseOfThePolicyAreToldToNobody) {
  const Session pbx = Open(SessionKind::kGateway, "pbx");
  const Session desk = Open(SessionKind::kDesktop, "desk");
  Desktop(Ready("ann"));
  const Answer answer = Gateway(Told("c1"));
  ASSERT_TRUE(answer.status.ok());
  EXPECT_EQ(answer.attributes_not_kept, (Keys{"iban", "msisdn"}));
  const Attributes kept = {{"tier", "gold"}};
  EXPECT_EQ(answer.contact->identity->attributes, kept);
  for (const Session& session : {pbx, desk}) {
    std::size_t told = 0;
    for (const OutboxItem& item : session.outbox->Drain().items) {
      if (item.event->contact.identity == nullptr) continue;
      EXPECT_EQ(item.event->contact.identity->attributes, kept);
      ++told;
    }
    EXPECT_GT(told, 0U);
  }
  for (const Event& event : History()) {
    if (event.contact.identity == nullptr) continue;
    EXPECT_EQ(event.contact.identity->attributes, kept);
  }
  EXPECT_TRUE(Journaled("gold"));
  for (const char* gone : {"telltale", "msisdn", "iban"}) EXPECT_FALSE(Journaled(gone)) << gone;
}

TEST_F(ContactAttributesTest, NorOfOneThatIsTurnedAway) {
  Gateway(Call("first", "small"));
  const Answer refused = Gateway(Told("c1", "small"));
  EXPECT_EQ(refused.contact->status.state, core::ContactState::kRefused);
  EXPECT_EQ(refused.attributes_not_kept, (Keys{"iban", "msisdn"}));
  EXPECT_EQ(refused.contact->identity->attributes, (Attributes{{"tier", "gold"}}));
  EXPECT_FALSE(Journaled("telltale"));
  EXPECT_EQ(not_kept(), 2U);
}

TEST_F(ContactAttributesTest, NorOfAnUpdate) {
  Gateway(Told("c1"));
  const Answer answer = Gateway(Update("c1", {{"zip", "telltale-3"}, {"lang", "de"}}));
  EXPECT_EQ(answer.attributes_not_kept, Keys{"zip"});
  EXPECT_EQ(answer.contact->identity->attributes, (Attributes{{"lang", "de"}}));
  const Answer none = Gateway(Update("c1", {{"zip", "telltale-3"}}));
  EXPECT_TRUE(none.contact->identity->attributes.empty()) << "they replace all that it had";
  UpdateContact other;
  other.contact = "c1";
  other.priority = 3;
  EXPECT_TRUE(Gateway(other).attributes_not_kept.empty());
  EXPECT_FALSE(Journaled("telltale"));
}

TEST_F(ContactAttributesTest, ARepeatedArrivalIsToldTheSameAgain) {
  const Answer first = Asked(Told("c1"), "r-1");
  const Answer same_request = Asked(Told("c1"), "r-1");
  const Answer same_content = Asked(Told("c1"), "r-2");
  EXPECT_EQ(same_request.attributes_not_kept, first.attributes_not_kept);
  EXPECT_EQ(same_content.attributes_not_kept, first.attributes_not_kept);
  EXPECT_EQ(same_content.at, first.at);
  EXPECT_EQ(not_kept(), 2U) << "counted once";
  Gateway(EndContact{"c1"});
  EXPECT_EQ(Gateway(Told("c1")).attributes_not_kept, first.attributes_not_kept) << "it has ended";
}

// All that the gateway says is the arrival's content.
TEST_F(ContactAttributesTest, WhatIsNotKeptIsContentAllTheSame) {
  Gateway(Told("c1"));
  Arrive other = Told("c1");
  other.attributes[1].second = "telltale-4";
  EXPECT_EQ(Gateway(other).status.reason(), "contact_exists");
}

TEST_F(ContactAttributesTest, AnUpdateThatIsRefusedCountsNothing) {
  Gateway(Told("c1"));
  Gateway(EndContact{"c1"});
  EXPECT_FALSE(Gateway(Update("c1", {{"zip", "telltale-3"}})).status.ok());
  EXPECT_EQ(not_kept(), 2U);
}

TEST_F(ContactAttributesTest, ANewPolicyHoldsForWhatComesThen) {
  Gateway(Told("c1"));
  Apply(2, {{"msisdn", true}});
  EXPECT_EQ(Gateway(Hold{"c1", false}).contact->identity->attributes,
            (Attributes{{"tier", "gold"}}))
      << "what it has it keeps";
  const Answer second = Gateway(Told("c2"));
  EXPECT_EQ(second.attributes_not_kept, (Keys{"iban", "tier"}));
  EXPECT_EQ(second.contact->identity->attributes, (Attributes{{"msisdn", "telltale-1"}}));
  EXPECT_EQ(Gateway(Told("c1")).attributes_not_kept, (Keys{"iban", "tier"}))
      << "told again, by the policy of now";
  EXPECT_EQ(Gateway(Update("c1", {{"tier", "iron"}})).attributes_not_kept, Keys{"tier"});
  Apply(3, {});
  EXPECT_EQ(Gateway(Told("c3")).attributes_not_kept, (Keys{"iban", "msisdn", "tier"}));
}

}  // namespace
}  // namespace routerd::engine
