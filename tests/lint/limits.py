#!/usr/bin/env python3
"""The limits that docs/memory.md tells are those of the code."""
import re
import sys

from pages import ROOT, read, report

PAGE = "docs/memory.md"
ROW = re.compile(r"^\| (.+?) \| ([\d,]+)( bytes| KiB| MiB| GiB)? \| `(\w+)` of `([\w./]+)` \|$", re.M)
UNITS = {"": 1, " bytes": 1, " KiB": 1 << 10, " MiB": 1 << 20, " GiB": 1 << 30}


def value_of(name, text):
    """A macro's number; it may be made of other macros of its file."""
    found = re.search(rf"^#define {name}\s+(.+?)\s*(?:/\*.*)?$", text, re.M)
    if not found:
        return None
    words = re.sub(r"\b(\d+)(?:u|U|l|L)+\b", r"\1", found.group(1))
    words = re.sub(r"\b[A-Z_][A-Z0-9_]*\b", lambda word: str(value_of(word.group(0), text)), words)
    if not re.fullmatch(r"[\d\s()*+<]+", words):
        return None
    return eval(words)  # digits, brackets and operators only


def problems():
    part = read(PAGE).split("\n## Limits\n")[1].split("\n## ")[0]
    rows = ROW.findall(part)
    lines = [line for line in part.splitlines() if line.startswith("|")]
    if len(rows) != len(lines) - 2:
        yield f"{PAGE}: {len(lines) - 2 - len(rows)} rows of the limits cannot be read"
    for what, number, unit, name, path in rows:
        told = int(number.replace(",", "")) * UNITS[unit]
        known = value_of(name, (ROOT / path).read_text(encoding="utf-8"))
        if known != told:
            yield f"{PAGE}: {what}: the page says {told}, {name} of {path} is {known}"


sys.exit(report("limits", list(problems())))
