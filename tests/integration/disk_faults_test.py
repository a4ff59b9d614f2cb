"""The disk fails, is full, is slow: what routerd answers then is true, and stays true after a new start.

strace makes the system's calls fail; the disk itself is sound."""

import os
import shutil
import signal
import unittest

import grpc
import harness
from harness import until
from routerd.v1 import common_pb2, contact_gateway_pb2_grpc, gateway_commands_pb2
from routerd.v1 import operations_pb2, operations_pb2_grpc

STRACE = shutil.which("strace")
DISK_FAILED = 74


class DiskFaults(harness.Case):
    def setUp(self):
        super().setUp()
        self.assertIsNotNone(STRACE, "strace is missing: ./dev test installs it")
        self.count = 0
        self.accepted = []

    def start(self, inject=None):
        before = ()
        if inject:
            call = inject.split(":")[0]
            before = (STRACE, "-D", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + call,
                      "-e", "inject=" + inject)
        self.router = self.daemon("policies/minimal.yaml", "--no-redis", before=before)
        channel = self.channel(self.router)
        self.gateway = contact_gateway_pb2_grpc.ContactGatewayServiceStub(channel)
        self.operations = operations_pb2_grpc.OperationsServiceStub(channel)

    def arrive(self):
        """The status code; an accepted contact is remembered."""
        self.count += 1
        ident = "c%d" % self.count
        request = gateway_commands_pb2.ArriveRequest(
            header=common_pb2.RequestHeader(client="pbx", request_id="r%d" % self.count),
            contact_id=ident, channel="voice", queue="main")
        try:
            self.gateway.Arrive(request, timeout=harness.PATIENCE_S)
        except grpc.RpcError as error:
            return error.code(), error.details()
        self.accepted.append(ident)
        return grpc.StatusCode.OK, ""

    def held(self):
        found, token = set(), ""
        while True:
            page = self.operations.ListContacts(
                operations_pb2.ListContactsRequest(page_size=1000, page_token=token))
            found |= {contact.id for contact in page.contacts}
            token = page.next_page_token
            if not token:
                return found

    def assert_kept(self):
        """A new start, on a disk that does as it is told, has every contact that was accepted."""
        self.router.process.kill()
        self.start()
        self.assertLessEqual(set(self.accepted), self.held())

    def test_a_failed_sync_ends_it_and_takes_nothing_back(self):
        self.start("fdatasync:error=EIO:when=25+")
        until("the sync fails", lambda: self.arrive()[0] != grpc.StatusCode.OK)
        self.assertEqual(self.router.process.wait(), DISK_FAILED)
        self.assertIn("journal", "".join(self.router.process.output))
        self.assertGreater(len(self.accepted), 5)
        self.assert_kept()

    def test_a_full_disk_is_told_and_passes(self):
        self.start("pwrite64:error=ENOSPC:when=40..60")
        until("there is no space", lambda: self.arrive()[0] == grpc.StatusCode.UNAVAILABLE)
        until("there is space again", lambda: self.arrive()[0] == grpc.StatusCode.OK)
        until("it is ready again", lambda: self.router.get("/readyz")[0] == 200)
        log = "".join(self.router.process.output)
        self.assertIn("journal: no space left", log)
        self.assertIn("journal: there is space again", log)
        self.assert_kept()

    def test_a_slow_disk_only_takes_longer(self):
        self.start("fdatasync:delay_exit=300000:when=20..30")
        for _ in range(40):
            self.assertEqual(self.arrive(), (grpc.StatusCode.OK, ""))
        self.router.process.signal(signal.SIGKILL)
        self.assert_kept()

    def test_a_segment_that_is_missing_stops_the_start(self):
        self.start()
        self.arrive()
        self.assertEqual(self.router.process.stop(), 0)
        folder = os.path.join(self.folder, "state/journal")
        segment = os.path.join(folder, sorted(n for n in os.listdir(folder)
                                              if n.endswith(".segment"))[0])
        os.rename(segment, segment + ".away")
        with self.assertRaises(RuntimeError) as failed:
            self.start()
        self.assertIn("journal:", str(failed.exception))
        os.rename(segment + ".away", segment)
        self.start()
        self.assertEqual(set(self.accepted), self.held())


if __name__ == "__main__":
    unittest.main()
