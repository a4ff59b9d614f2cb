#!/usr/bin/python3
"""What deploy/ ships is accepted by the programs it is for: systemd, cmake --install, Redis, Prometheus.

Reads the environment variables SOURCE_DIR and BUILD_DIR. usage: deploy_test.py [Unit|Install|…]
"""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["BUILD_DIR"])
DEPLOY = SOURCE / "deploy"

# systemd's exposure level, in tenths; what is left is the network, which a daemon needs.
MAX_EXPOSURE = 12

INSTALLED = """
etc/routerd/policy.yaml
etc/routerd/routerd.yaml
usr/bin/routerctl
usr/bin/routerd
usr/lib/systemd/system/routerd.service
usr/lib/sysusers.d/routerd.conf
usr/share/bash-completion/completions/routerctl
usr/share/doc/routerd/README.md
usr/share/doc/routerd/examples/redis.conf
usr/share/doc/routerd/examples/routerd.acl
usr/share/doc/routerd/examples/routerd.yaml
usr/share/doc/routerd/examples/routerd.yml
usr/share/routerd/policies/README.md
""".split()


class DeployTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tmp = pathlib.Path(folder.name)

    def run_ok(self, *command, **options):
        """Runs a command that has to succeed; returns what it said."""
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False, timeout=50, **options)
        self.assertEqual(done.returncode, 0, f"{command} said:\n{done.stdout}")
        return done.stdout


class Unit(DeployTest):
    def unit(self):
        """The unit as installed, but for the program's path."""
        text = (BUILD / "deploy/systemd/routerd.service").read_text(encoding="utf-8")
        self.assertIn("\nExecStart=/usr/bin/routerd --config /etc/routerd/routerd.yaml\n", text)
        unit = self.tmp / "routerd.service"
        unit.write_text(text.replace("=/usr/bin/routerd ", f"={BUILD}/routerd/daemon/routerd "),
                        encoding="utf-8")
        return unit

    def test_systemd_understands_it(self):
        self.assertEqual(self.run_ok("systemd-analyze", "verify", "--man=no", self.unit()), "")

    def test_it_is_hardened(self):
        self.run_ok("systemd-analyze", "security", "--offline=true", "--no-pager",
                    f"--threshold={MAX_EXPOSURE}", self.unit())

    def test_it_is_tried_again_for_ever_but_for_what_a_person_has_to_mend(self):
        text = self.unit().read_text(encoding="utf-8")
        self.assertIn("\nStartLimitIntervalSec=0\n", text)
        self.assertIn("\nRestart=on-failure\n", text)
        codes = (SOURCE / "routerd/daemon/exit_code.h").read_text(encoding="utf-8")
        known = dict(re.findall(r"k(\w+) = (\d+)", codes))
        by_hand = [known[name] for name in ("Usage", "BadPolicy", "NoInput", "BadJournal",
                                                "CantCreate", "BadConfig")]
        self.assertIn(f"\nRestartPreventExitStatus={' '.join(by_hand)}\n", text)

    def test_the_user_it_runs_as_is_made(self):
        root = self.tmp / "root"
        (root / "etc").mkdir(parents=True)
        self.run_ok("systemd-sysusers", f"--root={root}", DEPLOY / "systemd/routerd.sysusers")
        self.assertRegex((root / "etc/passwd").read_text(encoding="utf-8"), r"(?m)^routerd:.*nologin$")


class Install(DeployTest):
    def install(self):
        self.run_ok("cmake", "--install", BUILD, env=os.environ | {"DESTDIR": str(self.tmp)})

    def test_every_file_is_where_debian_expects_it(self):
        self.install()
        found = {path.relative_to(self.tmp).as_posix() for path in self.tmp.rglob("*") if path.is_file()}
        policies = {f"usr/share/routerd/policies/{path.relative_to(SOURCE / 'policies').as_posix()}"
                    for path in (SOURCE / "policies").rglob("*.yaml")}
        protos = {f"usr/share/routerd/proto/{path.relative_to(SOURCE / 'proto').as_posix()}"
                  for path in (SOURCE / "proto").rglob("*.proto")}
        self.assertEqual(sorted(found), sorted({*INSTALLED, *policies, *protos}))
        self.assertTrue(policies and protos)

    def test_what_people_edited_is_kept(self):
        self.install()
        edited = self.tmp / "etc/routerd/routerd.yaml"
        edited.write_text("domain: ours\n", encoding="utf-8")
        self.install()
        self.assertEqual(edited.read_text(encoding="utf-8"), "domain: ours\n")

    def test_the_installed_programs_run(self):
        self.install()
        for program in ("routerd", "routerctl"):
            self.assertRegex(self.run_ok(self.tmp / "usr/bin" / program, "--version"), r"\d+\.\d+\.\d+")


class Config(DeployTest):
    def test_routerd_accepts_the_example(self):
        self.run_ok(BUILD / "routerd/daemon/routerd", "--check", "--config", DEPLOY / "routerd.yaml",
                    "--policy", SOURCE / "policies/omnichannel.yaml")


