#!/usr/bin/python3
"""Checks what the compiler cannot: the direction of includes, what each folder may use, and the house rules.

usage: style.py [ROOT]

Prints one line per finding, `path:line: what is wrong`, and exits 1 if there is any. The rules about
folders and libraries are tables in this file; the rules about text are in text_rules.py.
"""

import pathlib
import re
import sys

import text_rules
from tree import Finding, Tree

# What a folder of routerd/ may include besides itself: daemon → api, publish, wall, compiler → engine
# → core, journal → model → base, and never back.
BELOW_ENGINE = {"core", "journal", "model", "base"}
MAY_INCLUDE = {
    "base": set(),
    "model": {"base"},
    "core": {"model", "base"},
    "journal": {"model", "base"},
    "compiler": {"model", "base"},
    "engine": BELOW_ENGINE,
    "publish": {"engine"} | BELOW_ENGINE,
    "api": {"publish", "compiler", "engine"} | BELOW_ENGINE,
    "wall": {"publish", "engine"} | BELOW_ENGINE,
    "sim": {"compiler", "engine"} | BELOW_ENGINE,
    "daemon": {"api", "publish", "wall", "compiler", "engine"} | BELOW_ENGINE,
    "ctl": {"compiler", "sim", "engine"} | BELOW_ENGINE,
}

# These folders see the standard library only; model and core not even all of it.
STANDARD_ONLY = {"base", "model", "core"}
PURE = {"model", "core"}
NOT_IN_PURE = {
    "atomic", "chrono", "condition_variable", "cstdio", "ctime", "filesystem", "fstream", "future",
    "iostream", "mutex", "random", "semaphore", "shared_mutex", "stop_token", "thread",
}
# The seams to the system: the only files of base that may use its headers.
SEAMS = re.compile(r"routerd/base/(clock|file)\w*\.(h|cc)$")

# Where a library may be included: what it stands for, the header, the folders.
LIBRARIES = [
    # That gRPC logs as we do is part of setting up the log.
    ("gRPC's log", re.compile(r"^grpc/support/log\.h$"), {"routerd/daemon", "tests"}),
    ("gRPC and protobuf", re.compile(r"^(grpc(?!/support/log\.h)|google/|routerd/v1/)|\.pb\.h$"),
     {"proto", "routerd/api", "routerd/ctl", "load-tests", "tests"}),
    ("hiredis", re.compile(r"^(hiredis/)?(hiredis|async)\.h$|^hiredis/"),
     {"routerd/publish", "load-tests", "tests"}),
    ("prometheus-cpp", re.compile(r"^prometheus/"), {"routerd/publish", "routerd/wall", "tests"}),
    ("yaml-cpp", re.compile(r"^yaml-cpp/"),
     {"routerd/compiler", "routerd/daemon", "routerd/ctl", "load-tests", "tests"}),
    ("Boost", re.compile(r"^boost/"),
     {"routerd/publish", "routerd/wall", "routerd/daemon", "load-tests", "tests"}),
    ("systemd", re.compile(r"^systemd/"), {"routerd/daemon", "tests"}),
    ("simdjson", re.compile(r"^simdjson"), {"routerd/sim"}),
    ("CLI11", re.compile(r"^CLI/"), {"routerd/daemon", "routerd/ctl", "load-tests"}),
]

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def folder_of(path):
    """routerd/core/x.h → routerd/core; load-tests/a/b.cc → load-tests."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "routerd" and len(parts) > 2 else parts[0]


def includes(tree):
    """Yields (path, line number, quoted or not, header) for every include of our C++ files."""
    for path in tree.matching(r"\.(h|cc)$"):
        for number, line in enumerate(tree.lines(path), 1):
            if match := INCLUDE.match(line):
                yield path, number, match[1] == '"', match[2]


def check_directions(tree):
    for path, number, _, header in includes(tree):
        target = re.match(r"routerd/(\w+)/", header)
        if not target or target[1] == "v1":
            continue
        folder = folder_of(path)
        if folder == "load-tests":
            if not re.match(r"load-tests/bench_\w+\.(cc|h)$", path):
                yield Finding(path, number, f"load-tests uses the public proto only, not {header}")
            continue
        if not folder.startswith("routerd/"):
            continue
        name = folder.removeprefix("routerd/")
        if name not in MAY_INCLUDE:
            yield Finding(path, number, f"routerd/{name} is not in style.py's table of folders")
        elif target[1] != name and target[1] not in MAY_INCLUDE[name]:
            yield Finding(path, number, f"{name} must not include {target[1]} ({header})")


def check_standard_only(tree):
    for path, number, quoted, header in includes(tree):
        name = folder_of(path).removeprefix("routerd/")
        if name not in STANDARD_ONLY:
            continue
        if quoted:
            if not header.startswith("routerd/"):
                yield Finding(path, number, f"{name} includes the standard library only, not {header}")
        elif not re.fullmatch(r"[a-z_0-9]+", header):
            if not SEAMS.match(path):
                yield Finding(path, number, f"{name} includes the standard library only, not <{header}>")
        elif name in PURE and header in NOT_IN_PURE:
            yield Finding(path, number, f"<{header}> does not belong in {name}: no clock, thread, "
                                        "file or chance there")


def check_libraries(tree):
    for path, number, _, header in includes(tree):
        for library, pattern, homes in LIBRARIES:
            if pattern.search(header) and folder_of(path) not in homes:
                yield Finding(path, number, f"{library} is kept out of {folder_of(path)} ({header})")


def check_quoted(tree):
    """Quoted includes start at the project's root and name a file that is there."""
    for path, number, quoted, header in includes(tree):
        if quoted and header not in tree and not header.startswith("routerd/v1/"):
            yield Finding(path, number, f'no file "{header}" below the project\'s root')


def check_mirror(tree):
    """Every folder of routerd/ with code has unit tests of the same name."""
    for folder in sorted({folder_of(path) for path in tree.matching(r"^routerd/\w+/.*\.cc$")}):
        tests = f"tests/unit/{folder.removeprefix('routerd/')}"
        if not tree.matching(rf"^{tests}/\w+_test\.cc$"):
            yield Finding(folder, 0, f"has code and no tests in {tests}/")


def check_readmes(tree):
    folders = {path.split("/")[0] for path in tree if "/" in path and not path.startswith(".")}
    folders |= {folder_of(path) for path in tree.matching(r"^routerd/\w+/")}
    for folder in sorted(folders):
        if f"{folder}/README.md" not in tree:
            yield Finding(folder, 0, "has no README.md")


RULES = [
    check_directions, check_standard_only, check_libraries, check_quoted, check_mirror, check_readmes,
    *text_rules.RULES,
]


def check(root):
    """All findings below root."""
    tree = Tree(root)
    return [finding for rule in RULES for finding in rule(tree)], len(tree)


def main():
    here = pathlib.Path(__file__).resolve()
    findings, files = check(sys.argv[1] if len(sys.argv) > 1 else here.parents[2])
    for finding in findings:
        print(finding)
    print(f"style: {files} files, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
