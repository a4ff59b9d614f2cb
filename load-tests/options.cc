#include "load-tests/options.h"

#include <CLI/CLI.hpp>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "load-tests/option_values.h"
#include "load-tests/workload.h"

namespace routerd::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using Texts = std::vector<std::string>;

// More the generator could not send, however long it tried to catch up.
constexpr double kMostPerSecond = 100'000;
// A percentile of fewer contacts says little.
constexpr double kLeastOfAStep = 100;

// As typed; what is empty was not given.
struct Typed {
  std::string grpc = "127.0.0.1:7770";
  std::string domain;
  std::string run_id;
  std::uint64_t seed = 1;
  std::size_t agents = 0;
  std::string agent_prefix;
  std::size_t streams = 0;
  Texts rate, queue, handle, patience, connect, hold, hold_share, transfer_share;
  Texts connect_failed_share, endpoint, limit, skill, break_reason;
  std::string answer, wrap_up, ready_again, break_every, break_length;
  std::string decline_share, miss_share, logout_share;
  int open_offers = 0;
  std::string drop_every = "0", reconnect = "0";
  std::string seconds, warm_up = "0", drain = "20s", json;
  bool allow_rejected = false;
  double speed = 1;
  std::string metrics, redis;
  double start_rate = 200, max_rate = 20'000;
  std::string step = "5s", bound = "50ms", measure = "20s";
};

void AddChannelOptions(CLI::App* app, Typed* typed) {
  const char* group = "Channels (CHANNEL= may be left out where it says so: then all)";
  const auto add = [&](const char* name, Texts* to, const char* help) {
    app->add_option(name, *to, help)->group(group)->take_all();
  };
  add("--rate", &typed->rate, "CHANNEL=N: arrivals a second; given once, only such channels run");
  add("--queue", &typed->queue,
      "CHANNEL=QUEUE[:WEIGHT][,SKILL:LEVEL]...: where they go and what they ask for besides");
  add("--handle", &typed->handle, "[CHANNEL=]DIST: length of the conversation");
  add("--patience", &typed->patience, "[CHANNEL=]DIST: the customer leaves after so long");
  add("--connect", &typed->connect, "[CHANNEL=]DIST: from confirmed to connected");
  add("--hold", &typed->hold, "[CHANNEL=]DIST: length of a hold");
  add("--hold-share", &typed->hold_share, "[CHANNEL=]SHARE of the conversations");
  add("--transfer-share", &typed->transfer_share, "[CHANNEL=]SHARE of the conversations");
  add("--connect-failed-share", &typed->connect_failed_share, "[CHANNEL=]SHARE of the connections");
  add("--limit", &typed->limit,
      "CHANNEL=UNITS:MOST[:free]: what the audit allows an agent, default as the policy says; "
      "free: wrap-up takes no room");
}

void AddAgentOptions(CLI::App* app, Typed* typed) {
  const char* group = "Agents";
  const auto add = [&](const char* name, auto* to, const char* help) {
    return app->add_option(name, *to, help)->group(group);
  };
  add("--agents", &typed->agents, "Take the first N of the policy's agents");
  add("--agent-prefix", &typed->agent_prefix,
      "Only agents whose id starts so; with --agents N their ids are made: PREFIX1..PREFIXN");
  add("--streams", &typed->streams,
      "Desktop sessions that they share; default: 1 per 15 agents, at most 8");
  add("--endpoint", &typed->endpoint, "CHANNEL=TEXT told at log-in; {agent} becomes the id")
      ->take_all();
  add("--skill", &typed->skill, "SKILL:LEVEL told at log-in instead of the policy's")->take_all();
  add("--answer", &typed->answer, "DIST: from the offer to his answer");
  add("--decline-share", &typed->decline_share, "SHARE of the offers");
  add("--miss-share", &typed->miss_share, "SHARE of the offers");
  add("--wrap-up", &typed->wrap_up, "DIST: he ends his wrap-up after so long");
  add("--ready-again", &typed->ready_again, "DIST: from a miss until he is ready again");
  add("--break-every", &typed->break_every, "DIST; 0 = no breaks");
  add("--break-length", &typed->break_length, "DIST");
  add("--break-reason", &typed->break_reason, "Why not ready; default: any of the policy's reasons")
      ->take_all();
  add("--logout-share", &typed->logout_share, "SHARE of the breaks: logs out and in again");
  add("--max-open-offers", &typed->open_offers,
      "What the audit allows an agent; default: the policy's");
}

