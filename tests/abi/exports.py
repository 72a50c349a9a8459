#!/usr/bin/env python3
"""One list of functions, wherever it is written: what the headers declare, what the version map names, what the
library exports, the golden list, and what each binding offers or says that it leaves out.

Usage: exports.py LIBRARY.so [--update]

--update writes the golden list libicecat.symbols anew, in Debian's form: every symbol with its version node and the
release that brought it. A function that is gone must be taken out by hand, with a new SONAME (docs/abi.md).
"""
import fnmatch
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GOLDEN = HERE / "libicecat.symbols"
sys.path[:0] = [str(ROOT / "docs/api"), str(ROOT / "bindings/python")]
import cdef  # noqa: E402
import headers as api  # noqa: E402


def declared(headers):
    return {function.name for header in headers.values() for function in header.of("function")}


def mapped():
    """{symbol: node} of the version map; a pattern there would export what nobody decided."""
    text = re.sub(r"/\*.*?\*/", "", (ROOT / "lib/icecat.map").read_text(encoding="utf-8"), flags=re.S)
    found = {}
    for node, body in re.findall(r"(\w+) \{(.*?)\}", text, re.S):
        for name in re.findall(r"[\w*?]+(?=;)", body.split("local:")[0]):
            found[name] = node
    return found


def exported(library):
    """{symbol: node} of what the library defines for others."""
    lines = subprocess.run(["nm", "-D", "--defined-only", "--with-symbol-versions", library], check=True,
                           capture_output=True, text=True).stdout.splitlines()
    rows = [line.split() for line in lines]
    pairs = [row[-1].replace("@@", "@").partition("@") for row in rows if row[-2] != "A"]
    return {name: node for name, _, node in pairs}


def golden():
    """{symbol: (node, release)}."""
    text = GOLDEN.read_text(encoding="utf-8") if GOLDEN.exists() else ""
    return {name: (node, release) for name, node, release in re.findall(r"^ (\w+)@(\w+) (\S+)$", text, re.M)}


def soname(library):
    text = subprocess.run(["objdump", "-p", library], check=True, capture_output=True, text=True).stdout
    return re.search(r"SONAME\s+(\S+)", text)[1]


def version():
    text = (ROOT / "include/icecat/version.h").read_text(encoding="utf-8")
    return ".".join(re.findall(r"#define ICECAT_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", text))


def update(library):
    known, now = golden(), exported(library)
    name = soname(library)
    lines = [f"{name} libicecat{name.rpartition('.')[2]} #MINVER#"]
    for symbol, node in sorted({**{old: row[0] for old, row in known.items()}, **now}.items()):
        if not node or symbol == node:
            continue
        lines.append(f" {symbol}@{node} {known.get(symbol, (node, version()))[1]}")
    GOLDEN.write_text("\n".join(lines) + "\n", encoding="utf-8")


def offered_by_go(functions):
    """Functions that it calls, and those that a pattern of its list leaves out."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bindings/go").glob("*.[cgh]*"))
    words = [line.split()[0] for line in (ROOT / "bindings/go/skipped.txt").read_text(encoding="utf-8").splitlines() if line]
    patterns = [word for word in words if word.startswith("icecat_") and "." not in word]
    matched = {name for pattern in patterns for name in functions if fnmatch.fnmatchcase(name, pattern)}
    unused = {pattern for pattern in patterns if not fnmatch.filter(functions, pattern)}
    return set(re.findall(r"\b(icecat_\w+)\b", text)), matched | unused


def binding(name, functions, offered, skipped):
    for each in sorted(functions - offered - skipped):
        yield f"{each}: the {name} binding neither offers it nor says why not"
    for each in sorted(skipped - functions):
        yield f"{each}: the {name} binding leaves it out, and it is not there"


def problems(library):
    functions, there, map_, list_ = declared(api.load()), exported(library), mapped(), golden()
    for what, names in (("exported", set(there)), ("in lib/icecat.map", set(map_)), ("in libicecat.symbols", set(list_))):
        for name in sorted(functions - names):
            yield f"{name}: declared, not {what}"
        for name in sorted(names - functions):
            yield f"{name}: {what}, not declared"
    for name in sorted(functions & set(there)):
        nodes = {there[name], map_.get(name, there[name]), list_.get(name, (there[name],))[0]}
        if len(nodes) != 1:
            yield f"{name}: its version is one of {', '.join(sorted(nodes))}"
    in_python = set(re.findall(r"\b(icecat_\w+)\s*\(", cdef.generate(ROOT / "include")))
    skipped = set(cdef.NOT_WRAPPED) | {name for name in functions if cdef.INIT.match(name)}
    yield from binding("Python", functions, in_python, skipped)
    yield from binding("Go", functions, *offered_by_go(functions))


def main():
    if "--update" in sys.argv[2:]:
        update(sys.argv[1])
    found = list(problems(sys.argv[1]))
    print("\n".join(found))
    print(f"{len(declared(api.load()))} functions, {len(found)} problems")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
