#!/usr/bin/env python3
"""How big the library is, by itself and inside programs, and whether that is more than promised.

Usage: size.py SOURCE_DIR BUILD_DIR [--update]

BUILD_DIR is an optimised build. The preset "small" is built in a folder of it. Prints the table of docs/size.md, and
with --update writes it there; fails when a limit is passed, or when the page is more than 5 % wrong. The numbers
of the page are those of gcc on x86_64: elsewhere only the table is printed.
"""
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

LIBRARIES = ["-lcurl", "-lcrypto", "-lcjson", "-lpng16", "-ljpeg", "-lm", "-pthread"]
FOR_SIGNING = ["-lcrypto"]
# What a program does, and the calls that it makes.
PROGRAMS = {
    "only signs": "icecat_sigv4_sign",
    "signs and verifies": "icecat_sigv4_sign icecat_sigv4_parse icecat_sigv4_verify icecat_sigv4_explain",
    "only checks image headers": "icecat_image_probe_file",
    "puts objects": "icecat_client_new icecat_s3_put_object icecat_client_free",
    "asks Rekognition": "icecat_client_new icecat_rekognition_detect_labels icecat_labels_verdict icecat_client_free",
    "uses everything": "",
}
LIMITS = {"shared library, preset small": 250_000, "program that only signs": 40_000}


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")
    return done.stdout


def stripped(library, folder):
    copy = folder / "stripped"
    run("strip", "-R", ".comment", "-o", copy, library)
    return copy.stat().st_size


def small_library(source, build):
    folder = build / "small"
    run("cmake", "--preset", "small", "-B", folder, cwd=source)
    run("cmake", "--build", folder, "--target", "icecat", "icecat_static")
    return folder


def taken(link_map):
    """Bytes of code and data that the linker took out of libicecat.a."""
    text = link_map.read_text(encoding="utf-8").partition("Linker script and memory map")[2]
    rows = re.findall(r"^ \.(\w+)\S*\s+0x[0-9a-f]+\s+0x([0-9a-f]+) \S*libicecat\.a\(", text, re.M)
    return sum(int(size, 16) for section, size in rows if section in ("text", "rodata", "data", "bss"))


def program(source, archive, calls, folder):
    names = calls.split() or sorted(set(re.findall(r"\b(icecat_\w+);", (source / "lib/icecat.map").read_text(encoding="utf-8"))))
    lines = ["#include <icecat/icecat.h>", "typedef void function(void);"]
    lines.append("function *volatile calls[] = {" + ", ".join(f"(function *)&{name}" for name in names) + "};")
    lines += ["int main(int argc, char **argv) { (void)argv; return calls[argc - 1] == 0; }", ""]
    (folder / "main.c").write_text("\n".join(lines), encoding="utf-8")
    run(os.environ.get("CC", "cc"), "-std=c11", "-w", "-DICECAT_STATIC", f"-I{source / 'include'}", folder / "main.c", archive,
        *(FOR_SIGNING if calls == "icecat_sigv4_sign" else LIBRARIES), "-fno-lto", "-Wl,--gc-sections", f"-Wl,-Map={folder / 'map'}", "-o", folder / "main")
    return taken(folder / "map")


def measure(source, build):
    """{what: bytes}, in the order of the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        small = small_library(source, build)
        sizes = {"shared library, preset small": stripped(small / "lib/libicecat.so", folder),
                 "shared library, preset release": stripped(build / "lib/libicecat.so", folder)}
        for what, calls in PROGRAMS.items():
            sizes[f"program that {what}"] = program(source, build / "lib/libicecat.a", calls, folder)
            sizes[f"program that {what}, preset small"] = program(source, small / "lib/libicecat.a", calls, folder)
    return sizes


def table(sizes):
    lines = ["| what | bytes | limit |", "| --- | --- | --- |"]
    return "\n".join(lines + [f"| {what} | {size:,} | {f'{LIMITS[what]:,}' if what in LIMITS else ''} |"
                              for what, size in sizes.items()])


def problems(sizes, page):
    for what, size in sizes.items():
        if size < 5_000:
            yield f"{what}: {size:,} bytes are too few to be true"
        if size > LIMITS.get(what, size):
            yield f"{what}: {size:,} bytes; at most {LIMITS[what]:,}"
        told = re.search(rf"^\| {re.escape(what)} \| ([\d,]+) \|", page, re.M)
        if not told:
            yield f"{what}: docs/size.md does not have it"
        elif abs(int(told[1].replace(",", "")) - size) > size * 0.05:
            yield f"{what}: {size:,} bytes; docs/size.md says {told[1]}"


def main():
    source, build = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    page = source / "docs/size.md"
    sizes = measure(source, build)
    print(table(sizes))
    if "--update" in sys.argv[3:]:
        text = page.read_text(encoding="utf-8")
        page.write_text(re.sub(r"\| what \| bytes \|.*?(?=\n\n|\Z)", lambda _: table(sizes), text, flags=re.S),
                        encoding="utf-8")
    if platform.machine() != "x86_64" or "clang" in os.environ.get("CC", "cc"):
        return 0
    found = list(problems(sizes, page.read_text(encoding="utf-8")))
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
