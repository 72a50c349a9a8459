#!/usr/bin/env python3
"""The layout of every public struct, and the value of every constant, are those of the golden file.

Usage: layout.py [--update]

A program made from the headers is compiled and run; what it prints is compared with layout-MACHINE.txt. --update
writes that file anew, after a change that docs/abi.md allows. Three rules hold beside the golden file: a struct
that has a struct_size begins with it, has no padding behind its last field, and nowhere in between.
"""
import difflib
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "docs/api"))
import headers as api  # noqa: E402

NUMBER = re.compile(r"#define (ICECAT_\w+)\s+(?:\\\n\s*)?(\d+u?)\b")
FIELD = re.compile(r"(?:\(\*(\w+)\)\([^;]*|\b(\w+)(?:\[\d+\])?);")


def without_comments(source):
    return re.sub(r"/\*.*?\*/", "", source, flags=re.S)


def structs(headers):
    """(name, fields) of every struct whose fields are public."""
    for header in headers.values():
        for entity in header.of("type"):
            body = re.match(r"typedef struct \w+ \{(.*)\} \w+;", without_comments(entity.source), re.S)
            if body:
                yield entity.name, [one or other for one, other in FIELD.findall(body[1])]


def constants(headers):
    """(group, names) of the enums, and of the numbers that are macros, header by header."""
    for name, header in headers.items():
        for entity in header.of("type"):
            body = re.match(r"typedef enum \w+ \{(.*)\} \w+;", without_comments(entity.source), re.S)
            if body:
                yield f"enum {entity.name}", re.findall(r"(ICECAT_\w+)\s*=", body[1])
        numbers = [found for entity in header.of("macros") for found, _ in NUMBER.findall(entity.source)]
        if numbers and name != "version.h":
            yield f"constants {name}", numbers


def program(headers):
    lines = ["#include <icecat/icecat.h>", "#include <stdio.h>", "int main(void)", "{"]
    for name, fields in structs(headers):
        lines.append(f'printf("struct {name} %zu\\n", sizeof({name}));')
        for field in fields:
            lines.append(f'printf("  %4zu %4zu {field}\\n", offsetof({name}, {field}), sizeof((({name} *)0)->{field}));')
    for group, names in constants(headers):
        lines.append(f'puts("{group}");')
        lines += [f'printf("  %lld {name}\\n", (long long){name});' for name in names]
    return "\n".join([*lines, "return 0;", "}", ""])


def measured(headers):
    with tempfile.TemporaryDirectory() as folder:
        source, binary = pathlib.Path(folder, "layout.c"), pathlib.Path(folder, "layout")
        source.write_text(program(headers), encoding="utf-8")
        subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-w", f"-I{ROOT / 'include'}", source, "-o", binary], check=True)
        return subprocess.run([binary], check=True, capture_output=True, text=True).stdout


def broken_rules(text):
    for name, size, body in re.findall(r"^struct (\w+) (\d+)\n((?:  .*\n)+)", text, re.M):
        fields = [(int(at), int(length), field) for at, length, field in
                  (line.split() for line in body.splitlines())]
        if not any(field == "struct_size" for _, _, field in fields):
            continue
        if fields[0][2] != "struct_size":
            yield f"{name}: struct_size is not the first field"
        ends = [at + length for at, length, _ in fields]
        for end, (at, _, field) in zip(ends, [*fields[1:], (int(size), 0, "its end")]):
            if end != at:
                yield f"{name}: {at - end} bytes of padding before {field}"


def main():
    golden = HERE / f"layout-{platform.machine()}.txt"
    text = measured(api.load())
    problems = list(broken_rules(text))
    print("\n".join(problems))
    if "--update" in sys.argv[1:]:
        golden.write_text(text, encoding="utf-8")
    elif not golden.exists():
        print(f"there is no {golden.name}: nothing to compare with on this machine")
    else:
        changes = list(difflib.unified_diff(golden.read_text(encoding="utf-8").splitlines(), text.splitlines(),
                                            golden.name, "headers", lineterm="", n=2))
        print("\n".join(changes))
        problems += changes
    print(f"{text.count('struct ')} structs, {len(problems)} lines of problems")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
