"""A Python gateway and desktop route a contact; Redis, Prometheus and routerctl show it."""

import json
import unittest

import harness
from harness import until
from routerd.v1 import vocabulary_pb2 as words


class Lifecycle(harness.Case):
    def test_one_call_from_arrival_to_wrap_up(self):
        redis = self.redis()
        daemon = self.daemon("policies/minimal.yaml", "--redis", redis.path)
        prometheus = self.prometheus(daemon)
        channel = self.channel(daemon)

        desk = harness.desktop(channel, "desk-1")
        desk.send(log_in=dict(agent_id="anna", presence=words.AGENT_PRESENCE_READY,
                              channels=[dict(channel="voice", endpoint="sip:anna@10.0.0.5")]))
        desk.next("state_changed")
        pbx = harness.gateway(channel, "pbx-1")
        pbx.send(arrive=dict(contact_id="call-1", channel="voice", queue="main"))

        offer = pbx.next("offer")
        self.assertEqual((offer.agent_id, offer.endpoint), ("anna", "sip:anna@10.0.0.5"))
        self.assertEqual(desk.next("offer").offer_id, offer.offer_id)
        self.assertGreater(offer.ttl_ms, 0)
        until("Redis shows the offer", lambda: redis.hash(
            "routerd:{default}:agent:anna").get("shown_state") == "offered")

        desk.send(accept_offer=dict(agent_id="anna", offer_id=offer.offer_id))
        self.assertEqual(pbx.next("confirmed").offer_id, offer.offer_id)
        desk.next("confirmed")
        pbx.send(report_connected=dict(contact_id="call-1", offer_id=offer.offer_id))
        desk.next("assigned")
        until("Redis shows the conversation", lambda: redis.hash(
            "routerd:{default}:agent:anna").get("shown_state") == "on_contact")
        contacts = json.loads(daemon.ctl("--json", "contacts").stdout)
        self.assertIn("call-1", json.dumps(contacts))

        pbx.send(end_contact=dict(contact_id="call-1", reason=words.END_REASON_CUSTOMER_LEFT))
        self.assertEqual(pbx.next("ended").state, words.CONTACT_STATE_WRAP_UP)
        desk.next("wrap_up_started")
        desk.send(end_wrap_up=dict(agent_id="anna", contact_id="call-1"))
        self.assertEqual(pbx.next("ended").state, words.CONTACT_STATE_COMPLETED)

        until("Redis shows him free", lambda: redis.hash(
            "routerd:{default}:agent:anna").get("shown_state") == "ready")
        self.assertEqual(redis.hash("routerd:{default}:queue:main")["waiting"], "0")
        kinds = [dict(zip(fields[::2], fields[1::2]))["kind"] for _, fields in
                 redis.ask("XRANGE", "routerd:{default}:events", "-", "+")]
        for kind in ("offer_made", "contact_confirmed", "contact_answered", "contact_ended"):
            self.assertIn(kind, kinds)
        self.assertNotIn("10.0.0.5", str(redis.ask("XRANGE", "routerd:{default}:events", "-", "+")))

        self.assertEqual(until("the scrape", lambda: prometheus.value("up")), 1)
        until("Prometheus counts it", lambda: prometheus.value(
            'routerd_visits_total{queue="main",outcome="answered"}') == 1)
        self.assertEqual(prometheus.value('routerd_offers_total{outcome="accepted"}'), 1)
        self.assertEqual(prometheus.value('routerd_agents{state="ready"}'), 1)


if __name__ == "__main__":
    unittest.main()
