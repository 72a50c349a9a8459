#!/usr/bin/env python3
"""What submitting a folder and reading its verdicts costs, against the clients that others wrote.

Usage: submit.py BUILD_DIR [--quick] [--s5cmd PATH]

Every program is a process of its own, against an icecat-local of its own (release build, empty); CPU time
and peak memory are those that the kernel counted for it, requests are those that the server logged. No
number is a test: the output is a table for docs/benchmarks.md.
"""
import argparse
import contextlib
import hashlib
import json
import os
import pathlib
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABBY = ROOT / "examples/samples/tabby.jpg"
JOBS = 8
MOST_S = 180  # for one program
REQUEST = re.compile(r"\b(?:PUT|POST|GET|HEAD|DELETE)\b")

LOOP = """
import os, sys, boto3
s3 = boto3.client("s3")
for name in sorted(os.listdir(sys.argv[1])):
    s3.upload_file(os.path.join(sys.argv[1], name), os.environ["S3BUCKET_SOURCE"], "loop/" + name)
"""
THREADS = """
import os, sys, boto3
from concurrent.futures import ThreadPoolExecutor
s3 = boto3.client("s3")
def put(name):
    s3.upload_file(os.path.join(sys.argv[1], name), os.environ["S3BUCKET_SOURCE"], "threads/" + name)
with ThreadPoolExecutor(10) as pool:
    list(pool.map(put, sorted(os.listdir(sys.argv[1]))))
"""
GET_ITEM = """
import json, os, sys, boto3
table = boto3.client("dynamodb")
for record in json.load(open(sys.argv[1])):
    table.get_item(TableName=os.environ["DYNAMODB_TABLE_NAME"], Key={
        "batch_id": {"N": record["batch_id"].replace("batch-", "")}, "img_fprint": {"S": record["img_fprint"]}})
"""


def make_folder(folder, count, size):
    """Pictures of this size that differ in their pixels; they have the structure of a JPEG, and its end."""
    head, end = TABBY.read_bytes()[:-2], b"\xff\xd9"
    filler = random.Random(1).randbytes(size).replace(b"\xff", b"\x7f")  # no marker
    folder.mkdir()
    for number in range(count):
        body = (head + filler)[:size - 10] + b"%08d" % number + end
        (folder / f"{number:05}.jpg").write_bytes(body)
    return folder


@contextlib.contextmanager
def server(build, work, *options):
    data = pathlib.Path(tempfile.mkdtemp(dir=work))
    with open(data / "log", "wb") as log:
        process = subprocess.Popen([build / "examples/local/icecat-local", "--init", "-v", "--data", data / "data",
                                    *map(str, options)], stdout=subprocess.PIPE, stderr=log)
        env = {"PATH": os.environ["PATH"], "HOME": str(work), "AWS_EC2_METADATA_DISABLED": "true",
               "ICECAT_CLIENT_ID": "bench"}
        while "DYNAMODB_TABLE_NAME" not in env:
            line = process.stdout.readline().decode()
            assert line, "icecat-local has ended"
            name, value = shlex.split(line)[1].split("=", 1)
            env[name] = value
        env["AWS_DEFAULT_REGION"] = env["AWS_REGION"]
        env["S3_ENDPOINT_URL"] = env["AWS_ENDPOINT_URL"]  # the name that s5cmd reads
        try:
            yield env, data / "log"
        finally:
            process.terminate()
            process.wait()
            process.stdout.close()
            shutil.rmtree(data)


def measure(build, command, env, cwd, stdin=None):
    """Wall seconds, CPU seconds and peak bytes of one process and its children."""
    numbers, output = pathlib.Path(cwd, "numbers"), pathlib.Path(cwd, "output")
    with open(output, "wb") as told:
        code = subprocess.run([build / "tests/bench/submit_floor", "run", numbers, *map(str, command)], env=env, cwd=cwd,
                              stdin=stdin or subprocess.DEVNULL, stdout=told, stderr=told, timeout=MOST_S).returncode
    if code != 0:
        sys.exit(f"{command[0]} ended with {code}: {output.read_text(errors='replace')[-2000:]}")
    wall, cpu, peak = numbers.read_text().split()
    return float(wall), float(cpu), int(peak) * 1024


