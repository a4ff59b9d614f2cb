"""SIGHUP reloads the policy, SIGTERM drains, and the health pages say so."""

import json
import os
import shutil
import signal
import unittest

import grpc

import harness
from harness import until
from routerd.v1 import contact_gateway_pb2_grpc, gateway_commands_pb2, vocabulary_pb2 as words


class Signals(harness.Case):
    def copy_policy(self):
        policy = os.path.join(self.folder, "policy.yaml")
        shutil.copy(os.path.join(harness.SOURCE, "policies/minimal.yaml"), policy)
        return policy

    def version(self, daemon):
        return int(json.loads(daemon.ctl("--json", "status").stdout)["policy"]["version"])

    def test_sighup_applies_a_good_policy_and_refuses_a_bad_one(self):
        policy = self.copy_policy()
        daemon = self.daemon(policy, "--no-redis")
        before = self.version(daemon)
        with open(policy, encoding="utf-8") as f:
            text = f.read()
        with open(policy, "w", encoding="utf-8") as f:
            f.write(text + "  nobody: {skils: {}}\n")
        daemon.process.signal(signal.SIGHUP)
        until("the mistake is logged", lambda: any("skils" in line for line in
                                                   daemon.process.output))
        self.assertEqual(self.version(daemon), before)
        with open(policy, "w", encoding="utf-8") as f:
            f.write(text.replace("80% in 20s", "90% in 10s"))
        daemon.process.signal(signal.SIGHUP)
        until("the new version", lambda: self.version(daemon) == before + 1)

    def test_sigterm_refuses_arrivals_lets_the_offer_end_and_exits_0(self):
        daemon = self.daemon("policies/minimal.yaml", "--no-redis")
        channel = self.channel(daemon)
        desk = harness.desktop(channel, "desk-1")
        desk.send(log_in=dict(agent_id="anna", presence=words.AGENT_PRESENCE_READY,
                              channels=[dict(channel="voice", endpoint="sip:anna@10.0.0.5")]))
        pbx = harness.gateway(channel, "pbx-1")
        pbx.send(arrive=dict(contact_id="call-1", channel="voice", queue="main"))
        offer = desk.next("offer")
        self.assertEqual(daemon.get("/readyz")[0], 200)
        daemon.process.signal(signal.SIGTERM)
        until("not ready", lambda: daemon.get("/readyz")[0] == 503)
        stub = contact_gateway_pb2_grpc.ContactGatewayServiceStub(channel)
        with self.assertRaises(grpc.RpcError) as refused:
            stub.Arrive(gateway_commands_pb2.ArriveRequest(
                header=dict(client="pbx-1", request_id="x"), contact_id="call-2", channel="voice",
                queue="main"))
        self.assertEqual(refused.exception.code(), grpc.StatusCode.UNAVAILABLE)
        desk.send(accept_offer=dict(agent_id="anna", offer_id=offer.offer_id))
        self.assertEqual(pbx.next("confirmed").offer_id, offer.offer_id)
        self.assertEqual(daemon.process.wait(), 0)


if __name__ == "__main__":
    unittest.main()
