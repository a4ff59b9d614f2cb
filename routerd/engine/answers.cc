#include "routerd/engine/answers.h"

#include <utility>

#include "routerd/base/limits.h"

namespace routerd::engine {

const std::string& Answers::KeyOf(const Envelope& envelope) {
  key_.assign(envelope.client);
  key_.push_back('\0');
  key_ += envelope.request_id;
  return key_;
}

const Answers::Entry* Answers::Find(const Envelope& envelope) {
  const auto it = entries_.find(KeyOf(envelope));
  return it == entries_.end() ? nullptr : &it->second;
}

std::shared_ptr<const Answer> Answers::Again(const Entry& entry, const Envelope& envelope) {
  if (entry.answer->number == 0 || entry.session == envelope.session) return entry.answer;
  auto unnumbered = std::make_shared<Answer>(*entry.answer);
  unnumbered->number = 0;
  return unnumbered;
}

bool Answers::HasRoom(const Envelope& envelope) const {
  if (envelope.session.empty()) return dated_.size() < limits::kUnaryAnswers;
  const auto it = sessions_.find(envelope.session);
  return it == sessions_.end() || it->second.unacked.size() < limits::kAnswersPerIdentity;
}

void Answers::Remember(const Envelope& envelope, const std::shared_ptr<Answer>& answer,
                       TimeMs now) {
  const auto [it, added] =
      entries_.try_emplace(KeyOf(envelope), Entry{envelope.body_hash, answer, envelope.session});
  if (!added) return;
  if (envelope.session.empty()) {
    dated_.push_back({now + limits::kUnaryAnswerMs, &it->first});
    return;
  }
  OfSession& session = sessions_[envelope.session];
  answer->number = ++session.last;
  session.unacked.push_back({answer->number, &it->first});
}

void Answers::Ack(const std::string& session, std::uint64_t upto) {
  const auto it = sessions_.find(session);
  if (it == sessions_.end()) return;
  std::deque<Numbered>& unacked = it->second.unacked;
  while (!unacked.empty() && unacked.front().number <= upto) {
    entries_.erase(entries_.find(*unacked.front().key));
    unacked.pop_front();
  }
}

void Answers::EndSession(const std::string& session, TimeMs now) {
  const auto it = sessions_.find(session);
  if (it == sessions_.end()) return;
  for (const Numbered& numbered : it->second.unacked) {
    dated_.push_back({now + limits::kUnaryAnswerMs, numbered.key});
  }
  sessions_.erase(it);
}

void Answers::ForgetOld(TimeMs now) {
  while (!dated_.empty() && dated_.front().forget_at <= now) {
    entries_.erase(entries_.find(*dated_.front().key));
    dated_.pop_front();
  }
}

}  // namespace routerd::engine
