// Request ids: the same answer again, and the bounds of what is remembered.
#include "tests/unit/engine/fixture.h"

namespace routerd::engine {
namespace {

class AnswersTest : public EngineTest {
 protected:
  static Envelope Request(Command command, std::string request_id, std::uint64_t body = 1,
                          std::string session = {}) {
    Envelope e = From(Role::kGateway, "pbx", std::move(command));
    e.request_id = std::move(request_id);
    e.body_hash = body;
    e.session = std::move(session);
    return e;
  }
};

TEST_F(AnswersTest, TheSameRequestAgainIsAnsweredAndNotRun) {
  Gateway(Call("c1"));
  const UpdateContact update{"c1", {}, {}, {}, 1'000};
  const Answer first = Do(Request(update, "r1"));
  const Answer again = Do(Request(update, "r1"));
  EXPECT_TRUE(again.status.ok());
  EXPECT_EQ(again.at, first.at);
  EXPECT_EQ(again.contact->status.age_since_unix_ms, kWall - 1'000) << "credited once";
  EXPECT_EQ(Do(Request(update, "r2")).contact->status.age_since_unix_ms, kWall - 2'000);
}

TEST_F(AnswersTest, ARefusalIsRememberedToo) {
  const Answer first = Do(Request(Hold{"c1", true}, "r1"));
  EXPECT_EQ(first.status.code(), Code::kNotFound);
  Gateway(Call("c1"));
  EXPECT_EQ(Do(Request(Hold{"c1", true}, "r1")).status.code(), Code::kNotFound);
}

TEST_F(AnswersTest, AnotherBodyUnderTheSameIdIsRefused) {
  Do(Request(Call("c1"), "r1", 1));
  const Answer other = Do(Request(Call("c2"), "r1", 2));
  EXPECT_EQ(other.status.code(), Code::kAlreadyExists);
  EXPECT_EQ(other.status.reason(), "request_id_reused");
  Envelope another_client = Request(Call("c3"), "r1", 3);
  another_client.client = "pbx-2";
  EXPECT_TRUE(Do(std::move(another_client)).status.ok()) << "ids belong to their client";
}

TEST_F(AnswersTest, RepeatedWithinOneBatchItIsRunOnce) {
  std::vector<Position> at;
  for (int i = 0; i < 2; ++i) {
    Envelope e = Request(Call("c1"), "r1");
    e.done = [&at](const Answer& answer) { at.push_back(answer.at); };
    service_->Submit(std::move(e));
  }
  ASSERT_TRUE(service_->RunPending().ok());
  ASSERT_EQ(at.size(), 2U);
  EXPECT_EQ(at[0], at[1]);
}

TEST_F(AnswersTest, UnaryAnswersAreForgottenAfterTwoMinutes) {
  const Answer first = Do(Request(Hold{"c1", true}, "r1"));
  Advance(limits::kUnaryAnswerMs - 1);
  EXPECT_EQ(Do(Request(Hold{"c1", true}, "r1")).at, first.at);
  Gateway(Call("c1"));
  Advance(1);
  EXPECT_EQ(Do(Request(Hold{"c1", true}, "r1")).status.code(), Code::kFailedPrecondition)
      << "run anew";
}

TEST_F(AnswersTest, ASessionsAnswersStayUntilTheyAreAcknowledged) {
  const Session session = Open(SessionKind::kGateway, "pbx");
  Gateway(Call("c1"));
  const UpdateContact update{"c1", {}, {}, {}, 1'000};
  const Answer first = Do(Request(update, "r1", 1, session.id));
  const Answer second = Do(Request(update, "r2", 1, session.id));
  EXPECT_EQ(first.number, 1U);
  EXPECT_EQ(second.number, 2U);
  Advance(2 * limits::kUnaryAnswerMs);
  EXPECT_EQ(Do(Request(update, "r1", 1, session.id)).at, first.at);
  service_->AckAnswers(session.id, 1);
  ASSERT_TRUE(service_->RunPending().ok());
  EXPECT_NE(Do(Request(update, "r1", 1, session.id)).at, first.at) << "forgotten: run anew";
  EXPECT_EQ(Do(Request(update, "r2", 1, session.id)).at, second.at);
}

TEST_F(AnswersTest, TooManyUnacknowledgedAnswersRefuseTheNextCommand) {
  const Session session = Open(SessionKind::kGateway, "pbx");
  for (std::size_t i = 0; i < limits::kAnswersPerIdentity; ++i) {
    Do(Request(Hold{"none", true}, "r" + std::to_string(i), 1, session.id));
  }
  const Answer refused = Do(Request(Call("c1"), "next", 1, session.id));
  EXPECT_EQ(refused.status.code(), Code::kResourceExhausted);
  EXPECT_EQ(refused.status.reason(), "too_many_unacked");
  EXPECT_GT(refused.status.retry_after_ms(), 0);
  EXPECT_EQ(Do(Request(Hold{"none", true}, "r0", 1, session.id)).status.code(), Code::kNotFound)
      << "those that are remembered are still told";
  service_->AckAnswers(session.id, 10);
  EXPECT_TRUE(Do(Request(Call("c1"), "next", 1, session.id)).status.ok());
}

TEST_F(AnswersTest, ACommandAfterItsSessionsEndIsLikeAUnaryOne) {
  const Session session = Open(SessionKind::kGateway, "pbx");
  Open(SessionKind::kGateway, "pbx");
  const Answer late = Do(Request(Call("c1"), "r1", 1, session.id));
  EXPECT_TRUE(late.status.ok());
  EXPECT_EQ(late.number, 0U);
  EXPECT_EQ(Do(Request(Call("c1"), "r1", 1, session.id)).at, late.at);
}

TEST_F(AnswersTest, AfterASessionItsAnswersLastTwoMinutes) {
  const Session session = Open(SessionKind::kGateway, "pbx");
  const Answer first = Do(Request(Hold{"none", true}, "r1", 1, session.id));
  const Session next = Open(SessionKind::kGateway, "pbx");
  EXPECT_EQ(Do(Request(Hold{"none", true}, "r1", 1, next.id)).at, first.at);
  Gateway(Call("none"));
  Advance(limits::kUnaryAnswerMs);
  EXPECT_NE(Do(Request(Hold{"none", true}, "r1", 1, next.id)).status.code(), Code::kNotFound);
}

// Numbers count the answers of one session. One that is told again in the next must not stand for
// that one's own: acknowledged, it would make the engine forget what nobody has seen.
TEST_F(AnswersTest, ToldAgainInTheNextSessionAnAnswerHasNoNumber) {
  Gateway(Call("c1"));
  const UpdateContact update{"c1", {}, {}, {}, 1'000};
  const Session session = Open(SessionKind::kGateway, "pbx");
  Do(Request(update, "r1", 1, session.id));
  EXPECT_EQ(Do(Request(update, "r2", 1, session.id)).number, 2U);
  EXPECT_EQ(Do(Request(update, "r2", 1, session.id)).number, 2U) << "the same session";
  EXPECT_EQ(Do(Request(update, "r2")).number, 0U) << "a unary call";
  const Session next = Open(SessionKind::kGateway, "pbx");
  const Answer own = Do(Request(update, "r3", 1, next.id));
  EXPECT_EQ(own.number, 1U);
  const Answer again = Do(Request(update, "r2", 1, next.id));
  EXPECT_EQ(again.number, 0U);
  EXPECT_TRUE(again.status.ok());
  service_->AckAnswers(next.id, again.number);
  ASSERT_TRUE(service_->RunPending().ok());
  EXPECT_EQ(Do(Request(update, "r3", 1, next.id)).at, own.at) << "still remembered";
}

// The parts without an engine: what is let go, and when.
class ForgetTest : public ::testing::Test {
 protected:
  static Envelope Request(std::size_t id, std::string session = {}) {
    Envelope e;
    e.client = "pbx";
    e.request_id = std::to_string(id);
    e.session = std::move(session);
    return e;
  }
  void Remember(const Envelope& envelope, TimeMs now) {
    answers_.Remember({envelope.client, envelope.request_id, envelope.session}, envelope.body_hash,
                      std::make_shared<Answer>(), {}, now);
  }

  Answers answers_;
};

TEST_F(ForgetTest, OldAnswersAreLetGoLittleByLittle) {
  constexpr TimeMs kOver = 1'000 + limits::kUnaryAnswerMs;
  const std::size_t n = 2 * limits::kForgetPerBatch;
  for (std::size_t i = 0; i < n; ++i) Remember(Request(i), 1'000);
  answers_.ForgetOld(kOver - 1);
  EXPECT_EQ(answers_.size(), n);
  EXPECT_NE(answers_.Find(Request(n - 1), kOver - 1), nullptr);
  answers_.ForgetOld(kOver);
  EXPECT_EQ(answers_.size(), n - limits::kForgetPerBatch);
  EXPECT_EQ(answers_.Find(Request(n - 1), kOver), nullptr) << "its time is over all the same";
}

TEST_F(ForgetTest, AnIdThatIsUsedAgainKeepsItsLaterAnswer) {
  constexpr TimeMs kOver = 1'000 + limits::kUnaryAnswerMs;
  Remember(Request(1), 1'000);
  Remember(Request(2), 1'000);
  EXPECT_EQ(answers_.Find(Request(1), kOver), nullptr);
  Remember(Request(1), kOver);
  Remember(Request(2, "s-1"), kOver);
  answers_.ForgetOld(kOver);
  EXPECT_NE(answers_.Find(Request(1), kOver), nullptr);
  EXPECT_NE(answers_.Find(Request(2), kOver), nullptr);
  answers_.ForgetOld(kOver + limits::kUnaryAnswerMs);
  EXPECT_EQ(answers_.size(), 1U);
  answers_.Ack("s-1", 1);
  EXPECT_EQ(answers_.size(), 0U);
}

TEST_F(ForgetTest, AnIdThatIsAcknowledgedBeforeItsFirstAnswerIsLetGoIsForgotten) {
  constexpr TimeMs kOver = 1'000 + limits::kUnaryAnswerMs;
  Remember(Request(1), 1'000);
  Remember(Request(1, "s-1"), kOver);
  answers_.Ack("s-1", 1);
  EXPECT_EQ(answers_.Find(Request(1), kOver), nullptr);
  answers_.ForgetOld(kOver);
  EXPECT_EQ(answers_.size(), 0U);
}

TEST_F(ForgetTest, WhoseTimeIsOverMakesRoom) {
  constexpr TimeMs kOver = 1'000 + limits::kUnaryAnswerMs;
  for (std::size_t i = 0; i < limits::kUnaryAnswers; ++i) Remember(Request(i), 1'000);
  EXPECT_FALSE(answers_.HasRoom(Request(0), kOver - 1));
  EXPECT_TRUE(answers_.HasRoom(Request(0), kOver));
}

}  // namespace
}  // namespace routerd::engine
