#include <unistd.h>

#include <chrono>
#include <cstdio>

#include "load-tests/board.h"
#include "load-tests/commands.h"
#include "load-tests/stage.h"
#include "load-tests/table.h"

namespace routerd::load {
namespace {

constexpr auto kRedraw = std::chrono::seconds(1);
constexpr auto kProgress = std::chrono::seconds(5);

// Redraws the table in place each second; a progress line now and then where that cannot be.
class Screen {
 public:
  Screen(Stage* stage, const Board* board) : stage_(stage), board_(board), start_(Clock::now()) {
    draws_ = !stage->options().arrivals && isatty(STDOUT_FILENO) == 1;
    if (draws_) Put("\x1b[?25l\x1b[2J");  // no cursor; empty
    Draw();
  }

  ~Screen() {
    stage_->loop().Cancel(timer_);
    if (draws_) Put("\x1b[?25h\n");
  }

  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

 private:
  static void Put(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
  }

  void Draw() {
    const Span elapsed = std::chrono::floor<std::chrono::milliseconds>(Clock::now() - start_);
    if (draws_) {
      const Options& options = stage_->options();
      DrawLines(DrawTable({options.plan.grpc, options.metrics, options.redis}, *board_,
                          stage_->centre(), elapsed));
    } else {
      Put(DrawProgress(*board_, stage_->centre(), elapsed) + "\n");
    }
    timer_ =
        stage_->loop().After(draws_ ? Span(kRedraw) : Span(kProgress), [this](Time) { Draw(); });
  }

  // From the top left, each line cleared to its end, then everything below.
  static void DrawLines(const std::string& lines) {
    std::string text = "\x1b[H";
    for (const char c : lines) text += c == '\n' ? std::string("\x1b[K\n") : std::string(1, c);
    Put(text + "\x1b[J");
  }

  Stage* stage_;
  const Board* board_;
  Time start_;
  bool draws_ = false;
  Loop::TimerId timer_;
};

}  // namespace

int DemoCommand(const Options& options) {
  Stage stage(options);
  if (const std::string error = stage.SetUp(); !error.empty()) {
    std::fprintf(stderr, "routerd-load: %s\n", error.c_str());
    return 1;
  }
  const Time start = Clock::now();
  {
    Board board(&stage.loop(), stage.channel(), options.plan.domain);
    board.Open();
    stage.centre().StartArrivals();
    const Screen screen(&stage, &board);
    const Time end = options.arrivals ? start + *options.arrivals : Time::max();
    stage.loop().RunUntil([&] { return stage.Stops() > 0; }, end);
    stage.centre().StopArrivals();
  }
  stage.ArrivalsLasted(Clock::now() - start);
  std::printf("ending %zu open contacts, then the summary\n", stage.centre().OpenContacts());
  std::fflush(stdout);
  return stage.TakeDown();
}

}  // namespace routerd::load
