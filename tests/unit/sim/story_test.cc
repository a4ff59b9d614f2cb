// The story's audit, fed with events that no router should send.
#include "routerd/sim/story.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace routerd::sim {
namespace {

using engine::EventKind;

engine::Event Of(EventKind kind, std::uint32_t offer = 0) {
  static const auto kIdentity = [] {
    auto identity = std::make_shared<engine::ContactIdentity>();
    identity->id = "c1";
    return identity;
  }();
  engine::Event event;
  event.kind = kind;
  event.contact.identity = kIdentity;
  event.agent = "anna";
  event.queue = "main";
  if (offer != 0) event.offer = OfferId{{1, offer}, 0};
  return event;
}

TEST(Story, AnOfferEndsOnce) {
  Story story;
  EXPECT_EQ(story.Add(0, Of(EventKind::kOfferMade, 1)), "");
  EXPECT_EQ(story.open_offers(), 1U);
  EXPECT_EQ(story.Add(1, Of(EventKind::kOfferEnded, 1)), "");
  EXPECT_EQ(story.open_offers(), 0U);
  EXPECT_NE(story.Add(2, Of(EventKind::kOfferEnded, 1)).find("ended twice"), std::string::npos);
}

TEST(Story, AnOfferIsMadeBeforeItEnds) {
  Story story;
  EXPECT_NE(story.Add(0, Of(EventKind::kOfferEnded, 1)).find("never made"), std::string::npos);
}

TEST(Story, AnOffersIdIsNotUsedTwice) {
  Story story;
  EXPECT_EQ(story.Add(0, Of(EventKind::kOfferMade, 1)), "");
  EXPECT_NE(story.Add(1, Of(EventKind::kOfferMade, 1)).find("used twice"), std::string::npos);
}

TEST(Story, AContactEndsOnce) {
  Story story;
  engine::Event ended = Of(EventKind::kContactEnded);
  ended.contact.status.state = core::ContactState::kAbandoned;
  EXPECT_EQ(story.Add(0, ended), "");
  EXPECT_NE(story.Add(1, ended).find("a contact ended twice"), std::string::npos);
}

TEST(Story, WhatTheRouterDoesOfItselfIsASurpriseUntilARowSpeaksOfIt) {
  Story story;
  EXPECT_EQ(story.Add(0, Of(EventKind::kContactQueued)), "");
  EXPECT_EQ(story.FindSurprise(), nullptr);
  EXPECT_EQ(story.Add(0, Of(EventKind::kOfferMade, 1)), "");
  ASSERT_NE(story.FindSurprise(), nullptr);
  Story::Chapter* made = story.FindNew(0, EventKind::kOfferMade, "c1", "anna");
  ASSERT_NE(made, nullptr);
  made->expected = true;
  EXPECT_EQ(story.FindSurprise(), nullptr);
  EXPECT_EQ(story.FindNew(0, EventKind::kOfferMade, "c1", "anna"), nullptr);
}

TEST(Story, TellsTheLastLines) {
  Story story;
  story.AddRow(0, 7, "call c1 arrives in main");
  EXPECT_EQ(story.Add(1'500, Of(EventKind::kOfferMade, 1)), "");
  EXPECT_EQ(story.Tell(1), "  1s500ms    c1 offered to anna\n");
  EXPECT_EQ(story.Tell(5),
            "  0s  line 7: call c1 arrives in main\n  1s500ms    c1 offered to anna\n");
}

}  // namespace
}  // namespace routerd::sim
