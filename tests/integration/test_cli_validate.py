"""icecat validate over many files: its memory does not grow with them, in any format that is not a table for a screen."""
import json
import os
import subprocess

import pytest
from PIL import Image

from icecat_command import environment, program

FOLDER_FILES = 100
FEW, MANY = 2, 200  # folders: 200 and 20,000 files
GROWTH_KB = 512
SANITIZED_KB = 30_000  # a plain build needs 9,000


def peak_kb(tmp_path, folder, form):
    """Peak resident size of one run, by the kernel's own count for that child alone."""
    out = tmp_path / "out"
    with open(out, "wb") as stream:
        process = subprocess.Popen([program(), "validate", "-o", form, "-f", str(folder)], stdout=stream,
                                   env=environment(tmp_path, {}))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss, out.read_bytes()


def hard_links(folder, source, folders):
    for number in range(folders):
        inner = folder / f"{number:04d}"
        inner.mkdir(parents=True)
        for file in range(FOLDER_FILES):
            os.link(source, inner / f"{file:04d}.png")


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    base = tmp_path_factory.mktemp("trees")
    source = base / "source.png"
    Image.new("RGB", (100, 100)).save(source)
    hard_links(base / "few", source, FEW)
    hard_links(base / "many", source, MANY)
    return base


@pytest.mark.parametrize("form", ["plain", "csv", "json", "ndjson"])
def test_memory_does_not_grow_with_the_files(tmp_path, trees, form):
    few, _ = peak_kb(tmp_path, trees / "few", form)
    many, out = peak_kb(tmp_path, trees / "many", form)
    if few > SANITIZED_KB:
        pytest.skip("a sanitizer keeps what was freed")
    assert many - few < GROWTH_KB
    if form == "json":
        assert json.loads(out)["counts"] == {"total": MANY * FOLDER_FILES, "valid": MANY * FOLDER_FILES, "rejected": 0}
    else:
        assert out.count(b"\n") == MANY * FOLDER_FILES + 1
