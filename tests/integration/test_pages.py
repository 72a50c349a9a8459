"""Code in the pages of docs/ compiles as it stands, and what is a whole Python program there runs."""
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
HEADERS = "#define _POSIX_C_SOURCE 200809L\n#include <icecat/icecat.h>\n#include <stdio.h>\n#include <string.h>\n"
# A fragment of statements has these at hand.
AROUND = "int fragment(icecat_client *client);\nint fragment(icecat_client *client)\n{{\n    icecat_error err;\n\n{}\n    return (int)err.status;\n}}\n"


def blocks(language):
    for page in sorted((ROOT / "docs").rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        for match in re.finditer(rf"^```{language}\n(.*?)^```", text, re.M | re.S):
            yield pytest.param(match.group(1), id=f"{page.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}")


def test_there_are_examples():
    assert len(list(blocks("c"))) >= 4


@pytest.mark.parametrize("code", blocks("c"))
def test_c_compiles(code, tmp_path):
    is_whole = re.search(r"^(static )?\w[\w *]*\(.*\)\n\{", code, re.M)
    (tmp_path / "page.c").write_text(HEADERS + (code if is_whole else AROUND.format(code)), encoding="utf-8")
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function", "-c",
                    f"-I{ROOT / 'include'}", "page.c", "-o", "page.o"], cwd=tmp_path, check=True)
