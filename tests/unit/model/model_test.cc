#include "routerd/model/model.h"

#include <gtest/gtest.h>

#include <string>

#include "routerd/base/limits.h"

namespace routerd::model {
namespace {

Model TwoOfEach() {
  Model model;
  for (const char* name : {"voice", "chat"}) {
    Channel channel;
    channel.name = name;
    model.channels.push_back(channel);
  }
  model.skills = {{"billing"}, {""}, {"german"}};
  model.groups = {{"north"}};
  model.reasons = {{"rona"}, {"lunch"}};
  Queue queue;
  queue.name = "billing";
  model.queues.push_back(queue);
  model.agents = {{"anna", {}}, {"ben", {}}, {"zoe", {}}};
  return model;
}

TEST(ModelTest, NamesAreFoundByKind) {
  const Model model = TwoOfEach();
  EXPECT_EQ(model.FindChannel("chat"), ChannelNo(1));
  EXPECT_EQ(model.FindSkill("german"), SkillNo(2));
  EXPECT_EQ(model.FindGroup("north"), GroupNo(0));
  EXPECT_EQ(model.FindQueue("billing"), QueueNo(0));
  EXPECT_EQ(model.FindReason("lunch"), ReasonNo(1));
}

TEST(ModelTest, AnUnknownNameHasNoNumber) {
  const Model model = TwoOfEach();
  EXPECT_FALSE(model.FindChannel("fax").valid());
  EXPECT_FALSE(model.FindQueue("german").valid());
}

TEST(ModelTest, TheEmptyNameOfARemovedOneIsNeverFound) {
  EXPECT_FALSE(TwoOfEach().FindSkill("").valid());
}

TEST(ModelTest, AgentsAreFoundById) {
  const Model model = TwoOfEach();
  ASSERT_NE(model.FindAgent("ben"), nullptr);
  EXPECT_EQ(model.FindAgent("ben")->id, "ben");
  EXPECT_EQ(model.FindAgent("aaron"), nullptr);
  EXPECT_EQ(model.FindAgent("zoey"), nullptr);
}

TEST(ModelTest, ContactAttributesAreFoundByTheWholeName) {
  Model model;
  EXPECT_EQ(model.FindContactAttribute("tier"), nullptr) << "nothing is kept unless it is named";
  model.contact_attributes = {{"account", true}, {"language", false}, {"tier", false}};
  ASSERT_NE(model.FindContactAttribute("account"), nullptr);
  EXPECT_TRUE(model.FindContactAttribute("account")->sensitive);
  EXPECT_FALSE(model.FindContactAttribute("tier")->sensitive);
  for (const char* name : {"", "a", "accounts", "lang", "Tier", "zone"}) {
    EXPECT_EQ(model.FindContactAttribute(name), nullptr) << name;
  }
}

TEST(ModelTest, AnAttributeKeyIsAShortAsciiWord) {
  EXPECT_TRUE(IsAttributeKey("x"));
  EXPECT_TRUE(IsAttributeKey("crm.Account-No_2"));
  EXPECT_TRUE(IsAttributeKey(std::string(limits::kMaxAttributeKeyBytes, 'k')));
  EXPECT_FALSE(IsAttributeKey(std::string(limits::kMaxAttributeKeyBytes + 1, 'k')));
  for (const char* key : {"", "a b", "a@b", "a+b", "a/b", "caf\xc3\xa9", "a\n"}) {
    EXPECT_FALSE(IsAttributeKey(key)) << key;
  }
}

}  // namespace
}  // namespace routerd::model
