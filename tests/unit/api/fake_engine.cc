#include "tests/unit/api/fake_engine.h"

#include <algorithm>
#include <future>
#include <utility>

namespace routerd::api {

model::Model SmallPolicy() {
  model::Model model;
  model.version = 3;
  model::Channel voice;
  voice.name = "voice";
  voice.accept_by = model::AcceptBy::kPhone;
  model::Channel chat;
  chat.name = "chat";
  model.channels = {voice, chat};
  model::Queue sales;
  sales.name = "sales";
  model.queues = {sales};
  return model;
}

FakeEngine::FakeEngine() {
  engine::PolicyInForce policy;
  policy.model = std::make_shared<const model::Model>(SmallPolicy());
  policy.source = "queues: {}";
  SetPolicy(std::move(policy));
  thread_ = std::thread([this] { Run(); });
}

FakeEngine::~FakeEngine() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void FakeEngine::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
    if (tasks_.empty()) return;
    const std::function<void()> task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

void FakeEngine::SetHandler(Handler handler) {
  const std::lock_guard lock(mutex_);
  handler_ = std::move(handler);
}

void FakeEngine::SetOpenHandler(
    std::function<void(const engine::OpenSession&, engine::Answer&)> handler) {
  const std::lock_guard lock(mutex_);
  open_handler_ = std::move(handler);
}

void FakeEngine::SetPolicy(engine::PolicyInForce policy) {
  const std::lock_guard lock(mutex_);
  policy_ = std::make_shared<const engine::PolicyInForce>(std::move(policy));
}

void FakeEngine::OnWriter(std::function<void()> task) {
  std::promise<void> done;
  {
    const std::lock_guard lock(mutex_);
    tasks_.emplace_back([&] {
      task();
      done.set_value();
    });
  }
  wake_.notify_all();
  done.get_future().wait();
}

void FakeEngine::Tell(const std::string& client, engine::Event event, std::string endpoint) {
  OnWriter([&] {
    std::shared_ptr<engine::Outbox> outbox;
    {
      const std::lock_guard lock(mutex_);
      event.at = {7, ++sequence_};
      outbox = sessions_.at(client).outbox;
    }
    outbox->Push({std::make_shared<const engine::Event>(std::move(event)), std::move(endpoint)});
  });
}

void FakeEngine::Shut(const std::string& client, const std::string& reason) {
  OnWriter([&] {
    std::shared_ptr<engine::Outbox> outbox;
    {
      const std::lock_guard lock(mutex_);
      outbox = sessions_.at(client).outbox;
    }
    outbox->Close(reason);
  });
}

engine::Envelope FakeEngine::AwaitIf(const std::function<bool(const engine::Envelope&)>& wanted) {
  std::unique_lock lock(mutex_);
  engine::Envelope found;
  wake_.wait(lock, [&] {
    for (auto it = seen_.begin(); it != seen_.end(); ++it) {
      if (!wanted(*it)) continue;
      found = *it;
      seen_.erase(it);
      return true;
    }
    return false;
  });
  return found;
}

std::size_t FakeEngine::submitted() const {
  const std::lock_guard lock(mutex_);
  return submitted_;
}

std::size_t FakeEngine::most_waiting() const {
  const std::lock_guard lock(mutex_);
  return most_waiting_;
}

void FakeEngine::Submit(engine::Envelope envelope) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.emplace_back([this, envelope = std::move(envelope)]() mutable {
      const engine::Answer answer = AnswerTo(envelope);
      const auto done = std::exchange(envelope.done, nullptr);
      if (done) done(answer);
      {
        const std::lock_guard seen_lock(mutex_);
        ++submitted_;
        seen_.push_back(std::move(envelope));
      }
      wake_.notify_all();
    });
    most_waiting_ = std::max(most_waiting_, tasks_.size());
  }
  wake_.notify_all();
}

