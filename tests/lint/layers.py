#!/usr/bin/env python3
"""Layers only look down, each outside header has one home, file names are unique, sizes stay small."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BELOW = {
    "base": {"base"},
    "image": {"base", "image"},
    "aws": {"base", "aws"},
    "services": {"base", "aws", "services"},
    "pipeline": {"base", "image", "aws", "services", "pipeline"},
}
HOMES = {
    "curl/": {"transport_handle.h", "transport_status.c", "global.c"},
    "cjson/": {"json.h"},
    "openssl/": {"mem.c", "buf.c", "digest.c", "hasher.c", "base64.c"},
    "png.h": {"png_confirm.c"},
    "jpeglib.h": {"jpeg_confirm.c"},
}
MAX_FILE_LINES = 450
MAX_FUNCTION_LINES = 60
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]', re.M)


def function_lengths(text):
    """Lines from the '{' in column 1 to the '}' in column 1, with the line before as the name."""
    start = name = None
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if line == "{":
            start, name = number, lines[number - 2]
        elif line == "}" and start:
            yield name.strip(), number - start - 1
            start = None


def problems():
    seen = {}
    for path in sorted((ROOT / "lib").rglob("*.[ch]")):
        layer = path.relative_to(ROOT / "lib").parts[0]
        text = path.read_text(encoding="utf-8")
        here = path.relative_to(ROOT)
        if path.name in seen and path.suffix == ".c":
            yield f"{here}: the name is taken by {seen[path.name]}"
        seen[path.name] = here
        for include in INCLUDE.findall(text):
            target = include.split("/")[0]
            if target in BELOW and target not in BELOW[layer]:
                yield f"{here}: layer {layer} must not include {include}"
            for prefix, homes in HOMES.items():
                if include.startswith(prefix) and path.name not in homes:
                    yield f"{here}: {include} belongs in {', '.join(sorted(homes))} only"
        if text.count("\n") > MAX_FILE_LINES:
            yield f"{here}: {text.count(chr(10))} lines; at most {MAX_FILE_LINES}"
        for name, length in function_lengths(text):
            if length > MAX_FUNCTION_LINES:
                yield f"{here}: {name}: {length} lines; at most {MAX_FUNCTION_LINES}"


def main():
    found = list(problems())
    for problem in found:
        print(problem)
    print(f"layers: {len(found)} problems")
    return 1 if found else 0


sys.exit(main())
