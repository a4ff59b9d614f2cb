"""routerd is killed and started again on the same state directory: clients take their sessions up
again, miss nothing and are told nothing twice. Under load: crash_test.py."""

import unittest

import harness
from routerd.v1 import contact_gateway_pb2_grpc, gateway_commands_pb2, vocabulary_pb2 as words


class RouterKilled(harness.Case):
    def start(self):
        self.router = self.daemon("policies/minimal.yaml", "--no-redis")
        return self.channel(self.router)

    def kill(self):
        self.router.process.kill()

    def call(self, name):
        return dict(contact_id=name, channel="voice", queue="main")

    def test_sessions_go_on_from_their_cursors(self):
        channel = self.start()
        desk = harness.desktop(channel, "desk-1")
        desk.send(log_in=dict(agent_id="anna", presence=words.AGENT_PRESENCE_READY,
                              channels=[dict(channel="voice", endpoint="sip:anna@10.0.0.5")]))
        pbx = harness.gateway(channel, "pbx-1")
        pbx.send(arrive=self.call("call-1"))
        offer = desk.next("offer")
        self.assertEqual(pbx.next("offer").offer_id, offer.offer_id)
        pbx.send(arrive=self.call("call-2"))
        pbx.next("queued")

        # The gateway loses its connection and misses the end of a call; then the router is killed.
        pbx.stream.cancel()
        pbx.end()
        stub = contact_gateway_pb2_grpc.ContactGatewayServiceStub(channel)
        stub.EndContact(gateway_commands_pb2.EndContactRequest(
            header=dict(client="pbx-1", request_id="unary-1"), contact_id="call-2",
            reason=words.END_REASON_CUSTOMER_LEFT))
        self.kill()
        desk.end()

        channel = self.start()
        desk = harness.desktop(channel, "desk-1", desk)
        pbx = harness.gateway(channel, "pbx-1", pbx)
        for session in (desk, pbx):
            self.assertTrue(session.welcome.resumed)
            self.assertTrue(session.welcome.resend)
            self.assertFalse(session.welcome.resync)
        ended = pbx.next("ended")
        self.assertEqual((ended.contact_id, ended.state), ("call-2", words.CONTACT_STATE_ABANDONED))

        # What was answered is answered the same, and not done again.
        pbx.sent -= 1
        pbx.send(arrive=self.call("call-2"))
        again = pbx.got.get(timeout=harness.PATIENCE_S)
        self.assertEqual(again.status.code, 0)
        self.assertEqual(again.arrive.state, words.CONTACT_STATE_QUEUED)

        # The offer is open as it was, and not told again.
        desk.send(accept_offer=dict(agent_id="anna", offer_id=offer.offer_id))
        self.assertEqual(pbx.next("confirmed").offer_id, offer.offer_id)
        self.assertEqual(desk.next("confirmed").offer_id, offer.offer_id)
        pbx.send(report_connected=dict(contact_id="call-1", offer_id=offer.offer_id))
        pbx.send(end_contact=dict(contact_id="call-1", reason=words.END_REASON_COMPLETED))
        self.assertEqual(desk.next("wrap_up_started").contact_id, "call-1")
        self.kill()
        seen = [thing.WhichOneof("event") for session in (desk, pbx) for thing in session.end()
                if hasattr(thing, "WhichOneof") and "event" in thing.DESCRIPTOR.oneofs_by_name]
        self.assertNotIn("offer", seen)


if __name__ == "__main__":
    unittest.main()
