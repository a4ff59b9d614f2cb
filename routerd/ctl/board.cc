#include "routerd/ctl/board.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <utility>

#include "routerd/ctl/table.h"
#include "routerd/ctl/tables.h"
#include "routerd/ctl/text.h"

namespace routerd::ctl {

using google::protobuf::util::TimeUtil;

std::string Board::Difference(const Fields& before, const Fields& now) {
  Fields changed;
  for (const auto& field : now) {
    if (std::find(before.begin(), before.end(), field) == before.end()) changed.push_back(field);
  }
  for (const auto& [name, value] : before) {
    const bool gone = std::none_of(now.begin(), now.end(),
                                   [&, key = name](const auto& f) { return f.first == key; });
    if (gone) changed.emplace_back(name, "-");
  }
  return Inline(changed);
}

template <typename Message>
void Board::Note(const std::string& what, const Message& message, const std::string& clock,
                 std::vector<std::string>& lines) {
  Fields now = DescribeStable(message);
  Fields& before = shown_[what];
  const std::string difference = Difference(before, now);
  before = std::move(now);
  if (complete_ && !difference.empty()) {
    lines.push_back(clock + "  " + Printable(what) + "  " + difference);
  }
}

std::vector<std::string> Board::Take(const v1::WatchStateResponse& response) {
  std::vector<std::string> lines;
  unix_ms_ = TimeUtil::TimestampToMilliseconds(response.time());
  position_ = response.position();
  const std::string clock = ClockText(unix_ms_);
  for (const v1::Queue& queue : response.queues()) {
    queues_[queue.id()] = queue;
    Note("queue " + queue.id(), queue, clock, lines);
  }
  for (const v1::Agent& agent : response.agents()) {
    Note("agent " + agent.id(), agent, clock, lines);
  }
  const auto remove = [&](const std::string& what) {
    if (shown_.erase(what) > 0) lines.push_back(clock + "  " + Printable(what) + "  removed");
  };
  for (const std::string& id : response.removed_queues()) {
    queues_.erase(id);
    remove("queue " + id);
  }
  for (const std::string& id : response.removed_agents()) remove("agent " + id);
  if (response.has_domain()) {
    domain_ = response.domain();
    Note("domain", domain_, clock, lines);
  }
  complete_ = complete_ || response.snapshot_last();
  return lines;
}

std::string Board::ToText() const {
  google::protobuf::RepeatedPtrField<v1::Queue> queues;
  for (const auto& [id, queue] : queues_) *queues.Add() = queue;
  return TimeText(unix_ms_) + "  position " + std::to_string(position_.epoch()) + "-" +
         std::to_string(position_.sequence()) + "\n\n" +
         NameValueText(DomainFields(domain_, unix_ms_)) + "\n" + QueueTable(queues, unix_ms_);
}

}  // namespace routerd::ctl