void AddCommonOptions(CLI::App* app, Typed* typed) {
  app->add_option("--grpc", typed->grpc, "HOST:PORT of the router")->capture_default_str();
  app->add_option("--domain", typed->domain, "Routing domain; default: the router's");
  app->add_option("--seed", typed->seed, "Of all chance")->capture_default_str();
  app->add_option("--run-id", typed->run_id, "Part of all ids; default: from the clock");
  app->add_option("--json", typed->json, "File for the figures");
  app->add_flag("--allow-rejected", typed->allow_rejected,
                "Arrivals that are answered with an error do not fail the run");
  app->add_option("--drain", typed->drain, "SPAN that contacts have to end by themselves")
      ->capture_default_str();
  app->add_option("--drop-every", typed->drop_every,
                  "SPAN: a connection is cut so often; 0 = never")
      ->capture_default_str();
  app->add_option("--reconnect", typed->reconnect,
                  "SPAN that the router may be away, to be killed and started again on its port; "
                  "0 = no restart is expected")
      ->capture_default_str();
  app->add_option("--speed", typed->speed, "Everything so many times as fast")
      ->check(CLI::Range(0.01, 1000.0))
      ->capture_default_str();
  app->footer(
      "DIST is exp:MEAN, lognormal:MEAN:VARIATION, fixed:SPAN, uniform:LEAST:GREATEST or a\n"
      "SPAN; SPAN is 250ms, 20s, 3m, 2h; SHARE is 0.05 or 5%.");
  AddChannelOptions(app, typed);
  AddAgentOptions(app, typed);
}

void AddCommands(CLI::App* app, Typed* typed) {
  CLI::App* run = app->add_subcommand("run", "Load for a while, then figures and audit (default)");
  run->add_option("--seconds", typed->seconds, "How long contacts arrive; default 30");
  run->add_option("--warm-up", typed->warm_up, "SPAN at the start that is not measured");
  CLI::App* demo = app->add_subcommand("demo", "A contact centre to look at, until Ctrl-C");
  demo->add_option("--seconds", typed->seconds, "End after so long, without drawing");
  demo->add_option("--metrics", typed->metrics, "HOST:PORT to show");
  demo->add_option("--redis", typed->redis, "HOST:PORT to show");
  CLI::App* search = app->add_subcommand("throughput", "How many contacts a second it sustains");
  search->add_option("--start-rate", typed->start_rate, "Contacts/s of the first step")
      ->check(CLI::Range(1.0, kMostPerSecond))
      ->capture_default_str();
  search->add_option("--max-rate", typed->max_rate, "Contacts/s that the search does not exceed")
      ->check(CLI::Range(1.0, kMostPerSecond))
      ->capture_default_str();
  search->add_option("--step", typed->step, "SPAN of a step")->capture_default_str();
  search->add_option("--bound", typed->bound, "SPAN that arrival to offer p99 must stay below")
      ->capture_default_str();
  search->add_option("--measure", typed->measure, "SPAN of the measurement at half of that")
      ->capture_default_str();
  for (CLI::App* command : {run, demo, search}) AddCommonOptions(command, typed);
  app->require_subcommand(1);
}

// ---- From text to plan; an error ends it -------------------------------------------------------

class Builder {
 public:
  Builder(const Typed& typed, Options* options) : typed_(typed), options_(options) {}

  std::string Build() {
    const bool search = options_->mode == Mode::kThroughput;
    options_->plan.channels = search ? ShortChannels() : CanonicalChannels();
    options_->plan.agents = search ? ShortAgents() : CanonicalAgents();
    Rates();
    Channels();
    Agents();
    Spans();
    Plain();
    return error_;
  }

 private:
  Plan& plan() { return options_->plan; }
  AgentBehaviour& agents() { return options_->plan.agents; }

  void Note(const char* option, const std::string& error) {
    if (error_.empty() && !error.empty()) error_ = std::string(option) + ": " + error;
  }

