#!/usr/bin/env python3
"""Every public function is called in the sweeps of failed allocations, or left out for a reason.

Usage: swept.py OOM
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
DECLARED = re.compile(r"ICECAT_(?:API|EXPERIMENTAL)\b[^;{]*?\b(icecat_\w+)\s*\(", re.S)

# Function: why no sweep calls it.
LEFT_OUT = {}


def declared():
    names = set()
    for header in sorted((ROOT / "include/icecat").glob("*.h")):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.S)
        names.update(DECLARED.findall(text))
    return names


def main():
    lines = subprocess.run(
        [sys.argv[1], "list"], check=True, capture_output=True, text=True, timeout=50
    ).stdout.splitlines()
    allocations = {name: int(count) for name, _, count in map(str.split, lines)}
    public = declared()
    bad = False
    for name in sorted(public - allocations.keys() - LEFT_OUT.keys()):
        print(f"{name}: in no sweep; call it by SWEPT() in tests/oom, or say in swept.py why not")
        bad = True
    for name in sorted(LEFT_OUT.keys() & (allocations.keys() | (LEFT_OUT.keys() - public))):
        print(f"{name}: left out, but swept or no function")
        bad = True
    for name in sorted(allocations.keys() - public):
        print(f"{name}: swept, but not public")
        bad = True
    taking = sum(count > 0 for count in allocations.values())
    print(f"{len(public)} functions: {len(allocations)} swept, of which {taking} allocate; "
          f"{len(LEFT_OUT)} left out")
    return bad


if __name__ == "__main__":
    sys.exit(main())
