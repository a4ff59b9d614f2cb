"""The README's gateway, run as it stands there."""

import os
import re
import subprocess
import sys
import textwrap
import unittest

import harness


class Readme(harness.Case):
    def test_the_gateway_of_the_readme_routes_its_call(self):
        with open(os.path.join(harness.SOURCE, "README.md"), encoding="utf-8") as f:
            blocks = re.findall(r"^ +```python\n(.*?)^ +```", f.read(), re.S | re.M)
        self.assertEqual(len(blocks), 1)
        program = os.path.join(self.folder, "gateway.py")
        with open(program, "w", encoding="utf-8") as f:
            f.write(textwrap.dedent(blocks[0]))
        daemon = self.daemon("policies/minimal.yaml", "--no-redis")
        result = subprocess.run([sys.executable, program, daemon.grpc], capture_output=True,
                                text=True, timeout=harness.PATIENCE_S,
                                env=dict(os.environ, PYTHONPATH=harness.STUBS))
        self.assertEqual(result.returncode, 0, result.stderr)
        for word in ("queued", "offer", "sip:anna@10.0.0.5", "confirmed", "ended"):
            self.assertIn(word, result.stdout)


if __name__ == "__main__":
    unittest.main()
