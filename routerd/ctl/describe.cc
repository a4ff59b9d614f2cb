#include "routerd/ctl/describe.h"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <array>
#include <cstdio>
#include <optional>
#include <string_view>

#include "routerd/ctl/text.h"
#include "routerd/ctl/words.h"
#include "routerd/v1/common.pb.h"

namespace routerd::ctl {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string PointInTime(TimeMs unix_ms, std::optional<TimeMs> now) {
  if (!now) return TimeText(unix_ms);
  const SpanMs age = *now - unix_ms;
  const std::string span = DurationText(age < 0 ? -age : age);
  return TimeText(unix_ms) + (age < 0 ? " (in " + span + ")" : " (" + span + " ago)");
}

// A number whose field's name says that it is a time or a span; the suffix leaves the name.
std::optional<std::string> TimedValue(std::string& name, std::int64_t value,
                                      std::optional<TimeMs> now) {
  if (name.ends_with("_unix_ms")) {
    name.resize(name.size() - std::string_view("_unix_ms").size());
    return PointInTime(value, now);
  }
  if (name.ends_with("_ms")) {
    name.resize(name.size() - std::string_view("_ms").size());
    return DurationText(value);
  }
  return std::nullopt;
}

Fields Walk(const Message& message, std::optional<TimeMs> now);

std::string MessageText(const Message& message, std::optional<TimeMs> now) {
  if (const auto* position = dynamic_cast<const v1::Position*>(&message)) {
    return std::to_string(position->epoch()) + "-" + std::to_string(position->sequence());
  }
  if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
    return PointInTime(time->seconds() * 1000 + time->nanos() / 1'000'000, now);
  }
  if (const auto* span = dynamic_cast<const google::protobuf::Duration*>(&message)) {
    return DurationText(span->seconds() * 1000 + span->nanos() / 1'000'000);
  }
  if (const auto* skill = dynamic_cast<const v1::AgentSkill*>(&message)) {
    return Printable(skill->skill()) + ":" + std::to_string(skill->level());
  }
  if (const auto* need = dynamic_cast<const v1::SkillRequirement*>(&message)) {
    return Printable(need->skill()) + ":" + std::to_string(need->min_level());
  }
  return "{" + Inline(Walk(message, now)) + "}";
}

std::string Decimal(double value) {
  std::array<char, 32> buffer{};
  const int size = std::snprintf(buffer.data(), buffer.size(), "%.4g", value);
  return {buffer.data(), static_cast<std::size_t>(size)};
}

// The value at `index` of a repeated field, or with -1 of a single one. Empty: not worth showing.
std::string ValueText(const Message& m, const FieldDescriptor& f, int index, std::string& name,
                      std::optional<TimeMs> now) {
  const Reflection& r = *m.GetReflection();
  const bool one = index < 0;
  const auto number = [&](auto value) {
    return TimedValue(name, static_cast<std::int64_t>(value), now).value_or(std::to_string(value));
  };
  switch (f.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return number(one ? r.GetInt32(m, &f) : r.GetRepeatedInt32(m, &f, index));
    case FieldDescriptor::CPPTYPE_INT64:
      return number(one ? r.GetInt64(m, &f) : r.GetRepeatedInt64(m, &f, index));
    case FieldDescriptor::CPPTYPE_UINT32:
      return number(one ? r.GetUInt32(m, &f) : r.GetRepeatedUInt32(m, &f, index));
    case FieldDescriptor::CPPTYPE_UINT64:
      return number(one ? r.GetUInt64(m, &f) : r.GetRepeatedUInt64(m, &f, index));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Decimal(one ? r.GetDouble(m, &f) : r.GetRepeatedDouble(m, &f, index));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Decimal(one ? r.GetFloat(m, &f) : r.GetRepeatedFloat(m, &f, index));
    case FieldDescriptor::CPPTYPE_BOOL:
      return (one ? r.GetBool(m, &f) : r.GetRepeatedBool(m, &f, index)) ? "yes" : "no";
    case FieldDescriptor::CPPTYPE_ENUM:
      return WordOf(*f.enum_type(),
                    one ? r.GetEnumValue(m, &f) : r.GetRepeatedEnumValue(m, &f, index));
    case FieldDescriptor::CPPTYPE_STRING:
      return Printable(one ? r.GetString(m, &f) : r.GetRepeatedString(m, &f, index));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageText(one ? r.GetMessage(m, &f) : r.GetRepeatedMessage(m, &f, index), now);
  }
  return "";
}

Fields Walk(const Message& message, std::optional<TimeMs> now) {
  Fields out;
  const auto& type = *message.GetDescriptor();
  const Reflection& reflection = *message.GetReflection();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    std::string name = field.name();
    std::string value;
    if (field.is_repeated()) {
      const int size = reflection.FieldSize(message, &field);
      for (int k = 0; k < size; ++k) {
        value += (k > 0 ? "," : "") + ValueText(message, field, k, name, now);
      }
    } else if (!field.has_presence() || reflection.HasField(message, &field)) {
      value = ValueText(message, field, -1, name, now);
    }
    if (!value.empty()) out.emplace_back(std::move(name), std::move(value));
  }
  return out;
}

}  // namespace

Fields Describe(const Message& message, TimeMs now_unix_ms) { return Walk(message, now_unix_ms); }

Fields DescribeStable(const Message& message) { return Walk(message, std::nullopt); }

std::string Inline(const Fields& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += ' ';
    const bool quoted = value.find(' ') != std::string::npos && !value.starts_with('{');
    out += name + '=' + (quoted ? '"' + value + '"' : value);
  }
  return out;
}

}  // namespace routerd::ctl
