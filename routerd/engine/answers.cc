#include "routerd/engine/answers.h"

#include <utility>

namespace routerd::engine {

const std::string& Answers::KeyOf(const Envelope& envelope) {
  key_.assign(envelope.client);
  key_.push_back('\0');
  key_ += envelope.request_id;
  return key_;
}

const Answers::Entry* Answers::Find(const Envelope& envelope, TimeMs now) {
  const auto it = entries_.find(KeyOf(envelope));
  if (it == entries_.end() || it->second.answer == nullptr) return nullptr;
  const TimeMs forget_at = it->second.forget_at;
  return forget_at != 0 && forget_at <= now ? nullptr : &it->second;
}

std::shared_ptr<const Answer> Answers::Again(const Entry& entry, const Envelope& envelope) {
  if (entry.answer->number == 0 || entry.session == envelope.session) return entry.answer;
  auto unnumbered = std::make_shared<Answer>(*entry.answer);
  unnumbered->number = 0;
  return unnumbered;
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
  ++entry.second.dates;
  dated_.push_back({entry.second.forget_at, &entry.first});
}

void Answers::Remember(const Envelope& envelope, const std::shared_ptr<Answer>& answer,
                       TimeMs now) {
  Entries::value_type& place = *entries_.try_emplace(KeyOf(envelope)).first;
  // What may stand there has been forgotten.
  place.second.body_hash = envelope.body_hash;
  place.second.answer = answer;
  place.second.session = envelope.session;
  place.second.forget_at = 0;
  if (envelope.session.empty()) return Date(place, now);
  OfSession& session = sessions_[envelope.session];
  answer->number = ++session.last;
  session.unacked.push_back({answer->number, &place.first});
}

void Answers::Ack(const std::string& session, std::uint64_t upto) {
  const auto it = sessions_.find(session);
  if (it == sessions_.end()) return;
  std::deque<Numbered>& unacked = it->second.unacked;
  while (!unacked.empty() && unacked.front().number <= upto) {
    const auto entry = entries_.find(*unacked.front().key);
    unacked.pop_front();
    entry->second.answer.reset();
    if (entry->second.dates == 0) entries_.erase(entry);
  }
}

void Answers::EndSession(const std::string& session, TimeMs now) {
  const auto it = sessions_.find(session);
  if (it == sessions_.end()) return;
  for (const Numbered& numbered : it->second.unacked) Date(*entries_.find(*numbered.key), now);
  sessions_.erase(it);
}

// An id may have been used once more before its first answer was let go: then its place is kept for
// the later one.
void Answers::ForgetOld(TimeMs now, std::size_t at_most) {
  for (; at_most > 0 && !dated_.empty() && dated_.front().forget_at <= now; --at_most) {
    const auto it = entries_.find(*dated_.front().key);
    dated_.pop_front();
    const bool over =
        it->second.answer == nullptr || (it->second.forget_at != 0 && it->second.forget_at <= now);
    if (--it->second.dates == 0 && over) entries_.erase(it);
  }
}

}  // namespace routerd::engine
