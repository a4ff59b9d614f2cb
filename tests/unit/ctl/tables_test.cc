#include "routerd/ctl/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace routerd::ctl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Tables, AContactThatRingsForSeveralNamesTheFirstAndCountsTheOthers) {
  google::protobuf::RepeatedPtrField<v1::Contact> contacts;
  v1::Contact* contact = contacts.Add();
  contact->set_id("call-1");
  contact->set_agent_id("anna");
  EXPECT_THAT(ContactTable(contacts, 0), HasSubstr("anna"));
  EXPECT_THAT(ContactTable(contacts, 0), Not(HasSubstr("+")));
  contact->add_more_offers()->set_agent_id("ben");
  contact->add_more_offers()->set_agent_id("carl");
  EXPECT_THAT(ContactTable(contacts, 0), HasSubstr("anna +2"));
}

}  // namespace
}  // namespace routerd::ctl
