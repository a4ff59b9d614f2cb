"""A Python gateway and two desktops: a colleague is asked and takes the call over, one joins another, a
caller is called back, a chat's customer falls silent, and callers hear an announcement."""

import os
import unittest

import harness
from harness import until
from routerd.v1 import vocabulary_pb2 as words

POLICY = """version: 1
channels:
  voice: {wrap_up: none}
  callback: {wrap_up: none}
  chat: {max_per_agent: 1, wrap_up: none, when_inactive: frees}
queues:
  sales: {agents: [ann], callback: {attempts: 1}}
  specialists: {agents: [tom]}
  chats: {agents: [tom]}
  night: {mode: closed, when_closed: {treat: closed_announcement}}
  busy: {mode: closed, when_closed: {treat: offer_callback, overflow: sales}, agents: [tom]}
treatments:
  closed_announcement: {time: 1d}
  offer_callback: {time: 1d}
agents:
  ann: {accept: auto}
  tom:
"""


class Flows(harness.Case):
    def centre(self):
        policy = os.path.join(self.folder, "flows.yaml")
        with open(policy, "w", encoding="utf-8") as f:
            f.write(POLICY)
        redis = self.redis()
        daemon = self.daemon(policy, "--redis", redis.path)
        channel = self.channel(daemon)
        desks = {}
        for agent in ("ann", "tom"):
            desks[agent] = harness.desktop(channel, "desk-" + agent)
            desks[agent].send(log_in=dict(
                agent_id=agent, presence=words.AGENT_PRESENCE_READY,
                channels=[dict(channel="voice", endpoint="sip:" + agent),
                          dict(channel="callback", endpoint="sip:" + agent),
                          dict(channel="chat", endpoint=agent + "@chat")]))
            desks[agent].next("state_changed")
        self.pbx_anew = lambda: harness.gateway(channel, "pbx-1")
        return redis, self.pbx_anew(), desks

    def take(self, pbx, contact):
        """Ann's offers accept themselves."""
        confirmed = pbx.next("confirmed")
        self.assertEqual((confirmed.contact_id, confirmed.agent_id), (contact, "ann"))
        pbx.send(report_connected=dict(contact_id=contact, offer_id=confirmed.offer_id))

    def ask(self, pbx, tom, parent, child):
        pbx.send(start_consult=dict(contact_id=parent, consult_contact_id=child,
                                    target=dict(queue="specialists")))
        offer = tom.next("offer")
        self.assertEqual((offer.contact_id, offer.consult_of), (child, parent))
        tom.send(accept_offer=dict(agent_id="tom", offer_id=offer.offer_id))
        pbx.next("confirmed")
        pbx.send(report_connected=dict(contact_id=child, offer_id=offer.offer_id))
        self.assertEqual(tom.next("assigned").contact_id, child)

    def test_a_consult_a_conference_and_a_callback(self):
        redis, pbx, desks = self.centre()
        ann, tom = desks["ann"], desks["tom"]
        pbx.send(arrive=dict(contact_id="call-1", channel="voice", queue="sales"))
        self.take(pbx, "call-1")
        self.ask(pbx, tom, "call-1", "call-1-c1")
        pbx.send(complete_consult=dict(consult_contact_id="call-1-c1"))
        assigned = tom.next("assigned")
        self.assertEqual((assigned.contact_id, assigned.consult_contact_id),
                         ("call-1", "call-1-c1"))
        self.assertEqual(ann.next("ended").state, words.CONTACT_STATE_ASSIGNED)
        self.assertEqual(pbx.next("agent_left").agent_id, "ann")
        self.assertEqual(pbx.next("agent_joined").agent_id, "tom")
        self.assertEqual(pbx.next("ended").contact_id, "call-1-c1")
        pbx.send(end_contact=dict(contact_id="call-1", reason=words.END_REASON_CUSTOMER_LEFT))
        self.assertEqual(pbx.next("ended").state, words.CONTACT_STATE_WRAP_UP)
        self.assertEqual(pbx.next("ended").state, words.CONTACT_STATE_COMPLETED)

        pbx.send(arrive=dict(contact_id="call-2", channel="voice", queue="sales"))
        self.take(pbx, "call-2")
        self.ask(pbx, tom, "call-2", "call-2-c1")
        pbx.send(join_consult=dict(consult_contact_id="call-2-c1"))
        self.assertEqual(tom.next("assigned").contact_id, "call-2")
        until("Redis shows both on the call", lambda: all(
            "call-2" in redis.hash("routerd:{default}:agent:" + a).get("work", "")
            for a in ("ann", "tom")))

        # Nobody is free: the caller is to be called back, and is not reached.
        pbx.send(arrive=dict(contact_id="call-3", channel="voice", queue="sales"))
        pbx.send(request_callback=dict(contact_id="call-3"))
        until("Redis counts it", lambda: redis.hash(
            "routerd:{default}:queue:sales").get("to_callback") == "1")
        pbx.send(end_contact=dict(contact_id="call-2", reason=words.END_REASON_CUSTOMER_LEFT))
        confirmed = pbx.next("confirmed")
        self.assertEqual(confirmed.contact_id, "call-3")
        pbx.send(report_connect_failed=dict(
            contact_id="call-3", offer_id=confirmed.offer_id,
            cause=words.CONNECT_FAILED_CAUSE_CUSTOMER_NO_ANSWER))
        ended = pbx.next("ended")
        while ended.contact_id != "call-3":
            ended = pbx.next("ended")
        self.assertEqual((ended.state, ended.reason), (words.CONTACT_STATE_EXPIRED_CALLBACK,
                                                       words.END_REASON_CALLBACK_ATTEMPTS))
        figures = redis.hash("routerd:{default}:queue:specialists")
        self.assertEqual((figures["entered"], figures["answered"]), ("0", "0"))


    def test_a_silent_customer(self):
        _, pbx, desks = self.centre()
        tom = desks["tom"]

        def chat(contact):
            pbx.send(arrive=dict(contact_id=contact, channel="chat", queue="chats"))
            offer = tom.next("offer")
            self.assertEqual(offer.contact_id, contact)
            tom.send(accept_offer=dict(agent_id="tom", offer_id=offer.offer_id))
            self.assertEqual(tom.next("assigned").contact_id, contact)

        chat("chat-1")
        pbx.send(report_customer_inactive=dict(contact_id="chat-1"))
        self.assertEqual(tom.next("customer_inactive").contact_id, "chat-1")
        self.assertEqual(pbx.next("customer_inactive").agent_id, "tom")
        chat("chat-2")
        pbx = self.pbx_anew()
        pbx.sent = 100  # its request ids are other ones
        silent = {held.contact_id: held.customer_inactive
                  for held in pbx.next("reconcile").contacts}
        self.assertEqual(silent, {"chat-1": True, "chat-2": False})
        pbx.send(report_customer_active=dict(contact_id="chat-1"))
        self.assertEqual(tom.next("customer_active").contact_id, "chat-1")
        work = {item.contact_id: item.customer_inactive
                for item in tom.next("state_changed").status.items}
        self.assertEqual(work, {"chat-1": False, "chat-2": False})


    def test_an_announcement_and_the_offer_to_call_back(self):
        _, pbx, desks = self.centre()
        pbx.send(arrive=dict(contact_id="call-1", channel="voice", queue="night"))
        treat = pbx.next("treat")
        self.assertEqual((treat.contact_id, treat.treatment, treat.queue),
                         ("call-1", "closed_announcement", "night"))
        anew = self.pbx_anew()
        anew.sent = 100  # its request ids are other ones
        held, = anew.next("reconcile").contacts
        self.assertEqual((held.state, held.treatment, held.treatment_id),
                         (words.CONTACT_STATE_TREATED, treat.treatment, treat.treatment_id))
        anew.send(report_treatment_done=dict(contact_id="call-1",
                                             treatment_id=treat.treatment_id))
        ended = anew.next("ended")
        self.assertEqual((ended.state, ended.reason), (words.CONTACT_STATE_REFUSED,
                                                       words.END_REASON_QUEUE_CLOSED))
        # One wants to be called back, one does not and goes on.
        for contact in ("call-2", "call-3"):
            anew.send(arrive=dict(contact_id=contact, channel="voice", queue="busy"))
            treat = anew.next("treat")
            self.assertEqual((treat.contact_id, treat.treatment), (contact, "offer_callback"))
            if contact == "call-2":
                anew.send(request_callback=dict(contact_id=contact))
                self.assertEqual(desks["tom"].next("offer").contact_id, contact)
            else:
                anew.send(report_treatment_done=dict(contact_id=contact,
                                                     treatment_id=treat.treatment_id))
                self.assertEqual(anew.next("moved").to_queue, "sales")
                self.take(anew, contact)


if __name__ == "__main__":
    unittest.main()
