"""Redis is killed under load: routing goes on, nothing is lost, and the keys are right again."""

import json
import os
import subprocess
import threading
import unittest

import harness
from harness import until


class RedisKilled(harness.Case):
    def test_kill_9_under_load_loses_nothing(self):
        redis = self.redis()
        daemon = self.daemon("policies/omnichannel.yaml", "--redis", redis.path)
        until("Redis is up", lambda: "routerd_redis_up 1" in daemon.get("/metrics")[1]
              or 'routerd_redis_up{domain="default"} 1' in daemon.get("/metrics")[1])
        load = subprocess.Popen(
            [harness.LOAD, "demo", "--grpc", daemon.grpc, "--seconds", "12", "--speed", "10"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(load.kill)
        output = []
        reader = threading.Thread(target=lambda: output.extend(load.stdout), daemon=True)
        reader.start()

        def answered():
            return sum(float(line.rsplit(" ", 1)[1]) for line in daemon.get("/metrics")[1].split("\n")
                       if line.startswith("routerd_contacts_total"))

        until("the load runs", lambda: answered() >= 5)
        redis.process.kill()
        until("the daemon has noticed",
              lambda: any(line.startswith("routerd_redis_up") and line.endswith(" 0")
                          for line in daemon.get("/metrics")[1].split("\n")))
        at = answered()
        until("contacts are routed without Redis", lambda: answered() >= at + 5)
        redis.start()
        until("the daemon is back in Redis",
              lambda: any(line.startswith("routerd_redis_up") and line.endswith(" 1")
                          for line in daemon.get("/metrics")[1].split("\n")))
        self.assertEqual(load.wait(harness.PATIENCE_S), 0, "".join(output))
        reader.join(harness.PATIENCE_S)

        def same():
            queues = json.loads(daemon.ctl("--json", "queues").stdout)["queues"]
            return all(redis.hash("routerd:{default}:queue:" + q["id"]).get("waiting")
                       == str(q.get("waiting", 0)) for q in queues)

        until("every queue stands right in Redis", same)
        agents = redis.ask("SMEMBERS", "routerd:{default}:agents")
        self.assertEqual(len(agents), 60)


if __name__ == "__main__":
    unittest.main()
