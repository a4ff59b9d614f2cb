// What reads as the number of a payment card. The numbers are made up: no issuer has given them
// out.
#include "routerd/api/card_number.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "routerd/base/limits.h"

namespace routerd::api {
namespace {

constexpr char kCard[] = "4917000000000004";

// With a right check digit, of every length around those that there are.
constexpr std::string_view kByLength[] = {
    "49170000001",         "491700000004",         "4917000000001",        "49170000000004",
    "491700000000001",     "4917000000000004",     "49170000000000001",    "491700000000000004",
    "4917000000000000001", "49170000000000000004", "491700000000000000001"};

TEST(CardNumberTest, ThirteenToNineteenDigits) {
  for (const std::string_view number : kByLength) {
    EXPECT_EQ(HasCardNumber(number), number.size() >= 13 && number.size() <= 19) << number;
  }
}

TEST(CardNumberTest, EveryDigitCountsForTheCheckDigit) {
  std::string number = kCard;
  for (char& digit : number) {
    const char right = digit;
    for (char wrong = '0'; wrong <= '9'; ++wrong) {
      digit = wrong;
      EXPECT_EQ(HasCardNumber(number), wrong == right) << number;
    }
    digit = right;
  }
}

TEST(CardNumberTest, BeginsAsIssuersDo) {
  for (const char* number :
       {"2100000000000005", "2200000000000004", "2221000000000009", "3100000000000003",
        "4100000000000001", "5100000000000008", "6100000000000006"}) {
    EXPECT_TRUE(HasCardNumber(number)) << number;
  }
  for (const char* number : {"1100000000000007", "7100000000000004", "8100000000000002",
                             "9100000000000000", "0000000000000000", "2000000000000006"}) {
    EXPECT_FALSE(HasCardNumber(number)) << number;
  }
}

TEST(CardNumberTest, OneBlankOrHyphenMayStandBetweenDigits) {
  for (const char* text :
       {"4917 0000 0000 0004", "4917-0000-0000-0004", "4917 0000-0000 0004", "4917 000000 000004",
        "4 9 1 7 0 0 0 0 0 0 0 0 0 0 0 4", "491700000000000-4"}) {
    EXPECT_TRUE(HasCardNumber(text)) << text;
  }
  for (const char* text :
       {"4917  0000 0000 0004", "4917--0000-0000-0004", "4917 -0000 0000 0004",
        "4917.0000.0000.0004", "4917/0000/0000/0004", "4917,0000,0000,0004", "4917_0000_0000_0004",
        "4917\t0000\t0000\t0004", "4917\n0000\n0000\n0004", "4917x000000000004"}) {
    EXPECT_FALSE(HasCardNumber(text)) << text;
  }
}

TEST(CardNumberTest, WhateverElseStandsAroundIt) {
  const std::string card = kCard;
  for (const char* before : {"", " ", "-", "card ", "card:", "PAN", "(", "\xc3\xa9", "\n"}) {
    for (const char* after : {"", " ", "-", " ok", ".", "exp", ")", "\xc3\xa9", "\n"}) {
      EXPECT_TRUE(HasCardNumber(before + card + after)) << before << card << after;
    }
  }
}

TEST(CardNumberTest, NotAsAPartOfALongerRun) {
  const std::string card = kCard;
  EXPECT_FALSE(HasCardNumber("1" + card)) << "17 digits that begin with 1";
  EXPECT_FALSE(HasCardNumber(card + "9")) << "17 digits with a wrong check digit";
  EXPECT_FALSE(HasCardNumber("7777" + card));
  EXPECT_FALSE(HasCardNumber(card + "7777"));
  EXPECT_FALSE(HasCardNumber(card + card));
}

TEST(CardNumberTest, RunsBeforeAndBehindItAreOthersNumbers) {
  const std::string card = kCard;
  EXPECT_TRUE(HasCardNumber(card + " 123")) << "its check code";
  EXPECT_TRUE(HasCardNumber("4917 0000 0000 0004 12-27")) << "its expiry date";
  EXPECT_TRUE(HasCardNumber("1 " + card));
  EXPECT_TRUE(HasCardNumber("2024-05-17 4917-0000-0000-0004"));
  EXPECT_TRUE(HasCardNumber(card + " " + card));
  EXPECT_TRUE(HasCardNumber(std::string(40, '7') + " " + card + " " + std::string(40, '7')));
}

TEST(CardNumberTest, OfSeveralNumbersOneIsEnough) {
  EXPECT_FALSE(HasCardNumber("order 4917000000000005, then 4917000000000006"));
  EXPECT_TRUE(HasCardNumber("order 4917000000000005, then 4917000000000004"));
  EXPECT_TRUE(HasCardNumber("order 4917000000000004, then 4917000000000005"));
}

TEST(CardNumberTest, OtherDigitsThanAsciiAreNone) {
  EXPECT_FALSE(HasCardNumber("\xd9\xa4\xd9\xa9\xd9\xa1\xd9\xa7 0000 0000 0004"));  // Arabic 4917
  std::string wide;  // 4917000000000004 in full width digits, U+FF10 and on
  for (const char* digit = kCard; *digit != '\0'; ++digit) {
    wide += "\xef\xbc";
    wide += static_cast<char>(0x90 + (*digit - '0'));
  }
  EXPECT_FALSE(HasCardNumber(wide));
  EXPECT_FALSE(
      HasCardNumber("4917\xc2\xa0"
                    "0000\xc2\xa0"
                    "0000\xc2\xa0"
                    "0004"))
      << "no-break blanks";
}

// With right check digits, so that nothing else tells them apart.
TEST(CardNumberTest, TimesAndUuidsAreNone) {
  EXPECT_FALSE(HasCardNumber("20240517103006"));
  EXPECT_FALSE(HasCardNumber("2024-05-17 10-30-06"));
  EXPECT_FALSE(HasCardNumber("55e8400e-a29b-d1d4-4111-111100000002"));
  EXPECT_FALSE(HasCardNumber("id=55E8400E-A29B-D1D4-4111-111100000002;"));
  EXPECT_FALSE(
      HasCardNumber("55e8400e-a29b-d1d4-4111-111100000002 "
                    "55e8400e-a29b-d1d4-4111-111100000002"));
  EXPECT_TRUE(HasCardNumber("4111-111100000002")) << "a part of one";
  EXPECT_TRUE(HasCardNumber("a29b-d1d4-4111-111100000002"));
  EXPECT_TRUE(HasCardNumber("x55e8400e-a29b-d1d4-4111-111100000002")) << "one group is too long";
  EXPECT_TRUE(HasCardNumber("55e8400e-a29b-d1d4-4111-111100000002-4917000000000004"));
}

TEST(CardNumberTest, NothingIsFoundWhereNothingIs) {
  for (const char* text : {"", "-", " ", "4", "gold", "+49 30 1234567", "call-17", "---- ----"}) {
    EXPECT_FALSE(HasCardNumber(text)) << text;
  }
}

TEST(CardNumberTest, InTheLongestValueThereCanBe) {
  std::string text;
  while (text.size() < limits::kMaxAttributeBytes - 20) text += "7 ";
  EXPECT_FALSE(HasCardNumber(text + "x"));
  EXPECT_TRUE(HasCardNumber(text + "x " + kCard));
}

}  // namespace
}  // namespace routerd::api
