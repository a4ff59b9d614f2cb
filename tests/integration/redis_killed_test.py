"""Redis is killed under load: routing goes on, nothing is lost, and the keys are right again.

How long that took is printed; nothing here asserts how fast anything is."""

import signal
import subprocess
import threading
import time
import unittest

import harness
from harness import until
from routerd.v1 import events_pb2, events_pb2_grpc, operations_pb2, operations_pb2_grpc
from routerd.v1 import common_pb2, vocabulary_pb2 as words

KEY = "routerd:{default}:"
ENOUGH = 100  # contacts, to say that there is load
COUNTERS = ("entered", "answered", "answered_in_target", "abandoned", "transferred", "withdrawn",
            "expired", "refused")
NOW = ("waiting", "offered", "connecting", "assigned", "wrap_up", "scheduled", "agents_staffed",
       "agents_ready")


def state_of(agent):
    name = words.AgentShownState.Name(agent.shown_state)
    return name.removeprefix("AGENT_SHOWN_STATE_").lower()


class Load:
    """The demo's contact centre, ten times as fast, until it is told to end."""

    def __init__(self, case, daemon):
        self.process = subprocess.Popen(
            [harness.LOAD, "demo", "--grpc", daemon.grpc, "--seconds", "3600", "--speed", "10"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        case.addCleanup(self.process.kill)
        self.said = []
        self.reader = threading.Thread(target=lambda: self.said.extend(self.process.stdout),
                                       daemon=True)
        self.reader.start()

    def end(self):
        """Its exit code: 0 only if every contact is accounted for."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(harness.PATIENCE_S)
        self.reader.join(harness.PATIENCE_S)
        self.process.stdout.close()
        return code


class RedisKilled(harness.Case):
    def setUp(self):
        super().setUp()
        self.server = self.redis()
        self.router = self.daemon("policies/omnichannel.yaml", "--redis", self.server.path)
        channel = self.channel(self.router)
        self.operations = operations_pb2_grpc.OperationsServiceStub(channel)
        self.events = events_pb2_grpc.EventsServiceStub(channel)

    def metric(self, name):
        return sum(float(line.rsplit(" ", 1)[1])
                   for line in self.router.get("/metrics")[1].split("\n")
                   if line.startswith((name + "{", name + " ")))

    def ask_router(self):
        """Position, queues and agents by id, as the API tells them."""
        queues = self.operations.ListQueues(operations_pb2.ListQueuesRequest(page_size=1000))
        agents = self.operations.ListAgents(operations_pb2.ListAgentsRequest(page_size=1000))
        return (queues.position.sequence, {queue.id: queue for queue in queues.queues},
                {agent.id: agent for agent in agents.agents})

    def in_redis(self, kind, ids):
        return dict(zip(ids, self.server.hashes([KEY + kind + ":" + i for i in ids])))

    def until_right_under_load(self, written_after):
        """Until each key was seen to be right while contacts come and go: written after that position,
        counters between those that the router told before and after, states as told at one of the
        two."""
        _, queues, agents = self.ask_router()
        left = {("queue", i) for i in queues} | {("agent", i) for i in agents}

        def none_left():
            _, queues, agents = self.ask_router()
            shown = {kind: self.in_redis(kind, sorted(i for k, i in left if k == kind))
                     for kind in ("queue", "agent")}
            _, queues_after, agents_after = self.ask_router()
            for kind, ident in list(left):
                fields = shown[kind][ident]
                if not fields or int(fields["sequence"]) < written_after:
                    continue
                if kind == "queue":
                    right = all(getattr(queues[ident], name) <= int(fields[name])
                                <= getattr(queues_after[ident], name) for name in COUNTERS)
                else:
                    right = fields["shown_state"] in (state_of(agents[ident]),
                                                      state_of(agents_after[ident]))
                if right:
                    left.discard((kind, ident))
            return not left

        until("every key is right under load", none_left)

    def wrong_at_rest(self):
        """What stands otherwise in Redis than the router tells it, while nothing happens."""
        _, queues, agents = self.ask_router()
        shown = self.in_redis("queue", sorted(queues))
        wrong = [(ident, name) for ident, queue in queues.items() for name in COUNTERS + NOW
                 if shown[ident].get(name) != str(getattr(queue, name))]
        shown = self.in_redis("agent", sorted(agents))
        return wrong + [(ident, "shown_state") for ident, agent in agents.items()
                        if shown[ident].get("shown_state") != state_of(agent)]

    def told_events(self, upto):
        """Every event that the API tells, as the stream in Redis names it."""
        stream = self.events.StreamEvents(events_pb2.StreamEventsRequest(
            after=common_pb2.Position(sequence=0)))
        told = []
        for response in stream:
            told += [("%d-%d" % ((event.position.epoch << 40) + event.position.sequence, event.index),
                      event.WhichOneof("kind")) for event in response.events
                     if event.WhichOneof("kind") is not None]
            # The last records may have no events: then a sign of life is all that follows.
            if response.position.sequence >= upto or (told and not response.events):
                stream.cancel()
                return told
        self.fail("the stream of events ended")

    def test_kill_9_under_load_loses_nothing(self):
        until("Redis is up", lambda: self.metric("routerd_redis_up") == 1)
        load = Load(self, self.router)
        until("the load runs", lambda: self.metric("routerd_contacts_total") >= ENOUGH)
        self.until_right_under_load(0)

        self.server.process.kill()
        until("the daemon has noticed", lambda: self.metric("routerd_redis_up") == 0)
        ended = self.metric("routerd_contacts_total")
        until("contacts are routed without Redis",
              lambda: self.metric("routerd_contacts_total") >= ended + ENOUGH)
        position, _, _ = self.ask_router()
        self.server.start()
        ready = time.monotonic()
        self.until_right_under_load(position)
        print("every key right %.0f ms after Redis was ready" % ((time.monotonic() - ready) * 1000))
        self.assertEqual(self.metric("routerd_redis_up"), 1)

        self.assertEqual(load.end(), 0, "".join(load.said))
        until("Redis shows the last state", lambda: not self.wrong_at_rest())
        self.assertEqual(len(self.server.ask("SMEMBERS", KEY + "agents")), 60)
        upto, _, _ = self.ask_router()
        until("the stream is complete",
              lambda: self.server.hash(KEY + "meta").get("last_sequence") == str(upto))
        in_redis = [(ident, dict(zip(fields[::2], fields[1::2]))["kind"])
                    for ident, fields in self.server.ask("XRANGE", KEY + "events", "-", "+")]
        self.assertEqual(in_redis, self.told_events(upto))
        self.assertNotIn("gap", {kind for _, kind in in_redis})
        self.assertEqual(self.metric("routerd_redis_gaps_total"), 0)


if __name__ == "__main__":
    unittest.main()
