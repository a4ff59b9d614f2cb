// The one way a failure is told across a module's border. Codes are gRPC's, so that what the core's
// neighbours say reaches a gateway unchanged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace routerd {

// Who reacts: the client fixes its request (kInvalidArgument, kNotFound, kAlreadyExists,
// kFailedPrecondition, kOutOfRange, kUnimplemented, kPermissionDenied), the client slows down
// (kResourceExhausted) or retries, maybe elsewhere (kUnavailable), we are broken (kInternal).
enum class Code : std::uint8_t {
  kOk = 0,
  kInvalidArgument = 3,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
};

// A field of the request and what is wrong with it.
struct FieldViolation {
  std::string field;        // path, e.g. `requirements[2].level`
  std::string description;  // what is wrong and what would be right
  friend bool operator==(const FieldViolation&, const FieldViolation&) = default;
};

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  static Status Ok() { return {}; }
  static Status InvalidField(std::string field, std::string description) {
    Status s(Code::kInvalidArgument, field + ": " + description);
    s.violations_.push_back({std::move(field), std::move(description)});
    return s;
  }

  [[nodiscard]] bool ok() const { return code_ == Code::kOk; }
  [[nodiscard]] Code code() const { return code_; }
  [[nodiscard]] const std::string& message() const { return message_; }
  // A stable word for programs, e.g. `queue_full`, `offer_ended`; empty when the code says it all.
  [[nodiscard]] const std::string& reason() const { return reason_; }
  [[nodiscard]] const std::vector<FieldViolation>& violations() const { return violations_; }
  // Milliseconds to wait before trying again; 0 = do not wait, or do not try again.
  [[nodiscard]] std::int64_t retry_after_ms() const { return retry_after_ms_; }

  Status& WithReason(std::string reason) {
    reason_ = std::move(reason);
    return *this;
  }
  Status& WithRetryAfter(std::int64_t ms) {
    retry_after_ms_ = ms;
    return *this;
  }
  Status& Add(FieldViolation v) {
    violations_.push_back(std::move(v));
    return *this;
  }

 private:
  Code code_ = Code::kOk;
  std::string message_;
  std::string reason_;
  std::vector<FieldViolation> violations_;
  std::int64_t retry_after_ms_ = 0;
};

// A value, or why there is none.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}          // NOLINT(google-explicit-constructor)
  Result(Status status) : status_(std::move(status)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return value_.has_value(); }
  [[nodiscard]] const Status& status() const { return status_; }
  [[nodiscard]] T& value() & { return *value_; }
  [[nodiscard]] const T& value() const& { return *value_; }
  [[nodiscard]] T&& value() && { return *std::move(value_); }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace routerd
