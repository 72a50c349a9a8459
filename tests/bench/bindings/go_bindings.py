#!/usr/bin/env python3
"""What the Go package costs: a cheap call beside the same in C, and submitting a folder beside the icecat command and the
AWS SDK for Go. Wall and CPU time of every program are those that the kernel counted; each number is the best of several
rounds, turn by turn in one run. No number is a test.

    go_bindings.py BUILD_DIR [--quick]      BUILD_DIR of a release build with benchmarks
"""
import argparse
import contextlib
import pathlib
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(HERE.parent))
from submit import JOBS, TABBY, make_folder, measure, server, sink  # noqa: E402

ROUNDS = 5


def environment(build):
    told = subprocess.run(["bash", "-c", f". {shlex.quote(str(ROOT / 'bindings/go/environment.sh'))} {shlex.quote(str(build))} && env -0"],
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    return dict(line.split("=", 1) for line in told.split("\0") if line)


def compile_all(work, env):
    for name in ("overhead", "submit"):
        subprocess.run(["go", "build", "-o", work / name, f"./{name}"], cwd=HERE / "go", env=env, check=True)
    # The SDK's modules are not ours to bring along: it is left out where they cannot be had.
    online = {name: value for name, value in env.items() if name != "GOPROXY"}
    done = subprocess.run(["go", "build", "-o", work / "go_sdk", "."], cwd=HERE / "go_sdk", env=online, capture_output=True, check=False)
    if done.returncode:
        print("go_bindings.py: the modules of aws-sdk-go-v2 cannot be had; left out", file=sys.stderr)


def programs(build, work, folder):
    yield "icecat submit", [build / "examples/cli/icecat", "submit", folder, "-q", "-j", JOBS]
    yield "Go, SubmitMany", [work / "submit", folder, JOBS]
    if (work / "go_sdk").exists():
        yield f"aws-sdk-go-v2, {JOBS} goroutines", [work / "go_sdk", folder, JOBS]


def bench_submit(build, work, folder, count, environments):
    """environments() is a context of the environment that leads to a server of its own."""
    best = {}
    for _ in range(ROUNDS):
        for name, command in programs(build, work, folder):
            with environments() as env:
                wall, cpu, peak = measure(build, command, env, work)
            old = best.get(name, (wall, cpu, peak))
            best[name] = (min(old[0], wall), min(old[1], cpu), min(old[2], peak))
    ours = best["icecat submit"]
    print("| program | images/s | of the command's | CPU us an image | of the command's | peak MB |\n| --- | --- | --- | --- | --- | --- |")
    for name, (wall, cpu, peak) in best.items():
        print(f"| {name} | {count / wall:,.0f} | {ours[0] / wall:.2f} | {cpu / count * 1e6:,.0f} | {cpu / ours[1]:.2f} | {peak / 1e6:.1f} |")


@contextlib.contextmanager
def to_sink(build, work, library):
    with sink(build, work) as (_, env):
        yield {**env, **library}


@contextlib.contextmanager
def to_local(build, work, library):
    with server(build, work) as (env, _):
        yield {**env, **library}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true", help="a tenth of the images")
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    env = environment(build)
    count = 200 if arguments.quick else 2000
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        compile_all(work, env)
        subprocess.run([work / "overhead", TABBY], env=env, check=True)
        folder = make_folder(work / "images", count, 100_000)
        library = {"LD_LIBRARY_PATH": env["LD_LIBRARY_PATH"]}

        for title, kind in ((f"{count:,} images of 100,000 bytes to a server that only reads", to_sink),
                            ("The same to icecat-local", to_local)):
            print(f"\n{title}; {JOBS} transfers at a time, the best of {ROUNDS}\n", flush=True)
            bench_submit(build, work, folder, count, lambda kind=kind: kind(build, work, library))


if __name__ == "__main__":
    main()
