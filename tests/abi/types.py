#!/usr/bin/env python3
"""The types of the interface are those of the baseline, as abidiff of libabigail sees them.

Usage: types.py [--update]

A library with the same declarations and empty functions is compiled from the headers alone, with debug information:
so the baseline has the public types and nothing else, whatever compiler and flags build the real one. What the real
one exports is the business of exports.py. Without abidw and abidiff (Debian's abigail-tools) the test is skipped
(exit code 77).
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BASELINE = HERE / "libicecat-0.abi"
sys.path.insert(0, str(ROOT / "docs/api"))
import headers as api  # noqa: E402


def source(headers):
    lines = ["#include <icecat/icecat.h>"]
    for header in headers.values():
        for function in header.of("function"):
            gives = "" if function.returns == "void" else " return 0; "
            lines.append(function.source.rstrip(";") + " {" + gives + "}")
    return "\n".join(lines) + "\n"


def build(folder):
    """The library with empty functions. Its paths do not depend on the machine."""
    (folder / "declared.c").write_text(source(api.load()), encoding="utf-8")
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-g", "-O0", "-w", "-shared", "-fPIC", "-Wl,-soname,libicecat.so.0",
                    f"-fdebug-prefix-map={ROOT}=.", f"-I{ROOT / 'include'}", "declared.c", "-o", "libicecat.so.0"],
                   cwd=folder, check=True)
    return folder / "libicecat.so.0"


def main():
    if not (shutil.which("abidw") and shutil.which("abidiff")):
        print("abidw and abidiff are not installed (abigail-tools): skipped")
        return 77
    with tempfile.TemporaryDirectory() as name:
        library = build(pathlib.Path(name))
        if "--update" in sys.argv[1:]:
            subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed",
                            "--no-architecture", "--drop-undefined-syms", "--out-file", BASELINE, library], check=True)
        # Architecture is in the library and not in the baseline.
        done = subprocess.run(["abidiff", "--no-architecture", "--harmless", BASELINE, library],
                              capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr, end="")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
