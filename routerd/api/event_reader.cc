#include "routerd/api/event_reader.h"

#include <limits>

#include "routerd/api/errors.h"
#include "routerd/api/event_messages.h"
#include "routerd/api/words.h"

namespace routerd::api {
namespace {

constexpr std::size_t kBatchesAtOnce = 16;
constexpr std::size_t kMessageBytes = 256 * 1024;  // cut at the next whole record

engine::Answer OutOfRange(const Position& first_kept, const char* why) {
  engine::Answer answer = Failed(Code::kOutOfRange, "history_trimmed", why);
  answer.at = first_kept;
  return answer;
}

}  // namespace

engine::Answer EventReader::Begin(const std::optional<Position>& after) {
  if (!after) {
    position_ = service_.figures().head;
    return {};
  }
  if (after->sequence == 0) {
    position_ = {};
    return {};
  }
  const engine::EventPage page = service_.ReadEvents(*after, 1);
  if (page.out_of_range) {
    return OutOfRange(page.first_kept, after->sequence > page.first_kept.sequence
                                           ? "the position is not of this history"
                                           : "the history does not reach back to this position");
  }
  position_ = *after;
  return {};
}

std::shared_ptr<v1::StreamEventsResponse> EventReader::Next() {
  auto response = std::make_shared<v1::StreamEventsResponse>();
  const bool some = Fetch(response.get());
  std::size_t bytes = 0;
  while (bytes < kMessageBytes && TakeRecord(response.get(), &bytes)) {
  }
  if (!some && response->events().empty()) return nullptr;
  SetPosition(position_, response->mutable_position());
  return response;
}

// True: there is something to tell even if no event comes of it.
bool EventReader::Fetch(v1::StreamEventsResponse* to) {
  if (!batches_.empty()) return true;
  engine::EventPage page = service_.ReadEvents(position_, kBatchesAtOnce);
  // A position that is ahead of the history is about to be released.
  const bool gap = page.out_of_range && position_.sequence < page.first_kept.sequence;
  if (gap) {
    page = service_.ReadEvents({}, kBatchesAtOnce);
    v1::Event* event = to->add_events();
    SetPosition(position_, event->mutable_position());
    event->set_index(std::numeric_limits<std::uint32_t>::max());  // after all events of the record
    SetPosition(position_, event->mutable_gap()->mutable_after());
    SetPosition(page.first_kept, event->mutable_gap()->mutable_first_kept());
  }
  batches_.assign(page.batches.begin(), page.batches.end());
  next_ = 0;
  return !batches_.empty() || gap;
}

// Tells the events of one record, or that a batch is over; false when there are no more.
bool EventReader::TakeRecord(v1::StreamEventsResponse* to, std::size_t* bytes) {
  if (batches_.empty()) return false;
  const engine::EventBatch& batch = *batches_.front();
  while (next_ < batch.events.size() && batch.events[next_].at.sequence <= position_.sequence) {
    ++next_;
  }
  if (next_ == batch.events.size()) {
    if (batch.last.sequence > position_.sequence) position_ = batch.last;
    batches_.pop_front();
    next_ = 0;
    return true;
  }
  const Position at = batch.events[next_].at;
  for (; next_ < batch.events.size() && batch.events[next_].at == at; ++next_) {
    Fill(batch.events[next_], to->add_events());
    *bytes += to->events(to->events_size() - 1).ByteSizeLong();
  }
  position_ = at;
  return true;
}

}  // namespace routerd::api
