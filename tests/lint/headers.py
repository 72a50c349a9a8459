#!/usr/bin/env python3
"""Does the comment of every public function say all that its users must know?

Checked for each function of include/icecat: a sentence on what it does; every parameter; the statuses that
it returns, or what it gives; who owns what it gives; the thread rule. What holds for a whole header may
stand in the comment that begins it ("Thread rule: ...", "Ownership rule: ...", @param lines), and what
holds for all headers in that of icecat.h.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs/api"))
import headers as api  # noqa: E402

OWNER = re.compile(r"[Ff]reed? with|[Ss]tatic|\b[Ll]ives\b|[Bb]orrowed|valid (during|until)|[Oo]wned", re.S)
STATUS = re.compile(r"\bICECAT_(OK|E_\w+)\b|\b(as|of) icecat_\w+\(\)")


def undocumented_params(function, known):
    for _, name in function.params:
        if name not in function.doc.params and f"@p {name}" not in function.doc.text and name not in known:
            yield f"parameter {name} is not documented"


def strange_params(function):
    names = {name for _, name in function.params}
    for name in [*function.doc.params, *re.findall(r"@p (\w+)", function.doc.text)]:
        if name not in names:
            yield f"there is no parameter {name}"


def results(function):
    if function.returns == "icecat_status" and not STATUS.search(function.doc.text):
        yield "no status is named"
    if function.returns not in ("void", "icecat_status") and not (function.doc.paragraphs or function.doc.returns):
        yield "nobody says what it gives"


def owners(function, known, rule):
    gives = [name for kind, name in function.params if re.search(r"\*\s*\*$", kind) and not kind.startswith("const")]
    for name in gives:
        if not OWNER.search(function.doc.params.get(name, known.get(name, ""))):
            yield f"nobody says who owns what {name} receives"
    if function.returns.endswith("*") and not (OWNER.search(function.doc.text) or rule):
        yield "nobody says who owns what it gives"


def threads(function, rule):
    if not rule and "thread" not in function.doc.text:
        yield "no thread rule"


def shortfalls(headers):
    whole = headers["icecat.h"].doc
    for header in headers.values():
        known = api.conventions(headers, header)
        owner = header.doc.rule("Ownership") or whole.rule("Ownership")
        thread = header.doc.rule("Thread") or whole.rule("Thread")
        for function in header.of("function"):
            if not function.doc.paragraphs and not function.doc.returns:
                yield header, function, "no comment"
            for check in (undocumented_params(function, known), strange_params(function), results(function),
                          owners(function, known, owner), threads(function, thread)):
                for what in check:
                    yield header, function, what


def main():
    headers = api.load()
    found = list(shortfalls(headers))
    for header, function, what in found:
        print(f"include/icecat/{header.name}:{function.line}: {function.name}: {what}")
    print(f"{sum(len(header.of('function')) for header in headers.values())} functions, {len(found)} shortfalls")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
