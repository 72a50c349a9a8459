"""Very many small images: memory and open files do not grow with what was sent.

ICECAT_LONG=1 sends 100,000.
"""
import os
import pathlib
import subprocess
import time

import pytest
from icecat_command import environment, program
from small_pictures import small_pictures

COUNT = 100_000 if os.environ.get("ICECAT_LONG") else 5_000
# What is kept of an image is its path, its digest and its record, with no byte of the image itself.
BYTES_AN_IMAGE = 1500


def is_sanitized():
    return b"__asan_init" in pathlib.Path(program()).read_bytes()


def sample(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    rss = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))
    return rss, len(os.listdir(f"/proc/{pid}/fd"))


def test_memory_and_files_stay_bounded(tmp_path, local):
    small_pictures(tmp_path / "pets", COUNT, equal_every=0)
    env = environment(tmp_path, {**local.env, "ICECAT_CLIENT_ID": "soak"})
    if is_sanitized():  # freed memory is kept aside for a while
        env["ASAN_OPTIONS"] = env.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=1"
    running = subprocess.Popen([program(), "submit", "pets", "-q", "-o", "json"], cwd=tmp_path, env=env,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    samples = []
    while running.poll() is None:
        try:
            samples.append(sample(running.pid))
        except (OSError, StopIteration):  # it has just ended
            break
        time.sleep(0.05)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 0, err.decode()
    assert len(samples) >= 10, "too fast to be watched"
    files = [count for _, count in samples[2:]]
    assert max(files) <= 40
    assert max(files[len(files) // 2:]) <= max(files[:len(files) // 2]) + 2
    early, late = samples[len(samples) // 4][0], max(rss for rss, _ in samples)
    print(f"{COUNT} images: resident {early >> 20} MB after a quarter, {late >> 20} MB at most, {max(files)} files")
    allowed = BYTES_AN_IMAGE * COUNT * 3 // 4 + (4 << 20)
    assert late - early <= allowed * (6 if is_sanitized() else 1)
