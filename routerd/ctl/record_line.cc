#include "routerd/ctl/record_line.h"

#include <string_view>

#include "routerd/ctl/event_fields.h"
#include "routerd/ctl/identity_fields.h"
#include "routerd/ctl/json.h"
#include "routerd/ctl/record_fields.h"
#include "routerd/ctl/text.h"
#include "routerd/engine/record_codec.h"
#include "routerd/engine/record_note.h"

namespace routerd::ctl {
namespace {

using journal::RecordKind;

std::string BytesText(std::string_view bytes) { return std::to_string(bytes.size()) + " bytes"; }

// What a record's decision part says, and whose it is.
struct Read {
  std::string_view event;
  RecordFields fields;
};

void ReadEvent(const journal::RecordView& record, RecordNames& names, Read& to) {
  const auto event = engine::DecodeEvent(record.decision);
  if (!event.ok()) {
    to.event = "unreadable";
    to.fields.Text("decision", BytesText(record.decision));
    return;
  }
  engine::RecordNote note;
  if (!note.Read(record.identity).ok()) note = {};
  names.Learn(event.value(), note);
  to.event = EventName(event.value());
  AddEventFields(event.value(), names, to.fields);
}

Read ReadRecord(const journal::RecordView& record, RecordNames& names) {
  Read out;
  switch (record.kind) {
    case RecordKind::kEvent:
      ReadEvent(record, names, out);
      break;
    case RecordKind::kStart: {
      const auto start = engine::DecodeStart(record.decision);
      if (!start.ok()) break;
      names.Begin(start.value().model);
      out.fields.Number("rules_version", start.value().rules_version);
      out.fields.Number("policy_version", static_cast<std::int64_t>(start.value().model->version));
      return out;
    }
    case RecordKind::kClock: {
      const auto offset = engine::DecodeClock(record.decision);
      if (!offset.ok()) break;
      out.fields.Number("offset_ms", offset.value());
      return out;
    }
    case RecordKind::kRestart: {
      const auto rules = engine::DecodeRestart(record.decision);
      if (!rules.ok()) break;
      out.fields.Number("rules_version", rules.value());
      return out;
    }
    case RecordKind::kTimers:
    case RecordKind::kNote:
      break;
  }
  if (record.kind != RecordKind::kEvent && !record.decision.empty()) {
    out.fields.Text("decision", BytesText(record.decision));
  }
  return out;
}

}  // namespace

const char* KindName(RecordKind kind) {
  switch (kind) {
    case RecordKind::kStart:
      return "start";
    case RecordKind::kEvent:
      return "event";
    case RecordKind::kTimers:
      return "timers";
    case RecordKind::kClock:
      return "clock";
    case RecordKind::kNote:
      return "note";
    case RecordKind::kRestart:
      return "restart";
  }
  return "unknown";
}

void RecordLines::Pass(const journal::RecordView& record) {
  const bool names_something =
      record.kind == RecordKind::kEvent || record.kind == RecordKind::kStart;
  if (names_something) static_cast<void>(ReadRecord(record, names_));
}

std::string RecordLines::Line(const journal::BatchHeader& batch, std::uint64_t sequence,
                              const journal::RecordView& record, bool json) {
  const Read read = ReadRecord(record, names_);
  RecordFields identity;
  AddIdentityFields(record.identity, names_.model(), batch.wall_offset_ms, identity);
  const TimeMs unix_ms = batch.time + batch.wall_offset_ms;
  const std::string position = std::to_string(batch.epoch) + "-" + std::to_string(sequence);
  if (json) {
    std::string out = R"({"position":")" + position + R"(","epoch":)" +
                      std::to_string(batch.epoch) + R"(,"sequence":)" + std::to_string(sequence) +
                      R"(,"time":")" + TimeText(unix_ms) + R"(","unix_ms":)" +
                      std::to_string(unix_ms) + R"(,"kind":")" + KindName(record.kind) + '"';
    if (!read.event.empty()) out += R"(,"event":)" + JsonQuoted(read.event);
    return out + R"(,"fields":)" + read.fields.ToJson() + R"(,"identity":)" + identity.ToJson() +
           R"(,"blanked":)" + (record.blanked ? "true" : "false") + "}\n";
  }
  std::string out =
      TimeText(unix_ms) + " " + position + " " +
      (read.event.empty() ? std::string(KindName(record.kind)) : std::string(read.event));
  if (!read.fields.empty()) out += " " + read.fields.ToText();
  if (record.blanked) out += " | blanked";
  if (!identity.empty()) out += " | " + identity.ToText();
  return out + "\n";
}

}  // namespace routerd::ctl
