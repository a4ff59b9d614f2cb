#include "routerd/engine/answers.h"

#include <algorithm>
#include <utility>

#include "routerd/engine/answer_codec.h"

namespace routerd::engine {

const std::string& Answers::KeyOf(std::string_view client, std::string_view request_id) {
  key_.assign(client);
  key_.push_back('\0');
  key_ += request_id;
  return key_;
}

const Answers::Entry* Answers::Find(const Envelope& envelope, TimeMs now) {
  const auto it = entries_.find(KeyOf(envelope.client, envelope.request_id));
  if (it == entries_.end() || !it->second.remembered()) return nullptr;
  const TimeMs forget_at = it->second.forget_at;
  return forget_at != 0 && forget_at <= now ? nullptr : &it->second;
}

std::shared_ptr<const Answer> Answers::Again(const Entry& entry, const Envelope& envelope) {
  const std::uint64_t number = entry.session == envelope.session ? entry.number : 0;
  if (entry.answer != nullptr && entry.answer->number == number) return entry.answer;
  auto again = std::make_shared<Answer>();
  if (entry.answer != nullptr) {
    *again = *entry.answer;
  } else {
    Result<Answer> read = DecodeAnswer(entry.bytes);
    if (read.ok()) *again = std::move(read).value();
    if (!read.ok()) again->status = read.status();
  }
  again->number = number;
  return again;
}

bool Answers::HasRoom(const Envelope& envelope, TimeMs now) {
  if (envelope.session.empty()) {
    if (dated_.size() >= limits::kUnaryAnswers) ForgetOld(now, 1);
    return dated_.size() < limits::kUnaryAnswers;
  }
  const auto it = sessions_.find(envelope.session);
  return it == sessions_.end() || it->second.unacked.size() < limits::kAnswersPerIdentity;
}

void Answers::Date(Entries::value_type& entry, TimeMs now) {
  entry.second.forget_at = now + limits::kUnaryAnswerMs;
  ++entry.second.places;
  dated_.push_back({entry.second.forget_at, &entry.first});
}

void Answers::Forget(Entry& entry) {
  entry.answer.reset();
  entry.bytes.clear();
}

// The last place that names it takes it along.
void Answers::LeavePlace(Entries::iterator entry) {
  if (--entry->second.places == 0) entries_.erase(entry);
}

std::uint64_t Answers::Remember(const Request& request, std::uint64_t body_hash,
                                std::shared_ptr<const Answer> answer, std::string_view bytes,
                                TimeMs now) {
  Entries::value_type& place = *entries_.try_emplace(KeyOf(request.client, request.id)).first;
  Entry& entry = place.second;
  // What may stand there has been forgotten.
  entry.body_hash = body_hash;
  entry.bytes.assign(answer == nullptr ? bytes : std::string_view());
  entry.answer = std::move(answer);
  entry.session = request.session;
  entry.number = 0;
  entry.forget_at = 0;
  if (request.session.empty()) {
    Date(place, now);
    return 0;
  }
  OfSession& session = sessions_[entry.session];
  entry.number = ++session.last;
  session.unacked.push_back({entry.number, &place.first});
  ++entry.places;
  // Who has acknowledged more than is known here had room for it.
  if (session.unacked.size() > limits::kAnswersPerIdentity)
    Ack(entry.session, session.unacked.front().number);
  return entry.number;
}

// The same id may have been answered once more meanwhile, elsewhere: that answer stays.
void Answers::Ack(const std::string& session, std::uint64_t upto) {
  const auto it = sessions_.find(session);
  if (it == sessions_.end()) return;
  it->second.acked = std::max(it->second.acked, upto);
  std::deque<Numbered>& unacked = it->second.unacked;
  while (!unacked.empty() && unacked.front().number <= upto) {
    const Numbered numbered = unacked.front();
    unacked.pop_front();
    const auto entry = entries_.find(*numbered.key);
    if (IsOf(entry->second, session, numbered.number)) Forget(entry->second);
    LeavePlace(entry);
  }
}

std::uint64_t Answers::TakeAcked(const std::string& session) {
  const auto it = sessions_.find(session);
  if (it == sessions_.end() || it->second.acked_taken == it->second.acked) return 0;
  return it->second.acked_taken = it->second.acked;
}

void Answers::EndSession(const std::string& session, TimeMs now) {
  const auto it = sessions_.find(session);
  if (it == sessions_.end()) return;
  for (const Numbered& numbered : it->second.unacked) {
    const auto entry = entries_.find(*numbered.key);
    if (IsOf(entry->second, session, numbered.number)) Date(*entry, now);
    LeavePlace(entry);
  }
  sessions_.erase(it);
}

// An id may have been used once more before its first answer was let go: then the later one stays.
void Answers::ForgetOld(TimeMs now, std::size_t at_most) {
  for (; at_most > 0 && !dated_.empty() && dated_.front().forget_at <= now; --at_most) {
    const auto entry = entries_.find(*dated_.front().key);
    dated_.pop_front();
    const TimeMs forget_at = entry->second.forget_at;
    if (forget_at != 0 && forget_at <= now) Forget(entry->second);
    LeavePlace(entry);
  }
}

}  // namespace routerd::engine
