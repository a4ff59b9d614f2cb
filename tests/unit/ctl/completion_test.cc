// Runs the completion in a real bash, as a user's shell would.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <memory>
#include <string>

namespace routerd::ctl {
namespace {

// What bash offers after `words`, of which the last is being typed.
std::string Complete(const std::string& words) {
  const std::string script = std::string("source ") + COMPLETION + "; COMP_WORDS=(" + ROUTERCTL +
                             " " + words +
                             "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _routerctl; "
                             "echo \"${COMPREPLY[*]}\"";
  const std::string command =
      "ROUTERD_ADDRESS=unix:/nonexistent/routerd.sock bash --norc -c '" + script + "' 2>&1";
  std::string out;
  FILE* const pipe = popen(command.c_str(), "r");
  std::array<char, 256> buffer{};
  while (pipe != nullptr && fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
    out += buffer.data();
  }
  EXPECT_EQ(pipe == nullptr ? -1 : pclose(pipe), 0);
  if (out.ends_with('\n')) out.pop_back();
  return out;
}

TEST(Completion, OffersCommands) {
  EXPECT_EQ(Complete("\"\""),
            "status queues agents contacts watch events submit agent contact queue policy");
  EXPECT_EQ(Complete("con"), "contacts contact");
  EXPECT_EQ(Complete("policy \"\""), "check apply get");
  EXPECT_EQ(Complete("agent set-st"), "set-state");
}

TEST(Completion, OffersTheWordsOfAnArgument) {
  EXPECT_EQ(Complete("agent set-state anna n"), "not_ready");
  EXPECT_EQ(Complete("queue set-mode sales \"\""), "open closed emergency");
  EXPECT_EQ(Complete("agents --state ready --state wr"), "wrap_up");
  EXPECT_EQ(Complete("contacts --state q"), "queued");
  EXPECT_EQ(Complete("submit --live \"\""), "yes no");
}

TEST(Completion, OffersOptionsOfTheCommand) {
  EXPECT_EQ(Complete("policy apply p.yaml --com"), "--comment");
  EXPECT_EQ(Complete("submit --q"), "--queue");
  EXPECT_EQ(Complete("--address localhost:1 queues --i"), "--ids");
  EXPECT_EQ(Complete("status --js"), "--json");
}

TEST(Completion, OffersFilesWhereAFileStands) {
  EXPECT_EQ(Complete(std::string("policy check ") + COMPLETION), COMPLETION);
  EXPECT_EQ(Complete(std::string("policy get --output ") + COMPLETION), COMPLETION);
}

TEST(Completion, IsSilentWithoutADaemon) {
  EXPECT_EQ(Complete("queues \"\""), "");
  EXPECT_EQ(Complete("contact move C1 \"\""), "");
  EXPECT_EQ(Complete("submit --id \"\""), "");
}

}  // namespace
}  // namespace routerd::ctl
