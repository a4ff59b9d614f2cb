#!/usr/bin/python3
"""./dev is told to stop while its servers start: it ends, and nothing it has started is left.

The programs around it are stand-ins; routerd never comes to serve. Reads the environment variable SOURCE_DIR.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ["SOURCE_DIR"])
PATIENCE_S = 60

STAND_INS = {
    "bin/dpkg-query": '#!/bin/sh\nfor package in "$@"; do echo "installed $package"; done\n',
    "bin/cmake": "#!/bin/sh\nexit 0\n",
    "bin/ninja": "#!/bin/sh\nexit 0\n",
    "bin/redis-server": '#!/bin/sh\necho "Ready to accept connections"\nexec tail -f /dev/null\n',
    "build/release/routerd/daemon/routerd": "#!/bin/sh\necho >started\nexec tail -f /dev/null\n",
}


class StopTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tmp = pathlib.Path(folder.name)
        shutil.copy(SOURCE / "dev", self.tmp / "dev")
        os.mkfifo(self.tmp / "started")
        for name, text in STAND_INS.items():
            program = self.tmp / name
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_text(text, encoding="utf-8")
            program.chmod(0o755)

    def test_a_signal_while_routerd_starts_leaves_nothing_running(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            run = subprocess.Popen([self.tmp / "dev", "demo"], start_new_session=True, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   env=os.environ | {"PATH": f"{self.tmp}/bin:{os.environ['PATH']}",
                                                     "TMPDIR": str(self.tmp)})
            self.addCleanup(run.kill)
            (self.tmp / "started").read_text(encoding="utf-8")  # waits for routerd
            os.killpg(run.pid, number)
            # Its output ends when all have ended that could write to it.
            said, _ = run.communicate(timeout=PATIENCE_S)
            self.assertNotEqual(run.returncode, 0)
            self.assertIn("starting routerd", said)
            self.assertEqual(list(self.tmp.glob("tmp.*")), [], "the folder of the run")


if __name__ == "__main__":
    unittest.main()
