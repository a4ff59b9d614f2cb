// Types into a real bash, whose readline splits the line as a user's does.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

#include "tests/unit/daemon/running_daemon.h"
#include "tests/unit/daemon/temporary_dir.h"

namespace routerd::ctl {
namespace {

// What a line has led to.
struct Typed {
  std::string offered;  // [each][choice], as bash was given it
  std::string asked;    // <the><words> with which routerctl was asked for ids
  std::string ran;      // <the><words> that the completed line ran routerctl with
};

class Completion : public testing::Test {
 protected:
  // The ids that the daemon has, one a line; without them the real routerctl is asked.
  void HaveIds(const std::string& ids) const { (void)dir_.File("ids", ids); }

  // Types `routerctl LINE`, Tab and Enter. An empty shell of its own, without a terminal.
  [[nodiscard]] Typed Type(const std::string& line) const {
    const std::string script = dir_.File("script", Preamble() + "routerctl " + line + "\t\n");
    const std::string output = Run("cd " + dir_.Path() +
                                   " && LC_ALL=C.UTF-8 TERM=dumb HISTFILE= INPUTRC=/dev/null "
                                   "ROUTERD_ADDRESS=unix:/nonexistent/routerd.sock "
                                   "setsid -w bash --norc --noprofile -i <" +
                                   script + " 3>&1 >/dev/null 2>&1");
    return {Line(output, "offered "), Line(output, "asked "), Line(output, "ran ")};
  }
  [[nodiscard]] std::string Offered(const std::string& line) const { return Type(line).offered; }
  [[nodiscard]] std::string Ran(const std::string& line) const { return Type(line).ran; }
  [[nodiscard]] bool Exists(const std::string& name) const {
    return std::filesystem::exists(dir_.Path(name));
  }

  daemon::TemporaryDir dir_;

