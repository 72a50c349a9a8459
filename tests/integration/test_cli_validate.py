"""icecat validate over many files: its memory does not grow with them, in any format that is not a table for a screen."""
import json
import os
import pathlib
import subprocess
import time

import pytest
from PIL import Image

from builds import sanitizer
from icecat_command import environment, program

FOLDER_FILES = 100
FEW, MANY = 2, 200  # folders: 200 and 20,000 files
UNWRITTEN = 150  # files whose lines may still be in the command's buffer
GROWTH_KB = 512


def high_water_kb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise AssertionError("no VmHWM")


def peak_kb(tmp_path, folder, form, files):
    """Peak resident size when all but the last lines are written. A list on stdin keeps the command from ending."""
    out = tmp_path / "out"
    deadline = time.monotonic() + 60
    with open(out, "wb") as stream:
        process = subprocess.Popen([program(), "validate", "-o", form, "-f", str(folder), "--files-from", "-"],
                                   stdin=subprocess.PIPE, stdout=stream, env=environment(tmp_path, {}))
        try:
            while out.read_bytes().count(b".png") < files - UNWRITTEN:
                assert process.poll() is None and time.monotonic() < deadline
                time.sleep(0.02)
            peak = high_water_kb(process.pid)
        finally:
            process.stdin.close()
            assert process.wait(60) == 0
    return peak, out.read_bytes()


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
    if sanitizer():
        pytest.skip("a sanitizer keeps what was freed; the release build is measured")
    few, _ = peak_kb(tmp_path, trees / "few", form, FEW * FOLDER_FILES)
    many, out = peak_kb(tmp_path, trees / "many", form, MANY * FOLDER_FILES)
    assert many - few < GROWTH_KB
    if form == "json":
        assert json.loads(out)["counts"] == {"total": MANY * FOLDER_FILES, "valid": MANY * FOLDER_FILES, "rejected": 0}
    else:
        assert out.count(b"\n") == MANY * FOLDER_FILES + 1
