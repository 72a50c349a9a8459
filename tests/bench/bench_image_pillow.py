#!/usr/bin/env python3
"""Time Pillow's Image.open on the files that bench_image left in FOLDER: bench_image_pillow.py FOLDER.

Python's own open, fstat, pread of 4 kB and close stand beside it, since Python pays more for each call.
"""
import os
import pathlib
import statistics
import sys
import time

import PIL.Image

ROUNDS, TIMES = 9, 300


def floor(path):
    descriptor = os.open(path, os.O_RDONLY)
    os.fstat(descriptor)
    os.pread(descriptor, 4096, 0)
    os.close(descriptor)


def pillow(path):
    with PIL.Image.open(path) as image:
        return image.size


def nanoseconds(work, path):
    rounds = []
    for _ in range(ROUNDS):
        start = time.process_time_ns()
        for _ in range(TIMES):
            work(path)
        rounds.append((time.process_time_ns() - start) / TIMES)
    return statistics.median(rounds)


def main():
    print(f"Pillow {PIL.__version__}, Python {sys.version.split()[0]}")
    for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        least, opened = nanoseconds(floor, str(path)), nanoseconds(pillow, str(path))
        what = f"  {path.name}: Image.open"
        print(f"{what:<56} {opened:12.1f} ns         {opened / least:6.2f} x Python's floor")


if __name__ == "__main__":
    main()
