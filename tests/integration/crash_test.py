"""routerd is killed with -9 under load, again and again, and Redis in between: nothing that was answered
is lost, nothing is done twice, and the event stream in Redis has every event once.

The load generator's auditor knows only what its clients were told. ROUTERD_KILLS says how often."""

import os
import random
import signal
import subprocess
import threading
import unittest

import grpc
import harness
from harness import until
from routerd.v1 import common_pb2, events_pb2, events_pb2_grpc, operations_pb2, operations_pb2_grpc

KILLS = int(os.environ.get("ROUTERD_KILLS", "10"))
SEED = int(os.environ.get("ROUTERD_SEED", "1"))
STREAM = "routerd:{default}:events"


class Crash(harness.Case):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.server = self.redis()
        self.start()
        self.ports = ("--grpc", self.router.grpc, "--http", self.router.http)

    def start(self, *flags):
        self.router = self.daemon("policies/omnichannel.yaml", "--redis", self.server.path, *flags)
        channel = self.channel(self.router)
        self.operations = operations_pb2_grpc.OperationsServiceStub(channel)
        self.events = events_pb2_grpc.EventsServiceStub(channel)

    def head(self):
        """A connection to the router before this one may still be found broken: asked again."""
        def ask():
            try:
                return self.operations.GetStatus(operations_pb2.GetStatusRequest(),
                                                 wait_for_ready=True).position.sequence
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE:
                    raise
                return None
        return until("the router answers", ask)

    def kill_router(self):
        """At a moment that is as far away as chance says, in records."""
        moment = self.head() + self.random.randrange(1, 300)
        until("work is done", lambda: self.head() >= moment)
        self.router.process.kill()
        self.start(*self.ports)

    def kill_redis(self):
        self.server.process.kill()
        if os.path.exists(self.server.path):
            os.remove(self.server.path)
        self.server.start()

    def told(self):
        """Every event that the router has: where it stands and what it is."""
        request = events_pb2.StreamEventsRequest(after=common_pb2.Position(sequence=0))
        head = self.head()
        found, last = [], 0
        stream = self.events.StreamEvents(request)
        for response in stream:
            self.assertFalse([e for e in response.events if e.WhichOneof("kind") == "gap"])
            # What is between router and gateway alone is not in the stream.
            found += [(e.position.epoch, e.position.sequence, e.index) for e in response.events
                      if e.WhichOneof("kind") not in (None, "contact_released")]
            last = response.position.sequence
            if last >= head or (found and not response.events):
                break  # the last records may have no events: then a sign of life is all that follows
        stream.cancel()
        return [event for event in found if event[1] <= head], head

    def in_redis(self, head):
        found, after = [], "-"
        while True:
            entries = self.server.ask("XRANGE", STREAM, after, "+", "COUNT", "5000")
            if not entries:
                break
            for ident, fields in entries:
                record, index = (int(part) for part in ident.split("-"))
                flat = dict(zip(fields[::2], fields[1::2]))
                self.assertNotEqual(flat.get("kind"), "gap", flat)
                found.append((record >> 40, record & ((1 << 40) - 1), index))
            after = "(" + entries[-1][0]
        return [event for event in found if event[1] <= head]

    def test_nothing_is_lost_or_done_twice(self):
        load = subprocess.Popen(
            [harness.LOAD, "demo", "--grpc", self.router.grpc, "--seconds", "3600", "--speed", "10",
             "--reconnect", "60s"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(load.kill)
        said = []
        reader = threading.Thread(target=lambda: said.extend(load.stdout), daemon=True)
        reader.start()
        until("there is load", lambda: self.head() > 500)
        for kill in range(KILLS):
            self.kill_router()
            if kill % 3 == 2:
                self.kill_redis()
        until("it works on", lambda begun=self.head(): self.head() > begun + 300)
        load.send_signal(signal.SIGINT)
        code = load.wait(4 * harness.PATIENCE_S)
        reader.join(harness.PATIENCE_S)
        load.stdout.close()
        print("".join(said))
        self.assertEqual(code, 0, "the auditor found something: seed %d" % SEED)
        until("Redis has caught up", lambda: self.router.get("/metrics")[1].find(
            "routerd_redis_up 1") > 0)
        told, head = self.told()
        until("the stream has the last event", lambda: told[-1] in self.in_redis(head)[-100:])
        self.assertEqual(self.in_redis(head), told)
        self.router.process.stop()
        verify = subprocess.run([harness.ROUTERCTL, "journal", "verify", "--replay",
                                 os.path.join(self.folder, "state/journal")],
                                capture_output=True, text=True, timeout=4 * harness.PATIENCE_S)
        self.assertEqual(verify.returncode, 0, verify.stdout + verify.stderr)
        print(verify.stdout)


if __name__ == "__main__":
    unittest.main()
