"""What gateways tell of a customer gets to the contact's gateway and its agent's desktop, and nowhere else:
no log at any level, no metric, no key and no entry in Redis, no event stream."""

import os
import unittest

import grpc
import harness
from harness import until
from routerd.v1 import contact_gateway_pb2_grpc, events_pb2, events_pb2_grpc
from routerd.v1 import common_pb2, gateway_commands_pb2 as commands, vocabulary_pb2 as words

POLICY = """version: 1
channels:
  chat: {wrap_up: none}
queues:
  help: {}
agents:
  nora:
contact_attributes: {language: , account: {sensitive: true}}
"""
ACCOUNT = "telltale-account-17"
LANGUAGE = "telltale-language-18"
UNNAMED = "telltale-unnamed-19"
CUSTOMER = "telltale-customer-20"
ENDPOINT = "telltale-endpoint-21"
UNNAMED_KEY = "telltale_key-22"
UPDATED = "telltale-updated-23"
CARD = "4917000000000004"
TOLD = {"account": ACCOUNT, "language": LANGUAGE, UNNAMED_KEY: UNNAMED}
NEVER_SHOWN = (ACCOUNT, LANGUAGE, UNNAMED, CUSTOMER, ENDPOINT, UNNAMED_KEY, UPDATED, CARD, "telltale")


class PersonalData(harness.Case):
    def setUp(self):
        super().setUp()
        policy = os.path.join(self.folder, "chat.yaml")
        with open(policy, "w", encoding="utf-8") as f:
            f.write(POLICY)
        self.server = self.redis()
        self.router = self.daemon(policy, "--redis", self.server.path, "--log-level", "trace")
        self.calls = self.channel(self.router)
        self.gateway_calls = contact_gateway_pb2_grpc.ContactGatewayServiceStub(self.calls)

    def header(self, request_id):
        return common_pb2.RequestHeader(client="chat-1", request_id=request_id)

    def arrive(self, contact, request_id, attributes):
        return self.gateway_calls.Arrive(commands.ArriveRequest(
            header=self.header(request_id), contact_id=contact, channel="chat", queue="help",
            attributes=attributes, customer_key=CUSTOMER))

    def all_in_redis(self):
        """Every key with all that it holds, as one text."""
        said = []
        for key in self.server.ask("KEYS", "*"):
            kind = self.server.ask("TYPE", key)
            read = {"hash": ("HGETALL", key), "set": ("SMEMBERS", key), "string": ("GET", key),
                    "stream": ("XRANGE", key, "-", "+")}[kind]  # another kind: read it here as well
            said.append("%s %s" % (key, self.server.ask(*read)))
        return "\n".join(said)

    def all_events(self):
        """What the API's event stream tells, until the contact's end."""
        stream = events_pb2_grpc.EventsServiceStub(self.calls).StreamEvents(
            events_pb2.StreamEventsRequest(after=common_pb2.Position(sequence=0)))
        said = ""
        for response in stream:
            said += str(response)
            if any(event.WhichOneof("kind") == "contact_ended" for event in response.events):
                stream.cancel()
                return said
        self.fail("the stream of events ended")

    def talk(self):
        """A chat from its arrival to its end; what the desktop was told of it."""
        desk = harness.desktop(self.calls, "desk-1")
        desk.send(log_in=dict(agent_id="nora", presence=words.AGENT_PRESENCE_READY,
                              channels=[dict(channel="chat", endpoint=ENDPOINT)]))
        answer = self.arrive("chat-1", "r-1", TOLD)
        self.assertEqual(list(answer.attributes_not_kept), [UNNAMED_KEY])
        self.assertEqual(self.arrive("chat-1", "r-1", TOLD), answer, "the same request")
        self.assertEqual(list(self.arrive("chat-1", "r-2", TOLD).attributes_not_kept),
                         [UNNAMED_KEY], "the same content")
        offer = desk.next("offer")
        desk.send(accept_offer=dict(agent_id="nora", offer_id=offer.offer_id))
        desk.next("confirmed")
        updated = self.gateway_calls.UpdateContact(commands.UpdateContactRequest(
            header=self.header("r-3"), contact_id="chat-1", attributes=commands.ContactAttributes(
                attributes={"account": UPDATED, UNNAMED_KEY: UNNAMED})))
        self.assertEqual(list(updated.attributes_not_kept), [UNNAMED_KEY])
        with self.assertRaises(grpc.RpcError) as refused:
            self.arrive("chat-2", "r-4", {"note": "pays with " + CARD})
        self.gateway_calls.EndContact(commands.EndContactRequest(
            header=self.header("r-5"), contact_id="chat-1",
            reason=words.END_REASON_CUSTOMER_LEFT))
        desk.next("ended")
        desk.close()
        return offer, refused.exception

    def test_what_is_told_of_a_customer_is_shown_nowhere(self):
        offer, refused = self.talk()
        self.assertEqual(dict(offer.attributes), {"account": ACCOUNT, "language": LANGUAGE})
        self.assertEqual(refused.code(), grpc.StatusCode.INVALID_ARGUMENT)
        detail = common_pb2.ErrorDetail.FromString(
            dict(refused.trailing_metadata())["routerd-error-bin"])
        self.assertEqual(detail.reason, "card_number")
        self.assertEqual([v.field for v in detail.field_violations], ["attributes[note]"])
        self.assertNotIn(CARD, refused.details() + str(detail))

        until("Redis has its end", lambda: "contact_ended" in self.all_in_redis())
        shown = {
            "Redis": self.all_in_redis(),
            "metrics": self.router.get("/metrics")[1],
            "the event stream": self.all_events(),
            "routerctl": "".join(self.router.ctl(*command).stdout for command in (
                ["status"], ["contacts"], ["agents", "nora", "--json"], ["queues", "--json"],
                ["events", "--json"])),
        }
        self.assertEqual(self.router.process.stop(), 0)
        shown["the log"] = "".join(self.router.process.output)
        # What must be there, so that nothing was looked for in vain.
        for where, what in (("Redis", "chat-1"), ("the event stream", "chat-1"),
                            ("routerctl", "nora"), ("the log", "serving: gRPC"),
                            ("metrics",
                             'routerd_contact_attributes_not_kept_total{domain="default"} 2')):
            self.assertIn(what, shown[where], where)
        for where, text in shown.items():
            for secret in NEVER_SHOWN:
                self.assertNotIn(secret, text, where)


if __name__ == "__main__":
    unittest.main()
