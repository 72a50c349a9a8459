#!/usr/bin/env python3
"""Line and branch coverage of lib/, by layer, from what gcov counted in a build with ICECAT_COVERAGE.

    coverage.py BUILD                the table; ends with 1 below 95 % of the lines or 85 % of the branches
    coverage.py BUILD --missing DIR  also what no test reached in that part of lib/

Nothing is left out: what no test can reach is what the two numbers have room for.
"""
import argparse
import collections
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
LEAST_LINES, LEAST_BRANCHES = 95.0, 85.0


class File:
    def __init__(self):
        self.lines = {}  # number: how often it was run
        self.branches = {}  # (line, which): how often it was taken

    def add(self, line):
        number = line["line_number"]
        self.lines[number] = max(self.lines.get(number, 0), line["count"])
        for which, branch in enumerate(line["branches"]):
            key = (number, which)
            self.branches[key] = self.branches.get(key, 0) + branch["count"]


def counted(build):
    """gcov's documents, one for each object of lib/."""
    notes = sorted(str(note.resolve()) for note in (build / "lib").rglob("*.gcno"))
    if not notes:
        sys.exit(f"coverage: {build} is no build with ICECAT_COVERAGE")
    done = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", *notes], cwd=build, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return map(json.loads, done.stdout.splitlines())


def read(build):
    """Files of lib/ by their path; headers are counted with whoever includes them."""
    files = {}
    for document in counted(build):
        for each in document["files"]:
            path = pathlib.Path(document["current_working_directory"], each["file"]).resolve()
            if ROOT / "lib" not in path.parents:
                continue
            here = path.relative_to(ROOT / "lib")
            file = files.setdefault(here, File())
            for line in each["lines"]:
                file.add(line)
    return files


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def tally(files):
    lines = [count for file in files for count in file.lines.values()]
    branches = [count for file in files for count in file.branches.values()]
    return sum(1 for count in lines if count), len(lines), sum(1 for count in branches if count), len(branches)


def row(name, files):
    lines_run, lines, taken, branches = tally(files)
    print(f"{name:<10}{lines:>8}{percent(lines_run, lines):>8.1f} %{branches:>10}{percent(taken, branches):>8.1f} %")
    return percent(lines_run, lines), percent(taken, branches)


def print_missing(files, folder):
    for path, file in sorted(files.items()):
        if not path.is_relative_to(folder):
            continue
        text = (ROOT / "lib" / path).read_text(encoding="utf-8").splitlines()
        dead = [number for number, count in sorted(file.lines.items()) if not count]
        half = collections.Counter(number for (number, _), count in file.branches.items() if not count and file.lines[number])
        for number in sorted({*dead, *half}):
            word = "never" if number in dead else f"{half[number]} not taken"
            print(f"lib/{path}:{number}: {word}: {text[number - 1].strip()}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--missing", type=pathlib.Path, metavar="DIR")
    arguments = parser.parse_args()
    files = read(arguments.build)
    if arguments.missing is not None:
        print_missing(files, arguments.missing)
    print(f"{'layer':<10}{'lines':>8}{'run':>10}{'branches':>10}{'taken':>10}")
    layers = sorted({path.parts[0] for path in files})
    low = [layer for layer in layers if row(layer, [file for path, file in files.items() if path.parts[0] == layer])[0] < LEAST_LINES]
    lines, branches = row("all", files.values())
    for layer in low:
        print(f"coverage: {layer}: below {LEAST_LINES:g} % of the lines")
    if branches < LEAST_BRANCHES:
        print(f"coverage: below {LEAST_BRANCHES:g} % of the branches")
    return 1 if low or lines < LEAST_LINES or branches < LEAST_BRANCHES else 0


sys.exit(main())
