#!/usr/bin/env python3
"""What the pages name is there: functions and macros, files, options of the command, tests.

A name that code spells otherwise, or no longer, is how a page shows that it is stale.
"""
import re
import subprocess
import sys

from pages import ROOT, code_of, line_of, pages, read, report

IDENTIFIER = re.compile(r"\b(?:icecat|ICECAT)_[A-Za-z0-9_]+\b(?!\*|\.\.\.)")
FILE = re.compile(r"(?<![\w/.-])(?:lib|include|examples|tests|bindings|docs|pkgconfig|\.github|\.ci)/[\w./-]*[\w/]")
TEST = re.compile(r"\bunit\.(base|image|aws|services|pipeline|examples)\.(\w+)")
FUNCTION = re.compile(r"`((?:test|[bc]\d+)_\w+)`")
COMMAND = re.compile(r"(?:^|[\s`$])icecat ([a-z]+)\b([^`\n|#>]*)", re.M)
OPTION = re.compile(r"(?<!\S)--([a-z][\w-]*)")
SPELT = re.compile(r'(?:OPTION\(\w+, (?:\'.\'|0), |ALIAS\((?:\'.\'|0), )"([\w-]+)"')
NAMED = re.compile(r'COMMAND\(\w+, "(\w+)", (?:"(\w+)"|NULL)')


def sources():
    """Text of everything that is not a page."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    names = listed.stdout.split("\n") if listed.returncode == 0 else []
    files = [ROOT / name for name in names if name] or [path for path in ROOT.rglob("*") if "build" not in path.parts]
    code = [path for path in files if path.suffix in {".h", ".c", ".cc", ".py", ".txt", ".sh", ".json", ".def", ".cmake",
                                                      ".yaml", ".yml", ".in", ".go", ".map"} and path.is_file()]
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in code)


def words_of_the_command():
    text = (ROOT / "examples/cli/options.def").read_text(encoding="utf-8")
    rows = NAMED.findall((ROOT / "examples/cli/commands.def").read_text(encoding="utf-8"))
    return {word for row in rows for word in row if word}, set(SPELT.findall(text))


def is_there(path):
    return (ROOT / path.rstrip(".")).exists()


def problems():
    code = sources()
    known = set(re.findall(r"\b(?:icecat|ICECAT)_\w+", code))
    functions = set(re.findall(r"(?:def|static void) (\w+)\(", code))
    commands, options = words_of_the_command()
    for page in pages():
        text = read(page)
        for match in IDENTIFIER.finditer(text):
            if match.group(0) not in known and not any(name.startswith(match.group(0)) and match.group(0)[-1] == "_"
                                                       for name in known):
                yield f"{page}:{line_of(text, match.start())}: nothing is called {match.group(0)}"
        for match in FILE.finditer(text):
            around = (ROOT / page.parent / match.group(0)).exists() or "://" in text[max(0, match.start() - 60):match.start()]
            if not is_there(match.group(0)) and not around:
                yield f"{page}:{line_of(text, match.start())}: there is no {match.group(0)}"
        for match in TEST.finditer(text):
            if not is_there(f"tests/unit/{match.group(1)}/test_{match.group(2)}.c"):
                yield f"{page}:{line_of(text, match.start())}: there is no test {match.group(0)}"
        for match in FUNCTION.finditer(text):
            if match.group(1) not in functions and not is_there(f"tests/integration/{match.group(1)}.py"):
                yield f"{page}:{line_of(text, match.start())}: there is no test {match.group(1)}"
        for match in COMMAND.finditer(code_of(text)):
            line = line_of(text, match.start(1))
            if match.group(1) not in commands:
                yield f"{page}:{line}: icecat has no command {match.group(1)}"
            for option in OPTION.findall(match.group(2)):
                if option not in options:
                    yield f"{page}:{line}: icecat has no option --{option}"


sys.exit(report("names", list(problems())))
