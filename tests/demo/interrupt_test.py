#!/usr/bin/python3
"""Ctrl-C ends ./dev demo as its help says: a summary, exit code 0, and no process left behind.

Reads the environment variable SOURCE_DIR.
"""

import ctypes
import os
import pathlib
import pty
import select
import signal
import time
import unittest

SOURCE = os.environ["SOURCE_DIR"]
PATIENCE_S = 240
PR_SET_CHILD_SUBREAPER = 36


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, *command):
        self.shown = ""
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execv(command[0], command)

    def read_until(self, done):
        """Reads until done() or the end; false if nothing came of it in time."""
        deadline = time.monotonic() + PATIENCE_S
        while not done():
            left = deadline - time.monotonic()
            if left < 0 or not select.select([self.master], [], [], left)[0]:
                return False
            try:
                data = os.read(self.master, 65536)
            except OSError:  # nobody has the terminal open any more
                return True
            self.shown += data.decode(errors="replace")
        return True

    def type(self, keys):
        os.write(self.master, keys)

    def close(self):
        try:
            os.kill(self.pid, signal.SIGTERM)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass  # it has ended
        os.close(self.master)


def running_children():
    """Command lines of this process's children that have not ended."""
    try:
        while (found := os.waitpid(-1, os.WNOHANG))[0] != 0:
            pass
    except ChildProcessError:
        return []
    left = []
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                left.append(stat.with_name("cmdline").read_text().replace("\0", " "))
        except OSError:
            pass  # it has just gone
    return left


class Interrupt(unittest.TestCase):
    def test_ctrl_c_sums_up_and_leaves_nothing_running(self):
        # What the script leaves behind becomes a child of this process.
        self.assertEqual(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0)
        demo = Terminal(os.path.join(SOURCE, "dev"), "demo")
        self.addCleanup(demo.close)
        self.assertTrue(demo.read_until(lambda: "arrival to offer" in demo.shown), demo.shown)
        demo.type(b"\x03")
        self.assertTrue(demo.read_until(lambda: False), demo.shown)
        _, status = os.waitpid(demo.pid, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0, demo.shown)
        self.assertRegex(demo.shown, r"audit: \d+ contacts taken by the router, \d+ ended, 0 violations")
        self.assertEqual(running_children(), [])


if __name__ == "__main__":
    unittest.main()
