// The answers that clients may ask for again: (identity, request id) → what was answered, and to
// what.
//
// - Of a session: kept until the client acknowledges it, at most limits::kAnswersPerIdentity at
// once,
//   then new commands of the session are refused. When the session ends they are kept like unary
//   ones.
// - Unary: kept for limits::kUnaryAnswerMs; at most limits::kUnaryAnswers in all, then new unary
//   commands with a request id are refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "routerd/base/ids.h"
#include "routerd/base/limits.h"
#include "routerd/engine/bytes.h"
#include "routerd/engine/command.h"

namespace routerd::engine {

class Answers {
 public:
  struct Entry {
    std::uint64_t body_hash = 0;
    // One of the two, as long as it is remembered: the answer, or, of one that was read from the
    // journal, its bytes (answer_codec.h).
    std::shared_ptr<const Answer> answer;
    std::string bytes;
    std::uint64_t number = 0;  // counts the answers of its session
    std::string session;       // empty: unary
    [[nodiscard]] bool remembered() const { return answer != nullptr || !bytes.empty(); }
    TimeMs forget_at = 0;  // 0: when it is acknowledged
    int places = 0;        // in `unacked` and `dated_`, which name it by its key: so long it stays
  };

  // nullptr: not answered before, or forgotten.
  [[nodiscard]] const Entry* Find(const Envelope& envelope, TimeMs now);
  // The answer as it is told again. To another session it has no number: that counts the answers of
  // the session that was given it first, and would acknowledge others of this one.
  [[nodiscard]] static std::shared_ptr<const Answer> Again(const Entry& entry,
                                                           const Envelope& envelope);
  // Whether one more can be remembered.
  [[nodiscard]] bool HasRoom(const Envelope& envelope, TimeMs now);
  struct Request {
    std::string_view client;
    std::string_view id;
    std::string_view session;  // that it came through; empty: unary
  };
  // `bytes` are kept if there is no `answer`. The answer's number, where the request came through a
  // session; else 0.
  std::uint64_t Remember(const Request& request, std::uint64_t body_hash,
                         std::shared_ptr<const Answer> answer, std::string_view bytes, TimeMs now);

  // The session's client has seen its answers up to this number.
  void Ack(const std::string& session, std::uint64_t upto);
  // The number of the last Ack, if this was not asked since; else 0.
  [[nodiscard]] std::uint64_t TakeAcked(const std::string& session);
  void EndSession(const std::string& session, TimeMs now);
  // Lets go of answers whose time is over, so that it does not take long: Find does not find them
  // any more, gone or not.
  void ForgetOld(TimeMs now, std::size_t at_most = limits::kForgetPerBatch);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  // For snapshots; Load into an empty one, `io` says whether it was sound.
  void Save(ByteWriter& io) const;
  void Load(ByteReader& io);

 private:
  using Entries = std::unordered_map<std::string, Entry>;
  struct Numbered {
    std::uint64_t number;
    const std::string* key;  // in entries_
  };
  struct OfSession {
    std::uint64_t last = 0;
    std::uint64_t acked = 0;
    std::uint64_t acked_taken = 0;
    std::deque<Numbered> unacked;
  };
  struct Dated {
    TimeMs forget_at;
    const std::string* key;  // in entries_
  };

  const std::string& KeyOf(std::string_view client, std::string_view request_id);
  // From now on it is kept by time.
  void Date(Entries::value_type& entry, TimeMs now);
  // Whether it is still what the place says, and not the answer to a later use of the same id.
  [[nodiscard]] static bool IsOf(const Entry& entry, const std::string& session,
                                 std::uint64_t number) {
    return entry.session == session && entry.number == number && entry.forget_at == 0;
  }
  static void Forget(Entry& entry);
  void LeavePlace(Entries::iterator entry);

  Entries entries_;  // by client, a zero byte, request id
  std::unordered_map<std::string, OfSession> sessions_;
  std::deque<Dated> dated_;  // unary ones, and those of sessions that ended
  std::string key_;          // scratch
};

}  // namespace routerd::engine
