"""Manual pages and completions, as they lie in the build: sound to those who read them, and complete."""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import time

import pytest

from icecat_command import program

BUILD = pathlib.Path(os.environ.get("ICECAT_BUILD_DIR", "/nonexistent"))
PAGES = BUILD / "examples/pages/pages"
MAN3 = BUILD / "docs/api/man3"


def needs(name):
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    return name


def pages(folder):
    if not folder.is_dir():
        pytest.skip(f"{folder} is not built")
    return sorted(folder.iterdir())


def run(*command, **more):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60, **more)


def shown(page):
    """A page as man shows it, without the hyphens at the ends of lines."""
    done = run(needs("man"), "-l", page, env={**os.environ, "MANWIDTH": "1000", "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---- manual pages -------------------------------------------------------------------------


def test_mandoc_finds_nothing_to_say():
    found = []
    for page in pages(PAGES / "man1") + pages(MAN3):
        if not page.read_text(encoding="utf-8").startswith(".so "):
            found += run(needs("mandoc"), "-Tlint", page).stdout.splitlines()
    assert found == []


def test_man_finds_nothing_to_say():
    found = []
    for page in pages(PAGES / "man1") + pages(MAN3):
        if not page.read_text(encoding="utf-8").startswith(".so "):
            found += run(needs("man"), "--warnings", "-l", page, env={**os.environ, "LC_ALL": "C.UTF-8"}).stderr.splitlines()
    assert found == []


def commands():
    text = run(program(), "help").stdout
    block = re.search(r"Commands:\n(.*?)\n\n", text, re.S)[1]
    return [name for line in re.findall(r"^  (\w[\w, ]*?)  ", block, re.M) for name in line.split(", ")[:1]]


def test_every_command_has_a_page_with_all_its_options():
    names = [page.name for page in pages(PAGES / "man1")]
    for command in commands():
        assert f"icecat-{command}.1" in names
        text = shown(PAGES / f"man1/icecat-{command}.1")
        own = run(program(), "help", command).stdout.split("\nOptions of every command:")[0]
        for option in re.findall(r"^  (?:-\w,|   ) (--[\w-]+)", own, re.M):
            assert re.search(rf"{option}\b", text), f"{option} of {command}"


def test_the_page_of_icecat_has_the_topics():
    text = " ".join(shown(PAGES / "man1/icecat.1").split())
    for topic in ("exit-codes", "environment", "config", "formats", "compat"):
        for line in run(program(), "help", topic).stdout.splitlines():
            for word in re.findall(r"[A-Z_]{6,}|--[\w-]+", line):
                assert word in text, f"{word} of {topic}"


def test_every_function_of_the_library_has_a_page():
    header = "\n".join(path.read_text(encoding="utf-8") for path in
                       (pathlib.Path(__file__).parents[2] / "include/icecat").glob("*.h"))
    names = {page.name for page in pages(MAN3)}
    for function in re.findall(r"^ICECAT_\w+ [^;{]*?\b(icecat_\w+)\(", header, re.M):
        assert f"{function}.3" in names
        target = (MAN3 / f"{function}.3").read_text(encoding="utf-8")
        assert (MAN3 / re.fullmatch(r"\.so man3/(\S+)\n", target)[1]).is_file()


def test_a_page_of_the_library_says_all():
    pages(MAN3)
    text = shown(MAN3 / "icecat_s3.3")
    for words in ("#include <icecat/s3.h>", "icecat_status icecat_s3_put_object(icecat_client *client, const char *bucket",
                  "ICECAT_E_PRECONDITION", "if_none_match", "THREAD RULE"):
        assert words in text


# ---- completions --------------------------------------------------------------------------

# What is typed, and what must be offered; with nothing more where that is said.
CASES = [
    ("icecat sub", {"submit"}),
    ("icecat submit --prof", {"--profile", "--profile-limit"}),
    ("icecat submit --keys com", {"compat"}),
    ("icecat -o nd", {"ndjson"}),
    ("icecat --stage results submit --keys ty", {"typed"}),
    ("icecat bulkresults --sort conf", {"confidence"}),
    ("icecat presign p", {"put"}),
    ("icecat help exit", {"exit-codes"}),
    ("icecat-local --bucket-f", {"--bucket-fail"}),
]


def completion(shell, name):
    path = PAGES / shell / name
    if not path.is_file():
        pytest.skip(f"{path} is not built")
    return path


def bash(line, folder=None):
    words = re.split(r" |(?==)|(?<==)", line)
    script = (f'. "{completion("bash", words[0])}"\n'
              f'COMP_WORDS=({" ".join(repr(word) for word in words)}) COMP_CWORD={len(words) - 1}\n'
              f'_{words[0].replace("-", "_")}\nprintf "%s\\n" "${{COMPREPLY[@]}}"')
    done = run(needs("bash"), "--norc", "-u", "-c", script, cwd=folder)
    assert done.stderr == ""
    return set(done.stdout.split("\n")) - {""}


@pytest.mark.parametrize("line, expected", CASES)
def test_bash_completes(line, expected):
    assert bash(line) == expected


def test_bash_completes_behind_an_equals_sign_and_files(tmp_path):
    assert bash("icecat submit --keys=com") == {"compat"}
    assert bash("icecat submit --keys=") == {"typed", "compat"}
    (tmp_path / "a cat.png").touch()
    (tmp_path / "a folder").mkdir()
    assert bash("icecat submit a", tmp_path) == {"a cat.png", "a folder"}
    assert bash("icecat submit -f a", tmp_path) == {"a folder"}
    assert bash("icecat result -b a", tmp_path) == set()  # a batch id there
    assert bash("icecat wait -b a", tmp_path) == {"a cat.png", "a folder"}


@pytest.mark.parametrize("line, expected", CASES)
def test_fish_completes(line, expected, tmp_path):
    script = f'source {completion("fish", line.split()[0] + ".fish")}; complete -C "{line}"'
    done = run(needs("fish"), "--no-config", "-c", script, env={**os.environ, "HOME": str(tmp_path)})
    assert done.stderr == ""
    assert {row.split("\t")[0] for row in done.stdout.splitlines()} == expected


def typed(shell, environment, keys, until):
    """What a terminal shows after these keys were typed."""
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(shell[0], shell, environment)
    text, ends = "", time.monotonic() + 30
    try:
        while "READY" not in text and time.monotonic() < ends:
            text += os.read(terminal, 4096).decode(errors="replace")
        os.write(terminal, keys.encode())
        while until not in text and time.monotonic() < ends:
            if select.select([terminal], [], [], 1)[0]:
                text += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[\x08\r]", "", os.read(terminal, 4096).decode(errors="replace"))
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(terminal)
    return text


@pytest.mark.parametrize("line, expected", [case for case in CASES if len(case[1]) == 1])
def test_zsh_completes(line, expected, tmp_path):
    folder = completion("zsh", "_icecat").parent
    (tmp_path / ".zshrc").write_text(
        f"fpath=({folder} $fpath)\nautoload -U compinit && compinit -u -D\nunsetopt prompt_cr prompt_sp zle_bracketed_paste\n"
        "bindkey '^I' complete-word\nshow() { BUFFER=\"[$BUFFER]\" }\nzle -N show\nbindkey '^X' show\nPS1='READY'\n", encoding="utf-8")
    word = line.split(" ")[-1]
    whole = line[:len(line) - len(word)] + next(iter(expected))
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ZDOTDIR": str(tmp_path), "TERM": "dumb", "LC_ALL": "C.UTF-8"}
    assert whole in typed([needs("zsh"), "-i"], environment, line + "\t", whole)
