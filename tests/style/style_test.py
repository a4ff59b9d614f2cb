#!/usr/bin/python3
"""The style test's own test: each rule finds what was seeded for it, and nothing in a clean tree."""

import pathlib
import tempfile
import unittest

import style
from tree import strip_cpp

CLEAN = {
    "routerd/README.md": "",
    "routerd/core/README.md": "",
    "routerd/core/core.h": "#pragma once\n#include <vector>\nnamespace routerd::core {\n}\n",
    "routerd/core/core.cc": '#include "routerd/core/core.h"\n// rand() and sleep(1) in a comment\n'
                            'const char* s = "std::thread time(0)"; int n = 1\'000;\n',
    "tests/README.md": "",
    "tests/unit/core/core_test.cc": '#include "routerd/core/core.h"\n',
}


class StyleTest(unittest.TestCase):
    def findings(self, files):
        """What is found in the clean tree with these files put in; None takes one out."""
        with tempfile.TemporaryDirectory() as root:
            for path, text in (CLEAN | files).items():
                if text is not None:
                    file = pathlib.Path(root, path)
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_text(text, encoding="utf-8")
            return [str(finding) for finding in style.check(root)[0]]

    def assert_found(self, expected, files):
        found = self.findings(files)
        self.assertTrue(any(expected in finding for finding in found), f"{expected!r} not in {found}")

    def assert_clean(self, files):
        self.assertEqual(self.findings(files), [])

    def test_a_clean_tree_has_no_findings(self):
        self.assert_clean({})

    def test_includes_go_one_way(self):
        self.assert_found("core must not include engine", {
            "routerd/core/core.cc": '#include "routerd/engine/engine.h"\n'})
        self.assert_found("journal must not include core", {
            "routerd/journal/j.cc": '#include "routerd/core/core.h"\n'})
        self.assert_found("public proto only", {"load-tests/l.cc": '#include "routerd/core/core.h"\n'})
        self.assert_clean({"load-tests/bench_core.cc": '#include "routerd/core/core.h"\n',
                           "load-tests/README.md": ""})
        self.assert_found("not in style.py's table", {
            "routerd/misc/m.cc": '#include "routerd/core/core.h"\n'})

    def test_the_inner_folders_see_the_standard_library_only(self):
        self.assert_found("standard library only", {"routerd/core/core.cc": "#include <boost/asio.hpp>\n"})
        self.assert_found("standard library only", {"routerd/core/core.cc": "#include <unistd.h>\n"})
        for header in ("chrono", "random", "thread", "mutex", "fstream", "iostream", "filesystem"):
            self.assert_found(f"<{header}> does not belong", {
                "routerd/core/core.cc": f"#include <{header}>\n"})

    def test_the_seams_of_base_see_the_system(self):
        base = {"routerd/base/README.md": "", "tests/unit/base/file_test.cc": ""}
        self.assert_clean(base | {"routerd/base/file.cc": "#include <fcntl.h>\n"})
        self.assert_found("standard library only", base | {"routerd/base/status.cc": "#include <fcntl.h>\n"})

    def test_libraries_stay_where_they_belong(self):
        engine = "routerd/engine/e.cc"
        self.assert_found("gRPC and protobuf is kept out", {engine: "#include <grpcpp/grpcpp.h>\n"})
        self.assert_found("gRPC and protobuf is kept out", {engine: '#include "routerd/v1/a.pb.h"\n'})
        self.assert_found("hiredis is kept out", {engine: "#include <hiredis/async.h>\n"})
        self.assert_found("Boost is kept out", {engine: "#include <boost/asio.hpp>\n"})

    def test_quoted_includes_exist(self):
        self.assert_found('no file "core.h"', {"routerd/core/core.cc": '#include "core.h"\n'})

    def test_code_has_tests_and_folders_have_readmes(self):
        self.assert_found("no tests in tests/unit/core", {"tests/unit/core/core_test.cc": None})
        self.assert_found("routerd/core: has no README.md", {"routerd/core/README.md": None})
        self.assert_found("deploy: has no README.md", {"deploy/a.conf": ""})

    def test_banned_calls(self):
        for call, what in {
            "auto t = std::chrono::steady_clock::now();": "raw clock",
            "std::this_thread::sleep_for(d);": "sleeping",
            "sleep(1);": "sleeping",
            "int x = rand();": "chance that no seed",
            "std::mt19937 r;": "chance (it comes",
            'system("ls");': "another program",
            'printf("x");': "printing",
            'std::cout << "x";': "printing",
            "std::thread t;": "a thread here",
        }.items():
            self.assert_found(what, {"routerd/core/core.cc": f"void F() {{\n  {call}\n}}\n"})

    def test_banned_calls_in_scripts(self):
        self.assert_found("sleeping", {"tests/a.py": "import time\ntime.sle" "ep(1)\n"})
        self.assert_found("sleeping", {"tests/a.sh": "  sle" "ep 1\n"})
        self.assert_found("sleeping", {"tests/a.js": "await new Promise(r => set" "Timeout(r, 9));\n"})

    def test_what_only_looks_like_a_banned_call(self):
        self.assert_clean({"routerd/core/core.cc":
                           "int F() { return timer.sleep(1) + std::thread::id() + grand(2) + snprintf(b); }\n"})

    def test_sizes(self):
        self.assert_found("501 lines", {"routerd/core/core.cc": "\n" * 501})
        body = "  x();\n" * 70
        self.assert_found("a function of 72 lines", {"routerd/core/core.cc": f"void F() {{\n{body}}}\n"})
        self.assert_clean({"routerd/core/core.cc": f"struct S {{\n{body}}};\n"})
        self.assert_found("a function of 71 lines", {"tests/a.py": "def f():\n" + "    x = 1\n" * 70})

    def test_headers(self):
        self.assert_found("#pragma once", {"routerd/core/core.h": "namespace routerd::core {}\n"})
        self.assert_found("namespace routerd::core", {"routerd/core/core.h": "#pragma once\nint x;\n"})
        self.assert_clean({"routerd/core/core.h": "// Macros.\n#pragma once\n#define X(f) \\\n  f(1) \\\n  f(2)\n"})

    def test_names(self):
        self.assert_found("snake_case", {"routerd/core/Core.cpp": ""})

    def test_leftovers(self):
        self.assert_found("left open", {"routerd/core/README.md": "TO" "DO: more\n"})
        self.assert_found("path of one machine", {"routerd/core/README.md": "see /ho" "me/me/x\n"})
        self.assert_found("registry", {"tests/lock.json": "https://registry.npm" "js.org/x\n"})

    def test_literals_and_comments_are_no_code(self):
        self.assertEqual(strip_cpp('a("x\\"y"); // c\n/* d\n */ R"(e\n")" \'f\' 1\'000'),
                         "a(); \n\n \n  1'000")


if __name__ == "__main__":
    unittest.main()
