"""The journal of a running router: what routerctl says of it, and copies that another router starts from."""

import json
import os
import shutil
import subprocess
import unittest

import harness
from harness import until

ENOUGH = 100  # contacts, to say that there is load


class Journal(harness.Case):
    def setUp(self):
        super().setUp()
        self.router = self.daemon("policies/omnichannel.yaml", "--no-redis")
        self.state = os.path.join(self.folder, "state")

    def metric(self, daemon, name):
        return sum(float(line.rsplit(" ", 1)[1]) for line in daemon.get("/metrics")[1].split("\n")
                   if line.startswith((name + "{", name + " ")))

    def journal(self, *words):
        """`routerctl journal …`, which asks no daemon; its answer as JSON, and its code."""
        result = subprocess.run([harness.ROUTERCTL, "journal", *words, "--json"], text=True,
                                capture_output=True, timeout=harness.PATIENCE_S)
        return json.loads(result.stdout), result.returncode

    def plain_copy(self, to):
        """What the runbook's cp does. A frame that was written across the edge of two reads may be
        missing, which verify calls damage: then it is to be copied again."""
        def copied():
            shutil.rmtree(to, ignore_errors=True)
            os.makedirs(to, mode=0o700)
            subprocess.run(["cp", "-r", os.path.join(self.state, "epoch"),
                            os.path.join(self.state, "journal"), to], check=True)
            return self.journal("verify", to)[1] == 0
        until("a plain copy is sound", copied)

    def check(self, folder):
        """The copy in folder/state is sound, and a second router goes on from it."""
        state = os.path.join(folder, "state")
        report, code = self.journal("verify", "--replay", state)
        self.assertEqual(code, 0, report)
        self.assertGreater(report["replay"]["records"], 0)
        self.assertEqual(report["replay"]["left_out"], [])
        second = harness.Daemon(folder, os.path.join(harness.SOURCE, "policies/omnichannel.yaml"),
                                "--no-redis")
        self.addCleanup(second.process.kill)
        self.assertIn("%d records replayed" % report["stats"]["records"],
                      "".join(second.process.output))
        second.ctl("status")
        self.assertEqual(second.process.stop(), 0)
        self.assertEqual(self.journal("verify", "--replay", state)[1], 0)

    def test_copies_under_load_are_journals_of_their_own(self):
        load = subprocess.Popen(
            [harness.LOAD, "demo", "--grpc", self.router.grpc, "--seconds", "3600", "--speed", "10"],
            stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        self.addCleanup(load.wait)
        self.addCleanup(load.kill)
        until("the load runs",
              lambda: self.metric(self.router, "routerd_contacts_total") >= ENOUGH)
        plain = os.path.join(self.folder, "plain")
        copied = os.path.join(self.folder, "copied")
        self.plain_copy(os.path.join(plain, "state"))
        os.makedirs(os.path.join(copied, "state"), mode=0o700)
        report, code = self.journal("copy", self.state, os.path.join(copied, "state/journal"))
        self.assertEqual(code, 0)
        self.assertGreater(report["last_sequence"], ENOUGH)
        # The load goes on, and the router's own journal is sound while it is written.
        self.assertEqual(self.journal("verify", "--replay", self.state)[1], 0)
        self.assertIsNone(load.poll())
        self.check(plain)
        self.check(copied)

    def test_tail_follows_a_router_over_a_crash(self):
        tail = subprocess.Popen([harness.ROUTERCTL, "journal", "tail", self.state, "--from", "1",
                                 "--json"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(tail.stdout.close)
        self.addCleanup(tail.wait)
        self.addCleanup(tail.kill)

        def read_to(kind, **identity):
            for line in tail.stdout:
                record = json.loads(line)
                here = record["identity"].items()
                if record.get("event", record["kind"]) == kind and identity.items() <= here:
                    return record
            raise AssertionError("tail ended")

        self.assertEqual(read_to("start")["sequence"], 1)
        self.router.ctl("submit", "--id", "c1", "--channel", "voice", "--queue", "sales",
                        "--customer-key", "k-4711")
        first = read_to("contact_arrives", contact="c1")
        self.assertEqual(first["fields"]["queue"], "sales")
        self.assertNotIn("k-4711", json.dumps(first))
        self.router.process.kill()
        self.router = self.daemon("policies/omnichannel.yaml", "--no-redis")
        again = read_to("restart")
        self.assertEqual(again["epoch"], first["epoch"] + 1)
        self.router.ctl("submit", "--id", "c2", "--channel", "voice", "--queue", "sales")
        self.assertGreater(read_to("contact_arrives", contact="c2")["sequence"], again["sequence"])


if __name__ == "__main__":
    unittest.main()
