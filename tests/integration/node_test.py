"""A Node client, written against the .proto files alone, routes a chat to an agent."""

import json
import os
import subprocess
import unittest

import harness
from harness import until

POLICY = """version: 1
channels:
  chat:
queues:
  help: {}
agents:
  nora:
contact_attributes: [language]
"""


class Node(harness.Case):
    def test_a_chat_by_a_node_gateway(self):
        policy = os.path.join(self.folder, "chat.yaml")
        with open(policy, "w", encoding="utf-8") as f:
            f.write(POLICY)
        redis = self.redis()
        daemon = self.daemon(policy, "--redis", redis.path)
        prometheus = self.prometheus(daemon)
        client = os.path.join(harness.SOURCE, "tests/integration/node/client.js")
        result = subprocess.run(
            [os.environ["ROUTERD_NODE"], client, daemon.grpc, os.path.join(harness.SOURCE, "proto")],
            capture_output=True, text=True, timeout=harness.PATIENCE_S)
        self.assertEqual(result.returncode, 0, result.stderr)
        seen = json.loads(result.stdout)["seen"]
        for kind in ("queued", "offer", "confirmed", "ended"):
            self.assertIn(kind, seen)
        until("Redis counts it", lambda: redis.hash(
            "routerd:{default}:queue:help").get("answered") == "1")
        until("Prometheus counts it", lambda: prometheus.value(
            'routerd_contacts_total{channel="chat",queue="help",outcome="completed"}') == 1)


if __name__ == "__main__":
    unittest.main()
