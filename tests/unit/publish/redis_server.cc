#include "tests/unit/publish/redis_server.h"

#include <signal.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

namespace routerd::publish {
namespace {

RedisValue Copy(const redisReply& reply) {
  RedisValue value;
  value.is_null = reply.type == REDIS_REPLY_NIL;
  value.is_error = reply.type == REDIS_REPLY_ERROR;
  if (reply.type == REDIS_REPLY_INTEGER) {
    value.text = std::to_string(reply.integer);
  } else if (reply.str != nullptr) {
    value.text.assign(reply.str, reply.len);
  }
  for (std::size_t i = 0; i < reply.elements; ++i)
    value.elements.push_back(Copy(*reply.element[i]));
  return value;
}

RedisValue Take(redisReply* reply) {
  if (reply == nullptr) return {};
  RedisValue value = Copy(*reply);
  freeReplyObject(reply);
  return value;
}

// Returns when a server listens at `path`: redis-server writes a line to its log right after.
void WaitForFile(const std::string& folder, const std::string& path) {
  const int events = inotify_init1(IN_CLOEXEC);
  inotify_add_watch(events, folder.c_str(), IN_CREATE | IN_MODIFY);
  std::array<char, 4096> buffer{};
  while (!RedisClient(path).ok()) {
    if (read(events, buffer.data(), buffer.size()) <= 0) break;
  }
  close(events);
}

}  // namespace

RedisClient::RedisClient(const std::string& path) : context_(redisConnectUnix(path.c_str())) {
  if (ok()) redisSetTimeout(context_.get(), {30, 0});  // a test that went wrong ends
}

RedisValue RedisClient::Do(const std::vector<std::string>& words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const std::string& word : words) {
    texts.push_back(word.data());
    sizes.push_back(word.size());
  }
  return Take(static_cast<redisReply*>(redisCommandArgv(
      context_.get(), static_cast<int>(words.size()), texts.data(), sizes.data())));
}

std::map<std::string, std::string> RedisClient::Hash(const std::string& key) {
  const RedisValue fields = Do({"HGETALL", key});
  std::map<std::string, std::string> hash;
  for (std::size_t i = 0; i + 1 < fields.elements.size(); i += 2) {
    hash[fields.elements[i].text] = fields.elements[i + 1].text;
  }
  return hash;
}

RedisValue RedisClient::Next() {
  void* reply = nullptr;
  if (redisGetReply(context_.get(), &reply) != REDIS_OK) return {};
  return Take(static_cast<redisReply*>(reply));
}

RedisServer::RedisServer(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
  std::string pattern = std::filesystem::temp_directory_path() / "routerd-redis-XXXXXX";
  folder_ = mkdtemp(pattern.data());
  path_ = folder_ + "/redis.sock";
  Start();
}

RedisServer::~RedisServer() {
  Kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void RedisServer::Start() {
  std::filesystem::remove(path_);
  std::vector<std::string> words = {
      "redis-server", "--port", "0",     "--unixsocket", path_,       "--save",        "",
      "--appendonly", "no",     "--dir", folder_,        "--logfile", folder_ + "/log"};
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that crashes leaves no server behind
    execvp(argv[0], argv.data());
    _exit(127);
  }
  WaitForFile(folder_, path_);
}

void RedisServer::Signal(int signal) const { kill(pid_, signal); }

void RedisServer::Kill() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  kill(pid_, SIGCONT);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

}  // namespace routerd::publish
