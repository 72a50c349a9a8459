"""What the lints of the documents share: which pages there are, and their text without code."""
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOT_OURS = {"build", ".git", "node_modules"}
FENCE = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.M | re.S)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.S)


def pages():
    """Every *.md of the project, as paths relative to its root."""
    for path in sorted(ROOT.rglob("*.md")):
        here = path.relative_to(ROOT)
        if not NOT_OURS & set(here.parts) and not any(part.endswith(".egg-info") for part in here.parts):
            yield here


def read(page):
    return (ROOT / page).read_text(encoding="utf-8")


def blank(match):
    """As many lines, so that numbers of lines stay right."""
    return "\n" * match.group(0).count("\n")


def without_fences(text):
    return FENCE.sub(blank, text)


def without_code(text):
    return CODE.sub(blank, without_fences(text))


def code_of(text):
    """Only the code, at the lines where it stands."""
    kept = list(re.sub(r"[^\n]", " ", text))
    for found in [*FENCE.finditer(text), *CODE.finditer(FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text))]:
        kept[found.start():found.end()] = text[found.start():found.end()]
    return "".join(kept)


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def report(name, found):
    """Print the problems; the exit code."""
    for problem in found:
        print(problem)
    print(f"{name}: {len(found)} problems")
    return 1 if found else 0