engine::Answer FakeEngine::AnswerTo(const engine::Envelope& envelope) {
  engine::Answer answer;
  Handler handler;
  {
    const std::lock_guard lock(mutex_);
    answer.at = {7, ++sequence_};
    answer.unix_ms = 1'700'000'001'000;
    if (const auto* open = std::get_if<engine::OpenSession>(&envelope.command)) {
      Open(envelope, *open, answer);
      return answer;
    }
    handler = handler_;
  }
  const bool request = !std::holds_alternative<engine::DropSession>(envelope.command) &&
                       !std::holds_alternative<engine::AckAnswers>(envelope.command);
  return handler && request ? handler(envelope) : answer;
}

void FakeEngine::Open(const engine::Envelope& envelope, const engine::OpenSession& open,
                      engine::Answer& answer) {
  Session& session = sessions_[envelope.client];
  answer.resumed = !open.resume.empty() && open.resume == session.id;
  if (session.outbox && session.outbox != open.outbox) session.outbox->Close("superseded");
  if (answer.resumed) {
    for (engine::OutboxItem& item : session.outbox->Drain().items) {
      open.outbox->Push(std::move(item));
    }
  } else {
    session.id = "s-" + std::to_string(next_session_++);
  }
  session.outbox = open.outbox;
  answer.session = session.id;
  if (open_handler_) open_handler_(open, answer);
}

void FakeEngine::AddFeed(std::shared_ptr<engine::Feed>,
                         std::function<void(std::shared_ptr<const engine::Snapshot>)> done) {
  done(std::make_shared<const engine::Snapshot>());
}

void FakeEngine::TakeSnapshot(std::function<void(std::shared_ptr<const engine::Snapshot>)> done) {
  done(std::make_shared<const engine::Snapshot>());
}

void FakeEngine::Release(std::vector<engine::Event> events) {
  OnWriter([&] {
    auto batch = std::make_shared<engine::EventBatch>();
    std::vector<std::function<void()>> wakers;
    {
      const std::lock_guard lock(mutex_);
      for (engine::Event& event : events) {
        if (event.index == 0) ++sequence_;
        event.at = {7, sequence_};
      }
      batch->last = {7, sequence_};
      batch->events = std::move(events);
      history_.push_back(std::move(batch));
      for (const auto& [token, waker] : wakers_) wakers.push_back(waker);
    }
    for (const auto& waker : wakers) waker();
  });
}

void FakeEngine::TrimHistory(std::size_t batches_kept) {
  const std::lock_guard lock(mutex_);
  while (history_.size() > batches_kept) {
    dropped_ = history_.front()->last;
    history_.erase(history_.begin());
  }
}

engine::EventPage FakeEngine::ReadEvents(Position from, std::size_t max_batches) const {
  const std::lock_guard lock(mutex_);
  engine::EventPage page;
  page.first_kept = history_.empty() ? Position{7, sequence_} : history_.front()->events[0].at;
  page.out_of_range = from != Position{} && (from < dropped_ || from > Position{7, sequence_});
  if (page.out_of_range) return page;
  for (const auto& batch : history_) {
    if (batch->last > from && page.batches.size() < max_batches) page.batches.push_back(batch);
  }
  return page;
}

std::uint64_t FakeEngine::AddReleaseWaker(std::function<void()> waker) {
  const std::lock_guard lock(mutex_);
  wakers_[next_waker_] = std::move(waker);
  return next_waker_++;
}

void FakeEngine::RemoveReleaseWaker(std::uint64_t token) {
  const std::lock_guard lock(mutex_);
  wakers_.erase(token);
}

std::shared_ptr<const engine::PolicyInForce> FakeEngine::policy() const {
  const std::lock_guard lock(mutex_);
  return policy_;
}

engine::Figures FakeEngine::figures() const {
  const std::lock_guard lock(mutex_);
  engine::Figures figures;
  figures.head = {7, sequence_};
  return figures;
}

}  // namespace routerd::api
