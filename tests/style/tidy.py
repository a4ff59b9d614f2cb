#!/usr/bin/python3
"""Runs clang-tidy on the files that changed since it last passed on them.

usage: tidy.py BUILD_DIR JOBS

BUILD_DIR is configured but need not be built; only generated headers must be there. What is compiled
together is checked together, for most of the work are the headers that such files share. A compilation
is checked again when one of the project's files that it reaches, or .clang-tidy, is newer than the stamp
that its last clean check left under BUILD_DIR/tidy.
"""

import concurrent.futures
import functools
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


@functools.lru_cache(maxsize=None)
def included(path, build):
    """The project's own files, generated ones too, that `path` includes directly."""
    names = INCLUDE.findall(path.read_text(encoding="utf-8"))
    places = [root / name for name in names for root in (ROOT, build / "proto/generated")]
    return [place for place in places if place.exists()]


def together(source, build):
    """The project's files that make up the compilation of `source`: itself, or those that it joins."""
    if not source.is_relative_to(build):
        return [source] if source.is_relative_to(ROOT) else []
    if source.parent.name != "Unity":
        return []  # generated code
    joined = map(pathlib.Path, INCLUDE.findall(source.read_text(encoding="utf-8")))
    return [path for path in joined if path.is_relative_to(ROOT) and not path.is_relative_to(build)]


def reached(source, build):
    """`source` and everything of the project that it includes, however deep."""
    seen, todo = set(), [source]
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo += included(path, build)
    return seen


def stale(source, build, stamp):
    """Whether anything that the check depends on has changed since its stamp was left."""
    if not stamp.exists():
        return True
    made = stamp.stat().st_mtime
    depends = reached(source, build) | {ROOT / ".clang-tidy"}
    return any(path.stat().st_mtime > made for path in depends)


def check(build, source, stamp):
    """Returns what clang-tidy complains about, or an empty string."""
    # That it includes .cc files is the point of a file that joins others.
    joins = ["--checks=-bugprone-suspicious-include"] if source.is_relative_to(build) else []
    run = subprocess.run(["clang-tidy", "-quiet", "-p", build, *joins, source],
                         capture_output=True, text=True, check=False)
    if run.returncode:
        return run.stdout + run.stderr
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.touch()
    return ""


def main():
    build, jobs = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2])
    work, files = {}, {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        source = pathlib.Path(entry["file"])
        own = together(source, build)
        stamp = build / "tidy" / source.relative_to(source.anchor)
        if own and stale(source, build, stamp):
            work[source] = stamp
            files[source] = " ".join(str(path.relative_to(ROOT)) for path in own)
    print(f"   {len(work)} compilations to check", flush=True)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        runs = {pool.submit(check, build, source, stamp): source for source, stamp in work.items()}
        for done, run in enumerate(concurrent.futures.as_completed(runs), 1):
            print(f"   [{done}/{len(work)}] {files[runs[run]]}", flush=True)
            if complaint := run.result():
                print(complaint, flush=True)
                failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
