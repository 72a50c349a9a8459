#!/usr/bin/env python3
"""Every function that a public header declares is exported, and nothing else is.

Usage: exports.py LIBRARY.so
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
DECLARED = re.compile(r"ICECAT_(?:API|EXPERIMENTAL)\b[^;{]*?\b(icecat_\w+)\s*\(", re.S)


def declared():
    names = set()
    for header in sorted((ROOT / "include/icecat").glob("*.h")):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.S)
        names.update(DECLARED.findall(text))
    return names


def exported(library):
    lines = subprocess.run(
        ["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    rows = [line.split() for line in lines]
    return {row[-1].split("@")[0] for row in rows if row[-2] != "A"}


def main():
    headers, library = declared(), exported(sys.argv[1])
    for name in sorted(headers - library):
        print(f"{name}: declared, not exported")
    for name in sorted(library - headers):
        print(f"{name}: exported, not declared")
    print(f"{len(headers)} functions")
    return headers != library


if __name__ == "__main__":
    sys.exit(main())
