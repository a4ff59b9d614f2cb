#include "routerd/base/status.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace routerd {
namespace {

TEST(StatusTest, DefaultIsOk) {
  const Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_EQ(status.code(), Code::kOk);
  EXPECT_TRUE(status.message().empty());
  EXPECT_TRUE(Status::Ok().ok());
}

TEST(StatusTest, CodesAreThoseOfGrpc) {
  EXPECT_EQ(static_cast<int>(Code::kInvalidArgument), 3);
  EXPECT_EQ(static_cast<int>(Code::kNotFound), 5);
  EXPECT_EQ(static_cast<int>(Code::kAlreadyExists), 6);
  EXPECT_EQ(static_cast<int>(Code::kPermissionDenied), 7);
  EXPECT_EQ(static_cast<int>(Code::kResourceExhausted), 8);
  EXPECT_EQ(static_cast<int>(Code::kFailedPrecondition), 9);
  EXPECT_EQ(static_cast<int>(Code::kAborted), 10);
  EXPECT_EQ(static_cast<int>(Code::kOutOfRange), 11);
  EXPECT_EQ(static_cast<int>(Code::kUnimplemented), 12);
  EXPECT_EQ(static_cast<int>(Code::kInternal), 13);
  EXPECT_EQ(static_cast<int>(Code::kUnavailable), 14);
}

TEST(StatusTest, InvalidFieldNamesTheField) {
  const Status status = Status::InvalidField("requirements[2].level", "11 is not in 1..10");
  EXPECT_EQ(status.code(), Code::kInvalidArgument);
  EXPECT_EQ(status.message(), "requirements[2].level: 11 is not in 1..10");
  ASSERT_EQ(status.violations().size(), 1U);
  EXPECT_EQ(status.violations()[0],
            (FieldViolation{"requirements[2].level", "11 is not in 1..10"}));
}

TEST(StatusTest, CarriesReasonAndRetryDelay) {
  Status status(Code::kResourceExhausted, "inbox full");
  status.WithReason("inbox_full").WithRetryAfter(200);
  EXPECT_EQ(status.reason(), "inbox_full");
  EXPECT_EQ(status.retry_after_ms(), 200);
  EXPECT_FALSE(status.ok());
}

TEST(StatusTest, MoreViolationsCanBeAdded) {
  Status status = Status::InvalidField("id", "empty");
  status.Add({"queue", "no such queue"});
  EXPECT_EQ(status.violations().size(), 2U);
}

TEST(ResultTest, HoldsAValueOrAStatus) {
  const Result<int> seven(7);
  ASSERT_TRUE(seven.ok());
  EXPECT_EQ(seven.value(), 7);
  EXPECT_TRUE(seven.status().ok());

  const Result<int> none(Status(Code::kNotFound, "no such number"));
  EXPECT_FALSE(none.ok());
  EXPECT_EQ(none.status().code(), Code::kNotFound);
}

TEST(ResultTest, GivesAwayWhatCannotBeCopied) {
  Result<std::unique_ptr<std::string>> result(std::make_unique<std::string>("moved"));
  const std::unique_ptr<std::string> text = std::move(result).value();
  EXPECT_EQ(*text, "moved");
}

}  // namespace
}  // namespace routerd
