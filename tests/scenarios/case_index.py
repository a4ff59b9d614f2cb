#!/usr/bin/python3
"""Whether every scenario that the README's list of cases names is there, and each row names one.

usage: case_index.py
"""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent


def main():
    _, _, section = (HERE / "README.md").read_text(encoding="utf-8").partition("\n## What broke other routers\n")
    rows = [line for line in section.splitlines() if line.startswith("| ") and "shown by" not in line]
    wrong = [] if rows else ["README.md has no list of cases"]
    for row in rows:
        names = re.findall(r"`(\w+)`", row)
        if not names:
            wrong.append(f"no scenario in: {row}")
        wrong += [f"no {name}.scn" for name in names if not (HERE / f"{name}.scn").exists()]
    print("\n".join(wrong) or f"{len(rows)} cases, all there")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
