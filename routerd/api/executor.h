// Threads of the api's own. The engine's writer hands an answer over here and goes on: turning it
// into messages and writing them is never the writer's work.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace routerd::api {

// Thread-safe. Runs tasks in the order of posting; with several threads they may overlap. What is
// posted is bounded by its posters: one task for each unary call, one at a time for each stream.
class Executor {
 public:
  explicit Executor(int threads);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // After Stop the task is dropped.
  void Post(std::function<void()> task);
  // Runs what was posted before, then ends the threads. Not from a task.
  void Stop();

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace routerd::api
