// The engine as the read side sees it, driven by the test: it keeps history and feeds, and makes
// its snapshots with a board of its own, so that a snapshot is always what the events add up to.
#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "routerd/base/limits.h"
#include "routerd/engine/service.h"
#include "routerd/publish/board.h"
#include "tests/unit/publish/centre.h"

namespace routerd::publish {

class FakeService final : public engine::Service {
 public:
  explicit FakeService(std::uint32_t epoch = 1)
      : epoch_(epoch),
        stamper_(epoch),
        board_([this] { return std::shared_ptr<const model::Model>(model_); }) {
    engine::Snapshot empty;
    for (const auto& queue : model_->queues) {
      engine::QueueView view;
      view.id = queue.name;
      view.service_level_ms = queue.service_level_ms;
      view.service_level_percent = queue.service_level_percent;
      empty.queues.push_back(view);
    }
    empty.at = {epoch, 0};
    queues_ = empty.queues;
    board_.Reset(empty);
  }

  // The writer: releases one batch with these events.
  void Release(std::vector<engine::Event> events, TimeMs unix_ms = kStart,
               std::vector<engine::QueueHours> hours = {}) {
    std::vector<std::shared_ptr<engine::Feed>> feeds;
    std::shared_ptr<const engine::EventBatch> batch;
    {
      const std::lock_guard lock(mutex_);
      auto stamped =
          std::make_shared<engine::EventBatch>(*stamper_.Batch(std::move(events), unix_ms));
      stamped->wall_offset_ms = wall_offset_ms;
      stamped->hours = std::move(hours);
      batch = std::move(stamped);
      board_.Apply(*batch);
      history_.push_back(batch);
      history_events_ += batch->events.size();
      while (history_.size() > 1 &&
             (history_.size() > history_limit || history_events_ > limits::kHistoryEvents)) {
        history_events_ -= history_.front()->events.size();
        history_.pop_front();
      }
      feeds = feeds_;
    }
    for (const auto& feed : feeds) feed->Push(batch);
  }

  void Submit(engine::Envelope envelope) override { envelope.done({}); }
  void AddFeed(std::shared_ptr<engine::Feed> feed,
               std::function<void(std::shared_ptr<const engine::Snapshot>)> done) override {
    const std::lock_guard lock(mutex_);
    feeds_.push_back(std::move(feed));
    done(MakeSnapshot());
  }
  void TakeSnapshot(std::function<void(std::shared_ptr<const engine::Snapshot>)> done) override {
    const std::lock_guard lock(mutex_);
    ++snapshots;
    done(ended ? nullptr : MakeSnapshot());
  }
  engine::EventPage ReadEvents(Position from, std::size_t max_batches) const override {
    const std::lock_guard lock(mutex_);
    engine::EventPage page;
    if (history_.empty()) return page;
    page.first_kept = history_.front()->last;
    page.out_of_range = from != Position{} && from.sequence + 1 < page.first_kept.sequence;
    if (page.out_of_range) return page;
    auto it = std::ranges::upper_bound(history_, from, {}, [](const auto& b) { return b->last; });
    for (; it != history_.end() && page.batches.size() < max_batches; ++it) {
      page.batches.push_back(*it);
    }
    return page;
  }
  std::uint64_t AddReleaseWaker(std::function<void()> /*waker*/) override { return 0; }
  void RemoveReleaseWaker(std::uint64_t /*token*/) override {}
  std::shared_ptr<const engine::PolicyInForce> policy() const override {
    const std::lock_guard lock(policy_mutex_);
    auto policy = std::make_shared<engine::PolicyInForce>();
    policy->model = model_;
    return policy;
  }
  void SetModel(std::shared_ptr<const model::Model> model) {
    const std::lock_guard lock(policy_mutex_);
    model_ = std::move(model);
  }
  engine::Figures figures() const override {
    const std::lock_guard lock(mutex_);
    engine::Figures figures;
    figures.inbox_capacity = 65'536;
    figures.commands_total = stamper_.at().sequence;
    figures.contact_attributes_not_kept_total = attributes_not_kept;
    figures.head = stamper_.at();
    return figures;
  }
  const std::string& domain() const override { return domain_; }
  std::uint32_t epoch() const override { return epoch_; }
  TimeMs started_unix_ms() const override { return started_unix_ms_; }
  void set_started_unix_ms(TimeMs started) { started_unix_ms_ = started; }

  // Set before the threads start.
  std::size_t history_limit = 1'000'000;  // batches
  std::uint64_t attributes_not_kept = 0;
  int snapshots = 0;
  bool ended = false;  // no snapshots any more
  // The wall clock's against batch time, from the next batch on.
  SpanMs wall_offset_ms = 0;

 private:
  std::shared_ptr<const engine::Snapshot> MakeSnapshot() {
    auto snapshot = std::make_shared<engine::Snapshot>();
    snapshot->at = stamper_.at();
    snapshot->unix_ms = kStart;
    snapshot->wall_offset_ms = wall_offset_ms;
    snapshot->queues = queues_;
    for (const auto& [id, agent] : board_.agents()) snapshot->agents.push_back(agent.view);
    board_.contacts().Walk(std::nullopt, [&](const ContactEntry& contact) {
      snapshot->contacts.push_back(contact.view);
      return true;
    });
    return snapshot;
  }

  const std::uint32_t epoch_;
  const std::string domain_ = "default";
  TimeMs started_unix_ms_ = kStart;
  mutable std::mutex policy_mutex_;
  std::shared_ptr<const model::Model> model_ = MakeModel();
  mutable std::mutex mutex_;
  Stamper stamper_;
  Board board_;
  std::vector<engine::QueueView> queues_;
  std::deque<std::shared_ptr<const engine::EventBatch>> history_;
  std::size_t history_events_ = 0;
  std::vector<std::shared_ptr<engine::Feed>> feeds_;
};

}  // namespace routerd::publish
