#include <algorithm>
#include <cstdio>

#include "load-tests/commands.h"
#include "load-tests/stage.h"

namespace routerd::load {
namespace {

constexpr auto kUsualLength = std::chrono::seconds(30);

}  // namespace

int RunCommand(const Options& options) {
  Stage stage(options);
  if (const std::string error = stage.SetUp(); !error.empty()) {
    std::fprintf(stderr, "routerd-load: %s\n", error.c_str());
    return 1;
  }
  const Time start = Clock::now();
  const Span length = options.arrivals.value_or(kUsualLength);
  stage.centre().MeasureFrom(start + options.warm_up);
  stage.centre().StartArrivals();
  stage.loop().RunUntil([&] { return stage.Stops() > 0; }, start + length);
  stage.centre().StopArrivals();
  stage.ArrivalsLasted(std::min<Span>(Clock::now() - start, length));
  stage.centre().Settle(options.drain, [&] { return stage.Stops() > 0; });
  return stage.TakeDown();
}

}  // namespace routerd::load
