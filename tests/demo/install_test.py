#!/usr/bin/python3
"""How ./dev installs packages, tried with an apt-get that installs nothing: no server is started by it.

Reads the environment variable SOURCE_DIR.
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

# Says what policy-rc.d answers while it runs; with a FIFO called `hold` it then waits to be ended.
APT_GET = """#!/bin/sh
echo "$@" >>apt.arguments
case "$*" in *install*) ;; *) exit 0 ;; esac
sh "$POLICY_RC" redis-server start
echo "$?" >>answers
[ ! -p hold ] || read -r nothing <hold
echo "Setting up redis-server"
"""


class InstallTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tmp = pathlib.Path(folder.name)
        self.policy = self.tmp / "policy-rc.d"
        shutil.copy(SOURCE / "dev", self.tmp / "dev")
        # Nothing is installed; whoever is not root has sudo; and after the installation all ends.
        for name, text in {"apt-get": APT_GET, "dpkg-query": "#!/bin/sh\nexit 1\n",
                           "sudo": '#!/bin/sh\nexec "$@"\n', "cmake": "#!/bin/sh\nexit 9\n"}.items():
            stub = self.tmp / "bin" / name
            stub.parent.mkdir(exist_ok=True)
            stub.write_text(text, encoding="utf-8")
            stub.chmod(0o755)

    def start(self):
        run = subprocess.Popen([self.tmp / "dev", "build"], cwd=self.tmp, start_new_session=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                               env=os.environ | {"PATH": f"{self.tmp}/bin:{os.environ['PATH']}",
                                                 "POLICY_RC": str(self.policy)})
        self.addCleanup(run.stdout.close)
        return run

    def answers(self):
        return (self.tmp / "answers").read_text(encoding="utf-8").split()

    def test_servers_are_not_started_and_nothing_is_left_behind(self):
        run = self.start()
        said, _ = run.communicate(timeout=PATIENCE_S)
        self.assertEqual(self.answers(), ["101"], said)
        self.assertFalse(self.policy.exists())

    def test_ctrl_c_leaves_nothing_behind(self):
        os.mkfifo(self.tmp / "hold")
        run = self.start()
        # Opening it waits until the installation is under way and reads from it.
        with open(self.tmp / "hold", "wb", buffering=0):
            self.assertTrue(self.policy.exists())
            os.killpg(run.pid, signal.SIGINT)
            said, _ = run.communicate(timeout=PATIENCE_S)
        self.assertEqual(run.returncode, 130, said)
        self.assertFalse(self.policy.exists())

    def test_what_the_machine_has_itself_is_left_alone(self):
        self.policy.write_text("#!/bin/sh\nexit 104\n", encoding="utf-8")
        self.start().communicate(timeout=PATIENCE_S)
        self.assertEqual(self.answers(), ["104"])
        self.assertEqual(self.policy.read_text(encoding="utf-8"), "#!/bin/sh\nexit 104\n")

    def test_it_waits_for_another_apt(self):
        self.start().communicate(timeout=PATIENCE_S)
        for line in (self.tmp / "apt.arguments").read_text(encoding="utf-8").splitlines():
            self.assertIn("-o DPkg::Lock::Timeout=300", line)


if __name__ == "__main__":
    unittest.main()