  ChannelBehaviour* Channel(const std::string& name) {
    for (ChannelBehaviour& channel : plan().channels) {
      if (channel.channel == name) return &channel;
    }
    return nullptr;
  }

  void Rates() {
    if (typed_.rate.empty()) return;
    for (ChannelBehaviour& channel : plan().channels) channel.per_second = 0;
    for (const std::string& text : typed_.rate) {
      const auto [name, value] = SplitNamed(text);
      if (name.empty()) return Note("--rate", "'" + text + "' is no CHANNEL=N");
      ChannelBehaviour* channel = Channel(name);
      if (channel == nullptr) {
        channel = &plan().channels.emplace_back();
        channel->channel = name;
      }
      Note("--rate", ParseNumber(value, 0, 1e6, &channel->per_second));
    }
    std::erase_if(plan().channels, [](const auto& channel) { return channel.per_second <= 0; });
    if (plan().channels.empty()) Note("--rate", "no channel has arrivals");
  }

  // Calls set(channel, value) for the channel named, or for all.
  template <class Set>
  void ForChannels(const char* option, const Texts& texts, bool name_needed, Set set) {
    for (const std::string& text : texts) {
      const auto [name, value] = SplitNamed(text);
      if (name.empty() && name_needed) return Note(option, "'" + text + "' names no channel");
      if (!name.empty() && Channel(name) == nullptr) {
        return Note(option, "'" + name + "' is no channel of this run");
      }
      for (ChannelBehaviour& channel : plan().channels) {
        if (name.empty() || channel.channel == name) Note(option, set(channel, value));
      }
    }
  }

  void Distributions(const char* option, const Texts& texts, Distribution ChannelBehaviour::*to) {
    ForChannels(option, texts, false, [to](ChannelBehaviour& channel, const std::string& value) {
      std::string error;
      Distribution::Parse(value, &(channel.*to), &error);
      return error;
    });
  }

  void Shares(const char* option, const Texts& texts, double ChannelBehaviour::*to) {
    ForChannels(option, texts, false, [to](ChannelBehaviour& channel, const std::string& value) {
      return ParseShare(value, &(channel.*to));
    });
  }

  void Channels() {
    Distributions("--handle", typed_.handle, &ChannelBehaviour::handle);
    Distributions("--patience", typed_.patience, &ChannelBehaviour::patience);
    Distributions("--connect", typed_.connect, &ChannelBehaviour::connect);
    Distributions("--hold", typed_.hold, &ChannelBehaviour::hold);
    Shares("--hold-share", typed_.hold_share, &ChannelBehaviour::hold_share);
    Shares("--transfer-share", typed_.transfer_share, &ChannelBehaviour::transfer_share);
    Shares("--connect-failed-share", typed_.connect_failed_share,
           &ChannelBehaviour::connect_failed_share);
    ForChannels("--queue", typed_.queue, true, [](ChannelBehaviour& channel, const auto& value) {
      return ParseDestination(value, &channel.destinations.emplace_back());
    });
    ForChannels("--limit", typed_.limit, true,
                [this](ChannelBehaviour& channel, const auto& value) {
                  return ParseLimit(value, &plan().limits.channels[channel.channel]);
                });
    for (const ChannelBehaviour& channel : plan().channels) {
      agents().channels.emplace_back(channel.channel, "");
    }
    ForChannels("--endpoint", typed_.endpoint, true,
                [this](ChannelBehaviour& channel, const auto& value) {
                  for (auto& [name, endpoint] : agents().channels) {
                    if (name == channel.channel) endpoint = value;
                  }
                  return std::string();
                });
  }

  void One(const char* option, const std::string& text, Distribution* to) {
    std::string error;
    if (!text.empty()) Distribution::Parse(text, to, &error);
    Note(option, error);
  }

  void One(const char* option, const std::string& text, double* share) {
    if (!text.empty()) Note(option, ParseShare(text, share));
  }

