#include <google/protobuf/util/time_util.h>

#include <string>
#include <utility>

#include "routerd/ctl/client.h"
#include "routerd/ctl/commands.h"
#include "routerd/ctl/context.h"
#include "routerd/ctl/options.h"
#include "routerd/ctl/table.h"
#include "routerd/ctl/tables.h"
#include "routerd/ctl/text.h"
#include "routerd/ctl/words.h"
#include "routerd/v1/operations.pb.h"

namespace routerd::ctl {
namespace {

using google::protobuf::util::TimeUtil;

std::string PolicyText(const v1::PolicyInfo& policy) {
  std::string out = "version " + std::to_string(policy.version()) + ", " +
                    policy.hash().substr(0, 12) + ", applied " +
                    TimeText(TimeUtil::TimestampToMilliseconds(policy.apply_time()));
  if (!policy.actor().empty()) out += " by " + Printable(policy.actor());
  if (!policy.comment().empty()) out += ": " + Printable(policy.comment());
  return out;
}

std::string RedisText(const v1::RedisStatus& redis) {
  std::string out = Word(redis.state());
  if (redis.has_lag()) {
    out += ", " + std::to_string(TimeUtil::DurationToMilliseconds(redis.lag())) + " ms behind";
  }
  return out;
}

std::string StatusText(const v1::GetStatusResponse& s) {
  Fields fields = {
      {"routerd", s.version() + ", rules version " + std::to_string(s.rules_version())},
      {"domain", Printable(s.domain()) + (s.draining() ? ", draining" : "")},
      {"up", DurationText(TimeUtil::DurationToMilliseconds(s.uptime()))},
      {"position",
       std::to_string(s.position().epoch()) + "-" + std::to_string(s.position().sequence())},
      {"policy", PolicyText(s.policy())},
      {"history", s.journal_backend()},
      {"redis", RedisText(s.redis())},
  };
  for (auto& field : DomainFields(s.state(), NowUnixMs())) fields.push_back(std::move(field));
  return NameValueText(fields);
}

}  // namespace

void AddStatus(CLI::App& app, Context& context) {
  AddCommand(app, context, "status", "how the daemon and its domain are", [&context] {
    v1::GetStatusResponse response;
    if (auto failure = Client(context.target).Call(kGetStatus, v1::GetStatusRequest(), response)) {
      return context.Fail(*failure);
    }
    return context.Print(response, StatusText);
  });
}

}  // namespace routerd::ctl
