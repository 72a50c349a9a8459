"""The README's C example: at most 15 lines, compiled as a stranger would, run against icecat-local."""
import os
import pathlib
import re
import subprocess

import pytest

from builds import sanitizer

ROOT = pathlib.Path(__file__).parents[2]
BUILD = pathlib.Path(os.environ.get("ICECAT_BUILD_DIR", "/nonexistent"))


def example():
    blocks = re.findall(r"```c\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    assert len(blocks) == 1
    return blocks[0]


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    if not (BUILD / "lib/libicecat.so").exists():
        pytest.skip("libicecat.so is not built")
    folder = tmp_path_factory.mktemp("readme")
    (folder / "cat.c").write_text(example(), encoding="utf-8")
    flags = [f"-fsanitize={sanitizer()}"] if sanitizer() else []
    subprocess.run(
        ["cc", "-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", *flags, "cat.c", "-o", "cat",
         f"-I{ROOT / 'include'}", f"-L{BUILD / 'lib'}", "-licecat", f"-Wl,-rpath,{BUILD / 'lib'}"],
        cwd=folder, check=True)
    return folder / "cat"


def run(program, picture, environment):
    # The example leaves its memory to the end of the process, as short programs do.
    return subprocess.run([program, picture], capture_output=True, text=True, timeout=60,
                          env={"PATH": os.environ["PATH"], "ASAN_OPTIONS": "detect_leaks=0", **environment})


def test_the_example_has_at_most_15_lines():
    code = [line for line in example().splitlines() if line.strip()]
    assert len(code) <= 15


@pytest.mark.parametrize("name, answer", [("tabby.jpg", "cat\n"), ("siamese.png", "cat\n"), ("dog.jpg", "no cat\n")])
def test_the_example_answers(program, local, name, answer):
    done = run(program, ROOT / "examples/samples" / name, local.env)
    assert (done.returncode, done.stdout, done.stderr) == (0, answer, "")


def test_the_example_says_what_is_wrong(program, local):
    done = run(program, "/nonexistent.jpg", local.env)
    assert done.returncode == 1
    assert "empty" in done.stderr
