#include "routerd/daemon/log.h"

#include <fmt/chrono.h>
#include <grpc/support/log.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace routerd::daemon {
namespace {

constexpr std::array<std::string_view, 6> kWords = {"trace", "debug", "info",
                                                    "warn",  "error", "error"};

std::string_view Word(spdlog::level::level_enum level) {
  const auto index = static_cast<std::size_t>(level);
  return index < kWords.size() ? kWords[index] : "info";
}

// One message is one line, whatever stands in it: a name from outside cannot fake another message.
// JSON's escapes serve both forms.
void AppendEscaped(std::string_view text, bool json, spdlog::memory_buf_t& out) {
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (c == '\n') {
      out.append(std::string_view("\\n"));
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      if (json && (c == '"' || c == '\\')) out.push_back('\\');
      out.push_back(c);
    }
  }
}

class LineFormatter final : public spdlog::formatter {
 public:
  explicit LineFormatter(LogFormat format) : format_(format) {}

  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const bool json = format_ == LogFormat::kJson;
    AppendTime(json ? R"({"time":")" : "", message.time, out);
    const std::string_view text(message.payload.data(), message.payload.size());
    if (json) {
      fmt::format_to(std::back_inserter(out), R"(","level":"{}","message":")", Word(message.level));
      AppendEscaped(text, true, out);
      out.append(std::string_view("\"}\n"));
    } else {
      fmt::format_to(std::back_inserter(out), " {:<5} ", Word(message.level));
      AppendEscaped(text, false, out);
      out.push_back('\n');
    }
  }

  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>(format_);
  }

 private:
  static void AppendTime(std::string_view before, spdlog::log_clock::time_point time,
                         spdlog::memory_buf_t& out) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time - seconds).count();
    fmt::format_to(std::back_inserter(out), "{}{:%Y-%m-%dT%H:%M:%S}.{:03}Z", before,
                   fmt::gmtime(spdlog::log_clock::to_time_t(seconds)), ms);
  }

  const LogFormat format_;
};

void LogForGrpc(gpr_log_func_args* said) {
  if (said->severity == GPR_LOG_SEVERITY_ERROR) spdlog::warn("grpc: {}", said->message);
}

}  // namespace

void SetUpLog(const Config::Log& log) {
  SetUpLog(log, std::make_shared<spdlog::sinks::stderr_sink_mt>());
}

void SetUpLog(const Config::Log& log, std::shared_ptr<spdlog::sinks::sink> sink) {
  auto logger = std::make_shared<spdlog::logger>("routerd", std::move(sink));
  logger->set_formatter(std::make_unique<LineFormatter>(log.format));
  logger->set_level(static_cast<spdlog::level::level_enum>(log.level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
  gpr_set_log_function(LogForGrpc);
}

}  // namespace routerd::daemon