def clients(build, folder, s5cmd):
    python = [sys.executable, "-c"]
    yield "icecat submit", [build / "examples/cli/icecat", "submit", folder, "-q", "-j", JOBS], JOBS
    yield "boto3 upload_file in a loop", [*python, LOOP, folder], 1
    yield "boto3 upload_file, 10 threads", [*python, THREADS, folder], 10
    aws = pathlib.Path(sys.executable).with_name("aws")
    if aws.exists():
        yield "aws s3 cp --recursive", [aws, "s3", "cp", "--recursive", "--quiet", folder,
                                        "s3://icecat-source/aws/"], 10
    if s5cmd:
        yield f"s5cmd, {JOBS} workers", [s5cmd, "--numworkers", JOBS, "--log", "error", "cp", f"{folder}/",
                                         "s3://icecat-source/s5/"], JOBS
        yield "s5cmd, 256 workers (its default)", [s5cmd, "--log", "error", "cp", f"{folder}/",
                                                   "s3://icecat-source/s5/"], 256


def row(name, count, wall, cpu, peak, requests, note=""):
    per_image = f"{requests / count:.4g}" if requests is not None else "-"
    print(f"| {name} | {count / wall:,.0f} | {cpu / count * 1e6:,.0f} | {peak / 1e6:.1f} | {per_image} | {note} |",
          flush=True)
    return cpu / count


def head(title):
    print(f"\n{title}\n\n| client | images/s | CPU us an image | peak MB | requests an image | |\n"
          "| --- | --- | --- | --- | --- | --- |", flush=True)


def count_requests(log):
    return sum(bool(REQUEST.search(line)) for line in log.read_text(errors="replace").splitlines())


def bench_upload(build, work, folder, count, size, latency, s5cmd):
    options = ["--latency-ms", latency] if latency else []
    head(f"{count:,} images of {size:,} bytes, " + (f"{latency} ms to every answer" if latency else "no latency added"))
    ours = None
    for name, command, jobs in clients(build, folder, s5cmd):
        if latency and jobs == 1 and count > 500:
            continue  # it waits for each answer: the number is known beforehand
        with server(build, work, *options) as (env, log):
            before = count_requests(log)
            wall, cpu, peak = measure(build, command, env, work)
            each = row(name, count, wall, cpu, peak, count_requests(log) - before,
                       f"{count / wall / (jobs / (latency / 1000)):.2f} of its limit" if latency else
                       f"{cpu / count / ours:.1f} x icecat" if ours else "")
        ours = ours or each


@contextlib.contextmanager
def sink(build, work, *latency):
    """A server that only reads; yields its port and an environment that leads there."""
    process = subprocess.Popen([build / "tests/bench/submit_floor", "sink", *latency], stdout=subprocess.PIPE)
    port = process.stdout.readline().decode().strip()
    yield port, {"PATH": os.environ["PATH"], "HOME": str(work), "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
                 "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1",
                 "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
                 "AWS_EC2_METADATA_DISABLED": "true", "S3BUCKET_SOURCE": "icecat-source", "ICECAT_CLIENT_ID": "bench"}
    process.terminate()
    process.wait()
    process.stdout.close()


def bench_floor(build, work, folder, count, s5cmd):
    """Against a server that only reads: what is left is the client's."""
    floor, icecat = build / "tests/bench/submit_floor", build / "examples/cli/icecat"
    names = work / "names"
    names.write_text("".join(f"{folder / name}\n" for name in sorted(os.listdir(folder))))
    best = {}
    with sink(build, work) as (port, env):
        for _ in range(5):  # what disturbs a round only ever adds
            with open(names, "rb") as listed:
                runs = {"floor": measure(build, [floor, "send", port], env, work, listed)}
            for jobs in (1, JOBS):
                runs[f"icecat, {jobs} in flight"] = measure(build, [icecat, "submit", folder, "-q", "-j", jobs], env, work)
            for name, command, _ in clients(build, folder, s5cmd):
                if name.startswith(("boto3 upload_file in", "s5cmd, 8")) and name not in best:
                    runs[name] = measure(build, command, env, work)
            for name, run in runs.items():
                best[name] = min(best.get(name, run), run, key=lambda one: one[1])
    head(f"The same {count:,} images to a server that only reads; floor and icecat the best of five")
    for name, (wall, cpu, peak) in best.items():
        row(name, count, wall, cpu, peak, None, f"{cpu / best['floor'][1]:.2f} x floor")
    with sink(build, work, "50") as (port, env):
        for jobs in (JOBS, 4 * JOBS):
            wall, cpu, peak = measure(build, [icecat, "submit", folder, "-q", "-j", jobs], env, work)
            row(f"icecat, {jobs} in flight, answers after 50 ms", count, wall, cpu, peak, None,
                f"{count / wall / (jobs / 0.05):.2f} of its limit")


