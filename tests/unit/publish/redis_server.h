// A real redis-server for a test, on a Unix socket in a directory of its own.
#pragma once

#include <hiredis/hiredis.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace routerd::publish {

struct RedisValue {
  bool is_null = true;
  bool is_error = false;
  std::string text;                  // of strings, errors and numbers
  std::vector<RedisValue> elements;  // of lists
};

// A blocking client of its own, for looking at what the router has written.
class RedisClient {
 public:
  explicit RedisClient(const std::string& path);
  // Whether there is a connection that has not failed.
  [[nodiscard]] bool ok() const { return context_ && context_->err == 0; }
  RedisValue Do(const std::vector<std::string>& words);
  [[nodiscard]] std::map<std::string, std::string> Hash(const std::string& key);
  // The next thing that a subscription brings; blocks.
  RedisValue Next();

 private:
  struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  std::unique_ptr<redisContext, Free> context_;
};

class RedisServer {
 public:
  // Started and answering when the constructor returns. `arguments` as on redis-server's command
  // line.
  explicit RedisServer(std::vector<std::string> arguments = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  void Start();
  void Signal(int signal) const;  // SIGSTOP, SIGCONT
  void Kill();                    // kill -9; returns when it is dead
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  const std::vector<std::string> arguments_;
  std::string folder_;
  std::string path_;
  pid_t pid_ = 0;
};

}  // namespace routerd::publish