 private:
  // `routerctl` stands for the program; what it is asked and run with, and what bash is offered,
  // goes to descriptor 3.
  static std::string Preamble() {
    return std::string("source ") + COMPLETION +
           "\n"
           "words() { printf '%s ' \"$1\"; shift; printf '<%s>' \"$@\"; echo; }\n"
           "routerctl() {\n"
           "  if [[ \" $* \" != *' --ids '* ]]; then words ran \"$@\" >&3; return; fi\n"
           "  words asked \"$@\" >&3\n"
           "  if [[ -e ids ]]; then cat ids; else " +
           ROUTERCTL +
           " \"$@\"; fi\n"
           "}\n"
           "shown() {\n"
           "  _routerctl \"$@\"\n"
           "  { printf 'offered '; printf '[%s]' \"${COMPREPLY[@]}\"; echo; } >&3\n"
           "}\n"
           "complete -F shown routerctl\n";
  }
  static std::string Run(const std::string& command) {
    std::string out;
    FILE* const pipe = popen(command.c_str(), "r");
    std::array<char, 256> buffer{};
    while (pipe != nullptr && fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
      out += buffer.data();
    }
    EXPECT_NE(pipe == nullptr ? -1 : pclose(pipe), -1);
    return out;
  }
  // The rest of the line that begins so; empty when there is none, or nothing on it.
  static std::string Line(const std::string& output, const std::string& begin) {
    const auto at = ("\n" + output).find("\n" + begin);
    if (at == std::string::npos) return "";
    const auto from = at + begin.size();
    const std::string rest = output.substr(from, output.find('\n', from) - from);
    return rest == "[]" || rest == "<>" ? "" : rest;
  }
};

TEST_F(Completion, OffersCommands) {
  EXPECT_EQ(Offered(""),
            "[status][queues][agents][contacts][overrides][watch][events][submit][agent][contact]"
            "[queue][policy][simulate][journal]");
  EXPECT_EQ(Offered("con"), "[contacts][contact]");
  EXPECT_EQ(Offered("policy "), "[check][apply][get]");
  EXPECT_EQ(Offered("agent set-st"), "[set-state]");
  EXPECT_EQ(Ran("que"), "<queue>");  // as far as all choices agree
}

TEST_F(Completion, OffersTheWordsOfAnArgument) {
  EXPECT_EQ(Offered("agent set-state anna n"), "[not_ready]");
  EXPECT_EQ(Offered("queue set-mode sales "), "[open][closed][emergency]");
  EXPECT_EQ(Offered("agents --state ready --state wr"), "[wrap_up]");
  EXPECT_EQ(Offered("contacts --state q"), "[queued]");
  EXPECT_EQ(Offered("submit --live "), "[yes][no]");
}

TEST_F(Completion, OffersOptionsOfTheCommand) {
  EXPECT_EQ(Offered("policy apply p.yaml --com"), "[--comment]");
  EXPECT_EQ(Offered("submit --q"), "[--queue]");
  EXPECT_EQ(Offered("status --js"), "[--json]");
  EXPECT_EQ(Offered("watch --domain --li"), "[--lines]");
}

TEST_F(Completion, OffersFilesWhereAFileStands) {
  (void)dir_.File("summer hours.yaml", "");
  EXPECT_EQ(Ran("policy check sum"), "<policy><check><summer hours.yaml>");
  EXPECT_EQ(Ran("policy apply sum"), "<policy><apply><summer hours.yaml>");
  EXPECT_EQ(Ran("policy get --output sum"), "<policy><get><--output><summer hours.yaml>");
  EXPECT_EQ(Ran("policy get --output=sum"), "<policy><get><--output=summer hours.yaml>");
  EXPECT_EQ(Ran("simulate --policy sum"), "<simulate><--policy><summer hours.yaml>");
  EXPECT_EQ(Offered("simulate --sh"), "[--short-abandon]");
}

TEST_F(Completion, IsSilentWithoutADaemon) {
  for (const char* line : {"queues ", "contact move C1 ", "submit --queue "}) {
    const Typed typed = Type(line);
    EXPECT_NE(typed.asked, "") << line;
    EXPECT_EQ(typed.offered, "") << line;
  }
  EXPECT_EQ(Type("submit --id ").asked, "");  // a new one is not asked for
}

// Bash cuts words at these, so that `127.0.0.1:7770` comes as three.
TEST_F(Completion, KeepsWordsWithColonsEqualsAndAtSigns) {
  EXPECT_EQ(Offered("--address 127.0.0.1:7770 que"), "[queues][queue]");
  EXPECT_EQ(Offered("--address=127.0.0.1:7770 queues --i"), "[--ids]");
  EXPECT_EQ(Offered("submit --skill english:5 --attribute k=v --li"), "[--live]");
  EXPECT_EQ(Offered("agent set-skills anna english:7 --fr"), "[--from-policy]");
  EXPECT_EQ(Offered("agent set-state anna@example.com n"), "[not_ready]");
  EXPECT_EQ(Offered("contacts --state=q"), "[queued]");
  EXPECT_EQ(Offered("--address 127.0.0.1:"), "");
}

TEST_F(Completion, AsksTheDaemonThatTheLineNames) {
  HaveIds("sales\nservice\n");
  EXPECT_EQ(Type("--address 127.0.0.1:7770 --domain berlin queues sa").asked,
            "<queues><--ids><--timeout><1s><--address><127.0.0.1:7770><--domain><berlin>");
  EXPECT_EQ(Type("contacts --domain=berlin --address='unix:/run/a b' --queue ").asked,
            "<queues><--ids><--timeout><1s><--domain><berlin><--address><unix:/run/a b>");
  EXPECT_EQ(Type("queue set-mode ").asked, "<queues><--ids><--timeout><1s>");
}

TEST_F(Completion, CompletesIdsWithSeparators) {
  HaveIds("anna@example.com\nsip:bob@example.com\nsip:bob@example.org\ngröße:1\n");
  EXPECT_EQ(Ran("agents an"), "<agents><anna@example.com>");
  EXPECT_EQ(Ran("agents anna@ex"), "<agents><anna@example.com>");
  EXPECT_EQ(Offered("agents sip:bob@"), "[@example.com][@example.org]");
  EXPECT_EQ(Ran("agents sip:bob@example.o"), "<agents><sip:bob@example.org>");
  EXPECT_EQ(Ran("agents 'sip:bob@example.o"), "<agents><sip:bob@example.org>");
  EXPECT_EQ(Ran("contacts --agent=sip:bob@example.o"), "<contacts><--agent=sip:bob@example.org>");
  EXPECT_EQ(Ran("agents größe:"), "<agents><größe:1>");
}

// Whoever can bring a contact chooses its id: a Call-ID, a message's id.
TEST_F(Completion, NeverRunsWhatStandsInAnId) {
  HaveIds("$(touch ran-1)\n`touch ran-2`\n;touch ran-3\na $(touch ran-4)\n");
  EXPECT_EQ(Offered("contact withdraw "),
            R"([\$\(touch\ ran-1\)][\`touch\ ran-2\`][\;touch\ ran-3][a\ \$\(touch\ ran-4\)])");
  EXPECT_EQ(Offered("contacts --agent a"), R"([a\ \$\(touch\ ran-4\)])");
  EXPECT_EQ(Ran(R"(contact withdraw \$)"), "<contact><withdraw><$(touch ran-1)>");
  EXPECT_EQ(Ran(R"(contact withdraw \`)"), "<contact><withdraw><`touch ran-2`>");
  EXPECT_EQ(Ran("contact withdraw a"), "<contact><withdraw><a $(touch ran-4)>");
  EXPECT_EQ(Ran("contact withdraw 'a $"), "<contact><withdraw><a $(touch ran-4)>");
  EXPECT_EQ(Offered("contact withdraw \"a "), "");  // it would run between these
  for (const char* name : {"ran-1", "ran-2", "ran-3", "ran-4"}) EXPECT_FALSE(Exists(name)) << name;
}

TEST_F(Completion, QuotesWhatTheShellWouldTakeApart) {
  HaveIds("two words\nit's\nx\"y!z\\w\n*\n");
  EXPECT_EQ(Ran("contact withdraw tw"), "<contact><withdraw><two words>");
  EXPECT_EQ(Ran(R"(contact withdraw two\ )"), "<contact><withdraw><two words>");
  EXPECT_EQ(Ran("contact withdraw \"two w"), "<contact><withdraw><two words>");
  EXPECT_EQ(Ran("contact withdraw 'two w"), "<contact><withdraw><two words>");
  EXPECT_EQ(Ran("contact withdraw it"), "<contact><withdraw><it's>");
  EXPECT_EQ(Ran("contact withdraw x"), R"(<contact><withdraw><x"y!z\w>)");
  EXPECT_EQ(Ran(R"(contact withdraw \*)"), "<contact><withdraw><*>");
}

TEST_F(Completion, OffersTheIdsOfARealDaemon) {
  const daemon::RunningDaemon daemon(
      {"version: 1\n"
       "channels: {chat: {live: false}}\n"
       "skills: []\n"
       "queues: {sales: {}, service@berlin: {}}\n",
       {"--no-redis"}});
  ASSERT_TRUE(daemon.serving());
  const std::string address = "--address " + daemon.grpc_address();
  EXPECT_EQ(Offered(address + " queues "), "[sales][service@berlin]");
  EXPECT_EQ(Ran(address + " queue set-mode service@b"),
            "<--address><" + daemon.grpc_address() + "><queue><set-mode><service@berlin>");
}

}  // namespace
}  // namespace routerd::ctl