def bench_results(build, work, count):
    import boto3
    batch = 1744377772123456
    answer = json.dumps({"Labels": [{"Name": f"Label {i}", "Confidence": 99.0 - i} for i in range(10)]})
    labels = json.dumps([{"name": f"Label {i}", "confidence": 99.0 - i, "parents": []} for i in range(10)])
    records = [{"client_id": "bench", "batch_id": f"batch-{batch}", "s3bucket_source": "icecat-source",
                "s3_key": f"{hashlib.sha256(b'%d' % i).hexdigest()}/bench/batch-{batch}/2025-04-11-13/1744377772.jpg",
                "original_file_name": f"{i}.jpg", "upload_time": "2025-04-11-13",
                "img_fprint": hashlib.sha256(b"%d" % i).hexdigest(), "epoch_timestamp": 1744377772}
               for i in range(count)]
    (work / "batch.json").write_text(json.dumps(records))
    with server(build, work) as (env, log):
        table = boto3.client("dynamodb", endpoint_url=env["AWS_ENDPOINT_URL"], region_name=env["AWS_REGION"],
                             aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
                             aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"])
        for at in range(0, count, 25):
            table.batch_write_item(RequestItems={env["DYNAMODB_TABLE_NAME"]: [{"PutRequest": {"Item": {
                "batch_id": {"N": str(batch)}, "img_fprint": {"S": one["img_fprint"]}, "client_id": {"S": "bench"},
                "op_status": {"S": "success"}, "rek_iscat": {"S": "True"}, "upload_ts": {"N": "1744377772"},
                "labels": {"S": labels}, "rek_resp": {"S": answer}}}} for one in records[at:at + 25]]})
        head(f"{count:,} verdicts read back")
        icecat = build / "examples/cli/icecat"
        for name, command in (
                ("icecat results -b FILE (BatchGetItem)", [icecat, "results", "-b", "batch.json", "-q", "--no-write"]),
                ("icecat results --batchid (Query)", [icecat, "results", "--batchid", batch, "-q"]),
                ("icecat results --batchid --status (GSI4)",
                 [icecat, "results", "--batchid", batch, "--status", "success", "-q"]),
                ("the Python client's loop of GetItem", [sys.executable, "-c", GET_ITEM, "batch.json"])):
            before = count_requests(log)
            wall, cpu, peak = measure(build, command, env, work)
            row(name, count, wall, cpu, peak, count_requests(log) - before)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true", help="a tenth of the images")
    parser.add_argument("--s5cmd", default=shutil.which("s5cmd"))
    parser.add_argument("--only", choices=["upload", "floor", "results"])
    arguments = parser.parse_args()
    build, tenth = arguments.build.resolve(), 10 if arguments.quick else 1
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        for count, size in ((2000 // tenth, 100_000), (200 // tenth, 4_000_000)):
            folder = make_folder(work / f"images-{size}", count, size)
            for latency in (0, 50) if arguments.only in (None, "upload") else ():
                bench_upload(build, work, folder, count, size, latency, arguments.s5cmd)
            if arguments.only in (None, "floor"):
                bench_floor(build, work, folder, count, arguments.s5cmd)
            shutil.rmtree(folder)
        if arguments.only in (None, "results"):
            bench_results(build, work, 10_000 // tenth)


if __name__ == "__main__":
    main()