  void Agents() {
    One("--answer", typed_.answer, &agents().answer);
    One("--wrap-up", typed_.wrap_up, &agents().wrap_up);
    One("--ready-again", typed_.ready_again, &agents().ready_again);
    One("--break-every", typed_.break_every, &agents().break_every);
    One("--break-length", typed_.break_length, &agents().break_length);
    if (!typed_.break_every.empty()) agents().breaks = typed_.break_every != "0";
    One("--decline-share", typed_.decline_share, &agents().decline_share);
    One("--miss-share", typed_.miss_share, &agents().miss_share);
    One("--logout-share", typed_.logout_share, &agents().logout_share);
    agents().break_reasons = typed_.break_reason;
    for (const std::string& text : typed_.skill) {
      Note("--skill", ParseSkill(text, &agents().skills.emplace_back()));
    }
  }

  void One(const char* option, const std::string& text, Span* to) {
    const std::optional<Span> span = ParseSpan(text);
    if (!span) return Note(option, "'" + text + "' is no span; write 250ms, 20s, 3m");
    *to = *span;
  }

  void Within(const char* option, const std::string& text, Span least, Span most, Span* to) {
    One(option, text, to);
    if (*to >= least && *to <= most) return;
    Note(option, "'" + text + "' is not from " + FormatSpan(least) + " to " + FormatSpan(most));
  }

  void Spans() {
    One("--warm-up", typed_.warm_up, &options_->warm_up);
    One("--drain", typed_.drain, &options_->drain);
    One("--drop-every", typed_.drop_every, &plan().drop_every);
    One("--reconnect", typed_.reconnect, &plan().reconnect);
    Within("--step", typed_.step, seconds(1), minutes(10), &options_->step);
    Within("--bound", typed_.bound, milliseconds(1), minutes(1), &options_->bound);
    Within("--measure", typed_.measure, seconds(1), minutes(60), &options_->measure);
    if (typed_.max_rate < typed_.start_rate) Note("--max-rate", "it is below --start-rate");
    if (typed_.start_rate * Seconds(options_->step) < kLeastOfAStep) {
      Note("--step", "at --start-rate it has fewer than 100 contacts");
    }
    if (typed_.seconds.empty()) return;
    double seconds = 0;
    Note("--seconds", ParseNumber(typed_.seconds, 0.1, 1e7, &seconds));
    options_->arrivals = FromSeconds(seconds);
  }

  void Plain() {
    plan().grpc = typed_.grpc;
    plan().domain = typed_.domain;
    plan().seed = typed_.seed;
    plan().run_id = typed_.run_id;
    plan().streams = typed_.streams;
    plan().limits.open_offers = typed_.open_offers;
    options_->agents = typed_.agents;
    options_->agent_prefix = typed_.agent_prefix;
    options_->json = typed_.json;
    options_->allow_rejected = typed_.allow_rejected;
    options_->metrics = typed_.metrics;
    options_->redis = typed_.redis;
    options_->start_rate = typed_.start_rate;
    options_->max_rate = typed_.max_rate;
    SpeedUp(typed_.speed, &plan());
    double per_second = 0;
    for (const ChannelBehaviour& channel : plan().channels) per_second += channel.per_second;
    if (per_second > kMostPerSecond) Note("--rate", "more than 100000 contacts a second in all");
    if (!plan().run_id.empty()) return;
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    plan().run_id =
        std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
  }

  const Typed& typed_;
  Options* options_;
  std::string error_;
};

}  // namespace

std::optional<Options> ParseOptions(int argc, char** argv, int* exit_code) {
  Typed typed;
  CLI::App app("Load for routerd: gateways, agents and an audit, over the public API only.",
               "routerd-load");
  AddCommands(&app, &typed);
  // `run` is what happens where no command is named.
  Texts arguments(argv + 1, argv + argc);
  const bool named = !arguments.empty() && !arguments[0].starts_with("-");
  const bool help = !arguments.empty() && (arguments[0] == "-h" || arguments[0] == "--help");
  if (!named && !help) arguments.insert(arguments.begin(), "run");
  std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
  try {
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    *exit_code = app.exit(error) == 0 ? 0 : 2;
    return std::nullopt;
  }
  Options options;
  if (app.got_subcommand("demo")) options.mode = Mode::kDemo;
  if (app.got_subcommand("throughput")) options.mode = Mode::kThroughput;
  if (const std::string error = Builder(typed, &options).Build(); !error.empty()) {
    std::cerr << "routerd-load: " << error << "\n";
    *exit_code = 2;
    return std::nullopt;
  }
  return options;
}

}  // namespace routerd::load