class Redis(DeployTest):
    def setUp(self):
        super().setUp()
        acl = (DEPLOY / "redis/routerd.acl").read_text(encoding="utf-8")
        users = re.sub(r"(?m)^user (routerd|wallboard) on ", r"user \1 on >of-\1 ", acl)
        (self.tmp / "users.acl").write_text(users + "user auditor on >of-auditor +acl\n",
                                            encoding="utf-8")
        self.socket = self.tmp / "redis.sock"
        self.start(["redis-server", DEPLOY / "redis/redis.conf", "--port", "0", "--unixsocket",
                    self.socket, "--aclfile", self.tmp / "users.acl", "--dir", self.tmp],
                   "ready to accept connections")

    def start(self, command, ready):
        """Starts a server and reads what it says until it is ready."""
        server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait, 30)
        self.addCleanup(server.terminate)
        said = []
        for line in server.stdout:
            said.append(line)
            if ready in line.lower():
                return
        self.fail(f"{command[0]} ended:\n" + "".join(said))

    def cli(self, user, *command):
        login = ["--user", user, "--pass", f"of-{user}"] if user else []
        return ["redis-cli", "-s", self.socket, "--no-auth-warning", *login, *command]

    def ask(self, user, *command):
        return self.run_ok(*self.cli(user, *command)).strip()

    def test_routerd_may_write_its_keys_and_nothing_else(self):
        self.assertEqual(self.ask("routerd", "HSET", "routerd:{d}:queue:q", "waiting", "1"), "1")
        self.assertIn("-", self.ask("routerd", "XADD", "routerd:{d}:events", "*", "type", "x"))
        self.assertEqual(self.ask("routerd", "PUBLISH", "routerd:{d}:changes", "q"), "0")
        for refused in (["SET", "other", "1"], ["HSET", "other", "a", "1"], ["PUBLISH", "other", "x"],
                        ["CONFIG", "GET", "*"], ["FLUSHALL"], ["EVAL", "return 1", "0"], ["KEYS", "*"]):
            self.assertIn("NOPERM", self.ask("routerd", *refused))

    def test_routerd_may_send_every_command_it_knows_and_no_other(self):
        sent = {"ping"}
        for path in (SOURCE / "routerd/publish").glob("*.cc"):
            code = path.read_text(encoding="utf-8")
            sent |= {word.lower() for word in re.findall(r'RedisCommand(?: \w+)?\("([A-Z]+)"\)', code)}
        acl = (DEPLOY / "redis/routerd.acl").read_text(encoding="utf-8")
        line = re.search(r"(?m)^user routerd .*", acl)[0]
        # AUTH needs no permission.
        self.assertEqual(sorted(re.findall(r"\+(\w+)", line)), sorted(sent - {"auth"}))

    def test_routerd_publishes_with_these_rights(self):
        (self.tmp / "password").write_text("of-routerd\n", encoding="utf-8")
        (self.tmp / "password").chmod(0o400)
        (self.tmp / "routerd.yaml").write_text(f"""
state_dir: {self.tmp}
policy: {SOURCE}/policies/omnichannel.yaml
listen: {{grpc: "127.0.0.1:0", http: "127.0.0.1:0"}}
redis: {{address: "unix:{self.socket}", username: routerd, password_file: {self.tmp}/password}}
""", encoding="utf-8")
        wallboard = subprocess.Popen(self.cli("wallboard", "SUBSCRIBE", "routerd:{default}:changes"),
                                     stdout=subprocess.PIPE, text=True)
        self.addCleanup(wallboard.stdout.close)
        self.addCleanup(wallboard.wait, 10)
        self.addCleanup(wallboard.terminate)
        self.assertEqual([wallboard.stdout.readline().strip() for _ in range(3)],
                         ["subscribe", "routerd:{default}:changes", "1"])
        self.start([BUILD / "routerd/daemon/routerd", "--config", self.tmp / "routerd.yaml"], "serving")
        self.assertEqual([wallboard.stdout.readline().strip() for _ in range(2)],
                         ["message", "routerd:{default}:changes"])
        self.assertIn("billing", self.ask("wallboard", "SMEMBERS", "routerd:{default}:queues"))
        self.assertEqual(self.ask("auditor", "ACL", "LOG"), "")

    def test_wallboards_may_only_read(self):
        self.ask("routerd", "HSET", "routerd:{d}:queue:q", "waiting", "1")
        self.assertEqual(self.ask("wallboard", "HGET", "routerd:{d}:queue:q", "waiting"), "1")
        self.assertIn("NOPERM", self.ask("wallboard", "HSET", "routerd:{d}:queue:q", "waiting", "2"))
        self.assertIn("NOPERM", self.ask("wallboard", "DEL", "routerd:{d}:queue:q"))

    def test_nobody_else_gets_in(self):
        self.assertIn("NOAUTH", self.ask("", "PING"))

    def test_users_as_shipped_have_no_password_that_works(self):
        shipped = (DEPLOY / "redis/routerd.acl").read_text(encoding="utf-8")
        self.assertNotRegex(shipped, r"nopass|>|#")


class Prometheus(DeployTest):
    def test_prometheus_accepts_the_scrape_file(self):
        self.run_ok("promtool", "check", "config", DEPLOY / "prometheus/routerd.yml")


if __name__ == "__main__":
    unittest.main()
