"""Is what lib/hardening.cmake asks for in the files that were built? Programs, the library, its archive.

    hardening.py CONFIGURATION COMPILE_COMMANDS FILE...
"""
import json
import platform
import re
import subprocess
import sys

# Of these a file shows nothing, so the command that made it is looked at.
FLAGS = ("-fstack-protector-strong", "-fstack-clash-protection")
OPTIMISED = ("Release", "RelWithDebInfo", "MinSizeRel")


def readelf(*words):
    return subprocess.run(["readelf", "--wide", *words], capture_output=True, text=True, check=True).stdout


def commands_lack(path, configuration):
    for entry in json.load(open(path, encoding="utf-8")):
        if re.search(r"/(lib|examples)/.*\.(c|cc)$", entry["file"]):
            for flag in (*FLAGS, *(("-D_FORTIFY_SOURCE=3",) if configuration in OPTIMISED else ())):
                if flag not in entry["command"].split():
                    yield f"{entry['file']}: compiled without {flag}"


def archive_lacks(path):
    if platform.machine() == "x86_64":
        notes = readelf("--notes", path)
        members = notes.count("File: ")
        marked = len(re.findall(r"x86 feature: .*IBT.*SHSTK", notes))
        if members == 0 or marked < members:
            yield f"{path}: {marked} of {members} members are marked for control-flow protection"
    if "__stack_chk_fail" not in readelf("--symbols", path):
        yield f"{path}: no function has a stack protector"


def image_lacks(path, configuration):
    segments, dynamic = readelf("--segments", path), readelf("--dynamic", path)
    is_program = "INTERP" in segments
    wanted = {
        "is not position-independent": re.search(r"Elf file type is DYN", segments),
        "has no RELRO": "GNU_RELRO" in segments,
        "is not bound at its start (BIND_NOW)": re.search(r"FLAGS.*(BIND_NOW|NOW)", dynamic),
        "has an executable stack": re.search(r"GNU_STACK.* RW +0x", segments),
        "has a segment that is writable and executable": not re.search(r"LOAD.* RWE ", segments),
        "has relocations in its text": "TEXTREL" not in dynamic,
        "is not marked as PIE": not is_program or re.search(r"FLAGS_1.*PIE", dynamic),
        "has no stack protector": "__stack_chk_fail" in readelf("--dyn-syms", path),
        "has no checked functions (_FORTIFY_SOURCE)": configuration not in OPTIMISED or "_chk@" in readelf("--dyn-syms", path),
    }
    for fault, is_good in wanted.items():
        if not is_good:
            yield f"{path}: {fault}"


def main(configuration, commands, *files):
    found = list(commands_lack(commands, configuration))
    for path in files:
        found += archive_lacks(path) if path.endswith(".a") else image_lacks(path, configuration)
    print("\n".join(found) or f"{len(files)} files are hardened")
    return 1 if found else 0


sys.exit(main(*sys.argv[1:]))
