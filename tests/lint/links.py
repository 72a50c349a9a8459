#!/usr/bin/env python3
"""Links of all *.md lead to files and headings that are there, and every page of docs/ is in an index."""
import re
import sys
import urllib.parse

from pages import ROOT, line_of, pages, read, report, without_code, without_fences

LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^\s{0,3}\[[^\]]+\]:\s*<?(\S+?)>?\s*$", re.M)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$", re.M)
INDEXES = {"docs": "README.md", "docs/decisions": "docs/decisions/README.md"}


def slug(heading, seen):
    """The anchor that GitHub makes of a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    text = re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")
    seen[text] = seen.get(text, -1) + 1
    return f"{text}-{seen[text]}" if seen[text] else text


def anchors(text):
    seen = {}
    found = {slug(heading, seen) for heading in HEADING.findall(without_fences(text))}
    return found | set(re.findall(r'<a (?:id|name)="([^"]+)"', text))


def targets(text):
    plain = without_code(text)
    for pattern in (LINK, REFERENCE):
        for match in pattern.finditer(plain):
            yield line_of(plain, match.start()), match.group(1)


def problem_of(page, target):
    """What is wrong with a link, or None."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target, re.I):
        return None if target.startswith("https://") else "is neither https nor relative"
    path, _, anchor = target.partition("#")
    path = urllib.parse.unquote(path)
    if path.startswith("/"):
        return "is absolute"
    file = (ROOT / page.parent / path).resolve() if path else ROOT / page
    if ROOT not in file.parents and file != ROOT:
        return "leaves the project"
    if not file.exists():
        return "leads to nothing"
    if not anchor:
        return None
    if file.suffix != ".md" or anchor not in anchors(file.read_text(encoding="utf-8")):
        return "has no such heading"
    return None


def linked_from(index):
    for _, target in targets(read(ROOT / index)):
        if ":" not in target:
            yield (ROOT / index).parent.joinpath(target.partition("#")[0]).resolve()


def problems():
    for page in pages():
        for line, target in targets(read(page)):
            what = problem_of(page, target)
            if what:
                yield f"{page}:{line}: {target} {what}"
    for folder, index in INDEXES.items():
        listed = set(linked_from(index))
        for page in pages():
            if page.parent.as_posix() == folder and page.as_posix() != index and ROOT / page not in listed:
                yield f"{index}: does not link to {page}"


sys.exit(report("links", list(problems())))
