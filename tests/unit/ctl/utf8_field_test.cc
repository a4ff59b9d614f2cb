#include "routerd/ctl/utf8_field.h"

#include <gtest/gtest.h>

#include "routerd/v1/gateway_commands.pb.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::ctl {
namespace {

std::string PathIn(const google::protobuf::Message& message) {
  const auto found = FieldThatIsNotUtf8(message);
  return found ? found->path : "";
}

TEST(FieldThatIsNotUtf8, IsNoneOfAMessageThatCanBeSent) {
  v1::ArriveRequest request;
  EXPECT_EQ(PathIn(request), "");
  request.set_contact_id("größe");
  request.set_priority(5);
  (*request.mutable_attributes())["plan"] = "gold";
  EXPECT_EQ(PathIn(request), "");
}

TEST(FieldThatIsNotUtf8, IsNamedWhereverItStands) {
  v1::ArriveRequest request;
  request.add_skills()->set_skill("english");
  request.add_skills()->set_skill("st\xf6rung");
  EXPECT_EQ(PathIn(request), "skills[1].skill");
  request.set_contact_id("C\xe4");
  EXPECT_EQ(FieldThatIsNotUtf8(request)->path, "contact_id");
  EXPECT_EQ(FieldThatIsNotUtf8(request)->text, "C\xe4");

  v1::ArriveRequest attributes;
  (*attributes.mutable_attributes())["plan"] = "\xff";
  EXPECT_EQ(PathIn(attributes), "attributes[0].value");

  v1::GetStatusRequest status;
  status.mutable_header()->set_actor("J\xf6rg");
  EXPECT_EQ(PathIn(status), "header.actor");
}

}  // namespace
}  // namespace routerd::ctl
